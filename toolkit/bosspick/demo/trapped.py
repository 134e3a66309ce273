"""Rows of the tables that make up the traps."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TypeAlias

from bosspick.demo.market import CLEAN_PAIRS, Market, gtins
from bosspick.demo.trap import Seen, Trap
from bosspick.demo.traps import OFFER, TRAPS, WEB
from bosspick.demo.week import capture_end
from bosspick.demo.words import CHANNELS, GOODS, OWN_CHANNEL, TEAMS
from bosspick.demo.writing import Columns, ids

__all__ = ["quotes_needed", "trap_tables"]

Row: TypeAlias = dict[str, str | None]

_BARCODES = 29
_CHAIN = ("brand", "store_score")


def quotes_needed() -> int:
    """How many quotes all traps take."""
    return sum(len(_seen(trap)) for trap in TRAPS)


def trap_tables(market: Market, label: str, show: date) -> dict[str, Columns]:
    """The rows of every table the traps need, by table name."""
    tables = ("offers", "quotes", "promotions", "brands", "stores", "authorisations")
    rows: dict[str, list[Row]] = {name: [] for name in tables}
    barcodes = gtins(_BARCODES, len(TRAPS))
    quote_ids = iter(ids(f"{label}-QT", quotes_needed(), digits=3))
    for trap, barcode in zip(TRAPS, barcodes, strict=True):
        brand, store, shop = _seller(market, trap, show, rows)
        offer = _offer(trap, label, show, brand, store, barcode, _name(market, trap))
        rows["offers"].append(offer)
        for seen in _seen(trap):
            quote = _quote(seen, offer, show, shop, next(quote_ids))
            rows["quotes"].append(quote)
            if seen.promotion:
                rows["promotions"].append({"quote_id": quote["quote_id"], **seen.promotion})
    return {name: _columns(found) for name, found in rows.items()}


def _seen(trap: Trap) -> tuple[Seen, ...]:
    return (trap.web if trap.web is not None else WEB) + trap.also


def _columns(rows: list[Row]) -> Columns:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return {name: [row.get(name) for row in rows] for name in names}


def _own_pair(trap: Trap) -> bool:
    """Whether the trap lies in the brand or the store, which it then has to itself."""
    return trap.expected.rule in _CHAIN


def _name(market: Market, trap: Trap) -> str:
    return _made_name(trap) if _own_pair(trap) else market.brand_names[trap.number % CLEAN_PAIRS]


def _made_name(trap: Trap) -> str:
    return f"试样{'甲乙丙丁戊己庚辛壬癸'[trap.number % 10]}号"


def _seller(market: Market, trap: Trap, show: date, rows: dict[str, list[Row]]) -> tuple[str, str, str]:
    if not _own_pair(trap):
        pair = trap.number % CLEAN_PAIRS
        return market.brand_ids[pair], market.store_ids[pair], market.store_names[pair]
    brand, store, name = f"BT{trap.number:02d}", f"ST{trap.number:02d}", _made_name(trap)
    shop = f"{name}旗舰店"
    made: Row = {"brand_id": brand, "name": name, "trademark_no": f"SYNT{trap.number:06d}", "trademark_class": "3"}
    made |= {"owner": f"{name}（虚构）有限公司", "white_label": "no", "evidence": f"evidence/brand-{brand}.pdf"}
    rows["brands"].append(made | dict(trap.brand))
    fresh, stale = show - timedelta(days=2), show - timedelta(days=30)
    scored: Row = {
        "store_id": store,
        "name": shop,
        "type": "flagship",
        "score": "4.80",
        "score_as_of": fresh.isoformat(),
    }
    scored |= dict(trap.store)
    rows["stores"].append(scored | ({"score_as_of": stale.isoformat()} if scored["score_as_of"] == "stale" else {}))
    if trap.authorised != "no":
        linked = market.store_ids[0] if trap.authorised == "another" else store
        until = show + timedelta(days=-9 if trap.authorised == "expired" else 300)
        chain: Row = {"brand_id": brand, "store_id": linked, "valid_until": until.isoformat()}
        rows["authorisations"].append(chain | {"evidence": f"evidence/chain-{brand}-{linked}.pdf"})
    return brand, store, shop


def _offer(trap: Trap, label: str, show: date, brand: str, store: str, barcode: str, name: str) -> Row:
    good = GOODS[trap.number * 5 % (len(GOODS) - 2)]
    row: Row = {
        "offer_id": trap.offer_id(label),
        "brand_id": brand,
        "store_id": store,
        "gtin": barcode,
        "title": f"{name} {good.noun} {good.amounts[0]}{good.unit}",
        "category": good.category,
        "spec_amount": str(good.amounts[0]),
        "spec_unit": good.unit,
        "certificate_until": (show + timedelta(days=400)).isoformat(),
        "rep_from": "20:00",
        "rep_to": "22:00",
        "negotiator": TEAMS[trap.number % len(TEAMS)],
    }
    row |= dict(OFFER) | dict(trap.differs)
    if row["certificate_until"] == "expired":
        row["certificate_until"] = (show - timedelta(days=30)).isoformat()
    return row


def _quote(seen: Seen, offer: Row, show: date, shop: str, quote_id: str) -> Row:
    own = seen.channel < 0
    channel = OWN_CHANNEL if own else CHANNELS[seen.channel].name
    moment = capture_end(show) - timedelta(hours=seen.hours_before)
    row: Row = {
        "quote_id": quote_id,
        "channel": channel,
        "shop": shop if own else f"{channel}自营",
        "shop_type": "flagship" if own else "self_operated",
        "gtin": offer["gtin"],
        "title": offer["title"],
        "spec_amount": offer["spec_amount"],
        "spec_unit": offer["spec_unit"],
        "pack_count": "1",
        "display_price": seen.price,
        "shipping": "0.00",
        "currency": "CNY",
        "seen_at": moment.isoformat(),
        "grade": "A" if own else "B",
        "condition": "new",
        "in_stock": "yes",
        "url": f"https://c{seen.channel + 1}.example/{offer['gtin']}",
    }
    row |= dict(seen.differs)
    if row["spec_amount"] == "double":
        row["spec_amount"] = str(2 * int(offer["spec_amount"] or "1"))
    return row
