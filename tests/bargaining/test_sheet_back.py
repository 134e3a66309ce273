"""Workbooks that come back: what people type, move, break and change, and what is made of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bosspick.bargaining.sheet_back import read_sheet
from bosspick.bargaining.sheet_cells import answer_of
from bosspick.bargaining.sheet_preview import Preview, preview_return, without_conflicts
from bosspick.bargaining.sheets import write_sheets
from bosspick.errors import SheetError
from tests.bargaining.test_sheets import calculated
from tests.sheets import FIRST, HEADER, Planned, columns_of, filled, planned_week, talks_of

# One worker: what the module shares is made once.
pytestmark = pytest.mark.xdist_group("sheets back")

NOTHING = pd.DataFrame(columns=["offer_id", "outcome", "brand_price_fen", "note"])


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Planned:
    """Four offers of three workbooks."""
    return planned_week(tmp_path_factory.mktemp("back") / "room")


@pytest.fixture(scope="module")
def books(planned: Planned, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """The workbooks by language and negotiator."""
    return {
        (lang, path.stem): path
        for lang in ("en", "zh")
        for path in write_sheets(*planned, tmp_path_factory.mktemp(lang), lang=lang)
    }


@pytest.fixture
def back(planned: Planned, books: dict[tuple[str, str], Path], tmp_path: Path) -> Callable[..., Preview]:
    """Fill a workbook in, send it back, and look at what it would change."""

    def send(
        answers: dict[str, dict[str, Any]], change: Any = None, *, lang: str = "en", who: str = "一组",
        talks: pd.DataFrame = NOTHING, name: str = "back.xlsx", **how: Any,
    ) -> Preview:  # fmt: skip
        path = filled(books[lang, who], tmp_path / name, answers, change)
        return preview_return(read_sheet(path), *planned, talks, **how)

    return send


def told(preview: Preview) -> list[str]:
    """Findings, briefly."""
    return [f"{finding.severity} {finding.where}: {finding.what}" for finding in preview.findings]


def known(planned: Planned) -> dict[str, Any]:
    """Figures of offer O1 as messages show them."""
    want = planned.target("O1")
    yuan = {name: want[f"{name}_fen"] / 100 for name in ("anchor", "target", "walk_away", "opening")}
    shown = {name: f"¥{value:.2f}" for name, value in yuan.items()}
    return {"target": f"{yuan['target']:g}", "stop": f"{yuan['walk_away']:g}", "units": want["expected_units"],
            "stop_yuan": shown["walk_away"], "ask_yuan": shown["anchor"], "above": yuan["walk_away"] + 0.01,
            "above_yuan": f"¥{yuan['walk_away'] + 0.01:.2f}"}  # fmt: skip


def price_cell(offer_id: str, books: dict[tuple[str, str], Path]) -> str:
    """Where an offer's agreed price stands."""
    return f"O{FIRST + [row['offer'] for row in talks_of(books['en', '一组'])].index(offer_id)}"


@pytest.mark.parametrize(
    ("price", "outcome", "note", "expected"),
    [
        (81.5, "agreed", None, ("agreed", 8150, "")),
        (81, "agreed", None, ("agreed", 8100, "")),
        (81.10000000000001, "agreed", None, ("agreed", 8110, "")),
        ("８１．５", "agreed", None, ("agreed", 8150, "")),
        ("¥81", "agreed", None, ("agreed", 8100, "")),
        ("￥81.50", "已谈定", None, ("agreed", 8150, "")),
        ("81元", "deal", None, ("agreed", 8100, "")),
        (" 81 ", "Agreed", " two clips ", ("agreed", 8100, "two clips")),
        ("1,299", "agreed", None, ("agreed", 129900, "")),
        ("1，299.00", "agreed", None, ("agreed", 129900, "")),
        (81, None, None, ("agreed", 8100, "")),
        (None, "no deal", "too dear", ("failed", None, "too dear")),
        (None, "未谈成", None, ("failed", None, "")),
        ("面议", None, None, ("open", None, "面议")),
        ("面议", "open", "next week", ("open", None, "next week")),
        (None, "待定", None, ("open", None, "")),
        (None, None, "call again", ("open", None, "call again")),
        (None, None, None, None),
        (" ", "", "  ", None),
    ],
)  # fmt: skip
def test_answers_as_people_type_them(
    books: dict[tuple[str, str], Path], planned: Planned, tmp_path: Path, price: Any, outcome: Any, note: Any, expected: Any
) -> None:
    cells = {"agreed_price": price, "outcome": outcome, "note": note}
    book = read_sheet(filled(books["en", "一组"], tmp_path / "back.xlsx", {"O1": cells}))
    (row,) = [each for each in book.rows if each.offer_id == "O1"]
    answer = answer_of(row, book.file, planned.week.zone)
    assert (None if answer is None else (answer.outcome, answer.price_fen, answer.note)) == expected


