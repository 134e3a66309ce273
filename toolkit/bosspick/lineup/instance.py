"""One question in canonical form: the options sorted by id as plain arrays, the live rules sorted by id."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from bosspick.errors import OptionsError
from bosspick.lineup.checks import check_frame, check_lock_count, check_pick, check_rules
from bosspick.lineup.rules import Budget, Group, Repeat, Rule

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """A label column: ``codes[row]`` indexes ``names``, −1 where the cell is empty."""

    codes: Ints
    names: tuple[str, ...]

    def rows_of(self, label: str) -> Ints:
        """Rows that carry the label."""
        if label not in self.names:
            return np.empty(0, dtype=np.int64)
        return np.flatnonzero(self.codes == self.names.index(label))


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """Options and rules in canonical order, so that neither row order nor rule order can matter.

    ``order[k]`` is the position of canonical row ``k`` in the frame as given; rows are sorted by offer id, then by
    option id. ``numbers`` and ``labels`` hold only the columns that live rules name.
    """

    order: Ints
    offers: tuple[str, ...]
    offer_of: Ints
    option_ids: tuple[str, ...]
    values: Floats
    numbers: Mapping[str, Floats]
    labels: Mapping[str, Labels]
    rules: tuple[Rule, ...]
    pick: int

    @property
    def size(self) -> int:
        """Number of options."""
        return len(self.values)

    def offer_index(self) -> dict[str, int]:
        """Where each offer id stands in ``offers``."""
        return {offer: k for k, offer in enumerate(self.offers)}

    def rows_of_offer(self, index: int) -> slice:
        """The contiguous rows of one offer."""
        start, stop = np.searchsorted(self.offer_of, [index, index + 1])
        return slice(int(start), int(stop))


def read_instance(options: pd.DataFrame, rules: Iterable[Rule], pick: int) -> Instance:
    """Check the inputs, then bring them into canonical form.

    Parameters
    ----------
    options
        Columns ``offer_id`` (text), ``option_id`` (text), ``value`` (yuan) and every column a rule names.
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
    check_frame(options, live)
    offer_codes, offer_names = pd.factorize(options["offer_id"].astype(str), sort=True)
    option_codes, option_names = pd.factorize(options["option_id"].astype(str), sort=True)
    order = np.lexsort((option_codes, offer_codes)).astype(np.int64)
    instance = Instance(
        order=order,
        offers=tuple(offer_names),
        offer_of=offer_codes[order].astype(np.int64),
        option_ids=tuple(np.asarray(option_names, dtype=object)[option_codes[order]]),
        values=options["value"].to_numpy(dtype=np.float64)[order],
        numbers={
            name: options[name].to_numpy(dtype=np.float64)[order]
            for name in sorted({r.column for r in live if isinstance(r, Budget)})
        },
        labels={
            name: _labels(options[name], order) for name in sorted({r.column for r in live if isinstance(r, (Group, Repeat))})
        },
        rules=live,
        pick=int(pick),
    )
    _refuse_duplicates(instance)
    return instance


def input_hash(instance: Instance) -> str:
    """SHA-256 of what the solve looks at; equal questions have equal hashes, in any order of rows and rules."""
    digest = hashlib.sha256()
    digest.update(f"pick={instance.pick}".encode())
    digest.update("\x1e".join(instance.offers).encode())
    digest.update(instance.offer_of.astype("<i8").tobytes())
    digest.update("\x1e".join(instance.option_ids).encode())
    digest.update(instance.values.astype("<f8").tobytes())
    for name, numbers in instance.numbers.items():
        digest.update(name.encode() + numbers.astype("<f8").tobytes())
    for name, labels in instance.labels.items():
        digest.update("\x1e".join((name, *labels.names)).encode() + labels.codes.astype("<i8").tobytes())
    for rule in instance.rules:
        digest.update(f"{rule.id}|{rule.content()}".encode())
    return digest.hexdigest()


def _labels(column: pd.Series, order: Ints) -> Labels:
    codes, names = pd.factorize(column.where(column.isna(), column.astype(str)), sort=True)
    return Labels(codes=codes[order].astype(np.int64), names=tuple(str(n) for n in names))


def _refuse_duplicates(instance: Instance) -> None:
    same_offer = instance.offer_of[1:] == instance.offer_of[:-1]
    if not same_offer.any():
        return
    ids = np.asarray(instance.option_ids, dtype=object)
    twice = np.flatnonzero(same_offer & (ids[1:] == ids[:-1]))
    if len(twice):
        k = int(twice[0])
        rows = sorted((int(instance.order[k]), int(instance.order[k + 1])))
        raise OptionsError(
            f"offer {instance.offers[instance.offer_of[k]]!r} has option {instance.option_ids[k]!r} twice",
            where=f"options, rows {rows[0]} and {rows[1]}",
            hint="give every price option of an offer its own option_id",
        )
