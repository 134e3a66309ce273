"""Specs and packs read from titles: what is read, what is left alone, and that every engine reads the same."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import ibis
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bosspick.screening.title_patterns import TitleSpec, read_title
from bosspick.screening.titles import with_title_specs
from bosspick.tables import UNITS

SCHEMA = {"title": "string", "spec_amount": "float64", "spec_unit": "string", "pack_count": "int64"}

# title | amount in the base unit | base unit | packs | read from
READ = """
50ml*2                     |   50 | ml    |    2 | 50ml*2
500g×3袋                   |  500 | g     |    3 | 500g×3袋
12罐                       |      |       |   12 | 12罐
12罐啤酒                   |      |       |   12 | 12罐
买一送一                   |      |       |    2 | 买一送一
买二送一                   |      |       |    3 | 买二送一
防晒乳 50ml 买一送一       |   50 | ml    |    2 | 50ml 买一送一
防晒乳50ml买一送一         |   50 | ml    |    2 | 50ml 买一送一
买一赠一                   |      |       |    2 | 买一赠一
面霜 50ml 买1赠1           |   50 | ml    |    2 | 50ml 买1赠1
拍一发三 面霜50ml          |   50 | ml    |    3 | 拍一发三 50ml
买一送一100g               |  100 | g     |    2 | 100g 买一送一
买1得2 50ml                |   50 | ml    |    2 | 买1得2 50ml
500ml 2 瓶                 |  500 | ml    |    2 | 500ml 2 瓶
24 x 300 ml                |  300 | ml    |   24 | 24 x 300 ml
1.5L                       | 1500 | ml    |      | 1.5L
2 x 1.5L                   | 1500 | ml    |    2 | 2 x 1.5L
3瓶*500ml                  |  500 | ml    |    3 | 3瓶*500ml
10片*3盒                   |   10 | piece |    3 | 10片*3盒
净含量：500克              |  500 | g     |      | 500克
500g/袋*4                  |  500 | g     |    4 | 500g/袋*4
750ml/瓶 2瓶               |  750 | ml    |    2 | 750ml/瓶 2瓶
6瓶装                      |      |       |    6 | 6瓶装
５０ｍｌ×２                |   50 | ml    |    2 | ５０ｍｌ×２
ＮＥＷ面霜５０ＭＬ         |   50 | ml    |      | ５０ＭＬ
两支装                     |      |       |    2 | 两支装
三盒                       |      |       |    3 | 三盒
正品两支装护手霜           |      |       |    2 | 两支装
十罐                       |      |       |   10 | 十罐
0.5 kg                     |  500 | g     |      | 0.5 kg
100抽*24包                 |  100 | piece |   24 | 100抽*24包
1kg2袋                     | 1000 | g     |    2 | 1kg2袋
5斤装大米                  | 2500 | g     |      | 5斤
1.5米*2条                  |  1.5 | m     |    2 | 1.5米*2条
30cm                       |  0.3 | m     |      | 30cm
5g*10袋                    |    5 | g     |   10 | 5g*10袋
25袋*2g                    |    2 | g     |   25 | 25袋*2g
24 x 2g                    |    2 | g     |   24 | 24 x 2g
面霜试用装 5g              |    5 | g     |      | 5g
5g手机壳 100g              |  100 | g     |      | 100g
10支×2盒                   |   10 | piece |    2 | 10支×2盒
25ml*10片                  |   25 | ml    |   10 | 25ml*10片
20ml *1瓶                  |   20 | ml    |    1 | 20ml *1瓶
3只装                      |      |       |    3 | 3只装
500g-草莓味                |  500 | g     |      | 500g
巧克力100克 升级版         |  100 | g     |      | 100克
满2件打8折 500g            |  500 | g     |      | 500g
第2件半价 500g*3袋         |  500 | g     |    3 | 500g*3袋
😀洗发水 500ml×2           |  500 | ml    |    2 | 500ml×2
5G手机壳 100g              |  100 | g     |      | 100g
双瓶装 500ml               |  500 | ml    |    2 | 双瓶装 500ml
洗发水500ml 双瓶           |  500 | ml    |    2 | 500ml 双瓶
2瓶 500ml                  |  500 | ml    |    2 | 2瓶 500ml
2瓶500ml                   |  500 | ml    |    2 | 500ml 2瓶
洗发水500ml 家庭装 2瓶装   |  500 | ml    |    2 | 500ml 2瓶装
Cola 330ml, 6 cans         |  330 | ml    |    6 | 330ml 6 cans
Cola 330ML Pack of 24      |  330 | ml    |   24 | 330ML Pack of 24
Serum 6-Pack               |      |       |    6 | 6-Pack
Water 12 Bottles           |      |       |   12 | 12 Bottles
50ml 面霜 50ml             |   50 | ml    |      | 50ml
"""

NOTHING = """
X100g-Pro | iPhone 12 | iPhone 12 套装 | WH-1000XM4 | 50-100ml | 50~100ml | 300ml至500ml | 50ml/100ml | 50ml+30ml
50ml + 30ml | 50ml + 50ml | 500ml + 护发素 | 50ml 150ml | 100% | 12% | 5G | 5G手机 | 5g手机 | 5g 全网通
4K | 128G | 128G U盘 | 2.4G鼠标 | 16M
2026新款 | 2026年 | 3合1 | 第2件半价 | 满300减50 | 3件8折 | 0-6个月 | 6个月 | 3包邮 | 十二罐 | 第三盒 | 买一盒送一盒 | 1,000g
50ml*2 买一送一 | 500g*3袋*2 | 床单 1.5米*2米 | 50x30cm | 面膜 25ml 10片 | 500g 送50g | 任选3件 500g | 2升级版
苹果 1斤半 | 苹果2斤半 | 买10送1 50ml | 500ml送500ml | 500ml赠50ml | 50ml*2 买一赠一
500g 送香皂 2盒 | 500ml free 2 cans | 500ml*2 6瓶装 | 6瓶装 2盒装 | 双桶洗衣机 | 双支架 | 6 packable bags | backpack of 6
多规格可选 500g | 10克拉 | 10米线 | 10L8kg | v1.5l | #12罐 | ¥12罐 | 12罐头 | 100抽奖 | 3套装 | 面霜 | 0g | 0ml*2 | 1000000000g
"""


def rows_of(table: str) -> list[tuple[object, ...]]:
    """The readable table as title, amount, unit, packs, words."""
    cells = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return [(t, float(a) if a else None, u or None, int(p) if p else None, f) for t, a, u, p, f in cells]


def filled(rows: Sequence[tuple[object, object, object, object]]) -> list[tuple[object, ...]]:
    """Amount, unit, packs and words of rows run through DuckDB, with None for null."""
    table = ibis.memtable(pd.DataFrame(rows, columns=list(SCHEMA)), schema=SCHEMA)
    engine = ibis.duckdb.connect(threads=1)
    found = engine.to_pyarrow(with_title_specs(table)).to_pylist()
    engine.disconnect()
    return [(row["spec_amount"], row["spec_unit"], row["pack_count"], row["spec_from"]) for row in found]


def read(title: str) -> tuple[object, ...]:
    return filled([(title, None, None, None)])[0]


def of_spec(spec: TitleSpec | None) -> tuple[object, ...]:
    return (None,) * 4 if spec is None else (spec.amount, spec.unit, spec.packs, spec.read_from)


def test_what_is_read() -> None:
    cases = rows_of(READ)
    assert [
        (row[0], *found) for row, found in zip(cases, filled([(c[0], None, None, None) for c in cases]), strict=True)
    ] == cases


def test_what_is_left_alone() -> None:
    titles = [title.strip() for line in NOTHING.strip().splitlines() for title in line.split("|")]
    found = dict(zip(titles, filled([(title, None, None, None) for title in titles]), strict=True))
    assert {title: got for title, got in found.items() if got != (None,) * 4} == {}


# title | amount, unit, packs in the columns | amount, unit, packs, words afterwards
COLUMNS = [
    (("面霜 50ml*2", 50.0, "ml", None), (50.0, "ml", 2, "50ml*2")),
    (("酱油 1.5L*2", None, "升", None), (1.5, "升", 2, "1.5L*2")),
    (("酱油 1.5L*2", 1.5, None, 2), (1.5, "l", 2, "1.5L*2")),
    (("酱油 1.5L*2", 1500.0, None, None), (1500.0, "ml", 2, "1.5L*2")),
    (("酱油 1.5L", 1.5, "L", None), (1.5, "L", None, None)),
    # The title speaks of something else than the columns: nothing is filled.
    (("面霜 50ml*2", 30.0, "ml", None), (30.0, "ml", None, None)),
    (("面霜 50ml*2", None, "g", None), (None, "g", None, None)),
    (("面霜 50ml*2", None, None, 3), (None, None, 3, None)),
    (("面霜 50ml", None, None, 3), (50.0, "ml", 3, "50ml")),
    (("啤酒 12罐", 330.0, "ml", None), (330.0, "ml", 12, "12罐")),
    (("啤酒 12罐", 12.0, "罐", None), (12.0, "罐", None, None)),
    (("面霜 50ml*2", 30.0, "g", 5), (30.0, "g", 5, None)),
    ((None, None, None, None), (None, None, None, None)),
]


def test_columns_and_titles_together() -> None:
    assert filled([before for before, _ in COLUMNS]) == [after for _, after in COLUMNS]


def test_other_columns_stay_and_rows_keep_their_order() -> None:
    rows = [("Q1", "50ml", None, None, None, 1), ("Q2", "60ml", 1.0, "g", 1, 2)]
    frame = pd.DataFrame(rows, columns=["quote_id", *SCHEMA, "price"])
    table = ibis.memtable(frame, schema={"quote_id": "string", **SCHEMA, "price": "int64"})
    found = ibis.duckdb.connect().to_pyarrow(with_title_specs(table)).to_pylist()
    assert list(found[0]) == ["quote_id", *SCHEMA, "price", "spec_from"]
    assert [tuple(row.values()) for row in found] == [("Q1", "50ml", 50.0, "ml", None, 1, "50ml"), (*rows[1], None)]


def test_only_the_first_characters_of_a_huge_title_are_read() -> None:
    assert read("面霜 50ml " + "正品" * 5_000_000) == (50.0, "ml", None, "50ml")
    assert read("正品" * 5_000_000 + " 50ml") == (None,) * 4
    assert read("1ml*" * 2_500_000) == (None,) * 4


def test_no_pattern_uses_what_an_engine_lacks() -> None:
    sql = ibis.to_sql(with_title_specs(ibis.table(SCHEMA, name="t")), dialect="duckdb")
    assert "\\" not in sql
    assert re.findall(r"\(\?[^:]", sql) == []


AMOUNTS = st.integers(1, 9999).map(float) | st.integers(1, 999).map(lambda tenths: tenths / 10)
PACKS = st.integers(1, 99)
MEASURES = st.sampled_from(sorted(unit for unit, (base, _) in UNITS.items() if base in ("ml", "g")))
PATTERNS = st.sampled_from(
    ["{a}{u}*{p}", "{a}{u}×{p}袋", "{a} {u} x {p}", "{a}{u}/瓶*{p}", "{p} x {a}{u}", "{p}瓶*{a}{u}", "{a}{u}{p}瓶"]
)
PREFIXES = ("", "【包邮】正品 ", "官方直发 ", "[新款]", "2026新款 ", "第2件半价 ", "Sony WH-1000XM4 ")


@given(AMOUNTS, MEASURES, PACKS, PATTERNS)
def test_a_spec_written_into_a_title_is_read_back(amount: float, unit: str, packs: int, pattern: str) -> None:
    said = pattern.format(a=f"{amount:g}", u=unit, p=packs)
    spec = read_title(f"品牌 面霜 {said}")
    base, factor = UNITS[unit]
    assert spec is not None
    assert math.isclose(spec.amount or 0, amount * factor, rel_tol=1e-9)
    assert (spec.unit, spec.packs, spec.read_from) == (base, packs, said)


@given(AMOUNTS, MEASURES, PACKS, PATTERNS, st.sampled_from(PREFIXES))
def test_words_before_change_nothing(amount: float, unit: str, packs: int, pattern: str, prefix: str) -> None:
    said = "面霜 " + pattern.format(a=f"{amount:g}", u=unit, p=packs)
    assert of_spec(read_title(prefix + said)) == of_spec(read_title(said))


@given(AMOUNTS, AMOUNTS, MEASURES, st.sampled_from(["-", "~", "+", " + ", "/", " ", "、", "至", "或", "，"]))
def test_two_different_sizes_are_never_chosen_between(one: float, other: float, unit: str, between: str) -> None:
    if one != other:
        assert read_title(f"面霜 {one:g}{unit}{between}{other:g}{unit}") is None


@given(st.text(st.characters(exclude_characters="一二两双三四五六七八九十", exclude_categories=["Nd", "Cs"])))
def test_text_without_numbers_says_nothing(title: str) -> None:
    assert read_title(title) is None


WORDS = (
    "0 1 2 3 5 6 9 . * × x - ~ + / , ， % G M m ml ML l g kg ｇ ２ 片 盒 袋 装 个 条 升 克 件 罐 半 "
    "买一送一 拍一发三 买 赠 拍 送 两 十 第 满 "
    "双 瓶 pack of 6-pack bottles cans with free "
    "月 折 级 面霜 A é 😀 $ | 50ml 12罐 500g*3袋"
)
PIECES = st.sampled_from([*WORDS.split(), " ", "\n", "＼", "'"])


@settings(max_examples=25)
@given(st.lists(st.lists(PIECES, max_size=12).map("".join), min_size=40, max_size=40))
def test_the_engine_and_the_reader_of_single_titles_agree(titles: list[str]) -> None:
    assert filled([(title, None, None, None) for title in titles]) == [of_spec(read_title(title)) for title in titles]


@given(st.lists(PIECES, max_size=12).map("".join))
def test_the_words_shown_say_what_was_read(title: str) -> None:
    spec = read_title(title)
    again = None if spec is None else read_title(spec.read_from)
    # Alone, 5g might be the network.
    assert again is None or of_spec(again) == of_spec(spec)
    assert spec is None or again is not None or "g" in spec.read_from.lower().replace("ｇ", "g")


TITLES = st.lists(PIECES, max_size=6).map("".join)
UNIT_CELLS = st.none() | st.sampled_from(["ml", "L", "克", "盒", "?"])


@settings(max_examples=20)
@given(st.lists(st.tuples(TITLES, st.none() | AMOUNTS, UNIT_CELLS, st.none() | PACKS), min_size=20, max_size=20))
def test_filled_columns_are_never_overwritten(rows: list[tuple[str, float | None, str | None, int | None]]) -> None:
    for before, after in zip(rows, filled(rows), strict=True):
        assert [a for b, a in zip(before[1:], after, strict=False) if b is not None] == [b for b in before[1:] if b is not None]
        assert (after[:3] == before[1:]) == (after[3] is None)


@pytest.mark.slow
@pytest.mark.xdist_group("spark")
# What Spark's own client leaves open is not ours to close.
@pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::FutureWarning"
)
def test_spark_reads_the_same() -> None:
    sql = pytest.importorskip("pyspark.sql")
    session = (
        sql.SparkSession.builder.master("local[1]").config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", "false").getOrCreate()
    )  # fmt: skip
    titles = [row[0] for row in rows_of(READ)] + [t.strip() for line in NOTHING.strip().splitlines() for t in line.split("|")]
    rows = [(title, None, None, None) for title in titles] + [before for before, _ in COLUMNS[:-1]]
    try:
        frame = session.createDataFrame(rows, "title string, spec_amount double, spec_unit string, pack_count bigint")
        frame.createOrReplaceTempView("titled")
        expression = with_title_specs(ibis.pyspark.connect(session).table("titled"))
        found = session.sql(ibis.to_sql(expression, dialect="pyspark")).collect()
    finally:
        session.stop()
    assert [(row.spec_amount, row.spec_unit, row.pack_count, row.spec_from) for row in found] == filled(rows)