@pytest.mark.parametrize(
    ("cells", "column", "what"),
    [
        ({"agreed_price": "95 if two slots"}, "P", "'95 if two slots' is not an amount of money"),
        ({"agreed_price": "81.555", "outcome": "agreed"}, "P", "'81.555' is finer than a fen"),
        ({"agreed_price": 0, "outcome": "agreed"}, "P", "'0' is not above zero"),
        ({"agreed_price": -81}, "P", "'-81' is not above zero"),
        ({"agreed_price": "-¥81"}, "P", "'-¥81' is not above zero"),
        ({"agreed_price": True}, "P", "'yes' is not an amount of money"),
        ({"agreed_price": "#N/A"}, "P", "'#N/A' is a spreadsheet error"),
        ({"agreed_price": pd.Timestamp("2026-03-05")}, "P", "'2026-03-05T00:00:00' is not an amount of money"),
        ({"agreed_price": 5e12}, "P", "'5000000000000' is not an amount of money"),
        ({"agreed_price": "=80+1.5"}, "P", "holds the formula '=80+1.5'"),
        ({"agreed_price": 81, "note": "=A1"}, "R", "holds the formula '=A1'"),
        ({"outcome": "perhaps"}, "Q", "'perhaps' is no outcome"),
        ({"outcome": "agreed"}, "Q", "says agreed, and there is no price"),
        ({"agreed_price": 81, "outcome": "no deal"}, "P", "holds a price beside 'no deal'"),
        ({"agreed_price": 81, "outcome": "open"}, "P", "holds a price beside 'open'"),
        ({"agreed_price": "面议", "outcome": "agreed"}, "P", "says '面议' beside 'agreed'"),
        ({"agreed_price": 81, "note": "x" * 501}, "R", "is longer than 500 characters"),
        ({"agreed_price": "{above}", "outcome": "agreed"}, "P", "{above_yuan} is above the walk-away of {stop_yuan}"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_taken_names_its_cell_and_leaves_the_others_alone(
    back: Callable[..., Preview], books: dict[tuple[str, str], Path], planned: Planned, cells: dict[str, Any],
    column: str, what: str,
) -> None:  # fmt: skip
    figures = known(planned)
    cells = {name: value.format(**figures) if isinstance(value, str) else value for name, value in cells.items()}
    preview = back({"O1": cells, "O4": {"agreed_price": 80, "outcome": "agreed"}})
    where = f"Talks!{column}{price_cell('O1', books)[1:]}"
    assert [text for text in told(preview) if text.startswith("refused")] == [f"refused {where}: {what.format(**figures)}"]
    assert preview.refused
    assert [(entry.offer_id, entry.price_fen) for entry in preview.to_record] == [("O4", 8000)]


@pytest.mark.parametrize(
    ("cells", "what"),
    [
        ({"agreed_price": 81}, "no outcome is chosen beside the price: taken as agreed"),
        ({"agreed_price": 8.15, "outcome": "agreed"}, "¥8.15 is less than half of the first ask of {ask_yuan}"),
    ],
)
def test_what_is_odd_is_taken_with_a_warning(
    back: Callable[..., Preview], planned: Planned, cells: dict[str, Any], what: str
) -> None:
    preview = back({"O1": cells})
    assert [text.split(": ", 1)[1] for text in told(preview) if text.startswith("warning")] == [what.format(**known(planned))]
    assert [entry.offer_id for entry in preview.to_record] == ["O1"]
    assert not preview.refused


def test_above_the_walk_away_needs_the_switch_and_a_reason(back: Callable[..., Preview], planned: Planned) -> None:
    above = {"agreed_price": 95, "outcome": "agreed"}
    assert "--allow-above wants the reason in the note" not in "".join(told(back({"O1": above})))
    assert any("wants the reason" in str(f) for f in back({"O1": above}, allow_above=True).findings)
    preview = back({"O1": above | {"note": "the hosts want it"}}, allow_above=True)
    assert [entry.price_fen for entry in preview.to_record] == [9500]
    assert [text.split(": ", 1)[1] for text in told(preview)] == [
        f"¥95.00 is above the walk-away of {known(planned)['stop_yuan']}, allowed because: the hosts want it",
        "¥95.00 is above the brand's own opening price of ¥90.00",
    ]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_rows_are_read_by_offer_and_columns_by_heading(back: Callable[..., Preview], lang: str) -> None:
    def shuffled(book: Any) -> None:
        sheet = book.worksheets[0]
        for row in (FIRST, FIRST + 1):
            for column in range(1, sheet.max_column + 1):
                if row == FIRST:
                    a, b = sheet.cell(FIRST, column), sheet.cell(FIRST + 1, column)
                    a.value, b.value = b.value, a.value
        sheet.move_range("O6:Q8", cols=20)
        sheet.insert_rows(1, 3)
        sheet["AB9"].value = "my thoughts"

    preview = back({"O1": {"agreed_price": 81, "outcome": "agreed"}, "O4": {"outcome": "no deal"}}, shuffled, lang=lang)
    assert {(entry.offer_id, entry.outcome, entry.price_fen) for entry in preview.to_record} == {
        ("O1", "agreed", 8100), ("O4", "failed", None),
    }  # fmt: skip
    page = "Talks" if lang == "en" else "谈判"
    assert told(preview) == [f"note {page}!AB9: column 'my thoughts' is not read"]


@pytest.mark.parametrize("name", ["offer", "agreed_price", "outcome", "note"])
def test_a_needed_column_that_is_gone_is_an_error_naming_the_page(back: Callable[..., Preview], name: str) -> None:
    with pytest.raises(SheetError, match=r"back\.xlsx Talks: columns were removed: .*" + name.replace("_", " ")):
        back({}, lambda book: book["Talks"].delete_cols(columns_of(book["Talks"])[name]))


def test_a_column_that_is_not_needed_may_go(back: Callable[..., Preview]) -> None:
    def without_target(book: Any) -> None:
        book["Talks"].delete_cols(columns_of(book["Talks"])["target"])

    preview = back({"O1": {"agreed_price": 81, "outcome": "agreed"}}, without_target)
    assert told(preview) == ["note Talks: columns were removed, and are not compared: target"]
    assert len(preview.to_record) == 1


def test_without_stamps_only_what_no_talk_plan_moves_is_compared(planned: Planned, tmp_path: Path) -> None:
    week, plan, targets = planned
    moved = ["turn", "target_fen", "walk_away_fen", "worth_per_hour", "expected_units"]
    # The figures of an export whose talk plan aimed elsewhere.
    sent = replace(targets, frame=targets.frame.assign(**{name: targets.frame[name] * 2 for name in moved}))
    (path,) = (each for each in write_sheets(week, plan, sent, tmp_path) if each.stem == "一组")

    def without_stamps(book: Any) -> None:
        book["Talks"].cell(FIRST, columns_of(book["Talks"])["opening"]).value = 1.0
        book["Talks"].delete_cols(columns_of(book["Talks"])["check"])

    came = filled(path, tmp_path / "back.xlsx", {"O1": {"outcome": "no deal"}}, without_stamps)
    findings = told(preview_return(read_sheet(came), *planned, NOTHING))
    assert len(findings) == 1
    assert "opening was changed" in findings[0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda book: book["Talks"].delete_rows(HEADER), "has no page of talks"),
        (lambda book: book.remove(book["About"]), "has no page that says which session"),
        (lambda book: book.copy_worksheet(book["Talks"]), "more than one page of talks: 'Talks' and 'Talks Copy'"),
        (lambda book: book["About"].__setitem__("B7", "9"), r"About!B7: is of sheet format 9, this toolkit reads 3"),
        (lambda book: book["Talks"].__setitem__(f"Z{HEADER}", "agreed price"), "the column 'agreed price' is there twice"),
        (lambda book: book["Talks"].__setitem__("A30000", "x"), "reaches down to row 30,000"),
    ],
)
def test_a_workbook_that_is_no_longer_ours_says_why(back: Callable[..., Preview], change: Any, message: str) -> None:
    with pytest.raises(SheetError, match=message):
        back({}, change)


def test_another_week_is_not_taken_at_all(back: Callable[..., Preview]) -> None:
    preview = back({"O1": {"agreed_price": 81}}, lambda book: book["About"].__setitem__("B2", "2026-W47"))
    assert told(preview) == ["refused About!B2: is of 2026-W47, this import is for 2026-W48"]
    assert preview.entries == ()


def test_an_earlier_plan_is_taken_inside_todays_walk_away(back: Callable[..., Preview], planned: Planned) -> None:
    def earlier(book: Any) -> None:
        book["About"]["B4"].value = "W48-000000"

    preview = back({"O1": {"agreed_price": 81, "outcome": "agreed"}, "O4": {"agreed_price": 99, "outcome": "agreed"}}, earlier)
    assert told(preview)[0].startswith(
        "warning About!B4: was made for plan W48-000000, the plan is now " + planned.plan.version
    )
    assert [entry.offer_id for entry in preview.to_record] == ["O1"]
    assert preview.refused


def test_offers_that_are_not_this_negotiators_or_unknown_are_refused(back: Callable[..., Preview]) -> None:
    def others(book: Any) -> None:
        sheet = book["Talks"]
        for row, offer_id in ((FIRST + 2, "O2"), (FIRST + 3, "O99"), (FIRST + 4, None)):
            sheet.cell(row, 1).value = offer_id
            sheet.cell(row, columns_of(sheet)["agreed_price"]).value = 80
            sheet.cell(row, columns_of(sheet)["outcome"]).value = "agreed"

    preview = back({}, others)
    assert told(preview) == [
        f"refused Talks!A{FIRST + 2}: is 二组's offer, this workbook is 一组's",
        f"refused Talks!A{FIRST + 3}: 'O99' is none of the offers of 2026-W48",
        f"refused Talks!A{FIRST + 4}: no offer is none of the offers of 2026-W48",
    ]
    assert preview.to_record == ()


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("target", 70, "target was changed from '{target}' to '70'"),
        ("walk_away", 99, "walk-away was changed from '{stop}' to '99'"),
        ("walk_away", None, "walk-away was changed from '{stop}' to nothing"),
        ("title", "又一个", "title was changed from '=HYPERLINK(\"http://x\",\"y\") <b>面霜</b>' to '又一个'"),
        ("units", "=1+1", "units was changed from '{units}' to '=1+1'"),
    ],
)
def test_a_changed_locked_cell_is_told_and_not_taken(
    back: Callable[..., Preview], planned: Planned, books: dict[tuple[str, str], Path], name: str, value: Any, what: str
) -> None:
    preview = back({"O1": {name: value, "agreed_price": 90, "outcome": "agreed"}})
    figures = known(planned)
    assert [text.split(": ", 1)[1] for text in told(preview) if text.startswith("warning")] == [what.format(**figures)]
    assert any(f"is above the walk-away of {figures['stop_yuan']}" in text for text in told(preview))


