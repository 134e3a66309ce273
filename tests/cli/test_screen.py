"""``bosspick screen`` says what was left out of what it judged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.rooms import CHANNELS, POLICY, offer, quote, write_room
from tests.runs import bosspick


def test_rows_left_out_are_said_beside_the_verdicts(tmp_path: Path) -> None:
    quotes = [quote(1, channel) for channel in CHANNELS]
    room = write_room(tmp_path / "room", offers=[offer(1)], quotes=quotes, count=1)
    assert "left out" not in bosspick("screen", room).stdout
    cheap = quote(1, CHANNELS[0], quote_id="Q9", display_price="10", currency="USD")
    room = write_room(tmp_path / "other", offers=[offer(1)], quotes=[*quotes, cheap], count=1)
    done = bosspick("screen", room)
    assert f"left out for bad cells: 1; `bosspick check {room}` names them with their rows" in done.stdout
    assert done.returncode == 0


def test_offers_to_send_back_are_named_by_what_they_lack(tmp_path: Path) -> None:
    numbers = range(1, 15)
    offers = [offer(n, certificate_until="" if n > 2 else "2027-12-31", return_rate="" if n == 14 else "0.01") for n in numbers]
    room = write_room(tmp_path / "room", offers=offers, count=14)
    text = " ".join(bosspick("screen", room).stdout.replace("│", " ").split())
    lacking = text.partition("To send back, by what is lacking")[2]
    assert "no certificate date was handed in 12 O10, O11, O12, O13, O14, O3, O4, O5, O6, O7 … and 2 more" in lacking
    assert "return rate was not handed in 1 O14" in lacking
    assert "all of them: notebook 01_screening, or --json" in lacking
    assert "send back" not in bosspick("screen", write_room(tmp_path / "whole")).stdout.partition("cannot air")[2]


def test_an_offer_that_was_set_aside_is_looked_for_where_it_is(tmp_path: Path) -> None:
    room = write_room(tmp_path / "room", offers=[offer(1), offer(2, stock="many"), offer(3)])
    text = bosspick("screen", room).stdout
    assert "bad   2026-W48/offers.csv row 3, column stock" in text
    done = bosspick("screen", room, "--explain", "O2")
    assert done.returncode == 2
    assert "the week has no verdicts for 'O2'" in done.stderr
    assert f"1 row of the offers was set aside and never judged: `bosspick check {room}` writes them" in done.stderr
    done = bosspick("screen", write_room(tmp_path / "whole"), "--explain", "O9")
    assert "take an id from the week's offers, 2026-W48/offers.csv" in done.stderr


@pytest.mark.parametrize(
    ("changes", "policy", "words"),
    [
        ({}, POLICY, "passes at ¥99.99 or below"),
        ({"seen_at": "2026-11-01T12:00:00+08:00"}, POLICY, "too few channels with evidence that may rank, 3 of at least 4"),
        ({"display_price": "0.01"}, POLICY.replace("[demand]", 'outliers = "off"\n[demand]'),
         "nothing is left below the web-lowest by the policy's margin"),
        ({}, POLICY.replace("[demand]", 'required_channels = ["戊店"]\n[demand]'),
         "a required channel has no evidence that may rank: 戊店 must be among those checked"),
        ({}, POLICY.replace("[demand]", 'lowest_price = "off"\n[demand]'), "asks for no lowest price: any price passes"),
    ],
)  # fmt: skip
def test_where_no_price_passes_it_is_said_why(changes: dict[str, str], policy: str, words: str, tmp_path: Path) -> None:
    quotes = [quote(1, channel, **(changes if channel == CHANNELS[0] else {})) for channel in CHANNELS]
    room = write_room(tmp_path / "room", offers=[offer(1)], quotes=quotes, policy=policy, count=1)
    last = bosspick("screen", room, "--explain", "O1").stdout.splitlines()[-1]
    assert words in last
    assert "unknown or below" not in last
    assert ("no price is known at which it would pass: " in last) == ("passes" not in last)


def test_a_promotion_of_unknown_depth_leaves_no_price(tmp_path: Path) -> None:
    promotion = {"quote_id": "Q10", "step": "2", "kind": "amount", "threshold": "", "amount": "", "rate": "", "repeat": "no",
                 "cap": "", "buy_qty": "", "deposit": "", "exclusive_group": "", "audience": "public",
                 "confirmed": "yes"}  # fmt: skip
    policy = POLICY.replace("min_channels = 4", "min_channels = 3")
    room = write_room(tmp_path / "room", offers=[offer(1)], promotions=[promotion], policy=policy, count=1)
    last = bosspick("screen", room, "--explain", "O1").stdout.splitlines()[-1]
    assert last.endswith("would pass: a quote with unknown shipping or promotion could be cheaper than any price")


def test_without_a_quote_no_price_is_known(tmp_path: Path) -> None:
    room = write_room(tmp_path / "room", offers=[offer(1), offer(2)], quotes=[quote(2, each) for each in CHANNELS], count=2)
    text = bosspick("screen", room, "--explain", "O1").stdout
    assert "web-lowest unknown; no price is known at which it would pass: no evidence that may rank" in text


def test_prices_are_yuan_to_people_and_fen_to_programs(tmp_path: Path) -> None:
    room = write_room(tmp_path / "room", offers=[offer(1)], count=1)
    text = bosspick("screen", room, "--explain", "O1").stdout
    assert "value ¥90.00; threshold ¥99.99" in text
    assert not {"9000", "9999"} & set(text.replace(";", " ").split())
    rows = {row["rule"]: row for row in json.loads(bosspick("screen", room, "--json").stdout)}
    price = rows["lowest_price"]
    assert (price["value"], price["threshold"], price["unit"]) == ("9000", "9999", "fen")
    assert (price["passes_at"], price["web_lowest"]) == (9999, 10000)
    assert (rows["stock"]["value"], rows["stock"]["unit"]) == ("20000", None)
