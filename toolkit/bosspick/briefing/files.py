"""The files of a run, written by the step that knows their content."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from bosspick.briefing.language import marked
from bosspick.briefing.pack import write_pack
from bosspick.frames import records
from bosspick.ledger.published import PLAN_SCHEMA

if TYPE_CHECKING:
    from bosspick.briefing.stage import Stage

__all__ = ["plan_document", "write_step"]

#: Headings of the rundown for people; in English it keeps the names other programs know.
_HEADINGS = {
    "at": marked("At"), "slot": marked("Slot"), "offer_id": marked("Offer"), "cue": marked("Cue"), "title": marked("Item"),
    "role": marked("Role"), "minutes": marked("Minutes"), "viewer_price": marked("Price on air"), "units": marked("Units"),
    "left_after": marked("Left"), "peak_per_s": marked("Peak/s"), "version": marked("Plan"),
}  # fmt: skip


def write_step(stage: Stage, step: str, folder: Path) -> None:
    """Write the files of one step into the run's folder.

    Parameters
    ----------
    stage
        The run.
    step
        Name of the notebook.
    folder
        Where the run's files are gathered.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _WRITERS[step](stage, folder)


def _screening(stage: Stage, folder: Path) -> None:
    verdicts = stage.screening.verdicts
    (folder / "verdicts.csv").write_text(verdicts.to_csv(index=False, lineterminator="\n"), encoding="utf-8")
    write_pack(folder / "evidence.zip", stage.week, stage.screening, stage.decisions)
    if stage.week.bad:
        from bosspick.intake.findings import write_quarantine

        write_quarantine(folder / "quarantine", stage.week.findings)


def _lineup(stage: Stage, folder: Path) -> None:
    del folder
    assert stage.plan.result.outcome.has_plan


def _bargaining(stage: Stage, folder: Path) -> None:
    from bosspick.bargaining.brand_books import write_brand_books
    from bosspick.bargaining.sheets import write_sheets

    lang = stage.config.lang
    write_sheets(stage.week, stage.plan, stage.targets, folder / "targets", lang=lang, screening=stage.screening)
    write_brand_books(stage.week, stage.plan, stage.targets, folder / "brand", lang=lang, screening=stage.screening)


def _rundown(stage: Stage, folder: Path) -> None:
    from bosspick.rundown.files import rundown_calendar, rundown_rows

    language, rows = stage.language, rundown_rows(stage.rundown)
    rows["cue"] = [language.told(cue) for cue in rows["cue"]]
    rows["role"] = [language.told(role) for role in rows["role"]]
    rows = rows.rename(columns={name: language.gettext(words) for name, words in _HEADINGS.items() if language.code != "en"})
    (folder / "rundown.csv").write_text(rows.to_csv(index=False, lineterminator="\n"), encoding="utf-8-sig")
    (folder / "rundown.ics").write_bytes(rundown_calendar(stage.week, stage.rundown))


def _briefing(stage: Stage, folder: Path) -> None:
    from bosspick.briefing.page import write_pages

    document = plan_document(stage)
    (folder / "plan.json").write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    write_pages(stage, folder)


_WRITERS: dict[str, Callable[[Any, Path], None]] = {
    "01_screening": _screening,
    "02_lineup": _lineup,
    "03_bargaining": _bargaining,
    "04_rundown": _rundown,
    "05_briefing": _briefing,
}


def plan_document(stage: Stage) -> dict[str, Any]:
    """The content of ``plan.json``: money in fen, values in yuan-equivalents, nothing that depends on a clock."""
    from bosspick.demand.options import COMPONENTS

    plan, result = stage.plan, stage.plan.result
    prices = plan.rule_prices.set_index("id")["price"].to_dict() if len(plan.rule_prices) else {}
    lineup = [
        {
            "slot": slot["slot"], "offer_id": slot["offer_id"], "option_id": row["option_id"],
            "brand_price": int(row["brand_price_fen"]), "viewer_price": int(row["viewer_price_fen"]),
            "subsidy": int(row["subsidy_step_fen"]), "expected_units": int(row["expected_units"]),
            "value": float(row["value"]), "agreed_value": float(row["agreed_value"]),
            "accept_p": round(float(row["accept_p"]), 6),
            "value_by_component": {name.removeprefix("value_"): float(row[name]) for name in COMPONENTS},
        }
        for slot, row in _by_slot(stage)
    ]  # fmt: skip
    walk_away = stage.targets.frame.set_index("offer_id")["walk_away_fen"]
    return {
        "schema": PLAN_SCHEMA,
        "session": plan.session_id,
        "version": plan.version,
        "outcome": result.outcome.value,
        "value": round(result.value, 2),
        "bound": None if result.bound is None else round(result.bound, 2),
        "input_hash": result.input_hash,
        "lineup": lineup,
        "bench": [str(offer) for offer in plan.bench["offer_id"]],
        "rules": [
            {"id": report.id, "title": report.title, "kind": report.kind, "mode": report.mode, "used": report.used,
             "limit": report.limit, "slack": report.slack, "violation": report.violation,
             "price": _number(prices.get(report.id))}
            for report in result.rule_reports
        ],
        "walk_away": {str(offer): None if pd.isna(price) else int(price) for offer, price in sorted(walk_away.items())},
    }  # fmt: skip


def _number(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else round(float(value), 2)


def _by_slot(stage: Stage) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    rows = {row["offer_id"]: row for row in records(stage.plan.chosen)}
    return [(slot, rows[slot["offer_id"]]) for slot in records(stage.rundown.slots)]