def test_a_changed_locked_cell_of_an_earlier_plan_is_told_too(back: Callable[..., Preview]) -> None:
    preview = back({"O1": {"walk_away": 99}}, lambda book: book["About"].__setitem__("B4", "W48-000000"))
    assert "walk-away was changed from" in told(preview)[-1]
    assert "to '99'" in told(preview)[-1]


def test_merged_cells_are_refused(back: Callable[..., Preview]) -> None:
    preview = back(
        {"O1": {"agreed_price": 81, "outcome": "agreed"}}, lambda book: book["Talks"].merge_cells(f"P{FIRST}:P{FIRST + 1}")
    )
    assert any("is merged with other cells" in text for text in told(preview))


@pytest.mark.parametrize(
    ("second", "recorded", "what"),
    [
        (81, ["O1"], "note Talks!P9: says the same as a row above"),
        (None, ["O1"], None),
        (80, [], "refused Talks!P9: O1 stands in Talks!P{row} and Talks!P9 with different answers"),
    ],
)
def test_an_offer_in_two_rows(
    back: Callable[..., Preview], books: dict[tuple[str, str], Path], second: Any, recorded: list[str], what: str | None
) -> None:
    def twice(book: Any) -> None:
        sheet = book["Talks"]
        sheet.cell(FIRST + 2, 1).value = "O1"
        if second is not None:
            sheet[f"P{FIRST + 2}"].value, sheet[f"Q{FIRST + 2}"].value = second, "agreed"

    preview = back({"O1": {"agreed_price": 81, "outcome": "agreed"}}, twice)
    assert [entry.offer_id for entry in preview.to_record] == recorded
    if what is not None:
        assert what.format(row=price_cell("O1", books)[1:]) in told(preview)


