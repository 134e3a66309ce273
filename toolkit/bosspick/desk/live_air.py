"""How the show stands: what the entries made so far amount to, replayed one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bosspick.desk.live_book import LiveBook, LiveItem
from bosspick.desk.live_entries import BRAND_PAYS, Entry, standing

__all__ = ["Air", "Run", "replay"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One time on air; ``ended_at`` is None while it lasts."""

    offer_id: str
    minutes: int
    started_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Air:
    """How the show stands.

    Attributes
    ----------
    book
        The show before it began.
    runs
        What was on air, in order; the last may still be.
    prices
        Settled price on air, fen by offer.
    brand_pays
        Offers whose brand bears the cut below the planned price.
    units
        Units sold so far, by offer.
    released
        Stock releases so far, by offer.
    dropped
        Offers taken out, in order.
    stepped_in
        Bench items taken in, and their price on air, fen.
    corrections
        Corrections spoken on air.
    entries
        All entries, the taken-back ones too.
    """

    book: LiveBook
    runs: tuple[Run, ...] = ()
    prices: Mapping[str, int] = field(default_factory=dict)
    brand_pays: frozenset[str] = frozenset()
    units: Mapping[str, int] = field(default_factory=dict)
    released: Mapping[str, int] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    stepped_in: Mapping[str, int] = field(default_factory=dict)
    corrections: tuple[Entry, ...] = ()
    entries: tuple[Entry, ...] = ()

    @property
    def running(self) -> Run | None:
        """What is on air now."""
        return self.runs[-1] if self.runs and self.runs[-1].ended_at is None else None

    @property
    def aired(self) -> tuple[str, ...]:
        """Offers that were or are on air and are not dropped, each once, in order."""
        return tuple(offer for offer in dict.fromkeys(run.offer_id for run in self.runs) if offer not in self.dropped)

    @property
    def left(self) -> tuple[str, ...]:
        """Offers still to come, in the order of the rundown, those from the bench last."""
        gone = {*self.dropped, *(run.offer_id for run in self.runs)}
        planned = [item.offer_id for item in self.book.items]
        return tuple(offer for offer in [*planned, *self.stepped_in] if offer not in gone)

    @property
    def waiting(self) -> tuple[str, ...]:
        """Bench items that can still step in."""
        return tuple(item.offer_id for item in self.book.bench if item.offer_id not in {*self.stepped_in, *self.dropped})

    @property
    def vacancies(self) -> int:
        """Places of dropped items nobody has taken yet."""
        return max(len(self.book.items) - len(self.aired) - len(self.left), 0)

    @property
    def last(self) -> Entry | None:
        """The last entry that still stands."""
        stands = standing(self.entries)
        return stands[-1] if stands else None

    def item(self, offer_id: str) -> LiveItem:
        """An item at the price it was taken in for."""
        item = self.book.item(offer_id)
        return self.book.at_price(item, self.stepped_in[offer_id]) if offer_id in self.stepped_in else item

    def price(self, offer_id: str) -> int:
        """Price on air: the settled one, else that of the cards; fen."""
        return self.prices.get(offer_id, self.item(offer_id).card_fen)

    def subsidy(self, offer_id: str) -> int:
        """What the platform pays on a unit, fen: a cut below the planned price is its own unless the brand bears it."""
        item = self.item(offer_id)
        if offer_id in self.brand_pays:
            return item.subsidy_fen
        return max(item.subsidy_fen, item.brand_fen - self.price(offer_id))


def replay(book: LiveBook, entries: Iterable[Entry]) -> Air:
    """What entries amount to; one that fits nowhere, such as of an offer the plan does not have, changes nothing."""
    kept = tuple(entries)
    air = Air(book=book)
    known = {item.offer_id for item in (*book.items, *book.bench)}
    for entry in standing(kept):
        if entry.offer_id in known:
            air = _STEPS[entry.kind](air, entry)
    return replace(air, entries=kept)


def _ended(air: Air, at: datetime) -> Air:
    run = air.running
    return air if run is None else replace(air, runs=(*air.runs[:-1], replace(run, ended_at=at)))


def _on(air: Air, entry: Entry) -> Air:
    if entry.offer_id not in air.left and entry.offer_id not in air.aired:
        return air
    run = Run(offer_id=entry.offer_id, minutes=entry.amount or 0, started_at=entry.at)
    air = _ended(air, entry.at)
    return replace(air, runs=(*air.runs, run))


def _off(air: Air, entry: Entry) -> Air:
    return _ended(air, entry.at) if air.running and air.running.offer_id == entry.offer_id else air


def _release(air: Air, entry: Entry) -> Air:
    return replace(air, released={**air.released, entry.offer_id: entry.amount or 0})


def _price(air: Air, entry: Entry) -> Air:
    fen = entry.amount or 0
    brand = air.brand_pays - {entry.offer_id} | ({entry.offer_id} if entry.note == BRAND_PAYS else set())
    return replace(air, prices={**air.prices, entry.offer_id: fen}, brand_pays=brand) if fen > 0 else air


def _units(air: Air, entry: Entry) -> Air:
    return replace(air, units={**air.units, entry.offer_id: entry.amount or 0})


def _drop(air: Air, entry: Entry) -> Air:
    if entry.offer_id in air.dropped or (entry.offer_id not in air.left and entry.offer_id not in air.aired):
        return air
    air = _off(air, entry)
    return replace(air, dropped=(*air.dropped, entry.offer_id))


def _swap_in(air: Air, entry: Entry) -> Air:
    if entry.offer_id not in air.waiting:
        return air
    return replace(air, stepped_in={**air.stepped_in, entry.offer_id: entry.amount or 0})


def _correction(air: Air, entry: Entry) -> Air:
    return replace(air, corrections=(*air.corrections, entry))


def _none(air: Air, entry: Entry) -> Air:
    del entry
    return air


_STEPS: Mapping[str, Callable[[Air, Entry], Air]] = {
    "on": _on, "off": _off, "release": _release, "price": _price, "units": _units, "drop": _drop, "swap in": _swap_in,
    "correction": _correction, "take back": _none,
}  # fmt: skip
