"""Tables for people: the frames of the plan with readable headings, prices in yuan, unknowns called unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from bosspick.briefing.risks import headline_of, list_risks
from bosspick.briefing.wording import yuan
from bosspick.screening.screen import STATUSES
from bosspick.screening.verdicts import REASONS

if TYPE_CHECKING:
    from bosspick.bargaining import Targets
    from bosspick.briefing.stage import Stage
    from bosspick.intake import Week
    from bosspick.lineup.plan import LineupPlan
    from bosspick.rundown import Rundown
    from bosspick.screening import Screening

__all__ = ["bench", "headline", "proof", "risks", "rundown", "send_back", "status_counts", "talks",
           "targets_of_the_ten", "ten", "tranches", "week_summary"]  # fmt: skip


def week_summary(week: Week) -> pd.DataFrame:
    """What was read: tables, rows, bad rows."""
    bad = pd.Series([finding.table for finding in week.bad], dtype="str").value_counts()
    rows = [
        {"table": name, "file": file, "rows read": count, "bad rows": int(bad.get(name, 0))}
        for name, (file, count) in week.files.items()
        if file
    ]
    return pd.DataFrame(rows).set_index("table")


def status_counts(screening: Screening) -> pd.DataFrame:
    """Offers by what their verdicts mean together."""
    counts = screening.offers["status"].value_counts()
    rows = [{"status": name, "offers": int(counts.get(name, 0)), "meaning": words} for name, words in STATUSES.items()]
    return pd.DataFrame(rows).set_index("status")


def send_back(screening: Screening, week: Week) -> pd.DataFrame:
    """Offers that lack evidence, and what each lacks."""
    titles = week.table("offers").set_index("offer_id")["title"]
    rows = screening.offers[screening.offers["status"] == "unknown"]
    lacking = rows["blocking"].str.split(", ").map(lambda codes: "; ".join(REASONS.get(code, code) for code in codes))
    table = pd.DataFrame(
        {"offer": rows["offer_id"], "title": rows["offer_id"].map(titles), "lacks": lacking,
         "would pass at": [yuan(price) for price in rows["passes_at_fen"]]}
    )  # fmt: skip
    return table.set_index("offer")


def proof(plan: LineupPlan) -> pd.DataFrame:
    """How the solve ended, and how much better another lineup could be at most."""
    result = plan.result
    rows = {
        "version": plan.version,
        "outcome": str(result.outcome),
        "worth, yuan-equivalents": f"{result.value:,.2f}",
        "no lineup can be worth more than": "unknown" if result.bound is None else f"{result.bound:,.2f}",
        "options considered": f"{len(plan.options):,} of {plan.options['offer_id'].nunique()} offers",
    }
    return pd.DataFrame({"the plan": rows})


def ten(plan: LineupPlan, week: Week) -> pd.DataFrame:
    """The ten with prices, units and how likely the brand accepts."""
    rows = plan.chosen
    opening = week.table("offers").set_index("offer_id")["opening_price_fen"]
    table = pd.DataFrame(
        {
            "offer": rows["offer_id"], "title": rows["title"], "category": rows["category"],
            "opening": [yuan(price) for price in rows["offer_id"].map(opening)],
            "to the brand": [yuan(price) for price in rows["brand_price_fen"]],
            "subsidy": [yuan(price) for price in rows["subsidy_step_fen"]],
            "on air": [yuan(price) for price in rows["viewer_price_fen"]],
            "web-lowest": [yuan(price) for price in rows["web_lowest_fen"]],
            "units": rows["expected_units"].map("{:,}".format), "accepts": rows["accept_p"].map("{:.0%}".format),
            "worth": rows["value"].map("{:,.0f}".format),
        }
    )  # fmt: skip
    return table.set_index("offer")


def bench(plan: LineupPlan, week: Week) -> pd.DataFrame:
    """Who steps in, and for whom."""
    titles = week.table("offers").set_index("offer_id")["title"]
    rows = plan.bench
    table = pd.DataFrame(
        {"rank": rows["bench_rank"], "offer": rows["offer_id"], "title": rows["offer_id"].map(titles),
         "steps in for": rows["replaces"].map(", ".join),
         "saves, expected": rows["expected_saving"].map("{:,.0f}".format)}
    )  # fmt: skip
    return table.set_index("rank")


def targets_of_the_ten(targets: Targets) -> pd.DataFrame:
    """Ask, target and walk-away of the ten."""
    return _target_rows(targets.frame[targets.frame["in_plan"]])


def talks(targets: Targets, *, each: int = 6) -> pd.DataFrame:
    """The talks worth most per hour, by negotiator."""
    rows = targets.frame.sort_values(["negotiator", "worth_per_hour", "offer_id"], ascending=[True, False, True])
    rows = rows[rows["worth_per_hour"] > 0].groupby("negotiator", sort=True).head(each)
    table = _target_rows(rows).reset_index()
    table.insert(0, "negotiator", rows["negotiator"].to_numpy())
    table["per hour"] = rows["worth_per_hour"].map("{:,.0f}".format).to_numpy()
    return table.set_index(["negotiator", "offer"])


def rundown(plan: Rundown) -> pd.DataFrame:
    """The slots in order."""
    rows = plan.slots
    table = pd.DataFrame(
        {
            "slot": rows["slot"], "from": [at.strftime("%H:%M") for at in rows["starts_at"]],
            "minutes": rows["minutes"], "offer": rows["offer_id"], "title": rows["title"], "role": rows["role"],
            "on air": [yuan(price) for price in rows["viewer_price_fen"]],
            "representative": [
                "–" if pd.isna(a) and pd.isna(b) else f"{a}–{b}" + ("" if ok else " (not then)")
                for a, b, ok in zip(rows["rep_from"], rows["rep_to"], rows["rep_on_set"], strict=True)
            ],
        }
    )  # fmt: skip
    return table.set_index("slot")


def tranches(plan: Rundown) -> pd.DataFrame:
    """Stock releases by time."""
    rows = plan.tranches
    table = pd.DataFrame(
        {"at": [at.strftime("%H:%M:%S") for at in rows["at"]], "slot": rows["slot"], "offer": rows["offer_id"],
         "release": rows["tranche"], "units": rows["units"].map("{:,}".format),
         "left": rows["left_after"].map("{:,}".format)}
    )  # fmt: skip
    return table.set_index("at")


def headline(stage: Stage) -> pd.DataFrame:
    """The briefing's headline as a table of one row."""
    return pd.DataFrame({"headline": [headline_of(stage)]})


def risks(stage: Stage) -> pd.DataFrame:
    """What can go wrong and what to do."""
    rows = [{"offer": risk.offer_id, "risk": risk.what, "do": risk.do} for risk in list_risks(stage)]
    return pd.DataFrame(rows, columns=["offer", "risk", "do"]).set_index("offer")


def _target_rows(rows: pd.DataFrame) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "offer": rows["offer_id"], "title": rows["title"],
            "opening": [yuan(price) for price in rows["opening_fen"]],
            "first ask": [yuan(price) for price in rows["anchor_fen"]], "because": rows["anchor_reason"],
            "target": [yuan(price) for price in rows["target_fen"]],
            "walk-away": [yuan(price) for price in rows["walk_away_fen"]],
            "room to agree": rows["agreement_zone"], "accepts": rows["accept_p"].map("{:.0%}".format),
        }
    )  # fmt: skip
    return table.set_index("offer")