def test_what_the_ledger_holds_already_is_unchanged(back: Callable[..., Preview]) -> None:
    talks = pd.DataFrame(
        [("O1", "agreed", 8100, ""), ("O4", "failed", None, "")], columns=list(NOTHING.columns)
    ).astype({"brand_price_fen": "Int64"})  # fmt: skip
    same = back({"O1": {"agreed_price": "81", "outcome": "agreed"}, "O4": {"outcome": "no deal"}}, talks=talks)
    assert [entry.change for entry in same.entries] == ["unchanged", "unchanged"]
    other = back({"O1": {"agreed_price": 80, "outcome": "agreed"}, "O4": {"outcome": "open"}}, talks=talks)
    assert {(e.offer_id, e.outcome, e.before, e.before_fen, e.change) for e in other.entries} == {
        ("O1", "agreed", "agreed", 8100, "changed"), ("O4", "reopened", "failed", None, "changed"),
    }  # fmt: skip
    assert back({}, talks=talks).entries == ()


@pytest.mark.parametrize(("prefer", "recorded"), [(None, []), ("a.xlsx", [8100]), ("b.xlsx", [8000])])
def test_two_workbooks_that_differ(back: Callable[..., Preview], prefer: str | None, recorded: list[int]) -> None:
    one = back({"O1": {"agreed_price": 81, "outcome": "agreed"}}, name="a.xlsx")
    two = back({"O1": {"agreed_price": 80, "outcome": "agreed"}, "O4": {"outcome": "no deal"}}, name="b.xlsx")
    found = without_conflicts([one, two], prefer=prefer)
    assert [entry.price_fen for each in found for entry in each.to_record if entry.offer_id == "O1"] == recorded
    assert [entry.offer_id for entry in found[1].to_record if entry.offer_id == "O4"] == ["O4"]
    assert any(each.refused for each in found) is (prefer is None)


