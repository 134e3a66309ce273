"""Two small planned weeks and their pages: one with everything, one where little is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from bosspick.briefing import Stage
from bosspick.briefing.config import RunConfig
from bosspick.briefing.page import write_pages
from tests.rooms import CHANNELS, POLICY, offer, quote, write_room

HOSTILE = "=1+1 <b>加量</b> <script>alert(1)</script> & {{ x }} </style>"
RICH_POLICY = (
    POLICY.replace("items = 2", "items = 3").replace("minutes = 20", "minutes = 30")
    + """
[room]
name = "Room <i>one</i>"
synthetic = true
note = "Prices are <made> up."

[[pots]]
id = "platform"
payer = "platform"
amount = "500000"
reserve = 0.1

[[rules]]
id = "categories"
title = "At most two of one category"
type = "group"
column = "category"
at_most = 2
"""
)


def planned(room: Path) -> Stage:
    """The stage of a room's one week, not yet computed."""
    return Stage(RunConfig(room=str(room)))


def in_chinese(room: Path) -> Stage:
    """The same for a run in Chinese."""
    return Stage(RunConfig(room=str(room), lang="zh"))


@pytest.fixture(scope="session")
def rich_room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three of four offers: one with a hostile title, one with a gift, one without a representative.

    Prices are odd, so that a confidential one cannot be taken for a count or a time.
    """
    offers = [
        offer(1, title=HOSTILE, opening_price="61.37", floor_low="40.43", floor_high="55.21"),
        offer(
            2,
            opening_price="118.63",
            floor_low="71.33",
            floor_high="84.57",
            gift_name="小样",
            gift_qty="2",
            gift_value="9.9",
            pack_count="1",
        ),
        offer(3, opening_price="89.17", floor_low="72.11", floor_high="85.03", rep_from="", rep_to=""),
        offer(4, opening_price="91.73", floor_low="73.37", floor_high="86.41"),
    ]
    return write_room(tmp_path_factory.mktemp("rich") / "room", offers=offers, policy=RICH_POLICY, count=4)


@pytest.fixture(scope="session")
def rich(rich_room: Path) -> Stage:
    """The rich week, planned."""
    return planned(rich_room)


@pytest.fixture(scope="session")
def poor(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Two offers of which one was seen nowhere, the lowest-price rule off: its web-lowest is unknown."""
    policy = POLICY.replace("min_channels = 4", 'min_channels = 4\nlowest_price = "off"').replace("bench = 1", "bench = 0")
    offers = [
        offer(1, certificate_until="2027-12-31", negotiator="", talk_hours="", floor_low="", floor_high="", list_price=""),
        offer(2, spec_amount="", spec_unit="", pack_count=""),
    ]
    quotes = [quote(2, channel) for channel in CHANNELS]
    return planned(write_room(tmp_path_factory.mktemp("poor") / "room", offers=offers, quotes=quotes, policy=policy, count=2))


def dear_pages(folder: Path, lang: str) -> Path:
    """Pages of a week whose prices run from jiao to seven digits."""
    prices = {1: ("9999999.00", "9999998.00"), 2: ("1399999.00", "1299999.00"), 3: ("1.00", "0.90"), 4: ("2.00", "1.80")}
    offers = [
        offer(number, opening_price=opening, list_price=web, floor_low=f"{float(opening) * 0.8:.2f}", floor_high=opening)
        for number, (web, opening) in prices.items()
    ]
    quotes = [quote(number, channel, display_price=web) for number, (web, _) in prices.items() for channel in CHANNELS]
    room = write_room(folder / "room", offers=offers, quotes=quotes, policy=RICH_POLICY, count=4)
    (folder / lang).mkdir()
    write_pages(in_chinese(room) if lang == "zh" else planned(room), folder / lang)
    return folder / lang


@pytest.fixture(scope="session")
def rich_pages(rich: Stage, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the rich week's pages."""
    folder = tmp_path_factory.mktemp("rich-pages")
    write_pages(rich, folder)
    return folder


@pytest.fixture(scope="session")
def rich_chinese_pages(rich_room: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the rich week's pages in Chinese."""
    folder = tmp_path_factory.mktemp("rich-chinese-pages")
    write_pages(in_chinese(rich_room), folder)
    return folder


@pytest.fixture(scope="session")
def poor_chinese_pages(poor: Stage, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the poor week's pages in Chinese."""
    folder = tmp_path_factory.mktemp("poor-chinese-pages")
    write_pages(in_chinese(Path(poor.config.room)), folder)
    return folder


@pytest.fixture(scope="session")
def poor_pages(poor: Stage, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the poor week's pages."""
    folder = tmp_path_factory.mktemp("poor-pages")
    write_pages(poor, folder)
    return folder
