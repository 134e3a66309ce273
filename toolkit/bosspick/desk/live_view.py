"""What the live desk shows: only what a camera may see. No walk-away, floor, target, chance, nor what a brand is paid."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bosspick.briefing.language import Language
from bosspick.briefing.wording import yuan
from bosspick.desk.live_entries import Entry, entry_words
from bosspick.desk.live_plan import Upcoming
from bosspick.desk.live_state import LiveState
from bosspick.desk.live_typed import overdrawn, releases_of, sayable
from bosspick.rundown.roles import ROLES

__all__ = ["clock_of", "view_of"]

_LOG = 8
_FEN_OF_THOUSAND = 100_000


def clock_of(state: LiveState) -> dict[str, Any]:
    """What the browser's clock goes on from: a real moment, what the show's clock showed then, and its speed."""
    real = state.clock.read()
    offset = state.book.starts_at.utcoffset()
    return {
        "real": _ms(real), "show": _ms(state.clock.at(real)), "speed": state.clock.speed,
        "offset": 0 if offset is None else int(offset.total_seconds() // 60),
    }  # fmt: skip


def view_of(state: LiveState) -> dict[str, Any]:
    """Everything the desk shows, as JSON can hold it; moments are milliseconds."""
    air, plan = state.air, state.plan
    return {
        "session": state.book.session_id,
        "version": state.book.version,
        "running": _running(state),
        "next_at": _ms(plan.next_at),
        "show_ends": _ms(state.book.ends_at),
        "ends": _ms(plan.ends_at),
        "over": plan.over_min,
        "upcoming": [_upcoming(each, state.language) for each in plan.upcoming],
        "vacancies": plan.vacancies,
        "bench": [
            _bench(state, key, item.offer_id)
            for key, item in enumerate(state.book.bench, start=1)
            if item.offer_id in air.waiting
        ],
        "aired": [_aired(state, offer) for offer in air.aired if air.running is None or offer != air.running.offer_id],
        "corrections": [_entry(state, entry) for entry in air.corrections],
        "log": [_entry(state, entry) for entry in state.last_entries[:_LOG]],
        "problems": [
            *(state.language.told(breach) for breach in plan.breaches),
            *([overdrawn(state.language)] if plan.pots.over_fen else []),
        ],
        "pots": _pots(state),
    }


def _running(state: LiveState) -> dict[str, Any] | None:
    air, run = state.air, state.air.running
    if run is None:
        return None
    item, price = air.item(run.offer_id), air.price(run.offer_id)
    releases, done = releases_of(air, run.offer_id), air.released.get(run.offer_id, 0)
    out, sold = sum(part.units for part in releases[:done]), air.units.get(run.offer_id)
    return {
        "offer_id": run.offer_id,
        "title": item.title,
        "role": state.language.told(item.role),
        "role_words": state.language.told(ROLES.get(item.role, "")),
        "started": _ms(run.started_at),
        "minutes": run.minutes,
        "price": yuan(price),
        "settled": run.offer_id in air.prices,
        "card": yuan(item.card_fen),
        "say": sayable(item.evidence, price, state.language),
        "compares": state.compares(run.offer_id),
        "sold": sold,
        "released": out,
        "left": out - (sold or 0),
        "unreleased": item.planned_units - out,
        "parts": [
            {"number": part.number, "at": _ms(part.at), "units": part.units, "left": part.left, "done": part.number <= done}
            for part in releases
        ],
    }


def _upcoming(each: Upcoming, language: Language) -> dict[str, Any]:
    return {
        "offer_id": each.item.offer_id,
        "title": each.item.title,
        "role": language.told(each.item.role),
        "starts": _ms(each.starts_at),
        "minutes": each.minutes,
        "price": yuan(each.price_fen),
        "better": yuan(each.better_fen) if each.better_fen != each.price_fen else "",
        "cheaper": each.better_fen < each.price_fen,
        "moved": each.moved,
        "slot": each.item.slot,
    }


def _bench(state: LiveState, key: int, offer_id: str) -> dict[str, Any]:
    item, fills = state.book.item(offer_id), state.plan.fills
    price = fills.get(offer_id, item.card_fen)
    return {"key": key, "offer_id": offer_id, "title": item.title, "price": yuan(price), "best": offer_id in fills}


def _aired(state: LiveState, offer_id: str) -> dict[str, Any]:
    return {"offer_id": offer_id, "title": state.book.item(offer_id).title, "price": yuan(state.air.price(offer_id)),
            "units": state.air.units.get(offer_id)}  # fmt: skip


def _entry(state: LiveState, entry: Entry) -> dict[str, Any]:
    names = {item.offer_id: item.title for item in (*state.book.items, *state.book.bench)}
    words = entry.note if entry.kind == "correction" else entry_words(entry, state.air.entries, state.language)
    return {"at": _ms(entry.at), "title": names.get(entry.offer_id, entry.offer_id), "words": words,
            "who": state.language.told(entry.who)}  # fmt: skip


def _pots(state: LiveState) -> dict[str, str]:
    """In whole thousands: beside the units sold, an exact sum would tell the subsidy of a unit."""
    pots = state.plan.pots

    def words(fen: int) -> str:
        return yuan(round(fen / _FEN_OF_THOUSAND) * _FEN_OF_THOUSAND, whole=True)

    return {"spent": words(pots.spent_fen), "ahead": words(pots.running_fen + pots.planned_fen), "left": words(pots.left_fen),
            "reserve": words(pots.reserve_fen)}  # fmt: skip


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
