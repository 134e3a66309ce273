"""A room made of real prices: the screen against a plain recomputation, and a week that can be planned.

52 products of a shop with monthly quantity, price, freight and product score, and three competitors' prices and
freights (``../shared/data/retail_price``; nothing of it is copied into the repository). The month with most products
is the week to plan, the months before it are the airings. What stands in for what is said in the room's note, which
every page of its briefing carries.

Usage: python benchmarks/real_room.py [--data DIR] [--room DIR] [--brief OUT]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from bosspick import open_room, price_options, screen

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
COMPETITORS = (1, 2, 3)
VIEWS = 100_000
#: What ``data/README.md`` says of the rows, as it is printed there.
KNOWN = {
    "price at or below every competitor's, % of rows": "42.3",
    "price strictly below every competitor's, % of rows": "3.0",
    "lowest with freight, % of rows": "33.3",
    "pooled elasticity within a product": "-2.435",
}
NOTE = (
    "Real prices of a shop, with stand-ins: the amounts are in the shop's own currency and are written as yuan; prices "
    "include freight on both sides, so a landed price is compared with a landed price; three competitors are the "
    "channels; the product score stands in for the store score, with its own threshold; one month is one show, and its "
    f"views are taken as {VIEWS:,} because none are known; stock is twice the best earlier month. Brand and vetoes are "
    "off: the data cannot answer them. Reservation prices are a prior, a share of the opening price: nobody has asked."
)
POLICY = """
[room]
name = "Real room: retail prices"
note = "{note}"

[show]
items = {items}
bench = 3

[screening]
margin = {margin}
min_channels = 3
brand = "off"
vetoes = "off"
store_score_min = {score}

[demand]
viewers = {views}
elasticity = -2.435

[bargaining]
subsidy_steps = [0]
hours = {{ "desk" = 40 }}
"""


def read(data: Path) -> pd.DataFrame:
    """One row a product and month, with the show's day and ISO week, and landed prices in fen."""
    path = data / "retail_price" / "retail_price.csv"
    if not path.is_file():
        raise SystemExit(f"skipped: the real prices are not there ({path}); name their folder with --data")
    rows = pd.read_csv(path)
    months = pd.to_datetime(rows["month_year"], dayfirst=True)
    rows["month"] = months.dt.strftime("%Y-%m")
    rows["show"] = [last_saturday(month) for month in months.dt.date]
    rows["session"] = [f"{day.isocalendar().year}-W{day.isocalendar().week:02d}" for day in rows["show"]]
    rows["own_fen"] = fen(rows["unit_price"]) + fen(rows["freight_price"])
    theirs = [fen(rows[f"comp_{n}"]) + fen(rows[f"fp{n}"]) for n in COMPETITORS]
    rows["web_fen"] = np.minimum.reduce(theirs)
    return rows


