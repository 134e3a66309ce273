"""Nothing confidential reaches a brand or the camera: no figure, however it is written, and no word for one."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.workbook.defined_name import DefinedName

from bosspick.bargaining.brand_books import write_brand_books
from bosspick.bargaining.sheet_words import words_of
from bosspick.briefing.config import RunConfig
from bosspick.briefing.items import bench_items_of, items_of
from bosspick.briefing.page import write_pages
from bosspick.briefing.stage import Stage
from bosspick.catalogue import LANGUAGES
from bosspick.demo import generate_room
from bosspick.rundown.files import rundown_calendar, rundown_rows
from bosspick.share import share_path
from tests.leaks import Secret, leaks, secrets_of, shown_numbers, words_found

# One worker: what the module shares is made once.
pytestmark = pytest.mark.xdist_group("confidential")

#: Headings of the internal workbooks that no brand may read.
INTERNAL = ("walk_away", "per_hour", "chance", "reservation", "zone", "room_left", "above_target", "ladder", "if_it_fails",
            "confidential_short", "at_subsidy", "passes_at")  # fmt: skip
#: Words for confidential figures that have no business on paper for the set.
ON_AIR = ("walk-away", "walk_away", "floor_low", "floor_high", "reservation price", "accept_p", "worth_per_hour", "底价下限",
          "底价上限", "底线价", "成交底价")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A planned week and the files of it that leave the team."""

    stage: Stage
    books: tuple[Path, ...]
    on_air: tuple[Path, ...]
    secrets: tuple[Secret, ...]


def made(room: Path, session: str, folder: Path) -> Made:
    """Plan a week and write what brands and the camera see."""
    stage = Stage(RunConfig(room=str(room), session=session))
    books = [
        path
        for lang in LANGUAGES
        for path in write_brand_books(
            stage.week, stage.plan, stage.targets, folder / f"brand-{lang}", lang=lang, screening=stage.screening
        )
    ]
    write_pages(stage, folder)
    rows = rundown_rows(stage.rundown)
    (folder / "cards" / "rundown.csv").write_text(rows.to_csv(index=False), encoding="utf-8-sig")
    (folder / "cards" / "rundown.ics").write_bytes(rundown_calendar(stage.week, stage.rundown))
    on_air = sorted(path for path in (folder / "cards").iterdir() if path.suffix in (".html", ".pdf", ".csv", ".ics"))
    ladders = {offer: [rung.price_fen for rung in rungs] for offer, rungs in stage.targets.ladders.items()}
    secrets = secrets_of(stage.targets.frame, stage.week.table("offers"), ladders)
    return Made(stage=stage, books=tuple(books), on_air=tuple(on_air), secrets=tuple(secrets))


