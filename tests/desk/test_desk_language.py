"""The desks in Chinese: whatever they say comes from the catalogue, and the screens' scripts have no words of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pytest

from bosspick.briefing.language import Language
from bosspick.desk import DeskState, GivenPlanner, LineupDesk, LiveDesk, TalkForm, TalkRecord
from bosspick.desk import board as board_module
from bosspick.desk import live_panel as live_module
from bosspick.desk import offer_grid as grid_module
from bosspick.desk.live_state import LiveState
from bosspick.desk.office import Office
from bosspick.desk.review import ReviewDesk, ReviewPair, ReviewQueue
from bosspick.ledger import Ledger
from bosspick.lineup import Group, Rule
from bosspick.screening.matching.match import WHY
from tests.desk.fakes import OPTIONS, RULES, SlowPlanner
from tests.desk.live_show import WEEK, Hand, book

ZH = Language.of("zh")
#: Words that are names, not language: keys, files, commands, ids of rules and offers, a plan's stamp.
NAMES = re.compile(
    r"(?s)<style>.*?</style>|<[^>]*>|&\w+;|%\(\w+\)s|policy\.toml|bosspick \w+"
    r"|(?<![A-Za-z])(?:Esc|category|pot|[OoPp]\d)(?![A-Za-z])|[0-9a-f]{6}"
)
ENGLISH = re.compile(r"[A-Za-z]{2,}")
SCREENS = {"board": board_module, "offer_grid": grid_module, "live_panel": live_module}
HERE = Path(board_module.__file__).parent


def given(*more: Rule) -> GivenPlanner:
    """Two places over six offers with Chinese titles; one of a category at most."""
    options = OPTIONS.assign(
        title="商品" + OPTIONS["offer_id"].str[1:], category=OPTIONS["category"].map({"skin": "美妆", "food": "食品"})
    )
    one = Group(column="category", at_most=1, id="category", title="At most three items of one category")
    return GivenPlanner(options, [*RULES[:1], one, *more], pick=2, bench_size=1)


def desk_of(planner: Any, office: Office | None = None) -> LineupDesk:
    return LineupDesk(DeskState.of_planner(planner, language=ZH), office=office, debounce_s=0.0, quiet_s=0.0)


def said(widget: widgets.Widget) -> Iterator[str]:
    """Every text of a widget and of what it holds."""
    chosen = isinstance(widget, widgets.ToggleButtons)
    for name in ("description", "placeholder", "tooltip", "label" if chosen else "value"):
        text = getattr(widget, name, None)
        if isinstance(text, str):
            yield text
    yield from (str(text) for name, text in getattr(widget, "words", {}).items() if name != "lang")
    yield str(getattr(widget, "answer", {}).get("text", ""))
    for child in getattr(widget, "children", ()):
        yield from said(child)


def english(*texts: str) -> list[str]:
    """What of these is not Chinese, the places of messages left aside."""
    return [text for text in texts if ENGLISH.search(NAMES.sub("", text))]


def press(desk: LineupDesk, ask: str, offer_id: str) -> None:
    desk.grid._handle_custom_msg({"ask": ask, "offer_id": offer_id}, [])
    desk.wait()


def test_a_day_at_the_desk_is_chinese(tmp_path: Path) -> None:
    office = Office(ledger=Ledger.of_room(tmp_path), session_id="2026-W48", language=ZH)
    desk = desk_of(given(), office)
    assert english(*said(desk.box)) == []
    desk.solve_button.click()
    desk.wait()
    assert "已证明最优" in desk.status.value
    for offer in ("O1", "O3", "O5", "O6"):
        press(desk, "why", offer)
        assert english(desk.grid.answer["text"]) == []
    press(desk, "lock", "O6")
    assert "换入" in desk.result.value
    desk.keep_button.click()
    assert "请给备选方案起名" in desk.notice.value
    desk.name.value = "多护肤"
    desk.keep_button.click()
    assert english(*said(desk.box)) == []
    desk.publishing.button.click()
    assert "未填写姓名" in desk.publishing.said.value
    desk.publishing.who.value = "制片"
    desk.publishing.button.click()
    assert "第1版" in desk.publishing.said.value
    assert english(*said(desk.box)) == []


def test_a_conflict_and_what_would_help_are_chinese() -> None:
    desk = desk_of(given())
    desk.solve_button.click()
    desk.wait()
    for offers in (("O1", "O3"), ("O1", "O2", "O3")):
        desk.controls.by_setting["locked"].value = list(offers)
        desk.wait()
        assert "未执行" in desk.status.value
        assert english(*said(desk.box)) == []
    desk.controls.by_setting["locked"].value = ["O1", "O3"]
    desk.wait()
    assert {button.description for button in desk.repairs.buttons} == {
        "将“同一品类最多三个”放宽1个", "解除锁定“工作台锁定：O1”", "解除锁定“工作台锁定：O3”",
    }  # fmt: skip
    press(desk, "why", "O5")
    assert english(*said(desk.box)) == []
    desk.undo_button.click()
    for typed in ("category", "category +x"):
        desk.controls.by_setting["loosened"].value = [typed]
        desk.wait()
        assert "没有放宽任何规则" in desk.status.value
        assert english(*said(desk.box)) == [], typed


def test_a_solve_under_way_and_cancelled_is_chinese() -> None:
    slow = SlowPlanner(titles={})
    desk = desk_of(slow)
    desk.solve_button.click()
    slow.begun.wait()
    desk._show()
    assert "目前最好1,900" in desk.status.value
    assert english(*said(desk.box)) == []
    desk.cancel_button.click()
    desk.wait()
    assert "未证明最优" in desk.status.value
    # Its plan's titles are English; what the desk says of it is not.
    assert english(desk.status.value, desk.table.value) == []


def test_a_show_is_chinese(tmp_path: Path) -> None:
    ledger = Ledger.of_room(tmp_path)
    desk = LiveDesk(LiveState(book=book(), ledger=ledger, clock=Hand().clock(), language=ZH))
    acts: list[tuple[str, dict[str, Any]]] = [
        ("off", {}), ("undo", {}), ("correct", {"text": "x"}), ("next", {}), ("release", {}), ("price", {"text": "天价"}),
        ("price", {"text": "0"}), ("price", {"text": "150"}), ("price", {"text": "20"}), ("units", {"text": "很多"}),
        ("units", {"text": "99999"}), ("units", {"text": "12"}), ("units", {"text": "3"}), ("correct", {"text": " "}),
        ("correct", {"text": "是22升"}), ("undo", {}), ("bench", {"offer_id": "p9"}), ("bench", {"offer_id": "p1"}),
        ("bench", {"offer_id": "p1", "instead_of": "o2"}), ("drop", {"offer_id": "o3"}), ("drop", {"offer_id": "o9"}),
        ("undo", {}), ("release", {}), ("release", {}), ("next", {"offer_id": "o9"}), ("off", {}), ("replan", {}),
    ]  # fmt: skip
    for ask, more in acts:
        desk.panel._heard(desk.panel, {"ask": ask, "id": "1", **more}, [])
        answer = desk.panel.answer
        assert english(answer["text"], *answer["remarks"]) == [], (ask, more)
    view = desk.panel.view
    told = [each["words"] for each in (*view["log"], *view["corrections"])] + [each["who"] for each in view["log"]]
    told += [each["role"] for each in view["upcoming"]] + view["problems"]
    assert english(*told, *said(desk.panel)) == []
    # The ledger is a record of the room, whatever language a desk speaks.
    assert any(note.startswith("taken back: ") for note in ledger.air(WEEK)["note"])


def test_talks_and_titles_are_decided_in_chinese(tmp_path: Path) -> None:
    ledger = Ledger.of_room(tmp_path)
    record = TalkRecord(ledger=ledger, session_id=WEEK, titles={"o1": "面霜"}, walk_away_fen={"o1": 9_000}, language=ZH)
    form = TalkForm(record)
    assert [label for label, _ in form.outcome.options] == ["已谈定", "未谈成", "重新谈"]
    for who, outcome, price in (
        ("", "agreed", ""),
        ("甲", "agreed", "面"),
        ("甲", "agreed", "95"),
        ("甲", "no deal", "95"),
        ("甲", "agreed", "88"),
    ):
        form.offer.value, form.who.value, form.outcome.value, form.price.value = "o1 · 面霜", who, outcome, price
        form.button.click()
        assert english(*said(form.box)) == []
    assert "谈定价¥88.00" in form.standing.value
    pairs = tuple(ReviewPair(offer_title="面霜 50克", quote_title="面霜 30克", score=0.8, why=why, quotes=2) for why in WHY)
    review = ReviewDesk(ReviewQueue(ledger=ledger, pairs=pairs), ZH)
    for _ in (*pairs, None):
        assert english(*said(review.box)) == []
        review.same_button.click()


@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_says_only_what_python_gives_it(screen: str) -> None:
    script = re.sub(r"(?m)^\s*//.*$|\s// .*$", "", (HERE / f"{screen}.js").read_text(encoding="utf-8"))
    words = SCREENS[screen]._WORDS
    asked = set(re.findall(r"\bwords\.(\w+)", script)) | set(re.findall(r"\b(?:fill|say)\(\s*\"(\w+)\"", script))
    assert asked - {"lang"} <= set(words)
    literals = [text for pair in re.findall(r"\"([^\"\n]*)\"|`([^`\n]*)`", script) for text in pair]
    assert [text for text in literals if re.search(r"[A-Za-z]{2,} [A-Za-z]{2,}", text) and "bp" not in text] == []
