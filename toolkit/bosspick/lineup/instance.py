"""One question in canonical form: the options sorted by id as plain arrays, the live rules sorted by id."""

from __future__ import annotations

import bisect
import hashlib
import json
import operator
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from bosspick.errors import OptionsError
from bosspick.lineup.checks import (
    check_columns,
    check_ids,
    check_lock_count,
    check_names,
    check_numbers,
    check_pick,
    check_rules,
)
from bosspick.lineup.rules import Budget, Gini, Group, Repeat, Rule

if TYPE_CHECKING:
    from bosspick.lineup.hints import Hints

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Cell = TypeVar("Cell", bound=np.generic)


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """A label column: ``codes[row]`` indexes the sorted ``names``, −1 where the cell is empty."""

    codes: Ints
    names: tuple[str, ...]

    def rows_of(self, label: str) -> Ints:
        """Rows that carry the label."""
        place = _place(self.names, label)
        return np.empty(0, dtype=np.int64) if place is None else np.flatnonzero(self.codes == place)


class OptionTable:
    """An options frame read once, to be asked many questions; every question with other rules reads on from here.

    Parameters
    ----------
    options
        Columns ``offer_id`` (text), ``option_id`` (text), ``value`` (yuan) and every column a rule will name. The frame must
        not be changed afterwards.

    Attributes
    ----------
    frame
        The options as given.
    order
        Position in the frame of each canonical row: rows sorted by offer id, then by option id.
    offers, offer_of, starts
        Offer ids sorted, each canonical row's place in them, and the first row of each offer.
    option_names, option_of
        Option ids sorted, and each canonical row's place in them.
    values
        Worth of each canonical row in yuan.
    hints
        What earlier questions leave for later ones; see :mod:`bosspick.lineup.hints`.

    Raises
    ------
    OptionsError
        Naming the rows and what to do.
    """

    def __init__(self, options: pd.DataFrame) -> None:
        check_ids(options)
        self.frame = options
        offer_codes, offers = _coded(options["offer_id"])
        option_codes, options_named = _coded(options["option_id"])
        self.offers, self.option_names = offers, options_named
        key = offer_codes * max(1, len(options_named)) + option_codes
        self._in_order = bool((np.diff(key) > 0).all())
        self.order: Ints = np.arange(len(key)) if self._in_order else np.argsort(key, kind="stable").astype(np.int64)
        self.offer_of = self._sorted(offer_codes)
        self.option_of = self._sorted(option_codes)
        self.starts: Ints = np.flatnonzero(np.diff(self.offer_of, prepend=-1))
        check_numbers(options, "value", "the options frame")
        self.values = self._sorted(options["value"].to_numpy(dtype=np.float64))
        self.hints: Hints | None = None
        self._numbers: dict[str, Floats] = {}
        self._labels: dict[str, Labels] = {}
        if not self._in_order:
            self._refuse_duplicates(key)

    def numbers(self, column: str) -> Floats:
        """A numeric column in canonical order."""
        if column not in self._numbers:
            self._numbers[column] = self._sorted(self.frame[column].to_numpy(dtype=np.float64))
        return self._numbers[column]

    def labels(self, column: str) -> Labels:
        """A label column in canonical order."""
        if column not in self._labels:
            codes, names = _coded(self.frame[column])
            self._labels[column] = Labels(codes=self._sorted(codes), names=names)
        return self._labels[column]

    def has_offer(self, offer: str) -> bool:
        """Whether the offer has options."""
        return _place(self.offers, offer) is not None

    def options_of(self, offer: str) -> list[str]:
        """Option ids of an offer."""
        place = _place(self.offers, offer)
        if place is None:
            return []
        start, stop = np.searchsorted(self.offer_of, [place, place + 1])
        return [self.option_names[k] for k in self.option_of[start:stop]]

    def _sorted(self, column: npt.NDArray[Cell]) -> npt.NDArray[Cell]:
        return column if self._in_order else column[self.order]

    def _refuse_duplicates(self, key: Ints) -> None:
        ranked = key[self.order]
        twice = np.flatnonzero(ranked[1:] == ranked[:-1])
        if len(twice):
            k = int(twice[0])
            rows = sorted((int(self.order[k]), int(self.order[k + 1])))
            raise OptionsError(
                f"offer {self.offers[self.offer_of[k]]!r} has option {self.option_names[self.option_of[k]]!r} twice",
                where=f"options, rows {rows[0]} and {rows[1]}",
                hint="give every price option of an offer its own option_id",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """Options and rules in canonical order, so that neither row order nor rule order can matter.

    ``order[k]`` is the position of canonical row ``k`` in the frame as given; rows are sorted by offer id, then by
    option id. ``numbers`` and ``labels`` hold only the columns that live rules name.
    """

    order: Ints
    offers: tuple[str, ...]
    offer_of: Ints
    starts: Ints
    option_of: Ints
    option_names: tuple[str, ...]
    values: Floats
    numbers: Mapping[str, Floats]
    labels: Mapping[str, Labels]
    rules: tuple[Rule, ...]
    pick: int

    @property
    def size(self) -> int:
        """Number of options."""
        return len(self.values)

    def option_id(self, row: int) -> str:
        """Option id of a canonical row."""
        return self.option_names[int(self.option_of[row])]

    def place_of(self, offer: str) -> int | None:
        """Where an offer id stands in ``offers``; None when it has no options."""
        return _place(self.offers, offer)

    def rows_of(self, offer: str) -> slice:
        """The contiguous rows of one offer, none when it has no options."""
        place = self.place_of(offer)
        if place is None:
            return slice(0, 0)
        last = place + 1 == len(self.starts)
        return slice(int(self.starts[place]), self.size if last else int(self.starts[place + 1]))

    def row_at(self, offer: str, option: str | None) -> Ints:
        """The canonical row of an offer at one of its options, all of them when none is named."""
        own = self.rows_of(offer)
        rows = np.arange(own.start, own.stop, dtype=np.int64)
        if option is None:
            return rows
        place = _place(self.option_names, option)
        return rows[:0] if place is None else rows[self.option_of[own] == place]


def read_instance(options: pd.DataFrame | OptionTable, rules: Iterable[Rule], pick: int) -> Instance:
    """Check the inputs, then bring them into canonical form.

    Parameters
    ----------
    options
        Columns ``offer_id`` (text), ``option_id`` (text), ``value`` (yuan) and every column a rule names; or such a frame
        read before.
    rules
        Rules; those switched off are left out.
    pick
        How many offers the lineup has.

    Raises
    ------
    OptionsError, RuleError
        Naming the rows or the rule, and what to do.
    """
    check_pick(pick)
    live = check_rules(rules)
    check_lock_count(live, pick)
    table = options if isinstance(options, OptionTable) else OptionTable(options)
    check_columns(table.frame, live)
    budgets = [rule for rule in live if isinstance(rule, Budget)]
    for rule in budgets:
        check_numbers(table.frame, rule.column, f"rule {rule.title!r}")
    check_names(table, live)
    labelled = {rule.column for rule in live if isinstance(rule, (Gini, Group, Repeat))}
    return Instance(
        order=table.order,
        offers=table.offers,
        offer_of=table.offer_of,
        starts=table.starts,
        option_of=table.option_of,
        option_names=table.option_names,
        values=table.values,
        numbers={name: table.numbers(name) for name in sorted({rule.column for rule in budgets})},
        labels={name: table.labels(name) for name in sorted(labelled)},
        rules=live,
        pick=int(pick),
    )


def input_hash(instance: Instance) -> str:
    """SHA-256 of what the solve looks at; equal questions have equal hashes, in any order of rows and rules."""
    digest = hashlib.sha256()
    names = ["\x1e".join(each) for each in (instance.offers, instance.option_names)]
    columns = sorted(instance.numbers), sorted(instance.labels)
    digest.update(json.dumps([instance.pick, instance.size, *columns, *names]).encode())
    for codes in (instance.offer_of, instance.option_of):
        digest.update(codes.astype("<i4").tobytes())
    digest.update(instance.values.astype("<f8", copy=False).data)
    for numbers in instance.numbers.values():
        digest.update(np.ascontiguousarray(numbers.astype("<f8", copy=False)).data)
    for labels in instance.labels.values():
        digest.update("\x1e".join(labels.names).encode() + labels.codes.astype("<i4").tobytes())
    for rule in instance.rules:
        digest.update(f"{rule.id}|{rule.content()}".encode())
    return digest.hexdigest()


def _place(names: tuple[str, ...], text: str) -> int | None:
    """Where a text stands among sorted ones; None when it does not."""
    place = bisect.bisect_left(names, text)
    return place if place < len(names) and names[place] == text else None


def _coded(column: pd.Series) -> tuple[Ints, tuple[str, ...]]:
    """Each cell's place among the sorted texts; −1 for an empty one."""
    is_text = isinstance(column.dtype, pd.CategoricalDtype) and isinstance(column.cat.categories.dtype, pd.StringDtype)
    if not (is_text or isinstance(column.dtype, pd.StringDtype)):
        column = column.where(column.isna(), column.astype(str))
    codes, found = pd.factorize(column)
    names: list[str] = np.asarray(found, dtype=object).tolist()
    if all(map(operator.lt, names, names[1:])):
        return codes.astype(np.int64, copy=False), tuple(names)
    rank = sorted(range(len(names)), key=names.__getitem__)
    place = np.empty(len(names) + 1, dtype=np.int64)
    place[rank] = np.arange(len(names))
    place[-1] = -1
    return place[codes], tuple(names[k] for k in rank)