@pytest.fixture(
    scope="module",
    params=[0, 11, 12, 13],
    ids=["demo", "seed 11", "seed 12", "seed 13"],
)
def week(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The demo week, and three invented ones."""
    folder = tmp_path_factory.mktemp("confidential")
    if request.param == 0:
        return made(share_path("seeds"), "2026-W48", folder)
    room = generate_room(folder / "room", seed=request.param, offers=70, quotes=1200, weeks=1, shows=12)
    return made(room, "2026-W48", folder)


def public_figures(stage: Stage, offers: set[str], *, on_air: bool) -> set[Decimal]:
    """What everybody may know of these offers: what the brand applied with, what the web shows, and what is said on air."""
    found: set[Decimal] = set()

    def add(*values: Any, fen: bool = False) -> None:
        found.update(Decimal(str(value)) / (100 if fen else 1) for value in values if value is not None and not pd.isna(value))

    applied = stage.week.table("offers")
    applied = applied[applied["offer_id"].isin(offers)]
    for row in applied.to_dict("records"):
        add(row["list_price_fen"], row["opening_price_fen"], row["gift_value_fen"], fen=True)
        add(*(row[name] for name in ("spec_amount", "pack_count", "stock", "daily_capacity", "promise_days", "gift_qty",
                                     "talk_hours", "claim_days", "return_rate")))  # fmt: skip
        add(*_numbers(str(row["title"])), *_numbers(str(row["gtin"])))
    seen = stage.screening.pairs[stage.screening.pairs["offer_id"].isin(offers)]
    for name in ("display_fen", "landed_fen", "conditional_fen", "possible_fen", "ranking_fen", "sold_fen"):
        add(*seen[name], fen=True)
    targets = stage.targets.frame[stage.targets.frame["offer_id"].isin(offers)]
    add(*targets["web_lowest_fen"], *targets["own_lowest_fen"], *targets["anchor_fen"], *targets["passes_at_fen"], fen=True)
    policy = stage.week.policy
    add(policy.rundown.minutes_min, policy.rundown.minutes_max, policy.screening.protection_days, 100)
    for item in [*items_of(stage), *bench_items_of(stage)] if on_air else ():
        add(item.viewer_fen, item.saving_fen, fen=True)
        add(item.units, item.planned_units)
        # What the price comes to per 100 ml, or per day of a month or a year.
        parts = [fen for _, fen in item.unit_prices] + [item.viewer_fen / days for days in (30, 365)]
        add(*(round(part) for part in parts), fen=True)
    if on_air:
        # Orders in a second are no money.
        add(*stage.rundown.tranches["peak_per_s"])
    return found


def _numbers(text: str) -> Iterator[Decimal]:
    yield from (Decimal("".join(run)) for run in _runs(text))


def _runs(text: str) -> Iterator[list[str]]:
    run: list[str] = []
    for char in text + " ":
        if char.isdecimal():
            run.append(char)
        elif run:
            yield run
            run = []


def offers_in(path: Path, stage: Stage) -> set[str]:
    """The offers of a brand's workbook, by their ids in it."""
    book = openpyxl.load_workbook(path)
    text = "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None)
    return {offer for offer in stage.week.table("offers")["offer_id"] if offer in text}


@pytest.mark.slow
def test_no_confidential_figure_is_in_a_brands_workbook(week: Made) -> None:
    assert week.books
    found = [
        str(leak)
        for path in week.books
        for leak in leaks(path, week.secrets, public_figures(week.stage, offers_in(path, week.stage), on_air=False))
    ]
    assert found == []


@pytest.mark.slow
def test_a_brands_workbook_knows_of_no_other_brand(week: Made) -> None:
    offers = week.stage.week.table("offers").set_index("offer_id")["brand_id"]
    brands = week.stage.week.table("brands").set_index("brand_id")["name"]
    for path in week.books:
        own = {offers[offer] for offer in offers_in(path, week.stage)}
        assert len(own) == 1, path.name
        # Invented names may hold one another; a name that holds the own one, or lies in it, says nothing.
        (name,) = {brands[brand] for brand in own}
        others = [other for brand, other in brands.items() if brand not in own and other not in name and name not in other]
        assert words_found(path, others) == [], path.name


@pytest.mark.slow
def test_no_word_for_something_confidential_is_in_a_brands_workbook(week: Made) -> None:
    words = [words_of(lang)[name].split("%(")[0].strip() for lang in LANGUAGES for name in INTERNAL]
    words += [*ON_AIR, "the target itself", "即目标价"]
    long = [word for word in words if len(word) >= 3]
    for path in week.books:
        assert words_found(path, long) == [], path.name


@pytest.mark.slow
def test_a_brands_workbook_has_no_hidden_place(week: Made) -> None:
    for path in week.books:
        book = openpyxl.load_workbook(path)
        assert [sheet.sheet_state for sheet in book] == ["visible"]
        assert not [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.comment is not None]
        assert not any(size.hidden for size in book.worksheets[0].column_dimensions.values())
        assert not any(size.hidden for size in book.worksheets[0].row_dimensions.values())
        assert not book.defined_names
        assert book.properties.description in (None, "")
        assert book.properties.keywords in (None, "")
        with zipfile.ZipFile(path) as archive:
            assert not [name for name in archive.namelist() if "comment" in name or "custom" in name or "media" in name]


@pytest.mark.slow
def test_no_confidential_figure_is_on_paper_for_the_set(week: Made) -> None:
    assert {path.suffix for path in week.on_air} >= {".html", ".csv", ".ics"}
    offers = set(week.stage.plan.chosen["offer_id"]) | set(week.stage.plan.bench["offer_id"])
    public = public_figures(week.stage, offers, on_air=True)
    # Only the figures of the ten and the bench: what is printed of them may equal by chance what is secret of others.
    secrets = [secret for secret in week.secrets if secret.offer_id in offers]
    found = [str(leak) for path in week.on_air for leak in leaks(path, secrets, public)]
    assert found == []


@pytest.mark.slow
def test_no_word_for_something_confidential_is_on_paper_for_the_set(week: Made) -> None:
    for path in week.on_air:
        assert words_found(path, ON_AIR) == [], path.name


# What the scan itself can find.

SECRET = Secret(offer_id="O1", name="walk-away", fen=10250)


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    """A workbook with nothing in it to find."""
    book = openpyxl.Workbook()
    book.active["A1"] = "Your opening price"
    book.active["B1"] = 110
    book.save(tmp_path / "clean.xlsx")
    return tmp_path / "clean.xlsx"


def _cell(value: Any) -> Callable[[Any], None]:
    return lambda book: book.active.__setitem__("C7", value)


def _comment(book: Any) -> None:
    book.active["A1"].comment = Comment("never above 102.50", "us")


def _name(book: Any) -> None:
    book.defined_names["limit"] = DefinedName("limit", attr_text="102.5")


def _name_of_name(book: Any) -> None:
    book.defined_names["stop_102.50"] = DefinedName("stop_102.50", attr_text="Sheet!$A$1")


def _property(book: Any) -> None:
    book.properties.keywords = "stop at 102.5"


def _custom(book: Any) -> None:
    from openpyxl.packaging.custom import StringProperty

    book.custom_doc_props.append(StringProperty(name="limit", value="102.50"))


def _hidden(book: Any) -> None:
    book.create_sheet("x")["A1"] = 102.5
    book["x"].sheet_state = "veryHidden"


def _hidden_column(book: Any) -> None:
    book.active["Z9"] = 10250
    book.active.column_dimensions["Z"].hidden = True


def _validation(book: Any) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    book.active.add_data_validation(DataValidation(type="decimal", operator="lessThan", formula1="102.5", sqref="D1"))


def _prompt(book: Any) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    book.active.add_data_validation(DataValidation(type="whole", formula1="1", prompt="at most ¥102.50", sqref="D1"))


def _colour(book: Any) -> None:
    from openpyxl.formatting.rule import CellIsRule

    book.active.conditional_formatting.add("D1", CellIsRule(operator="greaterThan", formula=["102.5"]))


def _footer(book: Any) -> None:
    book.active.oddFooter.center.text = "limit 102.50"


@pytest.mark.parametrize(
    "plant",
    [
        _cell(102.5), _cell("102.50"), _cell("¥102.5"), _cell("１０２．５０元"), _cell("about ¥103"), _cell("103元"),
        _cell("底价102.5"), _cell("stop102.50"), _cell(10250),
        _cell("10250 fen"), _cell("=102.5*2"), _comment, _name, _name_of_name, _property, _custom, _hidden, _hidden_column,
        _validation, _prompt, _colour, _footer,
    ],
)  # fmt: skip
def test_a_planted_figure_is_found_wherever_it_hides(clean: Path, tmp_path: Path, plant: Callable[[Any], None]) -> None:
    assert leaks(clean, [SECRET], []) == []
    book = openpyxl.load_workbook(clean)
    plant(book)
    book.save(tmp_path / "planted.xlsx")
    found = leaks(tmp_path / "planted.xlsx", [SECRET], [Decimal(110)])
    assert found
    assert {leak.secret for leak in found} == {SECRET}


def test_a_sheet_named_after_a_figure_is_found(clean: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(clean)
    book.active.title = "102.50"
    book.save(tmp_path / "named.xlsx")
    assert leaks(tmp_path / "named.xlsx", [SECRET], [])


def test_thousands_and_rounding(clean: Path, tmp_path: Path) -> None:
    secret = Secret(offer_id="O1", name="floor", fen=129_950)
    for text, hit in (("1,299.50", True), ("¥1,299.5", True), ("¥1,300", True), ("1300", False), ("1,299.51", False),
                      ("129950", True), ("129,950", True), ("11299.5", False), ("1299.5.1", False)):  # fmt: skip
        book = openpyxl.load_workbook(clean)
        book.active["C7"] = f"sum {text} in all"
        book.save(tmp_path / "text.xlsx")
        assert bool(leaks(tmp_path / "text.xlsx", [secret], [])) is hit, text


def test_a_colour_is_no_figure(clean: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(clean)
    book.active["A1"].font = Font(color="10250A")
    book.save(tmp_path / "coloured.xlsx")
    assert leaks(tmp_path / "coloured.xlsx", [SECRET], []) == []


def test_a_public_figure_is_excused(clean: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(clean)
    book.active["C7"] = 102.5
    book.save(tmp_path / "public.xlsx")
    assert leaks(tmp_path / "public.xlsx", [SECRET], [Decimal("102.50")]) == []


@pytest.mark.parametrize(
    "text",
    ["<p>from ¥102.50 on</p>", '<p title="¥102.50">x</p>', "<!-- 102.5 -->", '<p hidden>102.50</p>',
     '<script type="application/json">{"stop": 10250}</script>'],
)  # fmt: skip
def test_a_planted_figure_is_found_on_a_page(tmp_path: Path, text: str) -> None:
    path = tmp_path / "card.html"
    path.write_text(f"<html><style>p {{ width: 102.5px }}</style><body>{text}</body></html>", encoding="utf-8")
    assert [leak.secret for leak in leaks(path, [SECRET], [])] == [SECRET]
    path.write_text("<html><style>p { width: 102.5px }</style><body><p>¥110</p></body></html>", encoding="utf-8")
    assert leaks(path, [SECRET], []) == []


def test_a_planted_figure_is_found_in_a_pdf(clean: Path, tmp_path: Path) -> None:
    import subprocess

    office = shutil.which("soffice")
    if office is None or shutil.which("pdftotext") is None:
        pytest.skip("LibreOffice or pdftotext is not installed")
    book = openpyxl.load_workbook(clean)
    book.active["C7"] = "stop at ¥102.50"
    book.save(tmp_path / "planted.xlsx")
    command = [office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf", "--outdir",
               str(tmp_path), str(tmp_path / "planted.xlsx")]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    assert [leak.secret for leak in leaks(tmp_path / "planted.pdf", [SECRET], [])] == [SECRET]


def test_numbers_are_read_as_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "text.csv"
    path.write_text("¥1,299.00 8元 2026-11-28 1.2.3 50ml", encoding="utf-8")
    assert [(str(shown.value), shown.money) for shown in shown_numbers(path)][:2] == [("1299.00", True), ("8", True)]
