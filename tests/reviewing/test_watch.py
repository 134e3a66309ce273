"""Which published items lost their verdict, when, by which quote, and who paid for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from bosspick import open_room
from bosspick.errors import SessionError
from bosspick.frames import records
from bosspick.reviewing.phase import phase_at
from bosspick.reviewing.watch import WATCH_COLUMNS, WATCH_REASONS, WatchReport, watch
from bosspick.screening import screen
from tests.rooms import CHANNELS, POLICY, WEEK, quote, write_room

DAY_BEFORE, TWO_HOURS, LIVE = "2026-11-27T18:00+08:00", "2026-11-28T18:00+08:00", "2026-11-28T20:05+08:00"
DAY_12 = "2026-12-10T09:00+08:00"
#: Published at ¥90 against a web-lowest of ¥100.
PLANNED = pd.DataFrame({"offer_id": ["O2", "O1"], "viewer_price_fen": pd.array([9000, 9000], "Int64"),
                        "verdict_then": "PASS", "web_lowest_then_fen": pd.array([10000, 10000], "Int64")})  # fmt: skip


def seen(day_and_time: str, number: int = 1, *channels: str, **changes: str) -> list[dict[str, str]]:
    """Quotes of an offer on all channels at one moment."""
    each = {"seen_at": f"{day_and_time}:00+08:00"} | changes
    return [quote(number, channel, quote_id=f"{day_and_time}/{number}{channel}", **each) for channel in channels or CHANNELS]


BASE = [quote(n, channel) for n in (1, 2) for channel in CHANNELS]


def off(quote_id: str, **changes: str) -> dict[str, str]:
    """A confirmed public promotion of ¥20 off."""
    row = {"quote_id": quote_id, "step": "2", "kind": "amount", "threshold": "", "amount": "20.00", "exclusive_group": "",
           "audience": "public", "confirmed": "yes", "funder": ""}  # fmt: skip
    return row | changes


def watched(
    folder: Path, at: str, quotes: Sequence[dict[str, str]] = (), *, promotions: Sequence[dict[str, str]] = (),
    policy: str = POLICY, base: Sequence[dict[str, str]] = BASE, planned: pd.DataFrame = PLANNED,
) -> WatchReport:  # fmt: skip
    """What became of two items published at ¥90."""
    room = write_room(folder, quotes=[*base, *quotes], promotions=promotions, policy=policy, count=2)
    week = open_room(room).week(WEEK, as_of=datetime.fromisoformat(at))
    return watch(week, screen(week), planned, at=week.as_of)


def item(report: WatchReport, offer_id: str = "O1") -> dict[str, Any]:
    """One item's row."""
    return next(row for row in records(report.items) if row["offer_id"] == offer_id)


def test_nothing_changed_all_is_kept_in_the_order_of_the_show(tmp_path: Path) -> None:
    report = watched(tmp_path, DAY_BEFORE)
    assert report.is_ok
    assert tuple(report.items.columns) == WATCH_COLUMNS
    assert report.items["offer_id"].tolist() == ["O2", "O1"]
    assert report.items["reason_code"].tolist() == ["LOWEST", "LOWEST"]
    assert report.items["quote_id"].isna().all()
    assert report.headline == "2026-W48, before the show (26.0 h): of 2 items 2 kept"


def test_lost_two_hours_before(tmp_path: Path) -> None:
    report = watched(tmp_path, TWO_HOURS, seen("2026-11-28T17:30", 1, "乙仓", display_price="85.00", shop="小店"))
    found = item(report)
    assert (found["now"], found["reason_code"], found["web_lowest_fen"]) == ("lost", "ABOVE_WEB", 8500)
    assert (found["quote_id"], found["channel"], found["shop"]) == ("2026-11-28T17:30/1乙仓", "乙仓", "小店")
    assert found["seen_at"] == pd.Timestamp("2026-11-28T17:30+08:00")
    assert (found["difference_fen"], found["breach"], found["funder"]) == (500, False, "unknown")
    assert (found["verdict_then"], found["web_lowest_then_fen"]) == ("PASS", 10000)
    assert item(report, "O2")["now"] == "kept"
    assert report.headline == "2026-W48, two hours before: of 2 items 1 lost, 1 kept"


