"""A policy's ``[[rules]]`` as lineup rules for one week, with the offers that may air."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from bosspick.demand import wish_topics
from bosspick.demand.options import DISCOUNTED
from bosspick.errors import NoPlanError, RuleError
from bosspick.intake import Week
from bosspick.lineup.pots import plannable_fen
from bosspick.lineup.rules import (
    Apart,
    Ban,
    Budget,
    Change,
    Cover,
    Gini,
    Group,
    IfThen,
    Lock,
    Repeat,
    Rule,
    Together,
)
from bosspick.policy_rules import RuleSpec
from bosspick.screening import Screening

__all__ = ["week_rules"]


def week_rules(week: Week, screening: Screening, options: pd.DataFrame, *, published: Sequence[str] = ()) -> list[Rule]:
    """Turn the policy's rules into lineup rules.

    A rule that names offers of this week which the screen keeps off the air is reduced to what it still means:
    a ban holds by itself, ``Apart`` and wishes forget them, and what needs them cannot be in.

    Parameters
    ----------
    week, screening, options
        The week, what the screen found, and its price options.
    published
        Offers of the last published plan, for ``change`` rules.

    Returns
    -------
    list of Rule
        In the policy's order; rules of other sessions and switched-off rules are left out.

    Raises
    ------
    RuleError
        A rule names an offer the week does not have.
    NoPlanError
        A lock names an offer that may not air.
    """
    wanted = [spec for spec in week.policy.rules if not spec.sessions or week.session_id in spec.sessions]
    translate = _Translator(week, screening, options, tuple(published))
    return [rule for spec in wanted if spec.mode != "off" for rule in translate(spec)]


class _Translator:
    def __init__(self, week: Week, screening: Screening, options: pd.DataFrame, published: tuple[str, ...]) -> None:
        self.week = week
        self.known = set(week.table("offers")["offer_id"])
        self.airable = set(options["offer_id"])
        self.blocking = dict(zip(screening.offers["offer_id"], screening.offers["blocking"], strict=True))
        self.passes_at = dict(zip(screening.offers["offer_id"], screening.offers["passes_at_fen"], strict=True))
        self.published = published

    def __call__(self, spec: RuleSpec) -> Iterable[Rule]:
        named: dict[str, Any] = {
            "id": spec.id, "title": spec.title, "why": spec.why, "mode": spec.mode, "penalty": spec.penalty
        }  # fmt: skip
        match spec.type:
            case "budget":
                return self._budgets(spec, named)
            case "group":
                return [
                    Group(
                        **named,
                        column=spec.column,
                        label=spec.label,
                        at_least=spec.at_least or 0,
                        at_most=spec.at_most,
                    )
                ]
            case "gini":
                return [Gini(**named, column=spec.column, at_most=spec.at_most)]
            case "lock":
                return self._lock(spec, named)
            case "ban":
                return [Ban(**named, offer_id=spec.offer_id)] if self._on_air(spec, [spec.offer_id]) else []
            case "apart":
                left = self._on_air(spec, spec.offer_ids)
                return [Apart(**named, offer_ids=left)] if len(left) > 1 else []
            case "together":
                left = self._on_air(spec, spec.offer_ids)
                if len(left) == len(spec.offer_ids):
                    return [Together(**named, offer_ids=left)]
                return self._out(spec, named, left)
            case "if_then":
                first, then = self._on_air(spec, spec.if_any), self._on_air(spec, spec.then_any)
                if first and then:
                    return [IfThen(**named, if_any=first, then_any=then)]
                return self._out(spec, named, first)
            case "repeat":
                return [Repeat(**named, column=spec.column, recent=self._recent(spec.column), at_least=spec.at_least)]
            case "cover":
                topics = self._topics(spec.weight_per_vote)
                return [Cover(id=spec.id, title=spec.title, why=spec.why, topics=topics)] if topics else []
            case "change":
                return [Change(id=spec.id, title=spec.title, why=spec.why, published=self.published, tax=spec.tax)]

    def _budgets(self, spec: Any, named: dict[str, Any]) -> list[Rule]:
        """A budget; drawn from a pot, a second one keeps money for full-price goods from goods made cheaper by a talk."""
        if spec.pot is None:
            return [Budget(**named, column=spec.column, at_most=float(spec.at_most))]
        total = plannable_fen(self.week, spec.pot, stress=spec.stress)
        found: list[Rule] = [Budget(**named, column=spec.column, at_most=float(total))]
        own = plannable_fen(self.week, spec.pot, stress=spec.stress, discounted=True)
        if own < total and spec.column in DISCOUNTED:
            words = {"id": f"{spec.id}:discounted", "title": f"{spec.title}: full-price money left out"}
            found.append(Budget(**(named | words), column=DISCOUNTED[spec.column], at_most=float(own)))
        return found

    def _on_air(self, spec: Any, offer_ids: Sequence[str]) -> tuple[str, ...]:
        unknown = [offer for offer in offer_ids if offer not in self.known]
        if unknown:
            raise RuleError(
                f"{spec.title!r} names {', '.join(unknown)}, which the week {self.week.session_id} does not have",
                where=f"policy.toml rules[{spec.id}]",
                hint="correct the offer id, or name the weeks the rule is for with `sessions`",
            )
        return tuple(offer for offer in offer_ids if offer in self.airable)

    def _lock(self, spec: Any, named: dict[str, Any]) -> list[Rule]:
        """The lock; a soft one whose offer may not air costs the same whatever is picked."""
        if not self._on_air(spec, [spec.offer_id]):
            if spec.mode != "hard":
                return []
            reason, passes = self.blocking.get(spec.offer_id), self.passes_at.get(spec.offer_id)
            if not reason and not pd.isna(passes):
                reason = f"the price agreed for it lies above the ¥{passes / 100:,.2f} at which it passes"
            raise NoPlanError(
                f"{spec.title!r} locks {spec.offer_id}, which may not air: {reason or 'it has no price at which it may'}",
                where=f"policy.toml rules[{spec.id}]",
                hint="unlock it, or send back what the screen lacks",
            )
        return [Lock(**named, offer_id=spec.offer_id, option_id=spec.option_id)]

    def _out(self, spec: Any, named: dict[str, Any], offers: Sequence[str]) -> list[Rule]:
        return [Ban(**(named | {"id": f"{spec.id}:{offer}"}), offer_id=offer) for offer in offers]

    def _recent(self, column: str) -> dict[str, int]:
        airings = self.week.table("airings")
        if column not in airings:
            return {}
        shows = sorted(session for session in airings["session_id"].unique() if session < self.week.session_id)
        ago = {session: len(shows) - place for place, session in enumerate(shows)}
        earlier = airings[airings["session_id"].isin(ago)]
        last = earlier["session_id"].map(ago).groupby(earlier[column]).min()
        return {str(label): int(shows_ago) for label, shows_ago in last.items()}

    def _topics(self, weight_per_vote: float | None) -> dict[str, tuple[float, list[str]]]:
        weight = weight_per_vote if weight_per_vote is not None else self.week.policy.value.wish
        topics = wish_topics(self.week.table("wishes"), self.week.table("offers"))
        met = {
            row["topic"]: (
                round(weight * row["votes"], 2),
                [offer for offer in row["offer_ids"] if offer in self.airable],
            )
            for row in topics.to_dict("records")
        }
        return {topic: entry for topic, entry in met.items() if entry[1]}
