"""The traps of a room's first week: offers that are right in all but one respect, with the verdict they must get.

Each trap starts from one sound offer (see :data:`OFFER` and :data:`WEB`) and says only what differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from bosspick.demo.trap import Expected, Seen, Trap

__all__ = ["LEAST_OFFERS", "OFFER", "TRAPS", "WEB"]

#: Smaller rooms have no traps.
LEAST_OFFERS = 60

#: The sound offer every trap starts from: 10.00 below the web-lowest of 99.00.
OFFER: Mapping[str, str | None] = MappingProxyType(
    {
        "pack_count": "1",
        "list_price": "109.00",
        "opening_price": "89.00",
        "floor_low": "79.00",
        "floor_high": "84.00",
        "stock": "12000",
        "daily_capacity": "4000",
        "promise_days": "3",
        "return_rate": "0.0150",
        "talk_hours": "1.0",
    }
)

_OWN = (Seen(channel=-1, price="109.00", hours_before=30), Seen(channel=-1, price="115.00", hours_before=130))

#: What the web shows for it: seven channels counting its own shop, the lowest price 99.00.
WEB: tuple[Seen, ...] = (
    *_OWN,
    Seen(channel=0, price="99.00", hours_before=8),
    Seen(channel=1, price="105.00", hours_before=14),
    Seen(channel=2, price="102.00", hours_before=20),
    Seen(channel=3, price="112.00", hours_before=31),
    Seen(channel=4, price="104.00", hours_before=44),
    Seen(channel=6, price="108.00", hours_before=52),
)

_PASS = Expected("lowest_price", "PASS", "LOWEST")
_ABOVE = Expected("lowest_price", "FAIL", "ABOVE_WEB")
_OPEN_TERMS = Expected("lowest_price", "UNKNOWN", "UNKNOWN_TERMS")


def _cheaper(price: str, **differs: str | None) -> tuple[Seen, ...]:
    return (Seen(channel=5, price=price, differs=differs),)


def _coupon(
    amount: str | None, *, rate: str | None = None, audience: str = "public", confirmed: str = "yes"
) -> dict[str, str | None]:
    return {
        "step": "1" if rate else "3",
        "kind": "rate" if rate else "amount",
        "amount": amount,
        "rate": rate,
        "repeat": "no",
        "audience": audience,
        "confirmed": confirmed,
    }


_CASES: tuple[Trap, ...] = (
    Trap(
        name="white_label",
        what="sold under a brand without substance",
        expected=Expected("brand", "FAIL", "WHITE_LABEL"),
        brand={"white_label": "yes"},
    ),
    Trap(
        name="broken_chain",
        what="the brand authorised another store, not this one",
        expected=Expected("brand", "FAIL", "AUTHORISATION_BROKEN"),
        authorised="another",
    ),
    Trap(
        name="authorisation_expired",
        what="the authorisation ended before the show",
        expected=Expected("brand", "FAIL", "AUTHORISATION_EXPIRED"),
        authorised="expired",
    ),
    Trap(
        name="authorisation_missing",
        what="no authorisation of this brand is on file",
        expected=Expected("brand", "UNKNOWN", "AUTHORISATION_MISSING"),
        authorised="no",
    ),
    Trap(
        name="trademark_missing",
        what="no trademark number is on file",
        expected=Expected("brand", "UNKNOWN", "TRADEMARK_MISSING"),
        brand={"trademark_no": None},
    ),
    Trap(
        name="stale_score",
        what="the store's score is too old",
        expected=Expected("store_score", "UNKNOWN", "SCORE_STALE"),
        store={"score_as_of": "stale"},
    ),
    Trap(
        name="low_score",
        what="the store's score is 4.49",
        expected=Expected("store_score", "FAIL", "SCORE_LOW"),
        store={"score": "4.49"},
    ),
    Trap(
        name="missing_score",
        what="the store has no score",
        expected=Expected("store_score", "UNKNOWN", "SCORE_MISSING"),
        store={"score": None},
    ),
    Trap(
        name="tie",
        what="opens exactly at the web-lowest",
        expected=Expected("lowest_price", "FAIL", "TIE_WITH_WEB"),
        differs={"opening_price": "99.00"},
    ),
    Trap(
        name="members_only",
        what="cheaper elsewhere, but for members only",
        expected=_PASS,
        also=(Seen(channel=5, price="99.90", promotion=_coupon(None, rate="0.20", audience="conditional")),),
    ),
    Trap(
        name="unknown_shipping",
        what="80.00 elsewhere with unknown shipping",
        expected=_OPEN_TERMS,
        also=_cheaper("80.00", shipping=None),
    ),
    Trap(
        name="unconfirmed_coupon",
        what="100.00 elsewhere with an unconfirmed coupon of 20.00",
        expected=_OPEN_TERMS,
        also=(Seen(channel=5, price="100.00", promotion=_coupon("20.00", confirmed="no")),),
    ),
    Trap(
        name="pack_flip_against",
        what="two packs elsewhere cost 159.00: dearer on the sticker, cheaper a pack",
        expected=_ABOVE,
        also=_cheaper("159.00", pack_count="2"),
    ),
    Trap(
        name="pack_flip_for",
        what="three packs at 269.00: dearer on the sticker, cheaper a pack",
        expected=_PASS,
        differs={
            "pack_count": "3",
            "opening_price": "269.00",
            "list_price": "299.00",
            "floor_low": "239.00",
            "floor_high": "255.00",
        },
        web=(Seen(channel=-1, price="309.00", hours_before=40, differs={"pack_count": "3"}), *WEB[len(_OWN) :]),
    ),
    Trap(
        name="out_of_stock",
        what="cheaper elsewhere, but sold out",
        expected=_PASS,
        also=_cheaper("75.00", in_stock="no"),
    ),
    Trap(
        name="grade_c",
        what="cheaper elsewhere, but seen by an aggregator only",
        expected=_PASS,
        also=_cheaper("75.00", grade="C"),
    ),
    Trap(name="used", what="cheaper elsewhere, but used", expected=_PASS, also=_cheaper("55.00", condition="used")),
    Trap(
        name="stale_quote",
        what="cheaper elsewhere five days ago",
        expected=_PASS,
        also=(Seen(channel=5, price="75.00", hours_before=122),),
    ),
    Trap(
        name="other_spec",
        what="cheaper for its content elsewhere, but another size",
        expected=_PASS,
        also=_cheaper("120.00", spec_amount="double"),
    ),
    Trap(
        name="raised_before_discount",
        what="the was-price is above what the own shop asked that week",
        expected=Expected("reference_price", "FAIL", "RAISED_BEFORE_DISCOUNT"),
        differs={"list_price": "139.00"},
    ),
    Trap(
        name="no_own_price",
        what="no price of the own shop was seen",
        expected=Expected("reference_price", "UNKNOWN", "REFERENCE_UNKNOWN"),
        web=WEB[len(_OWN) :],
    ),
    Trap(
        name="certificate_expired",
        what="the certificate ended before the show",
        expected=Expected("certificate", "FAIL", "CERTIFICATE_EXPIRED"),
        differs={"certificate_until": "expired"},
    ),
    Trap(
        name="certificate_missing",
        what="no certificate is on file",
        expected=Expected("certificate", "UNKNOWN", "CERTIFICATE_MISSING"),
        differs={"certificate_until": None},
    ),
    Trap(
        name="few_channels",
        what="prices from three channels only",
        expected=Expected("lowest_price", "UNKNOWN", "TOO_FEW_CHANNELS"),
        web=WEB[:4],
    ),
    Trap(
        name="no_price",
        what="nothing but prices that may not rank",
        expected=Expected("lowest_price", "UNKNOWN", "NO_ELIGIBLE_QUOTE"),
        web=(
            Seen(channel=-1, price="109.00", hours_before=100),
            *(Seen(channel=place, price="99.00", differs={"grade": "D"}) for place in range(5)),
        ),
    ),
    Trap(
        name="too_dear_yet_passable",
        what="opens above the web, the floor lies well below it",
        expected=_ABOVE,
        differs={"opening_price": "108.00", "floor_low": "85.00", "floor_high": "96.00"},
    ),
    Trap(
        name="floor_missing",
        what="nothing is known of the brand's floor",
        expected=_PASS,
        differs={"floor_low": None, "floor_high": None},
    ),
    Trap(
        name="banned_category",
        what="a category the room never sells",
        expected=Expected("category", "FAIL", "CATEGORY_BANNED"),
        differs={"category": "保健食品"},
    ),
    Trap(
        name="high_returns",
        what="12% of orders come back",
        expected=Expected("return_rate", "FAIL", "RETURNS_HIGH"),
        differs={"return_rate": "0.1200"},
    ),
    Trap(
        name="low_stock",
        what="300 units ready",
        expected=Expected("stock", "FAIL", "STOCK_LOW"),
        differs={"stock": "300"},
    ),
    Trap(
        name="low_capacity",
        what="the store ships 60 units a day",
        expected=Expected("capacity", "FAIL", "CAPACITY_LOW"),
        differs={"daily_capacity": "60"},
    ),
    Trap(
        name="html_title",
        what="a title with markup and a leading equals sign, harmless otherwise",
        expected=_PASS,
        differs={"title": "=1+1 <b>加量</b> <script>alert(1)</script>"},
    ),
)

TRAPS: tuple[Trap, ...] = tuple(replace(trap, number=number) for number, trap in enumerate(_CASES, start=1))
