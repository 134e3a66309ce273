"""The workbooks: own brands only, text stays text, and a real spreadsheet computes the same figures."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from bosspick import open_room, plan_lineup, price_targets, screen
from bosspick.bargaining.sheets import write_sheets
from bosspick.bargaining.targets import Targets
from bosspick.intake import Week
from bosspick.lineup.plan import LineupPlan
from tests.rooms import offer, write_room

HEADER, FIRST = 5, 6


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Week, LineupPlan, Targets]:
    """Three offers of two negotiators; one title looks like a formula."""
    rows = [offer(1, title='=HYPERLINK("http://x","y") <b>面霜</b>'), offer(2, negotiator="二组"), offer(3, negotiator="")]
    week = open_room(write_room(tmp_path_factory.mktemp("sheets") / "room", offers=rows)).week()
    screening = screen(week)
    plan = plan_lineup(week, screening)
    return week, plan, price_targets(week, screening, plan)


@pytest.fixture(scope="module")
def books(planned: tuple[Week, LineupPlan, Targets], tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The workbooks."""
    return write_sheets(*planned, tmp_path_factory.mktemp("books"))


def cells(path: Path, *, values: bool = True) -> list[dict[str, object]]:
    """Rows of the first sheet by heading."""
    sheet = openpyxl.load_workbook(path, data_only=values)["Talks"]
    head = [cell.value for cell in sheet[HEADER]]
    return [
        dict(zip(head, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=FIRST) if row[0].value
    ]


def test_each_negotiator_gets_own_offers_only(books: list[Path]) -> None:
    assert {path.name: [row["offer"] for row in cells(path)] for path in books} == {
        "一组.xlsx": ["O1"], "二组.xlsx": ["O2"], "unassigned.xlsx": ["O3"],
    }  # fmt: skip


def test_a_title_that_looks_like_a_formula_stays_text(books: list[Path]) -> None:
    sheet = openpyxl.load_workbook(next(path for path in books if path.stem == "一组"))["Talks"]
    title = sheet.cell(FIRST, 3)
    assert title.data_type == "s"
    assert title.value == '=HYPERLINK("http://x","y") <b>面霜</b>'
    assert title.hyperlink is None


def test_input_cells_are_the_only_unlocked_ones(books: list[Path]) -> None:
    sheet = openpyxl.load_workbook(books[0])["Talks"]
    head = [cell.value for cell in sheet[HEADER]]
    unlocked = {head[cell.column - 1] for cell in sheet[FIRST] if not cell.protection.locked}
    assert unlocked == {"agreed price", "note"}
    assert sheet.protection.sheet
    assert sheet.freeze_panes == "D6"
    assert sheet.data_validations.dataValidation[0].operator == "greaterThanOrEqual"


def test_cached_values_are_there_for_viewers_that_do_not_calculate(
    books: list[Path], planned: tuple[Week, LineupPlan, Targets]
) -> None:
    frame = planned[2].frame.set_index("offer_id")
    for path in books:
        for row in cells(path):
            want = frame.loc[row["offer"]]
            pays = (want["target_fen"] - want["target_subsidy_fen"]) / 100
            assert row["viewer pays"] == pytest.approx(pays)
            assert row["viewer saves"] == pytest.approx(want["web_lowest_fen"] / 100 - pays)
            assert row["walk-away"] == (None if want["walk_away_fen"] is None else want["walk_away_fen"] / 100)


def test_the_same_plan_gives_the_same_bytes(
    planned: tuple[Week, LineupPlan, Targets], books: list[Path], tmp_path: Path
) -> None:
    again = write_sheets(*planned, tmp_path)
    assert [hashlib.sha256(p.read_bytes()).hexdigest() for p in again] == [
        hashlib.sha256(p.read_bytes()).hexdigest() for p in books
    ]


def test_a_real_spreadsheet_computes_the_same_figures(books: list[Path], tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    path = tmp_path / "filled.xlsx"
    book = openpyxl.load_workbook(books[0])
    sheet = book["Talks"]
    head = [cell.value for cell in sheet[HEADER]]
    sheet.cell(FIRST, head.index("agreed price") + 1, 81.5)
    book.save(path)
    profile, saved = f"-env:UserInstallation=file://{tmp_path}/profile", str(tmp_path / "saved")
    command = [office, profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", saved, str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    (row,) = cells(tmp_path / "saved" / "filled.xlsx")
    target, subsidy, lowest = float(str(row["target"])), float(str(row["subsidy"])), float(str(row["web-lowest"]))
    assert row["above target"] == pytest.approx(81.5 - target)
    assert row["viewer pays"] == pytest.approx(81.5 - subsidy)
    assert row["viewer saves"] == pytest.approx(lowest - 81.5 + subsidy)
