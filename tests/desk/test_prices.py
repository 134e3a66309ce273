"""The drop-down of price pictures, and the few a briefing run shows instead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bosspick import open_room, screen
from bosspick.briefing import Stage
from bosspick.briefing.config import RunConfig
from bosspick.desk import prices
from bosspick.desk.prices import PriceDesk, price_desk, telling_offers
from tests.rooms import CHANNELS, offer, quote, write_room


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """O1 passes, O2 has to come down, O3 lacks channels."""
    offers = [offer(1), offer(2, opening_price="120"), offer(3)]
    quotes = [quote(n, channel) for n in (1, 2, 3) for channel in (CHANNELS if n != 3 else CHANNELS[:2])]
    return write_room(tmp_path / "room", offers=offers, quotes=quotes)


def title(desk: PriceDesk) -> str:
    (output,) = desk.picture.outputs
    return str(output["data"]["application/vnd.plotly.v1+json"]["layout"]["title"]["text"])


def test_the_picture_follows_the_drop_down(room: Path) -> None:
    week = open_room(room).week()
    desk = PriceDesk(week, screen(week))
    assert [name for _, name in desk.offer.options] == ["O1", "O2", "O3"]
    assert "O2" in title(desk)
    desk.offer.value = "O3"
    assert "O3" in title(desk)


def test_an_exception_in_the_handler_is_shown_and_raised(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    week = open_room(room).week()
    desk = PriceDesk(week, screen(week))

    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("<b>broken</b>")

    monkeypatch.setattr(prices, "price_picture", broken)
    with pytest.raises(ZeroDivisionError):
        desk.offer.value = "O1"
    assert "&lt;b&gt;broken" in desk.picture.outputs[0]["data"]["text/html"]


def test_one_telling_offer_of_each_status(room: Path) -> None:
    found = screen(open_room(room).week()).offers
    assert telling_offers(found) == ["O2", "O3", "O1"]
    assert telling_offers(found, most=1) == ["O2"]
    assert telling_offers(found.head(0)) == []


def test_a_run_shows_pictures_without_widgets(room: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(prices, "show", lambda figure: shown.append(figure.layout.title.text.split("<br>")[0]))
    stage = Stage(RunConfig(room=str(room), folder=tmp_path, step="01_screening"))
    # The run's own first product, which the other steps wait for.
    by_hand = Stage(RunConfig(room=str(room)))
    stage.__dict__.update(week=by_hand.week, screening=by_hand.screening)
    price_desk(stage)
    assert [text.split(" · ")[-1] for text in shown] == ["O2", "O3", "O1"]
