"""The notebooks' tables: whole, readable, in the run's language, with words for every code."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import nbformat
import pandas as pd
import pytest

from bosspick.briefing import Stage, figures, tables, talk_views
from bosspick.briefing.config import STEPS
from bosspick.briefing.language import Language
from bosspick.briefing.notebook_text import paragraphs, translated
from bosspick.briefing.papermill_run import run_notebook
from bosspick.briefing.risks import headline_of
from bosspick.screening.verdicts import REASONS
from bosspick.share import share_path
from tests.briefing.conftest import HOSTILE, in_chinese
from tests.rooms import WEEK

if TYPE_CHECKING:
    from bosspick.screening import Screening

TABLES: tuple[Callable[[Stage], pd.DataFrame], ...] = (
    tables.week_summary, tables.status_counts, tables.send_back, tables.proof, tables.ten, tables.bench,
    tables.targets_of_the_ten, tables.talks, tables.rundown, tables.tranches, tables.headline, tables.risks,
    talk_views.talk_board, talk_views.talk_worth, talk_views.pots_table, talk_views.acceptance_basis,
)  # fmt: skip
#: English in a table that is no word of ours: file names and rules of the test rooms, codes of offers and versions.
NAMES = re.compile(r"[\w/-]+\.csv|W\d\d-[0-9a-f]+|At most two of one category|team \w+|\b[A-Z]\d*\b|\bml\b|2026-W48")


@pytest.fixture(scope="module", params=["rich", "poor"])
def chinese(request: pytest.FixtureRequest) -> Stage:
    return in_chinese(Path(request.getfixturevalue(request.param).config.room))


def words_of(table: pd.DataFrame) -> str:
    flat = table.reset_index() if table.index.names != [None] else table
    return " | ".join(str(cell) for row in [list(flat.columns), list(table.index), *flat.to_numpy()] for cell in row)


@pytest.mark.parametrize("make", TABLES, ids=lambda make: make.__name__)
def test_a_chinese_run_has_chinese_tables(make: Callable[[Stage], pd.DataFrame], chinese: Stage) -> None:
    said = NAMES.sub("", words_of(make(chinese)).replace(HOSTILE, ""))
    assert not re.findall(r"[A-Za-z]{3,}", said)


def test_what_no_order_keeps_is_a_sentence_and_no_table(chinese: Stage) -> None:
    kept = replace(chinese.rundown, breaches=())
    broken = replace(chinese.rundown, breaches=("two hooks in a row", "<b>"))
    stage = cast("Stage", SimpleNamespace(language=chinese.language, rundown=kept))
    assert tables.breaches(stage) == "播出顺序满足全部排期规则。"
    stage = cast("Stage", SimpleNamespace(language=Language.of("en"), rundown=broken))
    assert tables.breaches(stage) == "No order keeps all rules of the show: two hooks in a row; <b>"


def test_no_figure_of_the_notebooks_speaks_english(chinese: Stage) -> None:
    language = chinese.language
    drawn = [
        figures.stop_reasons(chinese.screening, language=language),
        figures.rule_prices(chinese.plan, language=language),
        figures.bargaining_picture(chinese.targets, language=language),
        talk_views.talk_board_picture(chinese),
        talk_views.subsidy_fall(chinese),
        talk_views.calibration_picture(chinese),
    ]
    for figure in drawn:
        content = figure.to_plotly_json()
        del content["layout"]["template"]
        raw = json.dumps(content, ensure_ascii=False, default=list)
        shown = re.findall(r'"(?:name|text|title|hovertext)": *(?:\{"text": *)?"([^"]*)"', raw)
        axes = [label for trace in figure.data for axis in (trace.x, trace.y) if axis is not None for label in axis]
        # In labels the hostile title has lost its brackets.
        words = [label for label in axes if isinstance(label, str) and "‹" not in label]
        left = " ".join([*shown, *words]).replace("<br>", "")
        assert not re.findall(r"[A-Za-z]{3,}", NAMES.sub("", left))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_stops_offers_is_said_in_words(lang: str) -> None:
    language = Language.of(lang)
    offers = pd.DataFrame({"status": ["fail", "bargain"], "blocking": [", ".join(REASONS), "ABOVE_WEB"]})
    screening = cast("Screening", SimpleNamespace(offers=offers))
    (bars,) = figures.stop_reasons(screening, language=language).data
    assert not [word for word in bars.y if re.search(r"[A-Z]_[A-Z]", word)]
    assert bars.y[-1].replace("<br>", " ") == language.told(REASONS["ABOVE_WEB"])
    assert bars.x[-1] == 2


def test_the_headline_is_whole(rich: Stage) -> None:
    assert len(headline_of(rich)) > 100
    assert headline_of(rich) in tables.as_html(tables.headline(rich))


def test_others_text_is_no_markup_in_a_table() -> None:
    html = tables.as_html(pd.DataFrame({"title": [HOSTILE], "price": ["¥12.00"]}))
    assert "<script" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;" in html


def test_a_table_reads_as_one() -> None:
    table = pd.DataFrame({"offer": ["O1", "O2"], "why": ["a long reason " * 9, "–"], "price": ["¥1,296.99", "unknown"]})
    html = tables.as_html(pd.concat([table] * 40).set_index("offer"))
    assert html.count('<th scope="row"') == 80
    assert html.count('<th scope="col"') == 3
    assert html.count("a long reason " * 9) == 40
    assert re.findall(r'scope="col" style="text-align: (\w+)', html) == ["left", "left", "right"]


def test_a_sentence_that_begins_with_a_figure_is_read_from_the_left() -> None:
    html = tables.as_html(pd.DataFrame({"said": ["10 items, each planned below every price", "3"]}, index=["a", "b"]))
    assert re.findall(r'scope="col" style="text-align: (\w+)', html) == ["left", "left"]


@pytest.mark.parametrize("step", STEPS)
def test_a_notebook_in_chinese_has_no_english_paragraph_and_the_same_code(step: str, tmp_path: Path) -> None:
    source = share_path("notebooks") / f"{step}.ipynb"
    translated(source, Language.of("zh"), tmp_path / "zh.ipynb")
    before, after = (nbformat.read(path, as_version=4).cells for path in (source, tmp_path / "zh.ipynb"))
    assert [cell.source for cell in before if cell.cell_type == "code"] == [c.source for c in after if c.cell_type == "code"]
    texts = list(paragraphs(tmp_path / "zh.ipynb"))
    assert len(texts) == len(list(paragraphs(source)))
    assert not [text for text in texts if not re.search("[\u4e00-\u9fff]", text)]
    heads = [[cell.source.split(" ")[0] for cell in cells if cell.cell_type == "markdown"] for cells in (before, after)]
    assert [head for head in heads[0] if head.startswith("#")] == [head for head in heads[1] if head.startswith("#")]


def test_an_executed_notebook_is_in_its_runs_language(rich_room: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"room": str(rich_room), "session": WEEK, "lang": "zh"}), encoding="utf-8")
    run_notebook(share_path("notebooks") / "01_screening.ipynb", tmp_path / "out.ipynb", config, timeout_s=120)
    cells = nbformat.read(tmp_path / "out.ipynb", as_version=4).cells
    assert cells[0].source.startswith("# 1 · 筛选")
    shown = [output.data["text/html"] for cell in cells for output in cell.get("outputs", []) if "text/html" in output.data]
    assert any(">报名编号<" in html for html in shown)
