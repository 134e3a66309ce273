"""``bosspick plan`` and ``targets``: the verbs, printed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from bosspick.briefing.wording import yuan
from bosspick.cli.shared import as_json, open_stage, room_arguments, show_table, writable_folder
from bosspick.errors import InputError


def _json_option(function: Any) -> Any:
    return click.option("--json", "json_output", is_flag=True, help="Print the result as JSON.")(function)


@click.command()
@room_arguments
@_json_option
@click.option("--best", type=click.IntRange(1, 100), metavar="N", help="Show the N best lineups instead.")
@click.option("--differ", type=click.IntRange(1), metavar="N", help="With --best: offers any two differ in at least, else 1.")
@click.option(
    "--most-different",
    type=click.FloatRange(0, 1, max_open=True),
    metavar="SHARE",
    help="Show the most different lineup that costs at most this share of the value, such as 0.01.",
)
@click.option("--why-not", metavar="OFFER", help="Say why an offer is not in, and what it would need.")
@click.option("--frontier", metavar="RULE", help="Show what more or less of a budget rule would bring.")
@click.option("--stability", type=click.IntRange(1), metavar="N", help="Draw demand N times: how often does each item stay?")
@click.option(
    "--export-model",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.mps",
    help="Write the full model, for any other solver.",
)
def plan(room: str, session: str | None, as_of: str | None, folder: str | None, json_output: bool, **asked: Any) -> None:
    """Choose the ten of a week, with bound, bench and what every rule costs; or answer a question about them.

    \b
    Examples:
      bosspick plan seeds --session 2026-W48
      bosspick plan seeds --best 10 --differ 2
      bosspick plan seeds --why-not W48-003
      bosspick plan seeds --frontier platform-subsidy
    """
    if asked["differ"] is not None and asked["best"] is None:
        raise InputError("says how the best lineups differ", where="--differ", hint="add --best N")
    if asked["export_model"] is not None:
        writable_folder(asked["export_model"].parent, "--export-model")
    stage = open_stage(room, session, as_of, folder)
    if any(value is not None for name, value in asked.items() if name != "differ"):
        from bosspick.cli.plan_questions import answer

        answer(stage, json_output=json_output, **asked)
        return
    found, result = stage.plan, stage.plan.result
    if json_output:
        from bosspick.briefing.files import plan_document

        as_json(plan_document(stage))
        return
    click.echo(
        f"{found.version}: {result.outcome}, worth {result.value:,.0f} yuan-equivalents, at most {result.bound:,.0f} possible"
    )
    from bosspick.cli.plan_questions import against_published

    against_published(stage)
    rows = found.chosen
    rows["brand price"] = [yuan(price) for price in rows["brand_price_fen"]]
    rows["on air"] = [yuan(price) for price in rows["viewer_price_fen"]]
    rows["web-lowest"] = [yuan(price) for price in rows["web_lowest_fen"]]
    show_table(rows, ["offer_id", "title", "category", "brand price", "on air", "web-lowest", "expected_units", "value"],
               title="The ten (value in yuan-equivalents)")  # fmt: skip
    show_table(found.bench, ["bench_rank", "offer_id", "option_id", "replaces"], title="Bench")
    show_table(found.rule_prices, ["title", "mode", "price"], title="What each rule costs (price in yuan-equivalents)")


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
    show_table(rows, columns, title="Targets (confidential; worth in yuan-equivalents)", limit=40)


@click.command()
@room_arguments
@_json_option
def talks(room: str, session: str | None, as_of: str | None, folder: str | None, json_output: bool) -> None:
    """Choose whom to talk to and what to aim at, within everybody's hours. Confidential.

    \b
    Example:
      bosspick talks seeds --session 2026-W48
    """
    from dataclasses import asdict

    from bosspick.briefing.talk_views import talk_board, talk_worth

    stage = open_stage(room, session, as_of, folder)
    found = stage.talks
    if json_output:
        frames = {"talks": found.talks.to_dict("records"), "hours": found.hours.to_dict("records")}
        as_json(asdict(replace(found, talks=None, hours=None)) | frames)  # type: ignore[arg-type]  # frames go as rows
        return
    board = talk_board(stage).reset_index().drop(columns=["Title", "Worth an hour"])
    show_table(board, list(board.columns), title="Talks (confidential)")
    worth = talk_worth(stage).reset_index()
    show_table(worth, list(worth.columns), title="What they may bring")
    if not found.complete:
        click.echo(f"stopped at a limit: another plan could be {found.gap:.1%} better on the scenarios searched")
