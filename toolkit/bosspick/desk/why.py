"""Why an offer is not in the plan, in words: what forcing it in costs and who leaves, or which rules are in the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bosspick.desk.settings import ban_id
from bosspick.errors import RuleError
from bosspick.frames import records
from bosspick.lineup import Ban, LineupResult, diff, why_not
from bosspick.lineup.plan import LineupPlan

__all__ = ["why_words"]

_TIME_LIMIT_S = 60.0


def why_words(plan: LineupPlan, offer_id: str, titles: Mapping[str, str]) -> str:
    """Answer "why not?" in a few sentences.

    Parameters
    ----------
    plan
        The plan asked about.
    offer_id
        An offer.
    titles
        Title by offer id.
    """

    def named(offer: str) -> str:
        return f"{offer} {titles.get(offer, '')}".strip()

    if offer_id in set(plan.chosen["offer_id"]):
        row = next(row for row in records(plan.chosen) if row["offer_id"] == offer_id)
        return f"{named(offer_id)} is in: on air at ¥{row['viewer_price_fen'] / 100:,.2f} it is worth {row['value']:,.0f}."
    if offer_id not in set(plan.options["offer_id"]):
        return f"{named(offer_id)} may not air: the screen leaves it no price. See the screening notebook for what it lacks."
    at_desk = any(rule.id == ban_id(offer_id) for rule in plan.rules)
    rules = [rule for rule in plan.rules if rule.id != ban_id(offer_id)]
    lead = f"{named(offer_id)} is banned at the desk. Without that ban: " if at_desk else ""
    bans = [rule for rule in rules if isinstance(rule, Ban) and rule.mode == "hard" and rule.offer_id == offer_id]
    if bans:
        return f"{lead}{named(offer_id)} cannot be in: a rule bans it, “{bans[0].title}”."
    try:
        forced, cost = why_not(plan.options, rules, plan.result, offer_id, time_limit_s=_TIME_LIMIT_S)
    except RuleError as error:
        return f"{lead}{named(offer_id)} cannot be forced in: {error.message}."
    if cost is None:
        return lead + _in_the_way(named(offer_id), forced, offer_id)
    return lead + _cost(named(offer_id), cost, plan, forced) + _who(plan, forced, offer_id, named)


def _cost(name: str, cost: float, plan: LineupPlan, forced: LineupResult) -> str:
    if cost < 0:
        why = "" if plan.result.outcome.is_proven else ": the plan shown is not proven"
        return f"Having {name} in would gain {-cost:,.0f}{why}. "
    if not cost:
        return f"Forcing {name} in would cost nothing: another lineup is worth as much. "
    share = cost / max(abs(plan.result.value), 1e-9)
    most = "" if forced.outcome.is_proven else "at most "
    return f"Forcing {name} in would cost {most}{cost:,.0f} ({share:.1%} of what the plan is worth). "


def _who(plan: LineupPlan, forced: LineupResult, offer_id: str, named: Callable[[str], str]) -> str:
    changes = diff(plan.chosen, forced)
    left = [named(offer) for offer in changes.loc[changes["change"] == "left", "offer_id"]]
    entered = [named(o) for o in changes.loc[changes["change"] == "entered", "offer_id"] if o != offer_id]
    moved = [named(offer) for offer in changes.loc[changes["change"] == "option", "offer_id"]]
    words = []
    if left:
        words.append(f"{_list(left)} {'leaves' if len(left) == 1 else 'leave'}")
    if entered:
        words.append(f"{_list(entered)} {'comes' if len(entered) == 1 else 'come'} in as well")
    if moved:
        words.append(f"{_list(moved)} {'changes its price' if len(moved) == 1 else 'change their prices'}")
    return "; ".join(words) + "." if words else ""


def _in_the_way(name: str, forced: LineupResult, offer_id: str) -> str:
    conflict = forced.conflict
    if conflict is None:
        return f"No lineup with {name} was found in {_TIME_LIMIT_S:.0f} s; whether there is one is not known."
    # The question itself was asked as a lock; it is no rule anybody made.
    asked = f"{offer_id} is asked for"
    titles = [f"“{title}”" for title in conflict.titles if title != asked]
    findings = [finding for finding in conflict.findings if asked not in finding]
    mends = [mend for mend in conflict.mends if asked not in mend]
    words = [f"{name} cannot be in under the rules."]
    if titles:
        words.append(f"In the way: {', '.join(titles)}.")
    words += [f"{finding}." for finding in findings]
    if mends:
        words.append(f"What would help: {'; '.join(mends)}.")
    return " ".join(words)


def _list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
