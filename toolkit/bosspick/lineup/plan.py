"""The week's lineup: price options and the policy's rules in; the ten, the bench and what each rule costs out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from bosspick.demand import price_options
from bosspick.errors import InputError, NoPlanError
from bosspick.intake import Week
from bosspick.lineup.explain import bench, price_of_rules
from bosspick.lineup.from_policy import week_rules
from bosspick.lineup.mending import mended
from bosspick.lineup.optimiser import optimise
from bosspick.lineup.outcome import LineupResult, Progress
from bosspick.lineup.rules import Rule
from bosspick.screening import Screening, screen
from bosspick.screening.verdicts import REASONS

__all__ = ["LineupPlan", "explained_plan", "fail_probability", "plan_lineup"]

#: Chance that an item fails for reasons other than a failed talk: stock, documents, a lower price on the day.
_OTHER_FAILURE = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class LineupPlan:
    """A proven lineup with what a producer asks about it.

    Attributes
    ----------
    session_id
        ISO week.
    result
        Outcome, value, bound and the chosen rows.
    options
        All price options, as :func:`bosspick.price_options` gives them.
    rules
        The rules the plan keeps.
    rule_prices
        One row a rule: id, title, price (value gained if the rule were dropped).
    bench
        Offers that step in when one of the ten fails; see :func:`bosspick.lineup.explain.bench`.
    version
        Short stamp of the plan's own content, the same on every page.
    order_changes
        What was changed so that the show has an order, and what it cost, in words; see
        :func:`bosspick.rundown.orderable_plan`.
    """

    session_id: str
    result: LineupResult
    options: pd.DataFrame
    rules: tuple[Rule, ...]
    rule_prices: pd.DataFrame
    bench: pd.DataFrame
    version: str
    order_changes: tuple[str, ...] = ()

    @property
    def chosen(self) -> pd.DataFrame:
        """The ten: one row of ``options`` each."""
        return self.result.chosen


def plan_lineup(
    week: Week,
    screening: Screening | None = None,
    *,
    options: pd.DataFrame | None = None,
    settled: Mapping[str, int] | None = None,
    published: Sequence[str] = (),
    extra_rules: Sequence[Rule] = (),
    loosened: Mapping[str, float] | None = None,
    explain: bool = True,
    time_limit_s: float = 60.0,
    told: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> LineupPlan:
    """Plan the ten of a week.

    Parameters
    ----------
    week
        A validated week.
    screening
        What the screen found; screened here if None.
    options
        Price options; made here if None.
    settled
        Agreed brand prices, fen by offer.
    published
        Offers of the last published plan.
    extra_rules
        Rules beside the policy's, such as a producer's locks and bans.
    loosened
        Rules to loosen, by id, and by how much: see :func:`bosspick.lineup.mended`.
    explain
        Whether to price every rule and choose the bench as well.
    time_limit_s
        Seconds of wall time for the solve.
    told, stop
        As for :func:`bosspick.lineup.optimise`.

    Returns
    -------
    LineupPlan
        With an outcome that has a plan.

    Raises
    ------
    NoPlanError
        The rules leave no plan; the message names those in the way and what would help, ``conflict`` holds both.
    RuleError
        There is no rule of a loosened id.
    InputError
        An agreed price is no whole number of fen, or ``published`` is no list.
    """
    if isinstance(published, str):
        raise InputError(f"{published!r} is a text, not a list of offer ids", where="published", hint=f"give [{published!r}]")
    screening = screening if screening is not None else screen(week)
    options = options if options is not None else price_options(week, screening, settled=settled)
    pick = week.policy.show.items
    if options.empty:
        raise NoPlanError("no offer may air", where=week.session_id, hint=_send_back(screening))
    rules = mended([*week_rules(week, screening, options, published=published), *extra_rules], loosened or {})
    result = optimise(options, rules, pick=pick, time_limit_s=time_limit_s, told=told, stop=stop)
    if not result.outcome.has_plan:
        raise NoPlanError(
            f"no lineup of {pick}: {result.why_none}", where=week.session_id, hint=_help(result, options, pick, screening)
        ).because(result.conflict)
    return explained_plan(week, options, rules, result, explain=explain)


def explained_plan(
    week: Week, options: pd.DataFrame, rules: Sequence[Rule], result: LineupResult, *, explain: bool = True
) -> LineupPlan:
    """A solved lineup with its bench and, where asked, the price of every rule; see :func:`plan_lineup`."""
    chosen = result.chosen
    return LineupPlan(
        session_id=week.session_id,
        result=result,
        options=options,
        rules=tuple(rules),
        rule_prices=price_of_rules(options, rules, result) if explain else pd.DataFrame(columns=["id", "title", "price"]),
        bench=bench(options, rules, result, size=week.policy.show.bench, fail_probability=fail_probability(chosen))
        if explain
        else pd.DataFrame(columns=["bench_rank", "offer_id", "option_id"]),
        version=_version(week.session_id, chosen),
    )


def fail_probability(chosen: pd.DataFrame) -> dict[str, float]:
    """Chance that each of these options fails: the brand says no, or something else comes between."""
    return {row["offer_id"]: 1 - (1 - _OTHER_FAILURE) * row["accept_p"] for row in chosen.to_dict("records")}


def _version(session_id: str, chosen: pd.DataFrame) -> str:
    rows = chosen[["offer_id", "option_id", "value"]].astype("str").to_dict("records")
    digest = hashlib.sha256(json.dumps([session_id, rows], sort_keys=True).encode()).hexdigest()
    return f"{session_id[-3:]}-{digest[:6]}"


def _send_back(screening: Screening) -> str:
    offers = screening.offers
    stopped = offers.loc[offers["status"].isin(["unknown", "fail"]), "blocking"].str.split(", ").explode().value_counts()
    shown = ", ".join(f"{REASONS.get(str(code), str(code))} ({count})" for code, count in stopped.head(4).items() if code)
    airable = f"{len(screening.airable())} of {len(offers)} offers may air"
    return f"{airable}; most often in the way of the others: {shown}" if shown else airable


def _help(result: LineupResult, options: pd.DataFrame, pick: int, screening: Screening) -> str:
    """What would help: changes of rules, and where there are too few offers also what keeps the others out."""
    mends = "; ".join(result.conflict.mends) if result.conflict else ""
    few = options["offer_id"].nunique() < pick
    return "; ".join(part for part in (mends, _send_back(screening) if few or not mends else "") if part)
