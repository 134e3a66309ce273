"""What the briefing page says beside the items: key figures, pots, bench, rules, talks, risks in groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from bosspick.briefing.items import Item
from bosspick.briefing.language import Language, marked
from bosspick.briefing.risks import Risk
from bosspick.briefing.rows import by_offer, text, whole
from bosspick.lineup.outcome import RuleReport
from bosspick.lineup.pots import given_fen, plannable_fen
from bosspick.lineup.rules import Budget, Group, Rule
from bosspick.screening.screen import STATUSES

if TYPE_CHECKING:
    from bosspick.briefing.stage import Stage

__all__ = ["OUTCOMES", "BenchRow", "Pot", "RiskGroup", "RuleRow", "Talk", "bench_of", "funnel_of", "group_risks", "pots_of",
           "rules_of", "talks_of", "totals_of"]  # fmt: skip

#: How a solve ended, in words.
OUTCOMES = {
    "OPTIMAL": marked("proven best"),
    "WITHIN_GAP": marked("within the gap asked for"),
    "TIME_LIMIT_WITH_PLAN": marked("the best found in time"),
}
_PAYERS = (marked("platform"), marked("brand"), marked("host"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """The talk of one item; confidential. Money in fen."""

    opening_fen: int
    anchor_fen: int
    reason: str
    plan_fen: int
    target_fen: int
    walk_away_fen: int | None
    chance: float
    hours: float
    negotiator: str
    floor_low_fen: int
    floor_high_fen: int
    floor_is_prior: bool
    rungs: tuple[tuple[int, str], ...]

    @property
    def held_by_rule(self) -> bool:
        """Whether the plan pays more than the place is worth on its own: only a rule explains that."""
        return self.walk_away_fen is None or self.walk_away_fen < self.plan_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class Pot:
    """Subsidy money of one payer, fen: ``given`` less ``reserve`` may be planned, ``cap`` holds at high demand."""

    payer: str
    given: int
    reserve: int
    planned: int
    planned90: int
    cap: int

    @property
    def left(self) -> int:
        """What may still be planned."""
        return self.given - self.reserve - self.planned


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchRow:
    """A bench item with the items it stands in for: pairs of slot and title."""

    rank: int
    offer_id: str
    title: str
    category: str
    viewer_fen: int
    lowest_fen: int | None
    replaces: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """One rule: whether it holds, how far it is used, and what the lineup would gain without it."""

    title: str
    why: str
    mode: str
    state: str
    used: str
    price: float | None
    without: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskGroup:
    """What to do, and the risks it meets."""

    do: str
    risks: tuple[Risk, ...]


def funnel_of(stage: Stage) -> dict[str, int]:
    """Offers by status, the number that applied, and the number that may air."""
    counts = stage.screening.offers["status"].value_counts()
    found = {status: int(counts.get(status, 0)) for status in STATUSES}
    return found | {"applied": len(stage.screening.offers), "airable": found["pass"] + found["bargain"]}


def totals_of(items: list[Item]) -> dict[str, Any]:
    """Units and saving of the planned items; ``unpriced`` ones have no web-lowest and count as no saving."""
    known = [item for item in items if item.saving_fen is not None]
    saving = sum(item.units * (item.saving_fen or 0) for item in known)
    at_web = sum(item.units * (item.evidence.lowest_fen or 0) for item in known)
    return {
        "units": sum(item.units for item in items),
        "units90": sum(item.units90 for item in items),
        "saving_fen": saving,
        "saving_share": saving / at_web if at_web else None,
        "unpriced": len(items) - len(known),
        "talks": sum(item.needs_talk for item in items),
    }


def pots_of(stage: Stage) -> list[Pot]:
    """One row a payer that has a pot or is asked to pay; only the platform pays per unit before the show."""
    week, chosen = stage.week, stage.plan.chosen
    rows = []
    for payer in _PAYERS:
        given = given_fen(week, payer)
        platform = payer == "platform"
        planned = int(chosen["subsidy_fen"].sum()) if platform else 0
        if given or planned:
            rows.append(
                Pot(
                    payer=payer,
                    given=given,
                    reserve=given - plannable_fen(week, payer),
                    planned=planned,
                    planned90=int(chosen["subsidy90_fen"].sum()) if platform else 0,
                    cap=plannable_fen(week, payer, stress=True),
                )
            )
    return rows


def talks_of(stage: Stage) -> dict[str, Talk]:
    """The talks of the planned items, by offer."""
    targets = stage.targets
    return {
        offer_id: Talk(
            opening_fen=int(row["opening_fen"]),
            anchor_fen=int(row["anchor_fen"]),
            reason=stage.language.told(row["anchor_reason"]),
            plan_fen=int(row["plan_fen"]),
            target_fen=int(row["target_fen"]),
            walk_away_fen=whole(row["walk_away_fen"]),
            chance=float(row["accept_p"]),
            hours=float(row["talk_hours"]),
            negotiator=text(row["negotiator"]) or "",
            floor_low_fen=int(row["reservation_low_fen"]),
            floor_high_fen=int(row["reservation_high_fen"]),
            floor_is_prior=bool(row["floor_is_prior"]),
            rungs=tuple((rung.price_fen, stage.language.told(rung.trade)) for rung in targets.ladders.get(offer_id, ())),
        )
        for offer_id, row in by_offer(targets.frame[targets.frame["in_plan"]]).items()
    }


def bench_of(stage: Stage, items: list[Item]) -> list[BenchRow]:
    """The bench in its order."""
    options = stage.plan.options
    slots = {item.offer_id: (item.slot, item.title) for item in items}
    rows = []
    for offer_id, row in by_offer(stage.plan.bench).items():
        own = options[(options["offer_id"] == offer_id) & (options["option_id"] == row["option_id"])]
        option = by_offer(own)[offer_id]
        rows.append(
            BenchRow(
                rank=int(row["bench_rank"]),
                offer_id=offer_id,
                title=str(option["title"]),
                category=str(option["category"]),
                viewer_fen=int(option["viewer_price_fen"]),
                lowest_fen=whole(option["web_lowest_fen"]),
                replaces=tuple(sorted(slots[offer] for offer in row.get("replaces", []) if offer in slots)),
            )
        )
    return rows


def rules_of(stage: Stage) -> list[RuleRow]:
    """The rules, dearest first."""
    plan = stage.plan
    reports = {report.id: report for report in plan.result.rule_reports}
    rules = {rule.id: rule for rule in plan.rules}
    titles = {offer_id: str(row["title"]) for offer_id, row in by_offer(stage.week.table("offers")).items()}
    prices = {str(row["id"]): row for row in plan.rule_prices.to_dict("records")}
    order = [rule_id for rule_id in prices if rule_id in reports]
    rows = []
    for rule_id in order + [rule_id for rule_id in reports if rule_id not in prices]:
        report, rule, priced = reports[rule_id], rules.get(rule_id), prices.get(rule_id, {})
        cost = priced.get("price")
        price = None if cost is None or pd.isna(cost) else float(cost)
        rows.append(
            RuleRow(
                title=stage.language.told(report.title),
                why=stage.language.told(rule.why) if rule is not None else "",
                mode=report.mode,
                state=_state(report),
                used=_used(stage.language, report, rule),
                price=price,
                without=_change(stage.language, priced, titles) if price else "",
            )
        )
    return rows


def group_risks(risks: list[Risk]) -> list[RiskGroup]:
    """Bring risks with the same remedy together, most frequent first."""
    groups: dict[str, list[Risk]] = {}
    for risk in risks:
        groups.setdefault(risk.do, []).append(risk)
    ordered = sorted(groups.items(), key=lambda group: -len(group[1]))
    return [RiskGroup(do=do, risks=tuple(found)) for do, found in ordered]


def _state(report: RuleReport) -> str:
    if report.violation > 0:
        return marked("broken")
    return marked("at its limit") if report.slack == 0 and report.kind in ("budget", "group") else marked("kept")


def _used(language: Language, report: RuleReport, rule: Rule | None) -> str:
    """How far a rule is used, in its own unit."""
    t = language.gettext
    if report.kind == "cover":
        return t("%(n)s topics met", n=language.count(report.used))
    if isinstance(rule, Budget):
        money = rule.column.endswith("_fen")
        used, limit = (language.total(each) if money else f"{each:,.10g}" for each in (report.used, rule.at_most))
        return t("%(used)s of %(limit)s", used=used, limit=limit)
    if isinstance(rule, Group):
        low, high, used = rule.at_least, rule.at_most, language.count(report.used)
        if low and high is not None:
            return t("%(used)s, at least %(low)s and at most %(high)s", used=used, low=low, high=high)
        if high is not None:
            return t("%(used)s, at most %(high)s", used=used, high=high)
        return t("%(used)s, at least %(low)s", used=used, low=low)
    return ""


def _change(language: Language, priced: dict[Any, Any], titles: dict[str, str]) -> str:
    """Who would come in and who would go without the rule."""
    entered, left = priced.get("entered", []), priced.get("left", [])
    if not entered and not left:
        return language.gettext("the same items at other prices")

    def names(offers: list[str]) -> str:
        return language.listed(titles.get(offer, offer) for offer in offers) or language.told("none")

    return language.gettext("in: %(entered)s; out: %(left)s", entered=names(entered), left=names(left))