@pytest.mark.parametrize(
    ("price", "margin", "now", "reason"),
    [
        ("90.01", "0.01", "kept", "LOWEST"),
        ("90.00", "0.01", "lost", "TIE_WITH_WEB"),
        ("90.00", "0.00", "kept", "LOWEST"),
        ("89.99", "0.00", "lost", "ABOVE_WEB"),
        ("92.00", "5.00", "lost", "WITHIN_MARGIN"),
        ("95.00", "5.00", "kept", "LOWEST"),
    ],
)
def test_the_margin_decides_to_the_fen(tmp_path: Path, price: str, margin: str, now: str, reason: str) -> None:
    policy = POLICY.replace("min_channels = 4", f'min_channels = 4\nmargin = "{margin}"')
    found = item(watched(tmp_path, LIVE, seen("2026-11-28T19:59", 1, "丁团购", display_price=price), policy=policy))
    assert (found["now"], found["reason_code"]) == (now, reason)


def test_a_breach_under_protection_names_who_paid(tmp_path: Path) -> None:
    quotes = [*seen("2026-12-10T08:00", 1), *seen("2026-12-10T08:00", 2)]
    promotions = [off(quotes[0]["quote_id"], funder="brand"), off(quotes[0]["quote_id"], threshold="500", funder="host")]
    report = watched(tmp_path, DAY_12, quotes, promotions=promotions)
    found = item(report)
    assert (found["now"], found["breach"], found["difference_fen"], found["landed_fen"]) == ("lost", True, 1000, 8000)
    # The host's promotion asks for a spend that one piece does not reach: it made nothing cheaper.
    assert (found["funder"], found["promotions"]) == ("brand", "¥20.00 off (brand)")
    assert item(report, "O2")["now"] == "kept"
    assert report.headline == "2026-W48, protection day 12 of 60: of 2 items 1 lost, 1 kept, 1 in breach"


@pytest.mark.parametrize(
    ("terms", "funder"),
    [
        ([], "unknown"),
        ([{}], "unknown"),
        ([{"funder": "platform"}], "platform"),
        ([{"funder": "platform"}, {"funder": "shop", "step": "3"}], "platform+shop"),
        ([{"funder": "platform"}, {"step": "3"}], "platform+unknown"),
        ([{"funder": "brand", "exclusive_group": "g"}, {"funder": "shop", "exclusive_group": "g", "amount": "19"}], "brand"),
        ([{"funder": "platform"}, {"funder": "shop", "audience": "member", "step": "3"}], "platform"),
    ],
)  # fmt: skip
def test_the_funder_is_who_paid_for_what_made_the_price(tmp_path: Path, terms: list[dict[str, str]], funder: str) -> None:
    quotes = [*seen("2026-12-10T08:00", 1, display_price="89.00")]
    report = watched(tmp_path, DAY_12, quotes, promotions=[off(quotes[0]["quote_id"], **each) for each in terms])
    assert item(report)["funder"] == funder


def test_only_prices_seen_since_the_show_began_count_under_protection(tmp_path: Path) -> None:
    before = seen("2026-11-28T19:00", 1, "乙仓", display_price="80.00")
    live = watched(tmp_path / "live", LIVE, before)
    assert (item(live)["now"], item(live)["breach"]) == ("lost", False)
    after = [*before, *seen("2026-11-29T10:00", 1)]
    report = watched(tmp_path / "after", "2026-11-29T12:00+08:00", after)
    assert report.phase.words == "protection day 1 of 60"
    assert (item(report)["now"], item(report)["web_lowest_fen"]) == ("kept", 10000)
    assert (item(report, "O2")["now"], item(report, "O2")["reason_code"]) == ("unknown", "NONE_SINCE_SHOW")


