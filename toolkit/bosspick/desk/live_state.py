"""The live desk without widgets: what is entered during the show, checked and in the ledger at once, and the rest replanned."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bosspick.bargaining.sheet_cells import typed_price
from bosspick.briefing.language import ENGLISH, Language, marked
from bosspick.briefing.wording import yuan
from bosspick.desk.live_air import Air, replay
from bosspick.desk.live_book import LiveBook
from bosspick.desk.live_clock import ShowClock
from bosspick.desk.live_entries import BRAND_PAYS, Entry, Kind, air_row, entries_of, entry_words
from bosspick.desk.live_plan import LivePlan, plan_rest
from bosspick.desk.live_typed import above_evidence, overdrawn, price_remarks, releases_of, typed_units
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
    language
        What the desk speaks; the ledger's notes stay English.
    air, plan
        How the show stands, and what is left of it, as of the last entry or :meth:`refresh`.
    """

    book: LiveBook
    ledger: Ledger
    clock: ShowClock
    who: str = marked("control desk")
    language: Language = ENGLISH
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
        t = self.language.gettext
        with self.lock:
            self._read()
            if offer_id is None:
                self.plan = plan_rest(self.air, self.clock())
                if not self.plan.upcoming:
                    raise self._refused(
                        t("no item is left"), t("take one of the bench in, or end the show with the one on air")
                    )
                offer_id = self.plan.upcoming[0].item.offer_id
            minutes = next((each.minutes for each in self.plan.upcoming if each.item.offer_id == offer_id), None)
            if offer_id not in self.air.left or minutes is None:
                raise self._refused(t("%(offer)s is not among the items to come", offer=offer_id), t("choose one of the list"))
            say = t("%(title)s is on air for %(minutes)s minutes", title=self._title(offer_id), minutes=minutes)
            return self._enter("on", offer_id, minutes, say=say)

    def go_off(self) -> Said:
        """Take what is on air off."""
        with self.lock:
            self._read()
            offer = self._running()
            return self._enter("off", offer, None, say=self.language.gettext("%(title)s is off air", title=self._title(offer)))

    def release(self) -> Said:
        """Release the next part of the stock of what is on air."""
        t = self.language.gettext
        with self.lock:
            self._read()
            offer = self._running()
            releases = releases_of(self.air, offer)
            number = self.air.released.get(offer, 0) + 1
            if number > len(releases):
                raise self._refused(
                    t("all stock of this item is released"), t("no more can be promised: say that it sells out")
                )
            part = releases[number - 1]
            units, left = f"{part.units:,}", f"{part.left:,}"
            say = t("Release %(number)s: %(units)s units, %(left)s still to come", number=number, units=units, left=left)
            return self._enter("release", offer, number, note=f"{units} units, {left} still to come", say=say)

    def settle_price(self, text: str, *, offer_id: str | None = None, brand_pays: bool = False) -> Said:
        """Enter the price settled on air, as typed; of what is on air, or of an item to come.

        A price the evidence or the cards do not carry is entered all the same, for it was said: the remarks tell what the
        hosts may say from now on.
        """
        t = self.language.gettext
        with self.lock:
            self._read()
            offer = self._known(offer_id or self._running())
            fen, wrong = typed_price(text.strip(), _UTC)
            if fen is None:
                why = self.language.told(wrong) or t("is no price")
                raise self._refused(f"{text!r} {why}", t("write yuan such as 98.50"), where=t("price"))
            item = self.air.item(offer)
            note = BRAND_PAYS if brand_pays and fen < item.card_fen else ""
            say = t("%(title)s: settled at %(price)s", title=item.title, price=yuan(fen))
            return self._enter("price", offer, fen, note=note, say=say, remarks=price_remarks(item, fen, self.language))

    def sold(self, text: str, *, offer_id: str | None = None) -> Said:
        """Enter the units sold so far, as typed; a later count replaces an earlier one."""
        t = self.language.gettext
        with self.lock:
            self._read()
            offer = self._known(offer_id or self._running())
            units = typed_units(text, self.language)
            releases, done = releases_of(self.air, offer), self.air.released.get(offer, 0)
            out = sum(part.units for part in releases[:done])
            if units > out:
                open_parts = done < len(releases)
                more = t("release the next part first") if open_parts else t("count again: no more stock was released")
                what = t("%(units)s units are more than the %(released)s released", units=f"{units:,}", released=f"{out:,}")
                raise self._refused(what, more, where=t("units sold"))
            before = self.air.units.get(offer)
            fewer = before is not None and units < before
            remarks = (t("fewer than the %(units)s entered before", units=f"{before:,}"),) if fewer else ()
            if units == out and done == len(releases):
                remarks = (*remarks, t("sold out: all stock is released and sold"))
            say = t("%(title)s: %(units)s sold, %(left)s left of what is released",
                    title=self._title(offer), units=f"{units:,}", left=f"{out - units:,}")  # fmt: skip
            return self._enter("units", offer, units, say=say, remarks=remarks)

    def correct(self, text: str, *, offer_id: str | None = None) -> Said:
        """Record a correction spoken on air, in its words."""
        t = self.language.gettext
        with self.lock:
            self._read()
            words = " ".join(text.split())
            if not words:
                raise self._refused(t("the correction is empty"), t("write what was corrected"), where=t("correction"))
            offer = self._known(offer_id or self._running_or_last())
            return self._enter("correction", offer, None, note=words, say=t("The correction is recorded"))

    def drop(self, offer_id: str, *, why: str = "") -> Said:
        """Take an item out, on air or to come."""
        t = self.language.gettext
        with self.lock:
            self._read()
            running = self.air.running
            if not offer_id:
                raise self._refused(t("nothing is on air or to come"), t("there is nothing to take out"))
            if offer_id not in self.air.left and (running is None or running.offer_id != offer_id):
                raise self._refused(t("%(offer)s is neither on air nor to come", offer=offer_id), t("choose one of the list"))
            said = self._enter("drop", offer_id, None, note=why, say=t("%(title)s is out", title=self._title(offer_id)))
            best = self.language.listed(self._title(offer) for offer in self.plan.fills)
            remark = t("best to step in: %(titles)s", titles=best) if best else t("no bench item fits the time that is left")
            return Said(text=said.text, remarks=(remark,))

    def swap_in(self, offer_id: str, *, instead_of: str | None = None) -> Said:
        """Take a bench item in: for a vacant place, or for an item that goes out with it."""
        t = self.language.gettext
        with self.lock:
            self._read()
            if offer_id not in self.air.waiting:
                raise self._refused(t("%(offer)s is not on the bench any more", offer=offer_id), t("choose one of the bench"))
            if not self.air.vacancies:
                if instead_of is None:
                    raise self._refused(t("no place is vacant"), t("choose the item it replaces"))
                self.drop(instead_of, why=f"{offer_id} steps in")
            # Its price is the one that serves best in the pot that is left, be it the bench's best or not.
            fen = self._price_in(offer_id)
            say = t("%(title)s steps in at %(price)s", title=self._title(offer_id), price=yuan(fen))
            said = self._enter("swap in", offer_id, fen, note="", say=say)
            return Said(text=said.text, remarks=price_remarks(self.air.item(offer_id), fen, self.language))

    def undo(self) -> Said:
        """Take back the last entry that stands; what is past stays in the ledger."""
        t = self.language.gettext
        with self.lock:
            self._read()
            last = self.air.last
            if last is None:
                raise self._refused(t("nothing was entered yet"), t("there is nothing to take back"))
            what = entry_words(last, self.air.entries, self.language)
            say = t("%(title)s: taken back: %(what)s", title=self._title(last.offer_id), what=what)
            note = f"taken back: {entry_words(last, self.air.entries)}"
            return self._enter("take back", last.offer_id, last.number, note=note, say=say)

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
        before = self.plan.pots.over_fen
        self.refresh()
        if self.plan.pots.over_fen > before:
            remarks = (*remarks, overdrawn(self.language))
        return Said(text=say, remarks=remarks)

    def _read(self) -> None:
        self.air = replay(self.book, entries_of(self.ledger.air(self.book.session_id), self.clock))

    def _running(self) -> str:
        if self.air.running is None:
            t = self.language.gettext
            raise self._refused(t("nothing is on air"), t("put the next item on air first"))
        return self.air.running.offer_id

    def _running_or_last(self) -> str:
        if self.air.runs:
            return self.air.runs[-1].offer_id
        t = self.language.gettext
        raise self._refused(t("nothing was on air yet"), t("a correction belongs to an item that was"))

    def _known(self, offer_id: str) -> str:
        if offer_id not in {*self.air.aired, *self.air.left, *self.air.dropped}:
            t = self.language.gettext
            raise self._refused(t("%(offer)s is not in the show", offer=offer_id), t("choose an item of the show"))
        return offer_id

    def _title(self, offer_id: str) -> str:
        return next((each.title for each in (*self.book.items, *self.book.bench) if each.offer_id == offer_id), offer_id)

    def _refused(self, what: str, mend: str, *, where: str = "") -> InputError:
        return InputError(what, where=where or self.language.gettext("live desk"), hint=mend)

    @property
    def now(self) -> datetime:
        """What the show's clock shows."""
        return self.clock()

    @property
    def last_entries(self) -> tuple[Entry, ...]:
        """The newest entries first."""
        return tuple(reversed(self.air.entries))
