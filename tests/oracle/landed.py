"""The screen in plain Python, one quote and one offer at a time: slow, short, and sharing nothing with the toolkit."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

Row = dict[str, Any]

BASE = {"ml": ("ml", Fraction(1)), "l": ("ml", Fraction(1000)), "g": ("g", Fraction(1)), "kg": ("g", Fraction(1000))}


@dataclass(frozen=True)
class Landed:
    """What a quote costs; None where it cannot be said."""

    public: int | None
    conditional: int | None
    possible: int | None
    possible_conditional: int | None


def landed(quote: Row, promotions: list[Row]) -> Landed:
    """Price a quote by going through every way its unknown promotions and open choices may turn out."""
    unknown = [row for row in promotions if complete(row) and not row["confirmed"]]
    groups: dict[str, set[str]] = {}
    for row in promotions:
        if row["exclusive_group"] is not None:
            groups.setdefault(row["exclusive_group"], set()).add(row["step"])
    spanning = sorted(group for group, steps in groups.items() if len(steps) > 1)
    unknown_public = unknown_any = quote["shipping_fen"] is None
    unbounded_public = unbounded_any = False
    void, every = [], []
    for true in itertools.product((False, True), repeat=len(unknown)):
        real = [row for row, holds in zip(unknown, true, strict=True) if holds]
        for steps in itertools.product("1234", repeat=len(spanning)):
            choice = dict(zip(spanning, steps, strict=True))
            live = [row for row in promotions if choice.get(row["exclusive_group"], row["step"]) == row["step"]]
            public, seen_public = walk(quote["display_price_fen"], live, real, everyone=True)
            member, seen_member = walk(quote["display_price_fen"], live, real, everyone=False)
            for row in live:
                if complete(row) and row["confirmed"]:
                    continue
                in_public = row["audience"] == "public" and usable(row, seen_public)
                in_any = usable(row, seen_public) or usable(row, seen_member)
                unknown_public |= in_public
                unknown_any |= in_any
                unbounded_public |= in_public and not complete(row)
                unbounded_any |= in_any and not complete(row)
            every.append((public, min(public, member)))
            if not real:
                void.append((public, min(public, member)))
    paid = quote["shipping_fen"] or 0
    return Landed(
        None if unknown_public else min(public for public, _ in void) + paid,
        None if unknown_any else min(best for _, best in void) + paid,
        None if unbounded_public else min(public for public, _ in every) + paid,
        None if unbounded_any else min(best for _, best in every) + paid,
    )


def complete(row: Row) -> bool:
    """Whether the promotion says how much it takes off."""
    return row["amount_fen" if row["kind"] == "amount" else "rate"] is not None


def usable(row: Row, prices: dict[str, int]) -> bool:
    """Whether the price at the start of its step reaches the promotion's threshold."""
    return prices[row["step"]] >= (row["threshold_fen"] or 0)


def walk(price: int, live: list[Row], real: list[Row], *, everyone: bool) -> tuple[int, dict[str, int]]:
    """Price after all steps, and the price at the start of each."""
    starts = {}
    for step in "1234":
        starts[step] = price
        best: dict[object, int] = {}
        for number, row in enumerate(live):
            holds = complete(row) and (row["confirmed"] or any(row is each for each in real))
            if row["step"] != step or not holds or (everyone and row["audience"] != "public") or not usable(row, starts):
                continue
            key = number if row["exclusive_group"] is None else row["exclusive_group"]
            best[key] = max(best.get(key, 0), deduction(row, price))
        price = max(0, price - sum(best.values()))
    return price, starts


def deduction(row: Row, price: int) -> int:
    """Fen the promotion takes off."""
    if row["kind"] == "rate":
        off = math.floor(Fraction(str(row["rate"])) * price + Fraction(1, 2))
    else:
        repeats = price // row["threshold_fen"] if row["repeat"] and row["threshold_fen"] else 1
        off = row["amount_fen"] * repeats
    return off if row["cap_fen"] is None else min(off, row["cap_fen"])


@dataclass(frozen=True)
class Rules:
    """Thresholds the oracle judges by."""

    margin_fen: int
    rank_on: str
    window_hours: int
    grades: str
    min_channels: int
    required: frozenset[str]
    scalable: frozenset[str]
    score_min: float
    score_days: int


