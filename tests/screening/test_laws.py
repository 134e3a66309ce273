"""Laws of the screen that hold in every room."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pandas as pd
import pytest

from bosspick import open_room
from bosspick.screening import Screening, screen
from tests.screening.chance import POLICY, Rows, random_tables, write_tables
from tests.screening.test_oracle import AS_OF

PLAIN = POLICY.format(min_channels=2, margin="0.01", rank_on="public", min_grade="B", required="", regions="")
MONEY = (
    "list_price",
    "opening_price",
    "floor_low",
    "floor_high",
    "display_price",
    "shipping",
    "threshold",
    "amount",
    "cap",
    "deposit",
)


@pytest.fixture(scope="module")
def tables() -> dict[str, Rows]:
    return random_tables(11, offers=80)


@pytest.fixture(scope="module")
def base(tables: dict[str, Rows], tmp_path_factory: pytest.TempPathFactory) -> Screening:
    return judge(tmp_path_factory.mktemp("base"), tables)


def judge(folder: Path, tables: dict[str, Rows], policy: str = PLAIN) -> Screening:
    return screen(open_room(write_tables(folder, tables, policy)).week(as_of=AS_OF))


def frames(found: Screening) -> dict[str, pd.DataFrame]:
    return {"offers": found.offers, "verdicts": found.verdicts, "pairs": found.pairs}


def written(found: Screening) -> dict[str, str]:
    return {name: frame.to_csv(index=False) for name, frame in frames(found).items()}


def cheaper_than_nothing(found: Screening) -> dict[str, int]:
    columns = [name for name in found.pairs if name.endswith("_fen")]
    return {name: int((found.pairs[name] < 0).sum()) for name in columns}


@pytest.mark.parametrize("seed", range(2))
def test_the_order_of_rows_changes_no_byte(tmp_path: Path, tables: dict[str, Rows], base: Screening, seed: int) -> None:
    chance = Random(seed)
    shuffled = {name: chance.sample(rows, len(rows)) for name, rows in tables.items()}
    assert written(judge(tmp_path, shuffled)) == written(base)


def test_no_price_is_below_zero(base: Screening) -> None:
    assert set(cheaper_than_nothing(base).values()) == {0}
    assert (base.offers["passes_at_fen"].dropna() > 0).all()


USELESS = [
    {"kind": "amount", "amount": "50", "threshold": "1000000", "confirmed": "yes"},
    {"kind": "amount", "amount": "60", "threshold": "1000000", "confirmed": "no"},
    {"kind": "amount", "amount": "", "threshold": "1000000", "confirmed": "no"},
    {"kind": "amount", "amount": "0", "confirmed": "yes"},
    {"kind": "rate", "rate": "0", "confirmed": "yes"},
    {"kind": "amount", "amount": "70", "cap": "0", "confirmed": "yes"},
]


def test_a_promotion_that_cannot_count_changes_nothing(tmp_path: Path, tables: dict[str, Rows], base: Screening) -> None:
    blank = dict.fromkeys(tables["promotions"][0], "") | {"audience": "public", "repeat": "no"}
    more = [
        blank | useless | {"quote_id": row["quote_id"], "step": str(1 + (n + m) % 4)}
        for n, row in enumerate(tables["quotes"])
        for m, useless in enumerate(USELESS)
    ]
    assert written(judge(tmp_path, tables | {"promotions": tables["promotions"] + more})) == written(base)


def test_money_times_a_hundred(tmp_path: Path, tables: dict[str, Rows]) -> None:
    # Without shares off: those are rounded to the fen, which is finer on a larger price.
    amounts = [row for row in tables["promotions"] if row["kind"] in ("amount", "deposit")]
    small = judge(tmp_path / "small", tables | {"promotions": amounts}, PLAIN)
    scaled = {
        name: [row | {key: f"{float(row[key]) * 100:.2f}" for key in MONEY if row.get(key)} for row in rows]
        for name, rows in (tables | {"promotions": amounts}).items()
    }
    large = judge(tmp_path / "large", scaled, PLAIN.replace("margin = 0.01", "margin = 1"))
    assert list(large.verdicts["verdict"]) == list(small.verdicts["verdict"])
    assert list(large.verdicts["reason_code"]) == list(small.verdicts["reason_code"])
    whole = small.pairs["display_fen"] % 1 == 0
    same_packs = large.pairs.set_index(["offer_id", "quote_id"])["landed_fen"]
    times = small.pairs[whole].set_index(["offer_id", "quote_id"])["landed_fen"] * 100
    # Where packs differ the smaller price was rounded down to the fen: at most 99 of the larger one's are lost.
    lost = same_packs - times.reindex(same_packs.index)
    assert lost.dropna().between(0, 99).all()
    assert (lost == 0).mean() > 0.5


def test_a_dearer_quote_moves_no_price(tmp_path: Path, tables: dict[str, Rows]) -> None:
    # Among absurd prices the usual ones would be the outliers.
    policy = PLAIN.replace("[screening]", '[screening]\noutliers = "off"')
    dear = [row | {"quote_id": row["quote_id"] + "x", "display_price": "99999"} for row in tables["quotes"]]
    base = judge(tmp_path / "base", tables, policy)
    found = judge(tmp_path / "dear", tables | {"quotes": tables["quotes"] + dear}, policy)
    # An offer without a price may get its first one.
    priced = base.offers["web_lowest_fen"].notna()
    assert priced.sum() > 40
    pd.testing.assert_series_equal(found.offers["web_lowest_fen"][priced], base.offers["web_lowest_fen"][priced])


def test_what_may_not_rank_changes_no_verdict(tmp_path: Path, tables: dict[str, Rows], base: Screening) -> None:
    used = [row | {"quote_id": row["quote_id"] + "x", "display_price": "1", "condition": "used"} for row in tables["quotes"]]
    found = judge(tmp_path, tables | {"quotes": tables["quotes"] + used})
    pd.testing.assert_frame_equal(found.verdicts, base.verdicts)


def test_a_passing_offer_passes_at_its_own_price_and_fails_a_fen_above_the_bound(
    tmp_path: Path, tables: dict[str, Rows], base: Screening
) -> None:
    passes = base.offers.set_index("offer_id")["passes_at_fen"].dropna()
    for extra, verdict in ((0, "PASS"), (1, "other")):
        moved = [
            row | {"opening_price": f"{(passes[row['offer_id']] + extra) / 100:.2f}"}
            for row in tables["offers"]
            if row["offer_id"] in passes.index
        ]
        found = judge(tmp_path / verdict, tables | {"offers": moved})
        got = found.verdicts[found.verdicts["rule"] == "lowest_price"]["verdict"]
        assert len(got) == len(passes) > 10
        assert (got == "PASS").all() if verdict == "PASS" else (got != "PASS").all()