def last_saturday(month: date) -> date:
    """The last Saturday of a month: its show."""
    end = (month.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return end - timedelta(days=(end.isoweekday() - 6) % 7)


def fen(yuan: pd.Series) -> pd.Series:
    """Yuan to whole fen."""
    return (yuan * 100).round().astype("int64")


def known_figures(rows: pd.DataFrame) -> dict[str, str]:
    """The figures of ``data/README.md``, from the rows as they are."""
    price = rows["unit_price"]
    prices = rows[[f"comp_{n}" for n in COMPETITORS]].min(axis=1)
    landed = pd.concat([rows[f"comp_{n}"] + rows[f"fp{n}"] for n in COMPETITORS], axis=1).min(axis=1)
    log_price, log_units = np.log(price), np.log(rows["qty"])
    x = log_price - log_price.groupby(rows["product_id"]).transform("mean")
    y = log_units - log_units.groupby(rows["product_id"]).transform("mean")
    figures = (
        f"{(price <= prices).mean() * 100:.1f}",
        f"{(price < prices).mean() * 100:.1f}",
        f"{(price + rows['freight_price'] <= landed).mean() * 100:.1f}",
        f"{(x * y).sum() / (x**2).sum():.3f}",
    )
    return dict(zip(KNOWN, figures, strict=True))


def write(folder: Path, rows: pd.DataFrame, sessions: list[str], *, items: int, margin: str, score: float) -> Path:
    """Write a room of these sessions; months before the first of them are its airings."""
    folder.mkdir(parents=True, exist_ok=True)
    for session in sessions:
        week = rows[rows["session"] == session]
        earlier = rows[rows["show"] < week["show"].iloc[0]]
        (folder / session).mkdir(exist_ok=True)
        offers_of(week, earlier).to_csv(folder / session / "offers.csv", index=False)
        quotes_of(week).to_csv(folder / session / "quotes.csv", index=False)
        # One week's scores are that week's: with several weeks they would need a file each.
        stores_of(week).to_csv(folder / session / "stores.csv", index=False)
    products = rows["product_id"].drop_duplicates()
    pd.DataFrame({"brand_id": products, "name": products}).to_csv(folder / "brands.csv", index=False)
    first = rows.loc[rows["session"] == sessions[0], "show"].iloc[0]
    airings = airings_of(rows[rows["show"] < first])
    if len(airings):
        airings.to_csv(folder / "airings.csv", index=False)
    text = POLICY.format(note=NOTE, items=items, margin=margin, score=score, views=VIEWS)
    (folder / "policy.toml").write_text(text, encoding="utf-8")
    return folder


def offers_of(week: pd.DataFrame, earlier: pd.DataFrame) -> pd.DataFrame:
    """The shop's products at the price a viewer would pay, freight included; floors stay empty."""
    best = earlier.groupby("product_id")["qty"].max()
    return pd.DataFrame(
        {
            "offer_id": week["product_id"],
            "brand_id": week["product_id"],
            "store_id": week["product_id"],
            "gtin": week["product_id"],
            "title": week["product_id"],
            "category": week["product_category_name"],
            "opening_price": yuan(week["own_fen"]),
            "stock": (2 * week["product_id"].map(best).fillna(week["qty"])).astype("int64"),
            "negotiator": "desk",
        }
    )


def quotes_of(week: pd.DataFrame) -> pd.DataFrame:
    """Each competitor's price and freight as a quote of the day before the show."""
    return pd.concat(
        pd.DataFrame(
            {
                "quote_id": week["product_id"] + f"-c{n}",
                "channel": f"competitor {n}",
                "gtin": week["product_id"],
                "title": week["product_id"],
                "display_price": yuan(fen(week[f"comp_{n}"])),
                "shipping": yuan(fen(week[f"fp{n}"])),
                "currency": "CNY",
                "seen_at": [f"{day - timedelta(days=1)}T18:00:00+08:00" for day in week["show"]],
                "grade": "A",
                "condition": "new",
                "in_stock": "yes",
            }
        )
        for n in COMPETITORS
    )


def stores_of(week: pd.DataFrame) -> pd.DataFrame:
    """The product's score in place of its store's."""
    return pd.DataFrame(
        {
            "store_id": week["product_id"],
            "name": "the shop, for " + week["product_id"],
            "score": week["product_score"],
            "score_as_of": [day - timedelta(days=5) for day in week["show"]],
        }
    )


def airings_of(earlier: pd.DataFrame) -> pd.DataFrame:
    """Earlier months as shows: quantity as units, the delivered price as opening price and price on air."""
    return pd.DataFrame(
        {
            "session_id": earlier["session"],
            "offer_id": earlier["product_id"],
            "brand_id": earlier["product_id"],
            "category": earlier["product_category_name"],
            "viewers": VIEWS,
            "opening_price": yuan(earlier["own_fen"]),
            "viewer_price": yuan(earlier["own_fen"]),
            "web_lowest": yuan(earlier["web_fen"]),
            "units": earlier["qty"],
        }
    )


def yuan(amounts: pd.Series) -> list[str]:
    """Fen as yuan text, exact."""
    return [f"{amount // 100}.{amount % 100:02d}" for amount in amounts]


def screened(rows: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """Verdict of the price rule on every product and month, where a tie may air."""
    sessions = sorted(rows["session"].unique())
    room = open_room(write(folder, rows, sessions, items=10, margin="0", score=0.0))
    found = []
    for session in sessions:
        verdicts = screen(room.week(session)).verdicts
        found.append(verdicts[verdicts["rule"] == "lowest_price"].assign(session=session))
    return pd.concat(found)[["session", "offer_id", "verdict", "web_lowest"]]


def differing(rows: pd.DataFrame, verdicts: pd.DataFrame) -> int:
    """Product-months where the screen's verdict or web-lowest is not the one recomputed here."""
    both = rows.merge(verdicts, left_on=["session", "product_id"], right_on=["session", "offer_id"], how="left")
    passes = (both["own_fen"] <= both["web_fen"]).map({True: "PASS", False: "FAIL"})
    return int(((both["verdict"] != passes) | (both["web_lowest"] != both["web_fen"]).fillna(True)).sum())


def planned(rows: pd.DataFrame, folder: Path) -> tuple[str, pd.DataFrame]:
    """Write the room of the month with most products, its lineup no longer than the offers that can reach a price."""
    sizes = rows.groupby("session")["product_id"].nunique()
    session = str(sizes.idxmax())
    week = open_room(write(folder, rows, [session], items=10, margin="0.01", score=4.0)).week(session)
    found = screen(week)
    reachable = price_options(week, found)["offer_id"].nunique()
    if reachable < 10:
        write(folder, rows, [session], items=max(reachable, 1), margin="0.01", score=4.0)
    return session, found.offers.assign(reachable=reachable)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="folder that holds retail_price/")
    parser.add_argument("--room", type=Path, help="write the room to plan here; default: a temporary folder")
    parser.add_argument("--brief", type=Path, help="also run `bosspick brief` on the room and write to this folder")
    arguments = parser.parse_args()
    rows = read(arguments.data)
    figures = known_figures(rows)
    for name, value in figures.items():
        print(f"{name}: {value} (known: {KNOWN[name]})")
    with tempfile.TemporaryDirectory(prefix="real-room-") as temporary:
        verdicts = screened(rows, Path(temporary) / "every-month")
        folder = arguments.room or Path(temporary) / "room"
        session, offers = planned(rows, folder)
        passing = (verdicts["verdict"] == "PASS").mean() * 100
        print(f"the screen, to the fen: {passing:.1f} % of {len(verdicts)} product-months lowest with freight")
        counts = offers["status"].value_counts().to_dict()
        print(f"{session}: {len(offers)} offers, {counts}; {offers['reachable'].iloc[0]} have a price that passes: {folder}")
        if arguments.brief:
            command = [sys.executable, "-m", "bosspick.cli", "brief", str(folder), "--out", str(arguments.brief)]
            subprocess.run(command, check=True)
    wrong = differing(rows, verdicts)
    holds = wrong == 0 and figures == KNOWN
    claim = f"the screen decides {len(rows)} real product-months as a plain recomputation does, on data with the known figures"
    print(json.dumps({"claim": claim, "value": wrong, "unit": "product-months decided otherwise", "bar": 0, "holds": holds}))
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
