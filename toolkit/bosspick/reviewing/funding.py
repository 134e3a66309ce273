"""Who paid for a low price: the promotions without which a quote would cost more."""

from __future__ import annotations

from contextlib import closing

import pandas as pd

from bosspick.frames import records
from bosspick.intake import Week

__all__ = ["who_funded"]


def who_funded(week: Week, quote_ids: list[str]) -> pd.DataFrame:
    """Name the promotions that make each quote's price, and who pays for them.

    A promotion makes the price if the quote would cost more without it: one whose threshold is not reached, or that
    loses to another of its exclusive group, does not.

    Parameters
    ----------
    week
        Quotes, promotions and policy.
    quote_ids
        Quotes whose price is known.

    Returns
    -------
    DataFrame
        One row a quote: quote_id, funder (platform, brand, shop or host, several joined by a plus; ``unknown`` for a
        promotion that names none and for a price without promotions) and promotions (in words; empty without any).

    Examples
    --------
    >>> from bosspick import open_room
    >>> from bosspick.share import share_path
    >>> week = open_room(share_path("seeds")).week("2026-W48")
    >>> terms = week.table("promotions").query("audience == 'public' and confirmed and kind == 'amount'")
    >>> who_funded(week, [terms["quote_id"].iloc[0]])["funder"].item()
    'unknown'
    """
    quotes = week.table("quotes").drop_duplicates("quote_id").set_index("quote_id")
    promotions = week.table("promotions")
    of_quote = {quote: promotions[promotions["quote_id"] == quote].reset_index(drop=True) for quote in quote_ids}
    made = _making(week, quotes, of_quote)
    rows = []
    for quote in quote_ids:
        terms = records(of_quote[quote].loc[made[quote]])
        payers = sorted({"unknown" if pd.isna(each["funder"]) else str(each["funder"]) for each in terms}) or ["unknown"]
        rows.append((quote, "+".join(payers), "; ".join(_in_words(each) for each in terms)))
    return pd.DataFrame(rows, columns=["quote_id", "funder", "promotions"], dtype="str")


def _making(week: Week, quotes: pd.DataFrame, of_quote: dict[str, pd.DataFrame]) -> dict[str, list[int]]:
    """Places of the promotions that make each quote's price, found by pricing it without each of them."""
    from bosspick.screening.engine import open_engine
    from bosspick.screening.landed import landed_prices
    from bosspick.screening.turns import alone

    screening = week.policy.screening
    priced, terms = [], []
    for place, (quote, own) in enumerate(of_quote.items()):
        for left_out in (None, *own.index):
            name = f"{place}/{'' if left_out is None else left_out}"
            row = quotes.loc[quote]
            priced.append((name, row["display_price_fen"], row["shipping_fen"]))
            terms.append(own.drop(index=[] if left_out is None else [left_out]).assign(quote_id=name))
    if not priced:
        return {}
    columns = ["quote_id", "display_price_fen", "shipping_fen"]
    frame = pd.DataFrame(priced, columns=columns).astype({"quote_id": "str", **dict.fromkeys(columns[1:], "Int64")})
    with alone(), closing(open_engine()) as engine:
        tables = engine.table("quotes", frame), engine.table("promotions", pd.concat(terms, ignore_index=True))
        found = engine.run(landed_prices(engine, *tables, multi_buy_max=screening.multi_buy_max)).set_index("quote_id")
    kind = "landed" if screening.rank_on == "public" else "conditional"
    price = found[f"{kind}_fen"].astype("float64") / found[f"{kind}_pieces"].astype("float64")
    return {
        quote: [at for at in own.index if price[f"{place}/{at}"] > price[f"{place}/"]]
        for place, (quote, own) in enumerate(of_quote.items())
    }


def _in_words(term: dict[str, object]) -> str:
    fen = {name: _yuan(term[f"{name}_fen"]) for name in ("amount", "threshold", "deposit")}
    rate = "?" if pd.isna(term["rate"]) else f"{float(str(term['rate'])):.0%}"  # type: ignore[call-overload]
    what = {
        "amount": f"{fen['amount']} off",
        "rate": f"{rate} off",
        "bundle_price": f"{term['buy_qty']} for {fen['amount']}",
        "nth_off": f"{rate} off every {term['buy_qty']}th piece",
        "deposit": f"deposit of {fen['deposit']} counts for {fen['amount']}",
    }[str(term["kind"])]
    over = "" if pd.isna(term["threshold_fen"]) or not term["threshold_fen"] else f" from {fen['threshold']}"  # type: ignore[call-overload]
    audience = "" if term["audience"] == "public" else f", {term['audience']} only"
    payer = "unknown payer" if pd.isna(term["funder"]) else str(term["funder"])  # type: ignore[call-overload]
    return f"{what}{over}{audience} ({payer})"


def _yuan(fen: object) -> str:
    return "?" if pd.isna(fen) else f"¥{int(str(fen)) / 100:.2f}"  # type: ignore[call-overload]
