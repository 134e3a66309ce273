"""Questions about a week's lineup, answered on the terminal: others as good, why not, more of a budget, how firm, the model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import pandas as pd

from bosspick.cli.shared import as_json, show_table
from bosspick.errors import InputError

if TYPE_CHECKING:
    from bosspick.briefing.stage import Stage

__all__ = ["against_published", "answer"]

#: What a lineup's worth is counted in; see the briefing's method.
_WORTH = "yuan-equivalents"


def answer(
    stage: Stage,
    *,
    json_output: bool,
    best: int | None,
    differ: int | None,
    most_different: float | None,
    why_not: str | None,
    frontier: str | None,
    stability: int | None,
    export_model: Path | None,
) -> None:
    """Answer every question asked, one after the other.

    Raises
    ------
    InputError
        Several answers would be no JSON.
    """
    asked = [each for each in (best, most_different, why_not, frontier, stability, export_model) if each is not None]
    if json_output and len(asked) > 1:
        raise InputError("one question at a time", where="--json", hint="ask the others in commands of their own")
    if best is not None:
        _show(_best(stage, best, differ or 1), f"The {best} best lineups ({_WORTH})", json_output)
    if most_different is not None:
        _show(_most_different(stage, most_different, json_output), f"The most different lineup ({_WORTH})", json_output)
    if why_not is not None:
        _why_not(stage, why_not, json_output)
    if frontier is not None:
        _frontier(stage, frontier, json_output)
    if stability is not None:
        _show(_stability(stage, stability), f"How often each item stays in {stability} draws of demand", json_output)
    if export_model is not None:
        _export(stage, export_model, json_output)


def against_published(stage: Stage) -> None:
    """What changed against the published lineup, why, and what that is worth."""
    from bosspick.cli.ledger import show_moves
    from bosspick.ledger import Ledger, moves
    from bosspick.lineup import changes

    published = stage.standing.published
    if not published:
        return
    found = stage.plan
    click.echo(f"against the published lineup: {changes(found.options, found.rules, found.result, published)}")
    document = Ledger.of_room(stage.week.room).versions(stage.week.session_id)["document"].iloc[-1]
    if document:
        screened = stage.screening.offers
        blocking = dict(zip(screened["offer_id"], screened["blocking"], strict=True))
        moved = moves(document, found, stage.standing, blocking=blocking)
        if len(moved):
            show_moves(moved)


def _best(stage: Stage, count: int, differ: int) -> pd.DataFrame:
    from bosspick.lineup import alternatives

    found = stage.plan
    plans = alternatives(found.options, found.rules, pick=found.result.pick, count=count, differ=differ, time_limit_s=120)
    ours = set(found.chosen["offer_id"])
    rows = [
        {
            "rank": place + 1,
            "value": plan.value,
            "costs": found.result.value - plan.value,
            "in instead": [o for o in plan.chosen["offer_id"] if o not in ours],
            "out": sorted(ours - set(plan.chosen["offer_id"])),
            "outcome": str(plan.outcome),
        }
        for place, plan in enumerate(plans)
    ]
    return pd.DataFrame(rows)


def _most_different(stage: Stage, within: float, json_output: bool) -> pd.DataFrame:
    from bosspick.lineup import diff, most_different

    found = stage.plan
    plan, count = most_different(found.options, found.rules, found.result, within=within)
    costs = found.result.value - plan.value
    share = costs / max(abs(found.result.value), 1e-9)
    click.echo(f"{count} of {found.result.pick} differ; it costs {costs:,.0f} {_WORTH}, {share:.2%}", err=json_output)
    return diff(found.chosen, plan.chosen)


def _why_not(stage: Stage, offer: str, json_output: bool) -> None:
    from bosspick.desk.why import why_words

    found = stage.plan
    offers = stage.week.table("offers")
    if offer not in set(offers["offer_id"]):
        raise InputError(f"the week has no offer {offer!r}", where="--why-not", hint="see the ids in offers")
    blocking = stage.screening.offers.set_index("offer_id")["blocking"]
    if offer in set(found.options["offer_id"]):
        words = why_words(found, offer, dict(zip(offers["offer_id"], offers["title"], strict=True)))
    else:
        words = f"{offer} may not air: {blocking[offer] or 'it has no price at which it may air'}."
    if json_output:
        as_json({"offer_id": offer, "in": offer in set(found.chosen["offer_id"]), "why": words})
    else:
        click.echo(words)


def _frontier(stage: Stage, budget_id: str, json_output: bool) -> None:
    """Money is fen to other programs, which ``unit`` says, and yuan to people."""
    from bosspick.lineup import Budget, frontier

    found = stage.plan
    rows = frontier(found.options, found.rules, budget_id, pick=found.result.pick)
    column = next(rule.column for rule in found.rules if isinstance(rule, Budget) and rule.id == budget_id)
    is_money = column.endswith("_fen")
    if json_output:
        _show(rows.assign(unit="fen" if is_money else column), "", json_output)
        return
    unit = "yuan" if is_money else column
    if is_money:
        rows[["limit", "used"]] /= 100
    rows = rows.rename(columns={"limit": f"limit, {unit}", "used": f"used, {unit}"})
    columns = [f"limit, {unit}", "value", "gain", f"used, {unit}", "entered", "left"]
    show_table(rows, columns, title=f"What more or less of {budget_id} brings, in {_WORTH}")


def _stability(stage: Stage, count: int) -> pd.DataFrame:
    from bosspick.demand import demand_scenarios
    from bosspick.lineup import stability

    found = stage.plan
    scenarios = demand_scenarios(stage.week, stage.screening, demand=stage.demand, count=count)
    titles = stage.week.table("offers").set_index("offer_id")["title"]
    rows = stability(scenarios, found.rules, found.chosen, pick=found.result.pick)
    return rows.assign(title=rows["offer_id"].map(titles))


def _export(stage: Stage, path: Path, json_output: bool) -> None:
    from bosspick.lineup import export_model

    found = stage.plan
    model, columns = export_model(found.options, found.rules, path, pick=found.result.pick)
    if json_output:
        as_json({"model": str(model), "columns": str(columns), "least_value": round(-found.result.value, 2)})
        return
    click.echo(
        f"{model}: the full model; its least value is {-found.result.value:.2f}. {columns}: which column is which option"
    )


def _show(rows: pd.DataFrame, title: str, json_output: bool) -> None:
    if json_output:
        as_json(rows.astype(object).where(rows.notna(), None).to_dict("records"))
    else:
        show_table(rows, [str(name) for name in rows.columns], title=title)
