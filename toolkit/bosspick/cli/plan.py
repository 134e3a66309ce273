"""``bosspick plan``, ``targets`` and ``rundown``: the verbs, printed."""

from __future__ import annotations

from typing import Any

import click

from bosspick.briefing.wording import yuan
from bosspick.cli.shared import as_json, open_stage, room_arguments, show_table


def _json_option(function: Any) -> Any:
    return click.option("--json", "json_output", is_flag=True, help="Print the result as JSON.")(function)


@click.command()
@room_arguments
@_json_option
def plan(room: str, session: str | None, as_of: str | None, folder: str | None, json_output: bool) -> None:
    """Choose the ten of a week, with bound, bench and what every rule costs.

    \b
    Example:
      bosspick plan seeds --session 2026-W48
    """
    stage = open_stage(room, session, as_of, folder)
    found, result = stage.plan, stage.plan.result
    if json_output:
        from bosspick.briefing.files import plan_document

        as_json(plan_document(stage))
        return
    click.echo(
        f"{found.version}: {result.outcome}, worth {result.value:,.0f} yuan-equivalents, at most {result.bound:,.0f} possible"
    )
    rows = found.chosen
    rows["brand price"] = [yuan(price) for price in rows["brand_price_fen"]]
    rows["on air"] = [yuan(price) for price in rows["viewer_price_fen"]]
    rows["web-lowest"] = [yuan(price) for price in rows["web_lowest_fen"]]
    show_table(rows, ["offer_id", "title", "category", "brand price", "on air", "web-lowest", "expected_units", "value"],
               title="The ten")  # fmt: skip
    show_table(found.bench, ["bench_rank", "offer_id", "option_id", "replaces"], title="Bench")
    show_table(found.rule_prices, ["title", "mode", "price"], title="What each rule costs")


@click.command()
@room_arguments
@_json_option
def targets(room: str, session: str | None, as_of: str | None, folder: str | None, json_output: bool) -> None:
    """Ask, target and walk-away of every offer that may air. Confidential: not for brands or the camera.

    \b
    Example:
      bosspick targets seeds --session 2026-W48
    """
    found = open_stage(room, session, as_of, folder).targets.frame
    if json_output:
        as_json(found.astype(object).where(found.notna(), None).to_dict("records"))
        return
    rows = found.copy()
    for name in ("opening", "anchor", "target", "walk_away"):
        rows[name] = [yuan(price) for price in rows[f"{name}_fen"]]
    rows["plan"] = rows["in_plan"].map({True: "in", False: ""})
    columns = ["offer_id", "plan", "negotiator", "opening", "anchor", "target", "walk_away", "agreement_zone", "worth_per_hour"]
    show_table(rows, columns, title="Targets (confidential)", limit=40)


@click.command()
@room_arguments
@_json_option
def rundown(room: str, session: str | None, as_of: str | None, folder: str | None, json_output: bool) -> None:
    """Order the ten: slots, minutes, representatives' windows, stock releases.

    \b
    Example:
      bosspick rundown seeds --session 2026-W48
    """
    from bosspick.rundown.files import rundown_rows

    found = open_stage(room, session, as_of, folder).rundown
    rows = rundown_rows(found)
    if json_output:
        as_json(rows.astype(object).where(rows.notna(), None).to_dict("records"))
        return
    show_table(rows, ["at", "slot", "offer_id", "cue", "role", "minutes", "viewer_price", "units"], title=found.version)
    for breach in found.breaches:
        click.echo(f"cannot be kept: {breach}")
    raise SystemExit(1 if found.breaches else 0)
