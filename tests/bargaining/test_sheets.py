"""The negotiators' workbooks: own brands only, text stays text, and a real spreadsheet computes the same figures."""

from __future__ import annotations

import math
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from bosspick.bargaining.sheet_rows import SHEET_FORMAT, fingerprint
from bosspick.bargaining.sheet_words import words_of
from bosspick.bargaining.sheets import write_sheets
from bosspick.errors import InputError
from bosspick.lineup.pots import plannable_fen
from tests.rooms import POLICY
from tests.sheets import FIRST, HEADER, Planned, columns_of, filled, planned_week, talks_of

# One worker: what the module shares is made once.
pytestmark = pytest.mark.xdist_group("sheets")


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Planned:
    """Four offers of three workbooks."""
    return planned_week(tmp_path_factory.mktemp("sheets") / "room")


@pytest.fixture(scope="module")
def books(planned: Planned, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The workbooks by negotiator."""
    written = write_sheets(*planned, tmp_path_factory.mktemp("books"), screening=planned.screening)
    return {path.stem: path for path in written}


def calculated(path: Path, folder: Path) -> Path:
    """The workbook as LibreOffice saves it after computing every formula."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("needs LibreOffice (Debian: apt-get install libreoffice-calc-nogui)")
    command = [office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to",
               "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "saved"), str(path)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return folder / "saved" / path.name


def test_each_negotiator_gets_own_offers_only_best_talk_first(books: dict[str, Path], planned: Planned) -> None:
    found = {name: [row["offer"] for row in talks_of(path)] for name, path in books.items()}
    assert {name: sorted(offers) for name, offers in found.items()} == {
        "一组": ["O1", "O4"], "二组": ["O2"], "unassigned": ["O3"],
    }  # fmt: skip
    rows = [planned.target(offer) for offer in found["一组"]]
    keys = [(math.inf if pd.isna(row["turn"]) else row["turn"], -row["worth_per_hour"]) for row in rows]
    assert keys == sorted(keys)


def test_nothing_of_another_negotiator_is_in_the_file(books: dict[str, Path]) -> None:
    with zipfile.ZipFile(books["二组"]) as archive:
        content = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "replace")
    assert "品牌2" in content
    assert not [word for word in ("品牌1", "品牌3", "品牌4", "一组") if word in content]


def test_a_title_that_looks_like_a_formula_stays_text(books: dict[str, Path]) -> None:
    sheet = openpyxl.load_workbook(books["一组"])["Talks"]
    place = columns_of(sheet)["title"]
    (title,) = [sheet.cell(n, place) for n in range(FIRST, sheet.max_row + 1) if sheet.cell(n, 1).value == "O1"]
    assert title.data_type == "s"
    assert title.value == '=HYPERLINK("http://x","y") <b>面霜</b>'
    assert title.hyperlink is None


def test_input_cells_are_the_only_unlocked_ones(books: dict[str, Path]) -> None:
    sheet = openpyxl.load_workbook(books["一组"])["Talks"]
    names = {column: name for name, column in columns_of(sheet).items()}
    unlocked = {names[cell.column] for cell in sheet[FIRST] if not cell.protection.locked}
    assert unlocked == {"agreed_price", "outcome", "note"}
    assert sheet.protection.sheet
    assert sheet.freeze_panes == f"D{FIRST}"


@pytest.mark.parametrize(
    ("name", "kind", "operator"),
    [("agreed_price", "decimal", "greaterThan"), ("outcome", "list", None), ("note", "textLength", "lessThanOrEqual")],
)
def test_inputs_are_validated_with_a_message(books: dict[str, Path], name: str, kind: str, operator: str | None) -> None:
    sheet = openpyxl.load_workbook(books["一组"])["Talks"]
    letter = sheet.cell(1, columns_of(sheet)[name]).column_letter
    (rule,) = [
        each for each in sheet.data_validations.dataValidation if str(each.sqref) == f"{letter}{FIRST}:{letter}{FIRST + 1}"
    ]
    assert (rule.type, rule.operator) == (kind, operator)
    assert rule.prompt
    assert rule.error
    if name == "outcome":
        assert rule.formula1 == '"agreed,no deal,open"'


def test_a_price_above_the_walk_away_turns_red(books: dict[str, Path]) -> None:
    sheet = openpyxl.load_workbook(books["一组"])["Talks"]
    rules = {str(area.sqref): rules for area, rules in sheet.conditional_formatting._cf_rules.items()}
    (rule,) = rules[f"P{FIRST}:P{FIRST + 1}"]
    assert rule.formula == [f"AND(ISNUMBER($P{FIRST}),ISNUMBER($K{FIRST}),$P{FIRST}>$K{FIRST})"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_cached_values_are_there_for_viewers_that_do_not_calculate(planned: Planned, tmp_path: Path, lang: str) -> None:
    for path in write_sheets(*planned, tmp_path, lang=lang):
        for row in talks_of(path):
            want = planned.target(row["offer"])
            pays = (want["target_fen"] - want["target_subsidy_fen"]) / 100
            subsidy = want["expected_units"] * want["target_subsidy_fen"] / 100 if want["in_plan"] else 0
            assert row["above_target"] in ("", None)
            assert row["room_left"] == pytest.approx((want["walk_away_fen"] - want["target_fen"]) / 100)
            assert row["viewer_pays"] == pytest.approx(pays)
            assert row["viewer_saves"] == pytest.approx(want["web_lowest_fen"] / 100 - pays)
            assert row["unit_price"] == pytest.approx(pays / 0.5)
            assert row["subsidy_total"] == pytest.approx(subsidy)
            assert row["check"] == fingerprint(row)


def test_a_real_spreadsheet_computes_the_values_that_were_stored(books: dict[str, Path], tmp_path: Path) -> None:
    path = books["一组"]
    before = openpyxl.load_workbook(path, data_only=True)["Talks"]
    after = openpyxl.load_workbook(calculated(path, tmp_path), data_only=True)["Talks"]
    formulas = openpyxl.load_workbook(path)["Talks"]
    cells = [cell.coordinate for row in formulas.iter_rows() for cell in row if cell.data_type == "f"]
    assert len(cells) == 1 + 2 * 6
    for cell in cells:
        stored, found = before[cell].value or "", after[cell].value or ""
        assert found == (pytest.approx(stored, abs=0.005) if isinstance(stored, float | int) else stored), cell


def test_a_real_spreadsheet_answers_what_is_filled_in(books: dict[str, Path], planned: Planned, tmp_path: Path) -> None:
    first, second = (row["offer"] for row in talks_of(books["一组"]))
    answers = {first: {"agreed_price": 81.5, "outcome": "agreed"}, second: {"outcome": "no deal"}}
    path = calculated(filled(books["一组"], tmp_path / "filled.xlsx", answers), tmp_path)
    row, other = talks_of(path)
    want = planned.target(first)
    subsidy = want["target_subsidy_fen"] / 100
    assert row["above_target"] == pytest.approx(81.5 - want["target_fen"] / 100)
    assert row["room_left"] == pytest.approx(want["walk_away_fen"] / 100 - 81.5)
    assert row["viewer_pays"] == pytest.approx(81.5 - subsidy)
    assert row["viewer_saves"] == pytest.approx(100 - 81.5 + subsidy)
    assert row["unit_price"] == pytest.approx((81.5 - subsidy) * 2)
    assert row["subsidy_total"] == pytest.approx(want["expected_units"] * subsidy)
    assert other["subsidy_total"] == 0


def test_the_pot_is_shared_and_what_is_left_of_it_adds_up(books: dict[str, Path], planned: Planned) -> None:
    left = {name: openpyxl.load_workbook(path, data_only=True)["Talks"]["E4"].value for name, path in books.items()}
    frame = planned.targets.frame
    spent = (frame["in_plan"] * frame["expected_units"] * frame["target_subsidy_fen"]).sum() / 100
    assert sum(left.values()) == pytest.approx(plannable_fen(planned.week, "platform") / 100 - spent, abs=0.02)


def test_without_a_pot_none_is_made_up(tmp_path: Path) -> None:
    planned = planned_week(tmp_path / "room", policy=POLICY)
    path = write_sheets(*planned, tmp_path / "out")[0]
    assert openpyxl.load_workbook(path)["Talks"]["E4"].value == "the policy names no pot"


def test_the_same_plan_gives_the_same_bytes(planned: Planned, books: dict[str, Path], tmp_path: Path) -> None:
    again = write_sheets(*planned, tmp_path, screening=planned.screening)
    assert {path.stem: path.read_bytes() for path in again} == {name: path.read_bytes() for name, path in books.items()}


def test_a_page_a_brand_has_picture_ladder_reasons_and_replacement(books: dict[str, Path], planned: Planned) -> None:
    book = openpyxl.load_workbook(books["一组"])
    assert sorted(book.sheetnames) == ["About", "Talks", "品牌1", "品牌4"]
    for brand, offer_id in (("品牌1", "O1"), ("品牌4", "O4")):
        page, want = book[brand], planned.target(offer_id)
        assert len(page._charts) == 1
        text = "\n".join(str(cell.value) for row in page.iter_rows() for cell in row if cell.value is not None)
        for rung in planned.targets.ladders[offer_id]:
            assert str(rung.price_fen / 100) in text
            assert rung.trade in text
        for expected in (want["anchor_reason"], f"¥{want['reservation_low_fen'] / 100:,.2f} – ", "甲商城", "steps in"):
            assert want["in_plan"] or expected != "steps in"
            assert expected in text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_page_prints_on_a4_landscape_with_version_and_confidential(planned: Planned, tmp_path: Path, lang: str) -> None:
    words = words_of(lang)
    book = openpyxl.load_workbook(write_sheets(*planned, tmp_path, lang=lang)[1])
    for sheet in book.worksheets:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.oddFooter.left.text == words["confidential_short"]
        assert planned.plan.version in sheet.oddFooter.center.text
        assert sheet.sheet_state == "visible"
    assert book.worksheets[0].print_title_rows == f"${HEADER}:${HEADER}"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_about_says_of_which_plan_it_is(planned: Planned, tmp_path: Path, lang: str) -> None:
    words = words_of(lang)
    sheet = openpyxl.load_workbook(write_sheets(*planned, tmp_path, lang=lang)[1])[words["page_about"]]
    said = {row[0].value: row[1].value for row in sheet.iter_rows(max_row=9)}
    assert said[words["session"]] == "2026-W48"
    assert said[words["version"]] == planned.plan.version
    assert said[words["negotiator"]] == "一组"
    assert said[words["format"]] == str(SHEET_FORMAT)


def test_a_chinese_workbook_has_no_english_left(planned: Planned, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_sheets(*planned, tmp_path, lang="zh", screening=planned.screening)[2])
    english = set(words_of("en").values()) - set(words_of("zh").values())
    shown = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert not {word for word in english if word in shown}


def test_a_language_without_words_is_refused(planned: Planned, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no words in 'fr'"):
        write_sheets(*planned, tmp_path, lang="fr")