def lowest_price(offer: Row, quotes: list[Row], prices: dict[str, Landed], rules: Rules, as_of: datetime) -> Row:
    """Reason code of the price rule, the web-lowest with its quote, and the price that passes."""
    ranking: list[tuple[int, str, str]] = []
    maybe: list[int | None] = []
    for quote in quotes:
        if not same_product(offer, quote):
            continue
        factor = bring(offer, quote, rules)
        hours = (as_of - quote["seen_at"]).total_seconds() / 3600
        fine = (
            0 <= hours <= rules.window_hours
            and quote["grade"] in rules.grades
            and quote["condition"] == "new"
            and quote["in_stock"] is True
            and factor is not None
        )
        if not fine or factor is None:
            continue
        cost = prices[quote["quote_id"]]
        price = cost.public if rules.rank_on == "public" else cost.conditional
        low = cost.possible if rules.rank_on == "public" else cost.possible_conditional
        if price is None:
            maybe.append(None if low is None else math.floor(low * factor))
        else:
            ranking.append((math.floor(price * factor), quote["quote_id"], quote["channel"]))
    channels = {channel for _, _, channel in ranking}
    web, web_quote = min((price, quote) for price, quote, _ in ranking) if ranking else (None, None)
    passes = None
    covered = len(channels) >= rules.min_channels and rules.required <= channels
    if web is not None and covered and None not in maybe:
        passes = min([web, *[low for low in maybe if low is not None]]) - rules.margin_fen
        passes = passes if passes > 0 else None
    code = price_code(offer["opening_price_fen"], web, channels, maybe, rules)
    return {"code": code, "web": web, "quote": web_quote, "channels": len(channels), "passes": passes}


def price_code(opening: int, web: int | None, channels: set[str], maybe: list[int | None], rules: Rules) -> str:
    """The first reason that applies, in the order in which they are named."""
    if web is None:
        return "NO_ELIGIBLE_QUOTE"
    if len(channels) < rules.min_channels:
        return "TOO_FEW_CHANNELS"
    if not rules.required <= channels:
        return "MISSING_CHANNEL"
    if opening == web and rules.margin_fen:
        return "TIE_WITH_WEB"
    if opening > web - rules.margin_fen:
        return "ABOVE_WEB"
    if any(low is None or opening > low - rules.margin_fen for low in maybe):
        return "UNKNOWN_TERMS"
    return "LOWEST"


def same_product(offer: Row, quote: Row) -> bool:
    """GTIN equal but for leading zeros; where either has none, the title."""
    if offer["gtin"] is not None and quote["gtin"] is not None:
        return str(offer["gtin"]).lstrip("0") == str(quote["gtin"]).lstrip("0")
    return "".join(offer["title"].lower().split()) == "".join(quote["title"].lower().split())


def bring(offer: Row, quote: Row, rules: Rules) -> Fraction | None:
    """What a quote's price is multiplied by to stand for the offer; None when it must not."""
    ours, theirs = offer["pack_count"], quote["pack_count"]
    if (ours is None) != (theirs is None) and (ours or theirs) > 1:
        return None
    packs = Fraction(int(ours or 1), int(theirs or 1))
    mine, other = content(offer), content(quote)
    if mine is None or other is None or mine == other:
        return packs
    if mine[0] != other[0] or offer["category"] not in rules.scalable:
        return None
    return packs * mine[1] / other[1]


def content(row: Row) -> tuple[str, Fraction] | None:
    """Content of one pack in its base unit."""
    if row["spec_amount"] is None or row["spec_unit"] is None:
        return None
    base, factor = BASE[row["spec_unit"]]
    return base, Fraction(str(row["spec_amount"])) * factor


def brand_code(offer: Row, brands: dict[str, Row], authorisations: list[Row], day: date) -> str:
    """Reason code of the brand rule."""
    brand = brands.get(offer["brand_id"])
    if brand is None:
        return "BRAND_UNLISTED"
    if brand["white_label"]:
        return "WHITE_LABEL"
    chain = [row for row in authorisations if row["brand_id"] == offer["brand_id"]]
    ours = [row for row in chain if row["store_id"] == offer["store_id"]]
    if not chain:
        return "AUTHORISATION_MISSING"
    if not ours:
        return "AUTHORISATION_BROKEN"
    until = ours[0]["valid_until"]
    if until is not None and until.date() < day:
        return "AUTHORISATION_EXPIRED"
    if brand["trademark_no"] is None or brand["owner"] is None:
        return "TRADEMARK_MISSING"
    if brand["white_label"] is None:
        return "WHITE_LABEL_UNKNOWN"
    return "AUTHORISATION_UNDATED" if until is None else "BRAND_PROVEN"


def score_code(offer: Row, stores: dict[str, Row], rules: Rules, day: date) -> str:
    """Reason code of the store rule."""
    store = stores.get(offer["store_id"])
    if store is None:
        return "STORE_UNLISTED"
    if store["score"] is None or store["score_as_of"] is None:
        return "SCORE_MISSING"
    age = (day - store["score_as_of"].date()).days
    if age < 0:
        return "SCORE_AFTER_SHOW"
    if store["score"] < rules.score_min:
        return "SCORE_LOW"
    return "SCORE_STALE" if age > rules.score_days else "SCORE_OK"
