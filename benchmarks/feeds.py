"""Generated feeds: rooms with a given number of offers and quotes, the same for the same arguments."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd

SESSION = "2026-W48"
#: Promotions a quote carries, of 100 quotes: each letter is one of ``_TERMS``.
_MIX = (
    ["a"] * 14 + ["b"] * 10 + ["e"] * 10 + ["h"] * 8 + ["ab"] * 6 + ["ah"] * 7 + ["be"] * 6 + ["eh"] * 6 + ["abe"] * 5
    + ["aeh"] * 4 + ["cd"] * 4 + ["cdh"] * 2 + ["f"] * 3 + ["fh"] * 1 + ["g"] * 2 + ["ag"] * 1 + ["abeh"] * 4 + [""] * 6
    + ["m"] * 1
)  # fmt: skip
_TERMS = """
  ('a','1','amount',NULL,3.00,NULL,false,NULL,NULL,'public',true,NULL),
  ('b','2','amount',30.00,2.00,NULL,true,12.00,NULL,'public',true,NULL),
  ('c','3','amount',40.00,4.00,NULL,false,NULL,'P','public',true,NULL),
  ('d','3','amount',80.00,9.00,NULL,false,NULL,'P','public',true,NULL),
  ('e','3','amount',50.00,6.00,NULL,false,NULL,NULL,'public',true,NULL),
  ('f','1','rate',NULL,NULL,0.15,false,NULL,NULL,'member',true,NULL),
  ('g','3','amount',NULL,8.00,NULL,false,NULL,NULL,'public',false,NULL),
  ('h','4','rate',NULL,NULL,0.05,false,20.00,NULL,'public',true,NULL),
  ('m','2','nth_off',NULL,NULL,1.00,false,NULL,NULL,'public',true,3)
"""
POLICY = """
[screening]
min_channels = 4
window_hours = 72
"""


def write_feed(room: Path, *, quotes: int, partitions: int, offers: int, first: int = 0, name: str = "part") -> None:
    """Write partitions of quotes and of about 1.5 times as many promotions to a room's week.

    Parameters
    ----------
    room
        The room's folder.
    quotes, partitions
        Rows in all, and files they are spread over; each file covers its share of four days.
    offers
        Offers the quotes speak about, by barcode.
    first
        Number of the first quote.
    name
        What the files' names begin with.
    """
    con = duckdb.connect()
    con.execute(f"create temp table terms as select * from (values {_TERMS}) t(k,step,kind,threshold,amount,rate,repeat,cap,"
                "exclusive_group,audience,confirmed,buy_qty)")  # fmt: skip
    mix = "[" + ",".join(f"'{each}'" for each in _MIX) + "]"
    for table in ("quotes", "promotions"):
        (room / SESSION / table).mkdir(parents=True, exist_ok=True)
    each = quotes // partitions
    for part in range(partitions):
        low = first + part * each
        con.execute(f"""
            copy (select 'Q'||lpad(i::varchar, 10, '0') quote_id, 'channel '||(h % 9)::varchar channel,
              'shop '||(h // 9 % 500)::varchar shop,
              case h % 4 when 0 then 'flagship' when 1 then 'authorised' when 2 then 'reseller' else 'unknown' end shop_type,
              '69'||lpad(o::varchar, 11, '0') gtin, 'Brand '||(o % 300)||' article '||o||' 50ml' title,
              50.0::double spec_amount, 'ml' spec_unit, case when h // 7 % 20 = 0 then 2 else 1 end::bigint pack_count,
              ((5000 + o % 20000 + (h // 11 % 4000)) / 100)::decimal(14, 2) display_price,
              case when h // 13 % 25 = 0 then null when h // 13 % 3 = 0 then 6 else 0 end::decimal(14, 2) shipping,
              'CNY' currency, timestamptz '2026-11-24 10:00:00+00'
                + interval (((part * 86400 + h // 17 % 86400) * 4.0 / {partitions})::bigint) second seen_at,
              case when h // 19 % 20 < 10 then 'A' when h // 19 % 20 < 18 then 'B' when h // 19 % 20 < 19 then 'C' else 'D' end
                grade,
              case when h // 23 % 50 = 0 then 'used' else 'new' end condition, h // 29 % 30 <> 0 in_stock
              from (select i, {part} part, hash(i)::ubigint h, (hash(i + 7919) % {offers})::bigint o
                    from range({low}, {low + each}) t(i)))
            to '{room / SESSION / "quotes" / f"{name}-{part:03d}.parquet"}' (format parquet, compression zstd)""")
        con.execute(f"""
            copy (select quote_id, step, kind, threshold::decimal(14,2) threshold, amount::decimal(14,2) amount,
              rate::double rate, repeat, cap::decimal(14,2) cap, exclusive_group, audience, confirmed, buy_qty::bigint buy_qty
              from (select 'Q'||lpad(i::varchar, 10, '0') quote_id,
                      unnest(string_split({mix}[(hash(i * 31 + 1) % {len(_MIX)})::int + 1], '')) k
                    from range({low}, {low + each}) t(i)) join terms using (k))
            to '{room / SESSION / "promotions" / f"{name}-{part:03d}.parquet"}' (format parquet, compression zstd)""")
    con.close()


def write_room(room: Path, *, offers: int) -> Path:
    """Write the tables of a room but for its quotes."""
    numbers = range(offers)
    (room / SESSION).mkdir(parents=True)
    pd.DataFrame(
        {
            "offer_id": [f"O{n:06d}" for n in numbers], "brand_id": [f"B{n % 300}" for n in numbers],
            "store_id": [f"S{n % 500}" for n in numbers], "gtin": [f"69{n:011d}" for n in numbers],
            "title": [f"Brand {n % 300} article {n} 50ml" for n in numbers], "category": "beauty", "spec_amount": 50,
            "spec_unit": "ml", "pack_count": 1, "list_price": [f"{(9000 + n % 20000) / 100:.2f}" for n in numbers],
            "opening_price": [f"{(4000 + n % 20000) / 100:.2f}" for n in numbers], "stock": 20000, "daily_capacity": 2000,
            "promise_days": 5, "return_rate": 0.01, "certificate_until": "2027-12-31",
        }
    ).to_csv(room / SESSION / "offers.csv", index=False)  # fmt: skip
    stores = {"store_id": [f"S{n}" for n in range(500)], "name": [f"shop {n}" for n in range(500)], "score": 4.8,
              "score_as_of": "2026-11-26"}  # fmt: skip
    pd.DataFrame(stores).to_csv(room / "stores.csv", index=False)
    brands = {"brand_id": [f"B{n}" for n in range(300)], "name": [f"Brand {n}" for n in range(300)],
              "trademark_no": "1", "owner": "owner", "white_label": "no"}  # fmt: skip
    pd.DataFrame(brands).to_csv(room / "brands.csv", index=False)
    papers = {(n % 300, n % 500) for n in numbers}
    pd.DataFrame([{"brand_id": f"B{b}", "store_id": f"S{s}", "valid_until": "2027-12-31"} for b, s in sorted(papers)]).to_csv(
        room / "authorisations.csv", index=False
    )
    (room / "policy.toml").write_text(POLICY, encoding="utf-8")
    return room
