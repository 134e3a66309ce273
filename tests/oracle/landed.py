"""The screen in plain Python, one quote and one offer at a time: slow, short, and sharing nothing with the toolkit."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from statistics import median
from typing import Any

Row = dict[str, Any]

BASE = {"ml": ("ml", Fraction(1)), "l": ("ml", Fraction(1000)), "g": ("g", Fraction(1)), "kg": ("g", Fraction(1000))}


@dataclass(frozen=True)
class Landed:
    """What a piece costs, in fen; None where it cannot be said."""

    public: Fraction | None
    conditional: Fraction | None
    possible: Fraction | None
    possible_conditional: Fraction | None


def landed(quote: Row, promotions: list[Row], *, most: int = 3) -> Landed:
    """Price a quote by going through every way its unknown promotions, open choices and pieces may turn out."""
    unknown = [row for row in promotions if complete(row) and not row["confirmed"]]
    groups: dict[str, set[str]] = {}
    for row in promotions:
        if row["exclusive_group"] is not None:
            groups.setdefault(row["exclusive_group"], set()).add(row["step"])
    spanning = sorted(group for group, steps in groups.items() if len(steps) > 1)
    counts = sorted({1} | {pieces(row) for row in promotions if pieces(row) <= most})
    unknown_public = unknown_any = quote["shipping_fen"] is None
    unbounded_public = unbounded_any = False
    paid = quote["shipping_fen"] or 0
    void, every = [], []
    for bought, true in itertools.product(counts, itertools.product((False, True), repeat=len(unknown))):
        real = [row for row, holds in zip(unknown, true, strict=True) if holds]
        for steps in itertools.product("1234", repeat=len(spanning)):
            choice = dict(zip(spanning, steps, strict=True))
            live = [row for row in promotions
                    if choice.get(row["exclusive_group"], row["step"]) == row["step"] and bought >= pieces(row)]  # fmt: skip
            start = quote["display_price_fen"] * bought
            public, seen_public = walk(start, live, real, bought, everyone=True)
            member, seen_member = walk(start, live, real, bought, everyone=False)
            for row in live:
                if complete(row) and row["confirmed"]:
                    continue
                in_public = row["audience"] == "public" and usable(row, seen_public)
                in_any = usable(row, seen_public) or usable(row, seen_member)
                unknown_public |= in_public
                unknown_any |= in_any
                unbounded_public |= in_public and not complete(row)
                unbounded_any |= in_any and not complete(row)
            each = (Fraction(public + paid, bought), Fraction(min(public, member) + paid, bought))
            every.append(each)
            if not real:
                void.append(each)
    return Landed(
        None if unknown_public else min(public for public, _ in void),
        None if unknown_any else min(best for _, best in void),
        None if unbounded_public else min(public for public, _ in every),
        None if unbounded_any else min(best for _, best in every),
    )


def pieces(row: Row) -> int:
    """Pieces that have to be bought for the promotion to count."""
    return (row["buy_qty"] or 1) if row["kind"] in ("bundle_price", "nth_off") else 1


def complete(row: Row) -> bool:
    """Whether the promotion says how much it takes off."""
    needed = {"amount": ["amount_fen"], "rate": ["rate"], "bundle_price": ["amount_fen", "buy_qty"],
              "nth_off": ["rate", "buy_qty"], "deposit": ["amount_fen", "deposit_fen"]}[row["kind"]]  # fmt: skip
    return all(row[name] is not None for name in needed)


def usable(row: Row, prices: dict[str, int]) -> bool:
    """Whether the price at the start of its step reaches the promotion's threshold."""
    return prices[row["step"]] >= (row["threshold_fen"] or 0)


def walk(price: int, live: list[Row], real: list[Row], bought: int, *, everyone: bool) -> tuple[int, dict[str, int]]:
    """Price of the pieces after all steps, and the price at the start of each."""
    starts = {}
    for step in "1234":
        starts[step] = price
        best: dict[object, int] = {}
        for number, row in enumerate(live):
            holds = complete(row) and (row["confirmed"] or any(row is each for each in real))
            if row["step"] != step or not holds or (everyone and row["audience"] != "public") or not usable(row, starts):
                continue
            key = number if row["exclusive_group"] is None else row["exclusive_group"]
            best[key] = max(best.get(key, 0), deduction(row, price, bought))
        price = max(0, price - sum(best.values()))
    return price, starts


def deduction(row: Row, price: int, bought: int) -> int:
    """Fen the promotion takes off the price of the pieces."""
    each = Fraction(price, bought)
    if row["kind"] == "rate":
        off = math.floor(Fraction(str(row["rate"])) * price + Fraction(1, 2))
    elif row["kind"] == "nth_off":
        off = math.floor(Fraction(str(row["rate"])) * each * (bought // pieces(row)) + Fraction(1, 2))
    elif row["kind"] == "bundle_price":
        sets = bought // pieces(row)
        off = max(0, math.floor(each * sets * pieces(row)) - sets * row["amount_fen"])
    elif row["kind"] == "deposit":
        off = max(0, row["amount_fen"] - row["deposit_fen"])
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
    regions: frozenset[str] = frozenset()


def lowest_price(offer: Row, quotes: list[Row], prices: dict[str, Landed], rules: Rules, as_of: datetime) -> Row:
    """Reason code of the price rule, the web-lowest with its quote, and the price that passes."""
    ranking: list[tuple[int, str, str, bool]] = []
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
            and (not rules.regions or quote["region"] in rules.regions)
        )
        if not fine or factor is None:
            continue
        cost = prices[quote["quote_id"]]
        price = cost.public if rules.rank_on == "public" else cost.conditional
        low = cost.possible if rules.rank_on == "public" else cost.possible_conditional
        if price is None:
            maybe.append(None if low is None else math.floor(low * factor))
        else:
            standing = quote["shop_type"] in ("flagship", "authorised", "self_operated")
            ranking.append((math.floor(price * factor), quote["quote_id"], quote["channel"], standing))
    ranking = honest(ranking)
    channels = {row[2] for row in ranking}
    web, web_quote = min(row[:2] for row in ranking) if ranking else (None, None)
    passes = None
    covered = len(channels) >= rules.min_channels and rules.required <= channels
    if web is not None and covered and None not in maybe:
        passes = min([web, *[low for low in maybe if low is not None]]) - rules.margin_fen
        passes = passes if passes > 0 else None
    code = price_code(offer["opening_price_fen"], web, channels, maybe, rules)
    return {"code": code, "web": web, "quote": web_quote, "channels": len(channels), "passes": passes}


def honest(ranking: list[tuple[int, str, str, bool]]) -> list[tuple[int, str, str, bool]]:
    """The rows without typing errors and bait, by the default thresholds; all of them with fewer than four channels."""
    lows = {channel: min(row[0] for row in ranking if row[2] == channel) for channel in {row[2] for row in ranking}}
    if len(lows) < 4:
        return ranking
    usual = median(lows.values())
    return [row for row in ranking
            if usual <= 0 or (usual / 8 < row[0] < usual * 8 and (row[3] or row[0] >= 0.4 * usual))]  # fmt: skip


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
    if row["spec_unit"] is None:
        return None
    if row["spec_amount"] is None:
        # Titles here end with their content, such as "Cream 50ml".
        said = re.search(r"([0-9.]+)(ml|l|kg|g)$", row["title"].lower())
        return None if said is None else (BASE[said[2]][0], Fraction(said[1]) * BASE[said[2]][1])
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