def test_two_workbooks_that_agree_do_not_conflict(back: Callable[..., Preview]) -> None:
    one = back({"O1": {"agreed_price": 81, "outcome": "agreed"}}, name="a.xlsx")
    two = back({"O1": {"agreed_price": "81.00", "outcome": "已谈定"}}, name="b.xlsx")
    assert not any(each.refused for each in without_conflicts([one, two]))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_workbook_saved_by_libreoffice_is_read_alike(
    books: dict[tuple[str, str], Path], planned: Planned, tmp_path: Path, lang: str
) -> None:
    answers = {"O1": {"agreed_price": "８１．5", "outcome": "agreed", "note": "两条切片"}, "O4": {"outcome": "未谈成"}}
    path = filled(books[lang, "一组"], tmp_path / "back.xlsx", answers)
    straight, saved = (preview_return(read_sheet(each), *planned, NOTHING) for each in (path, calculated(path, tmp_path)))
    assert saved.entries == straight.entries
    assert saved.findings == ()
    assert len(saved.to_record) == 2
    assert replace(saved.book, content=b"", sha256="") == replace(straight.book, content=b"", sha256="")


@given(fen=st.integers(min_value=1, max_value=10**8), how=st.sampled_from(["{}", "¥{}", "{}元", " {} ", "rmb {}"]))
def test_any_price_inside_the_walk_away_is_taken_to_the_fen(fen: int, how: str) -> None:
    from zoneinfo import ZoneInfo

    from bosspick.bargaining.sheet_back import Answered, ReturnedRow

    text = how.format(f"{fen // 100}.{fen % 100:02d}").strip()
    inputs = {"agreed_price": Answered(where="Talks!P7", text=text), "outcome": Answered(where="Talks!Q7", text="agreed"),
              "note": Answered(where="Talks!R7", text="")}  # fmt: skip
    row = ReturnedRow(offer_id="O1", where="Talks!A7", inputs=inputs, locked={}, places={}, check="")
    answer = answer_of(row, "x.xlsx", ZoneInfo("Asia/Shanghai"))
    assert answer is not None
    assert answer.price_fen == fen
