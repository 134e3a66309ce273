"""The live desk without widgets: what is entered during the show, checked and in the ledger at once, and the rest replanned."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bosspick.bargaining.sheet_cells import typed_price
from bosspick.briefing.wording import yuan
from bosspick.desk.live_air import Air, replay
from bosspick.desk.live_book import LiveBook
from bosspick.desk.live_clock import ShowClock
from bosspick.desk.live_entries import BRAND_PAYS, Entry, Kind, air_row, entries_of
from bosspick.desk.live_plan import LivePlan, plan_rest
from bosspick.desk.live_typed import above_evidence, price_remarks, releases_of, typed_units
from bosspick.errors import InputError
from bosspick.ledger import Ledger

__all__ = ["LiveState", "Said"]

_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the desk answers to an entry; ``remarks`` are what the hosts must know now."""

    text: str
    remarks: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class LiveState:
    """A show under way.

    The ledger alone says how the show stands: every entry is written before it counts, and every action first reads what
    another desk may have entered. So a restarted kernel goes on where the last one ended.

    Attributes
    ----------
    book
        The show before it began.
    ledger
        Where entries go.
    clock
        The show's clock.
    who
        Who enters.
    air, plan
        How the show stands, and what is left of it, as of the last entry or :meth:`refresh`.
    """

    book: LiveBook
    ledger: Ledger
    clock: ShowClock
    who: str = "control desk"
    air: Air = field(init=False)
    plan: LivePlan = field(init=False)
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def __post_init__(self) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Read the ledger again, and plan what is left as of now."""
        with self.lock:
            self._read()
            self.plan = plan_rest(self.air, self.clock())

    def go_on(self, offer_id: str | None = None) -> Said:
        """Put an item on air, the next one if none is named; what was on air goes off."""
        with self.lock:
            self._read()
            if offer_id is None:
                self.plan = plan_rest(self.air, self.clock())
                if not self.plan.upcoming:
                    raise self._refused("no item is left", "take one of the bench in, or end the show with the one on air")
                offer_id = self.plan.upcoming[0].item.offer_id
            minutes = next((each.minutes for each in self.plan.upcoming if each.item.offer_id == offer_id), None)
            if offer_id not in self.air.left or minutes is None:
                raise self._refused(f"{offer_id} is not among the items to come", "choose one of the list")
            return self._enter("on", offer_id, minutes, say=f"{self._title(offer_id)} is on air for {minutes} minutes")

    def go_off(self) -> Said:
        """Take what is on air off."""
        with self.lock:
            self._read()
            offer = self._running()
            return self._enter("off", offer, None, say=f"{self._title(offer)} is off air")

    def release(self) -> Said:
        """Release the next part of the stock of what is on air."""
        with self.lock:
            self._read()
            offer = self._running()
            releases = releases_of(self.air, offer)
            number = self.air.released.get(offer, 0) + 1
            if number > len(releases):
                raise self._refused("all stock of this item is released", "no more can be promised: say that it sells out")
            part = releases[number - 1]
            words = f"{part.units:,} units, {part.left:,} still to come"
            return self._enter("release", offer, number, note=words, say=f"Release {number}: {words}")

    def settle_price(self, text: str, *, offer_id: str | None = None, brand_pays: bool = False) -> Said:
        """Enter the price settled on air, as typed; of what is on air, or of an item to come.

        A price the evidence or the cards do not carry is entered all the same, for it was said: the remarks tell what the
        hosts may say from now on.
        """
        with self.lock:
            self._read()
            offer = self._known(offer_id or self._running())
            fen, wrong = typed_price(text.strip(), _UTC)
            if fen is None:
                raise self._refused(f"{text!r} {wrong or 'is no price'}", "write yuan such as 98.50", where="price")
            item = self.air.item(offer)
            note = BRAND_PAYS if brand_pays and fen < item.card_fen else ""
            remarks = price_remarks(item, fen)
            return self._enter("price", offer, fen, note=note, say=f"{item.title}: settled at {yuan(fen)}", remarks=remarks)

    def sold(self, text: str, *, offer_id: str | None = None) -> Said:
        """Enter the units sold so far, as typed; a later count replaces an earlier one."""
        with self.lock:
            self._read()
            offer = self._known(offer_id or self._running())
            units = typed_units(text)
            releases, done = releases_of(self.air, offer), self.air.released.get(offer, 0)
            out = sum(part.units for part in releases[:done])
            if units > out:
                more = "release the next part first" if done < len(releases) else "count again: no more stock was released"
                raise self._refused(f"{units:,} units are more than the {out:,} released", more, where="units")
            before = self.air.units.get(offer)
            remarks = (f"fewer than the {before:,} entered before",) if before is not None and units < before else ()
            if units == out and done == len(releases):
                remarks = (*remarks, "sold out: all stock is released and sold")
            text = f"{self._title(offer)}: {units:,} sold, {out - units:,} left of what is released"
            return self._enter("units", offer, units, say=text, remarks=remarks)

    def correct(self, text: str, *, offer_id: str | None = None) -> Said:
        """Record a correction spoken on air, in its words."""
        with self.lock:
            self._read()
            words = " ".join(text.split())
            if not words:
                raise self._refused("the correction is empty", "write what was corrected", where="correction")
            offer = self._known(offer_id or self._running_or_last())
            return self._enter("correction", offer, None, note=words, say="The correction is recorded")

    def drop(self, offer_id: str, *, why: str = "") -> Said:
        """Take an item out, on air or to come."""
        with self.lock:
            self._read()
            running = self.air.running
            if offer_id not in self.air.left and (running is None or running.offer_id != offer_id):
                raise self._refused(f"{offer_id} is neither on air nor to come", "choose one of the list")
            said = self._enter("drop", offer_id, None, note=why, say=f"{self._title(offer_id)} is out")
            best = [self._title(offer) for offer in self.plan.fills]
            remarks = (f"best to step in: {', '.join(best)}",) if best else ("no bench item fits the time that is left",)
            return Said(text=said.text, remarks=remarks)

    def swap_in(self, offer_id: str, *, instead_of: str | None = None) -> Said:
        """Take a bench item in: for a vacant place, or for an item that goes out with it."""
        with self.lock:
            self._read()
            if offer_id not in self.air.waiting:
                raise self._refused(f"{offer_id} is not on the bench any more", "choose one of the bench")
            if not self.air.vacancies:
                if instead_of is None:
                    raise self._refused("no place is vacant", "choose the item it replaces")
                self.drop(instead_of, why=f"{offer_id} steps in")
            # Its price is the one that serves best in the pot that is left, be it the bench's best or not.
            fen = self._price_in(offer_id)
            said = self._enter("swap in", offer_id, fen, note="", say=f"{self._title(offer_id)} steps in at {yuan(fen)}")
            return Said(text=said.text, remarks=price_remarks(self.air.item(offer_id), fen))

    def undo(self) -> Said:
        """Take back the last entry that stands; what is past stays in the ledger."""
        with self.lock:
            self._read()
            last = self.air.last
            if last is None:
                raise self._refused("nothing was entered yet", "there is nothing to take back")
            words = f"taken back: {last.words}"
            return self._enter("take back", last.offer_id, last.number, note=words,
                               say=f"{self._title(last.offer_id)}: {words}")  # fmt: skip

    def compares(self, offer_id: str) -> bool:
        """Whether the hosts may compare the price of an item with others as it stands."""
        return not above_evidence(self.air.item(offer_id), self.air.price(offer_id))

    def _price_in(self, offer_id: str) -> int:
        from bosspick.desk.live_lineup import refit

        if offer_id in self.plan.fills:
            return self.plan.fills[offer_id]
        fitted = refit(self.air, places=1, allowed=[(offer_id,)])
        return fitted.prices.get(offer_id, self.book.item(offer_id).card_fen)

    def _enter(
        self, kind: Kind, offer_id: str, amount: int | None, *, say: str, note: str = "", remarks: tuple[str, ...] = ()
    ) -> Said:
        row = air_row(kind, amount, note)
        self.ledger.record_air(self.book.session_id, offer_id, row["event"], who=self.who, amount=row["amount"],
                               note=row["note"])  # fmt: skip
        self.refresh()
        return Said(text=say, remarks=remarks)

    def _read(self) -> None:
        self.air = replay(self.book, entries_of(self.ledger.air(self.book.session_id), self.clock))

    def _running(self) -> str:
        if self.air.running is None:
            raise self._refused("nothing is on air", "put the next item on air first")
        return self.air.running.offer_id

    def _running_or_last(self) -> str:
        if self.air.runs:
            return self.air.runs[-1].offer_id
        raise self._refused("nothing was on air yet", "a correction belongs to an item that was")

    def _known(self, offer_id: str) -> str:
        if offer_id not in {*self.air.aired, *self.air.left, *self.air.dropped}:
            raise self._refused(f"{offer_id} is not in the show", "choose an item of the show")
        return offer_id

    def _title(self, offer_id: str) -> str:
        return next((each.title for each in (*self.book.items, *self.book.bench) if each.offer_id == offer_id), offer_id)

    def _refused(self, what: str, mend: str, *, where: str = "live desk") -> InputError:
        return InputError(what, where=where, hint=mend)

    @property
    def now(self) -> datetime:
        """What the show's clock shows."""
        return self.clock()

    @property
    def last_entries(self) -> tuple[Entry, ...]:
        """The newest entries first."""
        return tuple(reversed(self.air.entries))
