"""The same price verdicts written by hand, as a data engineer would for these feeds: DuckDB SQL, polars, pandas.

They know what the generated feeds hold: one currency, one spec, at most one unconfirmed promotion a quote, exclusive groups in
step 3 only, "3 for 2" as the only multi-buy, nothing malformed but repeated ids to look for. Each answers offer -> (reason, web-lowest).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

Answer = dict[str, tuple[str, int]]
AS_OF = "2026-11-28 10:00:00"
OFF = """least(case when kind in ('rate') then (({p}) * ppm + 500000) // 1000000
     else amount * case when repeat and threshold > 0 then ({p}) // threshold else 1 end end, cap)"""


def sql(week: Path) -> Answer:
    """DuckDB: promotions pivoted into step joins, the few multi-buys apart, everything else set-wise."""
    import duckdb

    con = duckdb.connect()
    con.execute("set preserve_insertion_order = false; set memory_limit = '12GB'; set TimeZone = 'UTC'")
    quotes, promotions = f"'{week}/quotes/*.parquet'", f"'{week}/promotions/*.parquet'"
    con.execute(f"""create temp table offers as select offer_id, lpad(gtin, 14, '0') gtin,
        round(opening_price::double * 100)::bigint opening from read_csv('{week}/offers.csv', all_varchar = true)""")
    if con.execute(f"select count(*) - count(distinct quote_id) from {quotes}").fetchall()[0][0]:
        raise ValueError("repeated quotes")
    con.execute(f"""create temp table terms as select quote_id, step::tinyint step, kind, exclusive_group g, audience = 'public' pub,
        confirmed, coalesce((amount * 100)::bigint, 0) amount, coalesce((rate * 1000000)::bigint, 0) ppm,
        coalesce((threshold * 100)::bigint, 0) threshold, repeat, coalesce((cap * 100)::bigint, 1::bigint << 60) cap
        from {promotions}""")
    con.execute(f"""create temp table priced as select quote_id, o.offer_id, o.opening, channel, shop_type,
        grade in ('A', 'B') and condition = 'new' and in_stock fine, pack_count packs, (shipping * 100)::bigint shipping,
        epoch(timestamptz '{AS_OF}+00')::bigint - epoch(seen_at)::bigint age, (display_price * 100)::bigint display,
        (display_price * 100)::bigint price, (display_price * 100)::bigint low
        from {quotes} q join offers o on lpad(q.gtin, 14, '0') = o.gtin""")
    for step in (1, 2, 3, 4):
        price = OFF.format(p="price")
        low = OFF.format(p="low")
        con.execute(f"""create or replace temp table priced as
          with t as (select * from terms where step = {step} and pub and kind <> 'nth_off'),
          many as (select quote_id from t group by 1 having count(*) > 1),
          one as (select * from t anti join many using (quote_id)),
          grouped as (select p.quote_id, max(case when confirmed and price >= threshold then {price} else 0 end) off,
              max(case when low >= threshold then {low} else 0 end) off_low, false as open
              from t semi join many using (quote_id) join priced p using (quote_id) group by p.quote_id),
          stepped as (
            select p.* replace (
              greatest(case when o.confirmed and price >= threshold then price - {price} else price end, 0) as price,
              greatest(case when o.quote_id is not null and low >= threshold then low - {low} else low end, 0) as low)
            from (select * from priced anti join many using (quote_id)) p left join one o using (quote_id)
            union all by name
            select p.* replace (greatest(price - off, 0) as price, greatest(low - off_low, 0) as low)
            from priced p join grouped using (quote_id))
          select * from stepped""")
    # "3 for 2" stands alone in these feeds.
    con.execute("""create or replace temp table priced as
      select p.* replace (
        case when n.quote_id is null then price + shipping
             when (3 * price - price + shipping) < 3 * (price + shipping) then 2 * price + shipping else price + shipping end as price),
        case when n.quote_id is not null and 2 * price + coalesce(shipping, 0) < 3 * (price + coalesce(shipping, 0)) then 3 else 1 end
          as pieces,
        u.quote_id is not null open
      from priced p left join (select quote_id from terms where kind = 'nth_off') n using (quote_id)
      left join (select quote_id from terms where not confirmed) u using (quote_id)""")
    con.execute("""create temp table pairs as select offer_id, opening, channel, shop_type, quote_id,
        case when open then null else price // (packs * pieces) end ranking, (low + coalesce(shipping, 0)) // packs low,
        fine and age between 0 and 72 * 3600 as in_time, open or shipping is null unknown from priced""")
    con.execute("""create temp table usual as select offer_id, median(low) usual from (
        select offer_id, channel, min(ranking) low from pairs where in_time and not unknown group by all) group by 1
        having count(*) >= 4""")
    rows = con.execute("""
      with judged as (select p.*, in_time and not unknown and not (usual is not null and (ranking * 8 <= usual or ranking >= usual * 8
          or (ranking < usual * 0.4 and coalesce(shop_type, 'unknown') not in ('flagship', 'authorised', 'self_operated')))) ranks
        from pairs p left join usual using (offer_id)),
      found as (select offer_id, any_value(opening) opening, min(ranking) filter (ranks) web,
        count(distinct channel) filter (ranks) channels, min(low) filter (in_time and unknown) maybe from judged group by 1)
      select o.offer_id, case when web is null then 'NO_ELIGIBLE_QUOTE' when channels < 4 then 'TOO_FEW_CHANNELS'
        when o.opening > web then 'ABOVE_WEB' when o.opening = web then 'TIE_WITH_WEB'
        when maybe - 1 < o.opening then 'UNKNOWN_TERMS' else 'LOWEST' end, coalesce(web, -1)
      from offers o left join found using (offer_id)""").fetchall()
    return {offer: (reason, web) for offer, reason, web in rows}


def polars(week: Path) -> Answer:
    """Polars: lazy frames, the streaming engine at the end of each stage."""
    import polars as pl

    def fen(name: str) -> Any:
        return (pl.col(name) * 100).cast(pl.Int64)

    offers = pl.read_csv(week / "offers.csv", infer_schema=False).select(
        "offer_id", pl.col("gtin").str.zfill(14).alias("gtin"),
        (pl.col("opening_price").cast(pl.Float64) * 100).round(0).cast(pl.Int64).alias("opening"))  # fmt: skip
    as_of = 1795860000
    terms = pl.scan_parquet(week / "promotions" / "*.parquet").select(
        "quote_id", "step", "kind", "confirmed", "repeat", pub=pl.col("audience") == "public",
        amount=fen("amount").fill_null(0), ppm=(pl.col("rate") * 1e6).round(0).cast(pl.Int64).fill_null(0),
        threshold=fen("threshold").fill_null(0), cap=fen("cap").fill_null(1 << 60)).collect(engine="streaming")  # fmt: skip
    quotes = pl.scan_parquet(week / "quotes" / "*.parquet")
    if quotes.select(pl.len() - pl.col("quote_id").n_unique()).collect(engine="streaming").item():
        raise ValueError("repeated quotes")
    priced = (
        quotes.with_columns(gtin=pl.col("gtin").str.zfill(14)).join(offers.lazy(), on="gtin")
        .select("quote_id", "offer_id", "opening", "channel", "shop_type", "pack_count",
                fine=pl.col("grade").is_in(["A", "B"]) & (pl.col("condition") == "new") & pl.col("in_stock"),
                shipping=fen("shipping"), age=as_of - pl.col("seen_at").dt.epoch("s"),
                price=fen("display_price"), low=fen("display_price"))
        .collect(engine="streaming")
    )  # fmt: skip

    def off(price: str) -> Any:
        p = pl.col(price)
        times = pl.when(pl.col("repeat") & (pl.col("threshold") > 0)).then(p // pl.max_horizontal("threshold", 1)).otherwise(1)
        plain = (
            pl.when(pl.col("kind") == "rate")
            .then((p * pl.col("ppm") + 500_000) // 1_000_000)
            .otherwise(pl.col("amount") * times)
        )
        return pl.when(p >= pl.col("threshold")).then(pl.min_horizontal(plain, "cap")).otherwise(0)

    for step in "1234":
        here = terms.lazy().filter((pl.col("step") == step) & pl.col("pub") & (pl.col("kind") != "nth_off"))
        best = (
            here.join(priced.lazy().select("quote_id", "price", "low"), on="quote_id")
            .select("quote_id", off=pl.when(pl.col("confirmed")).then(off("price")).otherwise(0), off_low=off("low"))
            .group_by("quote_id").max()
        )  # fmt: skip
        priced = (
            priced.lazy().join(best, on="quote_id", how="left")
            .with_columns(price=pl.max_horizontal(pl.col("price") - pl.col("off").fill_null(0), 0),
                          low=pl.max_horizontal(pl.col("low") - pl.col("off_low").fill_null(0), 0))
            .drop("off", "off_low").collect(engine="streaming")
        )  # fmt: skip
    three = terms.lazy().filter(pl.col("kind") == "nth_off").select("quote_id", three=True)
    unsure = terms.lazy().filter(~pl.col("confirmed")).select("quote_id", unsure=True)
    one, packs = pl.col("price") + pl.col("shipping"), pl.col("pack_count")
    bundle = 2 * pl.col("price") + pl.col("shipping")
    pairs = (
        priced.lazy().join(three, on="quote_id", how="left").join(unsure, on="quote_id", how="left")
        .select("offer_id", "opening", "channel", "shop_type",
                ranking=pl.when(pl.col("three") & (bundle < 3 * one)).then(bundle // (3 * packs)).otherwise(one // packs),
                low=(pl.col("low") + pl.col("shipping").fill_null(0)) // packs,
                in_time=pl.col("fine") & pl.col("age").is_between(0, 72 * 3600),
                unknown=pl.col("unsure").is_not_null() | pl.col("shipping").is_null())
        .collect(engine="streaming")
    )  # fmt: skip
    sure = pairs.lazy().filter(pl.col("in_time") & ~pl.col("unknown"))
    usual = (
        sure.group_by("offer_id", "channel").agg(pl.col("ranking").min()).group_by("offer_id")
        .agg(usual=pl.col("ranking").median(), seen=pl.len()).filter(pl.col("seen") >= 4)
    )  # fmt: skip
    r, u = pl.col("ranking"), pl.col("usual")
    bait = (r < u * 0.4) & ~pl.col("shop_type").fill_null("unknown").is_in(["flagship", "authorised", "self_operated"])
    ranks = sure.join(usual, on="offer_id", how="left").filter(~((r * 8 <= u) | (r >= u * 8) | bait).fill_null(False))
    found = ranks.group_by("offer_id").agg(web=r.min(), channels=pl.col("channel").n_unique())
    maybe = pairs.lazy().filter(pl.col("in_time") & pl.col("unknown")).group_by("offer_id").agg(maybe=pl.col("low").min())
    rows = offers.lazy().join(found, on="offer_id", how="left").join(maybe, on="offer_id", how="left").collect()
    return {row["offer_id"]: _reason(row["opening"], row["web"], row["channels"], row["maybe"]) for row in rows.to_dicts()}


def pandas(week: Path) -> Answer:
    """Straightforward pandas: read everything, merge, group."""
    import numpy as np
    import pandas as pd

    offers = pd.read_csv(week / "offers.csv", dtype=str)
    offers = pd.DataFrame({"offer_id": offers["offer_id"], "gtin": offers["gtin"].str.zfill(14),
                           "opening": (offers["opening_price"].astype(float) * 100).round().astype("int64")})  # fmt: skip
    quotes, terms = pd.read_parquet(week / "quotes"), pd.read_parquet(week / "promotions")
    if quotes["quote_id"].duplicated().any():
        raise ValueError("repeated quotes")
    for frame, names in ((quotes, ["display_price", "shipping"]), (terms, ["amount", "threshold", "cap"])):
        for name in names:
            frame[name] = (frame[name].astype(float) * 100).round()
    terms["ppm"] = (terms["rate"] * 1e6).round()
    terms = terms.fillna({"amount": 0, "threshold": 0, "cap": float(1 << 60), "ppm": 0})
    quotes["gtin"] = quotes["gtin"].str.zfill(14)
    rows = quotes.merge(offers, on="gtin")
    rows["price"] = rows["low"] = rows["display_price"]
    for step in "1234":
        here = terms[(terms["step"] == step) & (terms["audience"] == "public") & (terms["kind"] != "nth_off")]
        here = here.merge(rows[["quote_id", "price", "low"]], on="quote_id")
        for name in ("price", "low"):
            p = here[name]
            times = np.where(here["repeat"] & (here["threshold"] > 0), p // here["threshold"].clip(lower=1), 1)
            plain = np.where(here["kind"] == "rate", (p * here["ppm"] + 500_000) // 1_000_000, here["amount"] * times)
            counts = (p >= here["threshold"]) & (here["confirmed"] | (name == "low"))
            here[f"off_{name}"] = np.where(counts, np.minimum(plain, here["cap"]), 0)
        best = here.groupby("quote_id")[["off_price", "off_low"]].max()
        rows = rows.join(best, on="quote_id")
        for name in ("price", "low"):
            rows[name] = (rows[name] - rows.pop(f"off_{name}").fillna(0)).clip(lower=0)
    packs, paid = rows["pack_count"], rows["shipping"]
    one, bundle = rows["price"] + paid, 2 * rows["price"] + paid
    three = rows["quote_id"].isin(terms.loc[terms["kind"] == "nth_off", "quote_id"])
    rows["ranking"] = np.where(three & (bundle < 3 * one), bundle // (3 * packs), one // packs)
    rows["maybe"] = (rows["low"] + paid.fillna(0)) // packs
    age = (pd.Timestamp(AS_OF, tz="UTC") - rows["seen_at"]).dt.total_seconds()
    fine = rows["grade"].isin(["A", "B"]) & (rows["condition"] == "new") & rows["in_stock"] & age.between(0, 72 * 3600)
    unknown = rows["quote_id"].isin(terms.loc[~terms["confirmed"], "quote_id"]) | paid.isna()
    sure = rows[fine & ~unknown]
    lows = sure.groupby(["offer_id", "channel"])["ranking"].min().groupby("offer_id")
    usual = lows.median()[lows.size() >= 4].rename("usual")
    sure = sure.join(usual, on="offer_id")
    r, u = sure["ranking"], sure["usual"]
    bait = (r < u * 0.4) & ~sure["shop_type"].isin(["flagship", "authorised", "self_operated"])
    sure = sure[~((r * 8 <= u) | (r >= u * 8) | bait)]
    found = offers.set_index("offer_id").join(
        sure.groupby("offer_id").agg(web=("ranking", "min"), channels=("channel", "nunique"))
    )
    found = found.join(rows[fine & unknown].groupby("offer_id")["maybe"].min())
    columns = (found.index, found["opening"], found["web"], found["channels"], found["maybe"])
    return {offer: _reason(*row) for offer, *row in zip(*columns, strict=True)}


def _reason(opening: int, web: float | None, channels: float | None, maybe: float | None) -> tuple[str, int]:
    if web is None or web != web:
        return "NO_ELIGIBLE_QUOTE", -1
    if channels is None or channels < 4:
        return "TOO_FEW_CHANNELS", int(web)
    if opening >= web:
        return ("TIE_WITH_WEB" if opening == web else "ABOVE_WEB"), int(web)
    unsure = maybe is not None and maybe == maybe and maybe - 1 < opening
    return ("UNKNOWN_TERMS" if unsure else "LOWEST"), int(web)
