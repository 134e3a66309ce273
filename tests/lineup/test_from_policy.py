"""A policy's rules for one week: what each type means, and what becomes of offers the screen keeps off the air."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bosspick import open_room, plan_lineup, price_options, screen
from bosspick.errors import InputError, NoPlanError, RuleError
from bosspick.lineup import Ban, Budget, Cover, Rule
from bosspick.lineup.from_policy import week_rules
from tests.rooms import POLICY, WEEK, offer, write_room, write_rows


def rule(kind: str, **keys: object) -> str:
    """A rule as a policy writes it."""

    def text(value: object) -> str:
        if isinstance(value, list):
            return "[" + ", ".join(text(each) for each in value) + "]"
        return f'"{value}"' if isinstance(value, str) else str(value).lower()

    lines = "\n".join(f"{key} = {text(value)}" for key, value in {"id": kind, "title": f"The {kind}", **keys}.items())
    return f'\n[[rules]]\ntype = "{kind}"\n{lines}\n'


def rules_of(folder: Path, *written: str, **room: object) -> list[Rule]:
    """Rules of a room whose third offer may not air: its stock is too low."""
    rows = [offer(1), offer(2), offer(3, stock="1")]
    week = open_room(write_room(folder, offers=rows, policy=POLICY + "".join(written), **room)).week()  # type: ignore[arg-type]
    screening = screen(week)
    return week_rules(week, screening, price_options(week, screening), published=("O1",))


@pytest.mark.parametrize(
    ("written", "kinds"),
    [
        (rule("ban", offer_id="O1"), ["Ban"]),
        (rule("ban", offer_id="O3"), []),
        (rule("lock", offer_id="O3", mode="soft", penalty=5), []),
        (rule("apart", offer_ids=["O1", "O2", "O3"]), ["Apart"]),
        (rule("apart", offer_ids=["O1", "O3"]), []),
        (rule("together", offer_ids=["O1", "O2"]), ["Together"]),
        (rule("together", offer_ids=["O1", "O3"]), ["Ban"]),
        (rule("if_then", if_any=["O1"], then_any=["O2", "O3"]), ["IfThen"]),
        (rule("if_then", if_any=["O1"], then_any=["O3"]), ["Ban"]),
        (rule("if_then", if_any=["O3"], then_any=["O1"]), []),
        (rule("group", column="category", at_most=1), ["Group"]),
        (rule("group", column="category", at_most=1, mode="off"), []),
        (rule("group", column="category", at_most=1, sessions=["2026-W49"]), []),
        (rule("change", tax=100), ["Change"]),
        (rule("repeat", at_least=2), ["Repeat"]),
        (rule("cover"), []),
    ],
)
def test_what_a_rule_becomes(tmp_path: Path, written: str, kinds: list[str]) -> None:
    assert [type(each).__name__ for each in rules_of(tmp_path / "room", written)] == kinds


def test_a_lock_on_an_offer_that_may_not_air_says_why(tmp_path: Path) -> None:
    with pytest.raises(NoPlanError, match="STOCK_LOW"):
        rules_of(tmp_path / "room", rule("lock", offer_id="O3"))


def test_an_offer_the_week_does_not_have_is_named(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"The apart.*O99"):
        rules_of(tmp_path / "room", rule("apart", offer_ids=["O1", "O99"]))


def test_a_pot_sets_the_bound_and_an_event_adds_to_it(tmp_path: Path) -> None:
    pots = '\n[[pots]]\nid = "p"\npayer = "platform"\namount = 1000\nreserve = 0.1\n'
    written = pots + rule("budget", column="subsidy_fen", pot="platform")
    (plain,) = rules_of(tmp_path / "a", written)
    assert isinstance(plain, Budget)
    assert plain.at_most == 90_000
    room = tmp_path / "b"
    write_rows(
        room / "calendar.csv", [{"date_from": "2026-11-28", "date_to": "2026-11-28", "event": "day", "subsidy_budget": "50"}]
    )
    (more,) = rules_of(room, written)
    assert isinstance(more, Budget)
    assert more.at_most == 95_000


def test_wishes_become_topics_that_count_once(tmp_path: Path) -> None:
    room = tmp_path / "room"
    wishes = [
        {"wish_id": "1", "topic": "面霜", "votes": "10", "brand_id": "", "category": "", "keywords": "面霜"},
        {"wish_id": "2", "topic": "面霜", "votes": "5", "brand_id": "B2", "category": "", "keywords": ""},
        {"wish_id": "3", "topic": "空", "votes": "99", "brand_id": "", "category": "", "keywords": ""},
    ]
    write_rows(room / WEEK / "wishes.csv", wishes)
    (cover,) = rules_of(room, rule("cover"))
    assert isinstance(cover, Cover)
    assert cover.topics == {"面霜": (120.0, ("O1", "O2"))}


def test_bans_made_from_a_pair_keep_its_title(tmp_path: Path) -> None:
    (ban,) = rules_of(tmp_path / "room", rule("together", offer_ids=["O1", "O3"]))
    assert isinstance(ban, Ban)
    assert (ban.offer_id, ban.title) == ("O1", "The together")


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"published": "O1"}, "'O1' is a text, not a list of offer ids"),
        ({"settled": {"O1": 81.5}}, "81.5 is no price in whole fen"),
        ({"settled": {"O1": 0}}, "0 is no price in whole fen"),
    ],
)
def test_what_is_no_list_and_no_price_is_refused(tmp_path: Path, how: dict[str, Any], message: str) -> None:
    week = open_room(write_room(tmp_path)).week()
    with pytest.raises(InputError, match=message):
        plan_lineup(week, **how)
