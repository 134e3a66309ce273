"""Checks at the edge: an options frame or a rule list that cannot be meant is refused before anything is solved."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Protocol

import numpy as np
import pandas as pd

from bosspick.errors import OptionsError, RuleError
from bosspick.lineup.outcome import Conflict, Mend
from bosspick.lineup.rules import Ban, Budget, Change, Gini, Group, Lock, Repeat, Rule

_SHOWN = 5


def check_pick(pick: int) -> None:
    """The number of picks is a whole number of at least one."""
    if isinstance(pick, bool) or not isinstance(pick, (int, np.integer)) or pick < 1:
        raise OptionsError(
            f"pick is {pick!r}",
            where="optimise",
            hint="say how many offers the lineup has, as a whole number",
        )


def check_rules(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The live rules sorted by id, once none is double and no two contradict each other by name."""
    given = list(rules)
    for rule in given:
        if not isinstance(rule, Rule):
            raise RuleError(f"{rule!r} is not a lineup rule", where="rules", hint="use Budget, Group, Lock, …")
    live = sorted((r for r in given if r.mode != "off"), key=lambda r: r.id)
    for first, second in itertools.pairwise(live):
        if first.id == second.id:
            raise RuleError(
                f"the id {first.id!r} is used twice",
                where=f"rules {first.title!r} and {second.title!r}",
                hint="drop one of the two rules or give them different ids",
            )
    _check_locks(live)
    return tuple(live)


def _check_locks(live: list[Rule]) -> None:
    banned = {r.offer_id: r for r in live if isinstance(r, Ban) and r.mode == "hard"}
    locked: dict[str, Lock] = {}
    for rule in live:
        if not (isinstance(rule, Lock) and rule.mode == "hard"):
            continue
        if rule.offer_id in banned:
            ban, words = banned[rule.offer_id], f"offer {rule.offer_id!r} is locked in and banned"
            repairs = (_off(f"release the lock {rule.title!r}", rule), _off(f"lift the ban {ban.title!r}", ban))
            raise RuleError(
                words, where=f"rules {rule.title!r} and {ban.title!r}", hint="switch one of the two rules off"
            ).because(Conflict(findings=(words,), repairs=repairs))
        other = locked.get(rule.offer_id)
        if other and other.option_id and rule.option_id and other.option_id != rule.option_id:
            raise RuleError(
                f"offer {rule.offer_id!r} is locked at two options",
                where=" and ".join(sorted((f"rule {other.title!r}", f"rule {rule.title!r}"))),
                hint="an offer airs at one price: keep one of the two locks",
            )
        if other is None or rule.option_id:
            locked[rule.offer_id] = rule


def _off(words: str, rule: Rule) -> Mend:
    return Mend(text=words, by=((rule.id, 1.0),))


def check_lock_count(rules: tuple[Rule, ...], pick: int) -> None:
    """No more offers are locked in than the lineup has places."""
    locks = {r.offer_id: r.title for r in rules if isinstance(r, Lock) and r.mode == "hard"}
    if len(locks) > pick:
        raise RuleError(
            f"{len(locks)} offers are locked in but the lineup has {pick} places",
            where="rules " + ", ".join(repr(t) for t in sorted(locks.values())),
            hint=f"release at least {len(locks) - pick} of the locks",
        )


def check_ids(options: pd.DataFrame) -> None:
    """The frame has its three columns, and no empty id."""
    if not isinstance(options, pd.DataFrame):
        raise OptionsError("options is not a data frame", where="optimise", hint="pass a pandas DataFrame")
    missing = [c for c in ("offer_id", "option_id", "value") if c not in options.columns]
    if missing:
        raise OptionsError(
            f"columns are missing: {', '.join(missing)}",
            where="options",
            hint="see price_options for the columns",
        )
    double = sorted({str(c) for c in options.columns[options.columns.duplicated()]})
    if double:
        raise OptionsError(f"columns appear twice: {', '.join(double)}", where="options", hint="rename one of them")
    for name in ("offer_id", "option_id"):
        column = options[name] if isinstance(options[name].dtype, pd.StringDtype) else options[name].astype(str)
        _refuse_rows(options[name].isna() | (column == ""), f"{name} is empty", "give every row its ids as text")


def check_columns(options: pd.DataFrame, rules: tuple[Rule, ...]) -> None:
    """Every column a rule names is there."""
    for rule in rules:
        if isinstance(rule, (Budget, Gini, Group, Repeat)) and rule.column not in options.columns:
            raise RuleError(
                f"the options have no column {rule.column!r}",
                where=f"rule {rule.title!r}",
                hint=f"use one of: {', '.join(sorted(map(str, options.columns)))}",
            )


def check_numbers(options: pd.DataFrame, name: str, where: str) -> None:
    """A column holds finite numbers."""
    column = options[name]
    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        raise OptionsError(f"column {name!r} does not hold numbers", where=where, hint="convert the column before planning")
    numbers = column.to_numpy(dtype=np.float64, na_value=np.nan)
    _refuse_rows(
        pd.Series(~np.isfinite(numbers), index=options.index),
        f"column {name!r} holds no finite number",
        "fill in or remove these options",
        where=where,
        owners=options["offer_id"],
    )


class Table(Protocol):
    """What the names of a rule are looked up in."""

    def has_offer(self, offer: str) -> bool:
        """Whether the offer has options."""
        ...

    def options_of(self, offer: str) -> list[str]:
        """Option ids of an offer."""
        ...


def check_names(options: Table, rules: tuple[Rule, ...]) -> None:
    """Every offer and option a rule names exists; a published plan may name offers that have left."""
    for rule in rules:
        unknown = [] if isinstance(rule, Change) else [o for o in rule.offers_named() if not options.has_offer(o)]
        if unknown:
            words = f"no options exist for offer {', '.join(map(repr, unknown[:_SHOWN]))}"
            lift = (_off(f"release the lock {rule.title!r}", rule),) if isinstance(rule, Lock) else ()
            raise RuleError(
                words, where=f"rule {rule.title!r}",
                hint="correct the offer id, or switch the rule off if the offer has left or may not air",
            ).because(Conflict(findings=(words,), repairs=lift) if lift else None)  # fmt: skip
        if isinstance(rule, Lock) and rule.option_id is not None and rule.option_id not in options.options_of(rule.offer_id):
            raise RuleError(
                f"offer {rule.offer_id!r} has no option {rule.option_id!r}",
                where=f"rule {rule.title!r}",
                hint="lock the offer without an option, or name one that exists",
            )


def _refuse_rows(bad: pd.Series, message: str, hint: str, *, where: str = "options", owners: pd.Series | None = None) -> None:
    at = np.flatnonzero(bad.to_numpy())
    if not len(at):
        return
    shown = ", ".join(str(int(k)) if owners is None else f"{int(k)} (offer {owners.iloc[int(k)]})" for k in at[:_SHOWN])
    more = f" and {len(at) - _SHOWN} more" if len(at) > _SHOWN else ""
    raise OptionsError(message, where=f"{where}, rows {shown}{more}", hint=hint)
