"""The price pictures say every quote once, in its place, with its reason; the coverage map counts what may rank."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest

from bosspick.briefing import figures
from bosspick.briefing.language import ENGLISH, Language
from bosspick.briefing.price_figures import coverage_map, price_picture
from bosspick.errors import InputError
from bosspick.screening.evidence import SET_ASIDE

KINDS = {"offer_id": "str", "quote_id": "str", "channel": "str", "shop": "str", "grade": "str", "age_h": "float64",
         "display_fen": "Int64", "landed_fen": "Int64", "conditional_fen": "Int64", "possible_fen": "Int64",
         "ranking_fen": "Int64", "set_aside": "str"}  # fmt: skip
OFFER = {"offer_id": "O1", "title": "面霜", "opening_price_fen": 9900, "web_lowest_fen": 9500, "passes_at_fen": 9499}
NOTHING = OFFER | {"web_lowest_fen": pd.NA, "passes_at_fen": None}


def quote(number: int, channel: str, fen: int | None, **changes: Any) -> dict[str, Any]:
    """A quote of O1 that ranks at a price."""
    row = {"offer_id": "O1", "quote_id": f"Q{number}", "channel": channel, "shop": "店", "grade": "A", "age_h": 3.0,
           "display_fen": 12000, "landed_fen": fen, "conditional_fen": fen, "possible_fen": fen, "ranking_fen": fen,
           "set_aside": None}  # fmt: skip
    return row | changes


def pairs(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(KINDS)).astype(KINDS)


SEVEN = pairs(
    quote(1, "甲", 9500),
    quote(2, "甲", 9500, conditional_fen=9000),
    quote(3, "乙", 9400, set_aside="TOO_OLD"),
    quote(4, "乙", None, possible_fen=8000, ranking_fen=None, set_aside="UNKNOWN_TERMS"),
    quote(5, "己", None, possible_fen=None, ranking_fen=None, set_aside="UNKNOWN_TERMS"),
    quote(6, "己", None, possible_fen=None, display_fen=None, ranking_fen=None, set_aside="OTHER_SPEC"),
    quote(7, "甲", 1, offer_id="O2"),
)


def marks(figure: Any) -> dict[str, list[tuple[float, float]]]:
    return {trace.name: list(zip(trace.x, trace.y, strict=True)) for trace in figure.data}


def labels(figure: Any) -> list[str]:
    return [note.text for note in figure.layout.annotations]


def test_every_quote_stands_once_at_its_price_on_its_channel() -> None:
    figure = price_picture(SEVEN, OFFER)
    ranks, aside, members = (trace.name for trace in figure.data)
    found = marks(figure)
    assert list(figure.layout.yaxis.ticktext) == ["甲", "乙", "己"]
    assert [x for x, _ in found[ranks]] == [95.0, 95.0]
    assert [x for x, _ in found[aside]] == [80.0, 94.0, 120.0]
    assert [x for x, _ in found[members]] == [90.0]
    assert [round(y) for name in (ranks, aside, members) for _, y in found[name]] == [0, 0, 1, 1, 2, 0]
    assert "2 of 6 quotes may rank · 1 without any price" in figure.layout.title.text


def test_colour_never_tells_alone_and_the_reason_is_under_the_pointer() -> None:
    ranks, aside, members = price_picture(SEVEN, OFFER).data
    assert len({trace.marker.symbol for trace in (ranks, aside, members)}) == 3
    assert not ranks.marker.symbol.endswith("open")
    assert members.marker.symbol.endswith("open")
    assert [SET_ASIDE["UNKNOWN_TERMS"] in text for text in aside.text] == [True, False, True]
    assert ["what it costs at least" in text for text in aside.text] == [True, False, False]
    assert ["price shown" in text for text in aside.text] == [False, False, True]
    assert SET_ASIDE["TOO_OLD"] in aside.text[1]
    assert all("Q" in text and "seen 3 h before" in text for text in (*ranks.text, *aside.text))


def test_marks_of_one_price_stay_apart_within_their_channel() -> None:
    many = pairs(*[quote(n, "甲乙"[n % 2], 9500) for n in range(40)])
    (points, *_) = marks(price_picture(many, OFFER)).values()
    assert len(set(points)) == 40
    assert {round(y) for _, y in points} == {0, 1}
    assert all(abs(y - round(y)) < 0.4 for _, y in points)


@pytest.mark.parametrize(
    ("offer", "said"),
    [
        (OFFER, ["web-lowest ¥95.00", "passes at ¥94.99", "opening ¥99.00"]),
        (NOTHING, ["opening ¥99.00"]),
        (OFFER | {"web_lowest_fen": 9900, "passes_at_fen": 9900},
         ["web-lowest ¥99.00", "passes at ¥99.00", "opening ¥99.00"]),
    ],
)  # fmt: skip
def test_the_lines_have_labels_that_do_not_meet(offer: dict[str, Any], said: list[str]) -> None:
    figure = price_picture(SEVEN, offer)
    assert labels(figure) == said
    heights = sorted(note.yshift for note in figure.layout.annotations)
    assert all(b - a >= 18 for a, b in pairwise(heights))
    assert heights[-1] + 18 <= figure.layout.margin.t
    low, high = figure.layout.xaxis.range
    assert all(low < line.x0 == line.x1 < high for line in figure.layout.shapes)
    assert len({line.line.dash for line in figure.layout.shapes}) == len(said)
    # The rightmost line carries the lowest label, so that it runs through no other.
    by_price = sorted(figure.layout.annotations, key=lambda note: note.x)
    assert [note.yshift for note in by_price] == sorted(heights, reverse=True) or len({note.x for note in by_price}) == 1


@pytest.mark.parametrize("number", [0, 1, 500])
@pytest.mark.parametrize("aside", [None, "TOO_OLD"], ids=["ranking", "none ranks"])
def test_any_number_of_quotes(number: int, aside: str | None) -> None:
    rows = pairs(*[quote(n, f"渠道{n % 9}", 9500 + n, set_aside=aside) for n in range(number)])
    figure = price_picture(rows, NOTHING if aside or not number else OFFER)
    assert [len(trace.x) for trace in figure.data] == ([0, number, 0] if aside else [number, 0, 0])
    assert [trace.showlegend for trace in figure.data] == [len(trace.x) > 0 for trace in figure.data]
    assert 200 < figure.layout.height < 1000
    low, high = figure.layout.xaxis.range
    assert low < 99 < high


def test_others_text_is_no_markup() -> None:
    hostile = "<b>甲</b> & <a href='x'>"
    rows = pairs(quote(1, hostile, 9500, shop=hostile, quote_id=hostile))
    figure = price_picture(rows, OFFER | {"title": hostile})
    shown = [*figure.data[0].text, figure.layout.title.text, *figure.layout.yaxis.ticktext]
    assert all("<a" not in text and "&" not in text for text in shown)
    offers = pd.DataFrame({"offer_id": ["O1"], "title": [hostile]})
    assert "<a" not in coverage_map(rows, offers).to_json()


def test_nothing_of_the_figures_is_left_in_english() -> None:
    chinese = Language.of("zh")
    every_reason = pairs(*[quote(n, "甲", 9500, set_aside=code) for n, code in enumerate(SET_ASIDE)])
    for rows in (SEVEN, every_reason):
        english = price_picture(rows, OFFER, language=ENGLISH).to_json()
        assert price_picture(rows, OFFER, language=chinese).to_json() != english
        for figure in (price_picture(rows, OFFER, language=chinese), coverage_map(rows, OFFERS, language=chinese)):
            said = [text for trace in figure.data for text in (trace.name, *(trace.text if trace.type == "scatter" else ()))]
            said += [*labels(figure), figure.layout.title.text, figure.layout.xaxis.title.text]
            said += [cell for trace in figure.data if trace.type == "heatmap" for row in trace.customdata for cell in row]
            assert not re.findall(r"[a-z]{3,}", re.sub(r"</?(?:sub|b|br)>", "", " ".join(filter(None, said))))
    assert labels(price_picture(SEVEN, OFFER, language=chinese))[0] == "最低公开价 ¥95.00"


OFFERS = pd.DataFrame({"offer_id": ["O1", "O2", "O3"], "title": ["面霜", "酱油", "纸"]})


def cells(figure: Any, which: int) -> dict[tuple[str, str], Any]:
    """Text of a look by offer and channel, where it is shown."""
    trace = figure.data[which]
    return {
        (row.split(" · ")[-1], column): text
        for row, texts, values in zip(trace.y, trace.text, trace.z, strict=True)
        for column, text, value in zip(trace.x, texts, values, strict=True)
        if value is not None
    }


def test_three_looks_of_coverage() -> None:
    figure = coverage_map(SEVEN, OFFERS)
    aside, ranks = 0, 1
    assert cells(figure, ranks) == {("O1", "甲"): "2", ("O2", "甲"): "1"}
    assert cells(figure, aside) == {("O1", "乙"): "×2", ("O1", "己"): "×2"}
    hover = dict(zip(figure.data[0].y, figure.data[0].customdata, strict=True))
    assert list(hover["纸 · O3"]) == ["not seen"] * 3
    assert "1 may rank, 0 set aside" in hover["酱油 · O2"]


def test_the_least_covered_come_first_and_no_more_than_asked() -> None:
    assert [name.split(" · ")[-1] for name in coverage_map(SEVEN, OFFERS).data[0].y] == ["O3", "O2", "O1"]
    one = coverage_map(SEVEN, OFFERS, limit=1)
    assert [name.split(" · ")[-1] for name in one.data[0].y] == ["O3"]
    assert "1 of 3 offers" in one.layout.title.text
    with pytest.raises(InputError, match="limit 0"):
        coverage_map(SEVEN, OFFERS, limit=0)


def test_required_channels_lead_even_if_nobody_looked_there() -> None:
    seen = pairs(quote(1, "甲", 9500), quote(2, "乙", 9500), quote(3, "丙", 9500, offer_id="O2"))
    figure = coverage_map(seen, OFFERS, required=["丙", "丁"])
    assert list(figure.data[1].x) == ["<b>丙 *</b>", "<b>丁 *</b>", "乙", "甲"]
    assert [name.split(" · ")[-1] for name in figure.data[1].y] == ["O3", "O1", "O2"]
    assert "required" in figure.layout.title.text


def test_a_week_of_offers_stays_readable_and_small() -> None:
    offers = pd.DataFrame({"offer_id": [f"O{n:03d}" for n in range(240)], "title": "标题" * 20})
    seen = pairs(*[quote(n, f"渠道{n % 9}", 9500, offer_id=f"O{n // 9:03d}") for n in range(2160)])
    whole = coverage_map(seen, offers, limit=None)
    assert whole.layout.height > 240 * 20
    assert len(whole.data[0].y) == len(set(whole.data[0].y)) == 240
    assert len(json.dumps(figures.as_data(coverage_map(seen, offers)))) < 60_000


def test_no_figure_phones_home() -> None:
    for figure in (price_picture(SEVEN, OFFER), coverage_map(SEVEN, OFFERS)):
        (content,) = figures.as_data(figure).values()
        assert content["config"]["showSendToCloud"] is False
        assert "http" not in json.dumps(content)
