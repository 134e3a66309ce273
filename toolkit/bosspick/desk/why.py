"""Why an offer is not in the plan, in words: what forcing it in costs and who leaves, or which rules are in the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bosspick.briefing.language import ENGLISH, Language
from bosspick.desk.conflict_words import mend_words
from bosspick.desk.settings import ban_id
from bosspick.errors import RuleError
from bosspick.frames import records
from bosspick.lineup import Ban, LineupResult, diff, why_not
from bosspick.lineup.plan import LineupPlan

__all__ = ["why_words"]

_TIME_LIMIT_S = 60.0


def why_words(plan: LineupPlan, offer_id: str, titles: Mapping[str, str], language: Language = ENGLISH) -> str:
    """Answer "why not?" in a few sentences.

    Parameters
    ----------
    plan
        The plan asked about.
    offer_id
        An offer.
    titles
        Title by offer id.
    language
        In which it is answered.
    """

    def named(offer: str) -> str:
        return f"{offer} {titles.get(offer, '')}".strip()

    t, name = language.gettext, named(offer_id)
    if offer_id in set(plan.chosen["offer_id"]):
        row = next(row for row in records(plan.chosen) if row["offer_id"] == offer_id)
        price, worth = language.yuan(row["viewer_price_fen"]), f"{row['value']:,.0f}"
        return t("%(offer)s is in: on air at %(price)s it is worth %(worth)s.", offer=name, price=price, worth=worth)
    if offer_id not in set(plan.options["offer_id"]):
        return t(
            "%(offer)s may not air: the screen leaves it no price. See the screening notebook for what it lacks.", offer=name
        )
    at_desk = any(rule.id == ban_id(offer_id) for rule in plan.rules)
    rules = [rule for rule in plan.rules if rule.id != ban_id(offer_id)]
    lead = [t("%(offer)s is banned at the desk. Without that ban:", offer=name)] if at_desk else []
    bans = [rule for rule in rules if isinstance(rule, Ban) and rule.mode == "hard" and rule.offer_id == offer_id]
    if bans:
        title = language.told(bans[0].title)
        return language.space.join([*lead, t("%(offer)s cannot be in: a rule bans it, “%(rule)s”.", offer=name, rule=title)])
    try:
        forced, cost = why_not(plan.options, rules, plan.result, offer_id, time_limit_s=_TIME_LIMIT_S)
    except RuleError as error:
        why = language.told(error.message)
        return language.space.join([*lead, t("%(offer)s cannot be forced in: %(why)s.", offer=name, why=why)])
    if cost is None:
        return language.space.join([*lead, *_in_the_way(name, forced, offer_id, language)])
    words = [*lead, _cost(name, cost, plan, forced, language), _who(plan, forced, offer_id, named, language)]
    return language.space.join(filter(None, words))


def _cost(name: str, cost: float, plan: LineupPlan, forced: LineupResult, language: Language) -> str:
    t = language.gettext
    if cost < 0:
        gain = f"{-cost:,.0f}"
        if plan.result.outcome.is_proven:
            return t("Having %(offer)s in would gain %(gain)s.", offer=name, gain=gain)
        return t("Having %(offer)s in would gain %(gain)s: the plan shown is not proven.", offer=name, gain=gain)
    if not cost:
        return t("Forcing %(offer)s in would cost nothing: another lineup is worth as much.", offer=name)
    share = language.percent(cost / max(abs(plan.result.value), 1e-9), 1)
    if forced.outcome.is_proven:
        return t("Forcing %(offer)s in would cost %(cost)s (%(share)s of what the plan is worth).",
                 offer=name, cost=f"{cost:,.0f}", share=share)  # fmt: skip
    return t("Forcing %(offer)s in would cost at most %(cost)s (%(share)s of what the plan is worth).",
             offer=name, cost=f"{cost:,.0f}", share=share)  # fmt: skip


def _who(plan: LineupPlan, forced: LineupResult, offer_id: str, named: Callable[[str], str], language: Language) -> str:
    changes, tn = diff(plan.chosen, forced), language.ngettext
    left = [named(offer) for offer in changes.loc[changes["change"] == "left", "offer_id"]]
    entered = [named(o) for o in changes.loc[changes["change"] == "entered", "offer_id"] if o != offer_id]
    moved = [named(offer) for offer in changes.loc[changes["change"] == "option", "offer_id"]]
    words = []
    if left:
        words.append(tn("%(offers)s leaves", "%(offers)s leave", len(left), offers=_list(left, language)))
    if entered:
        offers = _list(entered, language)
        words.append(tn("%(offers)s comes in as well", "%(offers)s come in as well", len(entered), offers=offers))
    if moved:
        offers = _list(moved, language)
        words.append(tn("%(offers)s changes its price", "%(offers)s change their prices", len(moved), offers=offers))
    return language.joined(words) + language.stop.strip() if words else ""


def _in_the_way(name: str, forced: LineupResult, offer_id: str, language: Language) -> list[str]:
    conflict, t = forced.conflict, language.gettext
    if conflict is None:
        seconds = f"{_TIME_LIMIT_S:.0f}"
        return [t("No lineup with %(offer)s was found in %(seconds)s s; whether there is one is not known.",
                  offer=name, seconds=seconds)]  # fmt: skip
    # The question itself was asked as a lock; it is no rule anybody made.
    asked = f"{offer_id} is asked for"
    titles = [f"“{language.told(title)}”" for title in conflict.titles if title != asked]
    findings = [finding for finding in conflict.findings if asked not in finding]
    mends = [mend for mend in conflict.mends if asked not in mend]
    words = [t("%(offer)s cannot be in under the rules.", offer=name)]
    if titles:
        words.append(t("In the way: %(rules)s.", rules=language.listed(titles)))
    words += [language.told(finding) + language.stop.strip() for finding in findings]
    if mends:
        changes = language.joined(mend_words(mend, language) for mend in mends)
        words.append(t("What would help: %(changes)s.", changes=changes))
    return words


def _list(names: list[str], language: Language) -> str:
    if language.code != "en" or len(names) == 1:
        return language.listed(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
