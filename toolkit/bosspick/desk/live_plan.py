"""The rest of the show planned again: who steps in, at which prices, in which order and with how many minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations

from bosspick.desk.live_air import Air
from bosspick.desk.live_book import LiveItem
from bosspick.desk.live_lineup import Refit, refit
from bosspick.desk.live_pots import Pots, pots_of
from bosspick.rundown.hard_rules import Item, breaches_after
from bosspick.rundown.order import Minutes, Order, order_items

__all__ = ["LivePlan", "Upcoming", "plan_rest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Upcoming:
    """One item to come.

    Attributes
    ----------
    item
        As the cards have it.
    starts_at, minutes
        When, and how long.
    price_fen
        Price on air: settled, else the cards'.
    better_fen
        Price the pot that is left would serve best; the same where the cards' price stays.
    moved
        Whether it comes at another place among those left than the rundown has it.
    """

    item: LiveItem
    starts_at: datetime
    minutes: int
    price_fen: int
    better_fen: int
    moved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePlan:
    """What is left of a show.

    Attributes
    ----------
    upcoming
        The items to come in their order.
    next_at
        When the next item starts: once the one on air has had its minutes, or now.
    ends_at
        When the last item ends.
    over_min
        Minutes beyond the end of the show, where even the least minutes do not fit.
    vacancies
        Places nobody has taken.
    fills
        Bench items that serve best there, and what each costs on air, fen.
    pots
        The platform's money.
    breaches
        Rules that cannot be kept any more, in words.
    """

    upcoming: tuple[Upcoming, ...]
    next_at: datetime
    ends_at: datetime
    over_min: int
    vacancies: int
    fills: dict[str, int]
    pots: Pots
    breaches: tuple[str, ...]


def plan_rest(air: Air, now: datetime) -> LivePlan:
    """Plan what is left at a moment.

    What was and is on air stays as it is. First the lineup is solved again: the subsidies of the items to come in the pot
    that is left, and the bench items for vacant places, only such as leave an order where one exists. Then the items to come
    are put in order within the time that is left. Both steps are exact.

    Parameters
    ----------
    air
        How the show stands.
    now
        The moment, with offset.
    """
    begins = _next_at(air, now)
    left = [air.item(offer) for offer in air.left]
    minutes = _minutes(air, begins, len(left))
    places = _places(air, minutes)
    order = _order(air, left, begins)
    fitted = refit(air, places=places)
    if fitted.fills and _clean(order) and not _fits(air, left, order, fitted.fills, begins):
        clean = [f for f in combinations(air.waiting, places) if _fits(air, left, order, f, begins)]
        fitted = refit(air, places=places, allowed=clean) if clean else fitted
    upcoming = _upcoming(air, left, order, fitted, begins)
    ends = upcoming[-1].starts_at + timedelta(minutes=upcoming[-1].minutes) if upcoming else begins
    over = max(0, minutes.least * len(left) - _time_left(air, begins))
    return LivePlan(
        upcoming=upcoming,
        next_at=begins,
        ends_at=ends,
        over_min=over,
        vacancies=air.vacancies,
        fills={offer: fitted.prices[offer] for offer in fitted.fills},
        pots=pots_of(air, fitted.planned_fen),
        breaches=(*(order.breaches if order else ()), *fitted.broken),
    )


def _next_at(air: Air, now: datetime) -> datetime:
    run = air.running
    if run is not None:
        return max(now, run.started_at + timedelta(minutes=run.minutes))
    return max(now, air.book.starts_at)


def _gone(air: Air, begins: datetime) -> int:
    """Minutes of the show that are gone, to the nearest: a start seconds late costs no item a minute of its own."""
    return round((begins - air.book.starts_at).total_seconds() / 60)


def _time_left(air: Air, begins: datetime) -> int:
    return max(0, round((air.book.ends_at - air.book.starts_at).total_seconds() / 60) - _gone(air, begins))


def _minutes(air: Air, begins: datetime, count: int) -> Minutes:
    """What may be shared out: the time left, or where that is too short the least there must be."""
    policy, items = air.book.rundown, len(air.book.items)
    return Minutes(
        total=max(_time_left(air, begins), policy.minutes_min * count), least=policy.minutes_min, most=policy.minutes_max,
        exponent=policy.minutes_exponent, typical=air.book.minutes / items,
    )  # fmt: skip


def _places(air: Air, minutes: Minutes) -> int:
    """Vacant places there is a bench item and time for."""
    room = minutes.total // minutes.least - len(air.left)
    return max(0, min(air.vacancies, len(air.waiting), room))


def _fits(air: Air, left: list[LiveItem], order: Order | None, fill: tuple[str, ...], begins: datetime) -> bool:
    """Whether an order with these bench items too keeps every rule."""
    items = [*left, *(air.book.item(offer) for offer in fill)]
    if order is not None and len(fill) == 1 and _slips_in(air, items, order, begins):
        return True
    return _clean(_order(air, items, begins))


def _slips_in(air: Air, items: list[LiveItem], order: Order, begins: datetime) -> bool:
    """Whether the last item fits somewhere between the others as they are ordered: quickly said, and mostly enough."""
    minutes, before = _minutes(air, begins, len(items)), _before(air, begins)
    shown = [_item(air, item, begins) for item in items]
    for place in range(len(items)):
        lengths = [*order.minutes[:place], minutes.least, *order.minutes[place:]]
        while sum(lengths) > minutes.total:
            lengths[lengths.index(max(lengths))] -= 1
        ordered = [shown[at] for at in (*order.places[:place], len(items) - 1, *order.places[place:])]
        if not breaches_after(before, ordered, lengths, air.book.order_rules):
            return True
    return False


def _clean(order: Order | None) -> bool:
    return order is None or not order.breaches


def _order(air: Air, left: list[LiveItem], begins: datetime) -> Order | None:
    """The best order of items in the slots that are left; None where there are none."""
    if not left:
        return None
    before = _before(air, begins)
    multipliers = [*air.book.multipliers, *[1.0] * (len(before) + len(left))][len(before) :][: len(left)]
    items = [_item(air, item, begins) for item in left]
    return order_items(items, multipliers, _minutes(air, begins, len(left)), air.book.order_rules, aired=before)


def _upcoming(air: Air, left: list[LiveItem], order: Order | None, fitted: Refit, begins: datetime) -> tuple[Upcoming, ...]:
    found, start = [], begins
    for rank, (place, length) in enumerate(zip(order.places, order.minutes, strict=True) if order else ()):
        item = left[place]
        price = air.price(item.offer_id)
        better = fitted.prices.get(item.offer_id, price)
        found.append(
            Upcoming(item=item, starts_at=start, minutes=length, price_fen=price, better_fen=better, moved=place != rank)
        )
        start += timedelta(minutes=length)
    return tuple(found)


def _before(air: Air, begins: datetime) -> list[Item]:
    """What was on air so far, dropped or not: a viewer saw it."""
    return [_item(air, air.item(offer), begins) for offer in dict.fromkeys(run.offer_id for run in air.runs)]


def _item(air: Air, item: LiveItem, begins: datetime) -> Item:
    """An item to place; its representative's window counted from when the next item starts."""
    gone = _gone(air, begins)
    window = None if item.window is None else (item.window[0] - gone, item.window[1] - gone)
    return Item(offer_id=item.offer_id, worth=item.worth, category=item.category, role=item.role, window=window)