def test_past_protection_a_lower_price_is_no_breach(tmp_path: Path) -> None:
    report = watched(tmp_path, "2027-02-01T12:00+08:00", seen("2027-02-01T10:00", 1, display_price="50.00"))
    assert report.phase.words == "protection window over"
    assert (item(report)["now"], item(report)["breach"]) == ("lost", False)


@pytest.mark.parametrize(
    ("quotes", "reason"),
    [
        ([], "ALL_TOO_OLD"),
        (seen("2026-12-10T08:00", 1, *CHANNELS[:3]), "TOO_FEW_CHANNELS"),
        (seen("2026-12-10T08:00", 1, grade="D"), "NONE_SINCE_SHOW"),
        ([*seen("2026-12-10T08:00"), *seen("2026-12-10T08:00", 1, "戊", shipping="", display_price="80.00")], "UNKNOWN_TERMS"),
    ],
)  # fmt: skip
def test_too_thin_evidence_is_unknown_never_kept(tmp_path: Path, quotes: list[dict[str, str]], reason: str) -> None:
    report = watched(tmp_path, DAY_12, quotes)
    assert (item(report)["now"], item(report)["reason_code"]) == ("unknown", reason)
    assert not report.is_ok


def test_a_missing_channel_is_unknown_and_a_lower_price_counts_even_on_few(tmp_path: Path) -> None:
    policy = POLICY.replace("min_channels = 4", 'min_channels = 2\nrequired_channels = ["戊"]')
    assert item(watched(tmp_path / "a", DAY_BEFORE, policy=policy))["reason_code"] == "MISSING_CHANNEL"
    found = item(watched(tmp_path / "b", DAY_12, seen("2026-12-10T08:00", 1, "乙仓", display_price="85.00")))
    assert (found["now"], found["channels_checked"], found["breach"]) == ("lost", 1, True)


def test_an_offer_no_longer_in_the_week_is_unknown(tmp_path: Path) -> None:
    gone = PLANNED.assign(offer_id=["O9", "O1"])
    report = watched(tmp_path, DAY_BEFORE, planned=gone)
    assert (item(report, "O9")["now"], item(report, "O9")["reason_code"]) == ("unknown", "OFFER_GONE")
    assert set(report.items["reason_code"]) <= set(WATCH_REASONS)


@pytest.mark.parametrize(
    ("at", "name", "words"),
    [
        ("2026-11-27T17:30+08:00", "before", "before the show (26.5 h)"),
        ("2026-11-28T17:44+08:00", "before", "before the show (2.3 h)"),
        ("2026-11-28T10:00+00:00", "before", "two hours before"),
        ("2026-11-28T19:30+08:00", "before", "before the show (30 min)"),
        ("2026-11-28T20:00+08:00", "live", "live"),
        ("2026-11-28T20:19:59+08:00", "live", "live"),
        ("2026-11-28T20:20+08:00", "protection", "protection day 1 of 60"),
        ("2027-01-27T19:59:59+08:00", "protection", "protection day 60 of 60"),
        ("2027-01-27T20:00+08:00", "over", "protection window over"),
    ],
)
def test_phases(room: Path, at: str, name: str, words: str) -> None:
    phase = phase_at(open_room(room).week(WEEK), datetime.fromisoformat(at))
    assert (phase.name, phase.words) == (name, words)


def test_a_moment_without_offset_or_another_than_the_weeks_is_refused(room: Path) -> None:
    week = open_room(room).week(WEEK)
    found = screen(week)
    with pytest.raises(SessionError, match="names no offset"):
        watch(week, found, PLANNED, at=datetime(2026, 11, 28, 18))
    with pytest.raises(SessionError, match="the week was judged at 2026-11-27T12:00:00"):
        watch(week, found, PLANNED, at=datetime.fromisoformat(TWO_HOURS))
    at = datetime.fromisoformat(TWO_HOURS)
    assert watch(replace(week, as_of=at), found, PLANNED, at=at).is_ok
