"""The ten and the bench as cards to drag: a widget in plain JavaScript that asks by offer id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from bosspick.briefing.language import Language, marked
from bosspick.desk.state import DeskState

__all__ = ["Board", "board_cards"]

_HERE = Path(__file__).parent
#: What a card can ask for; ``swap`` names the offer that comes in and the one that goes.
_ASKS = ("lock", "ban", "swap")
_WORDS = {
    "help": marked(
        "Drag a bench card onto an item to put it in that one’s place, or an item to the bench to leave it out. "
        "Keys: ← → ↑ ↓ card · S pick up, then S on the item to replace · L lock · B leave out · Esc put down"
    ),
    "ten": marked("The ten, in the order of the show"),
    "bench": marked("Bench"),
    "no_ten": marked("no lineup yet"),
    "no_bench": marked("not known yet"),
    "planned": marked("Planned."),
    "put_down": marked("Put down."),
    "picked_up": marked("%(title)s picked up: go to the card it changes places with and press S, or Esc."),
    "swapped": marked("%(comes)s in the place of %(goes)s: planning…"),
    "locked_in": marked("%(title)s locked in: planning…"),
    "left_out": marked("%(title)s left out: planning…"),
    "order": marked("The order is made by the rundown; only what is in and what is out is chosen here."),
    "card": marked("%(when)s: %(title)s, %(price)s yuan"),
    "locked": marked("locked"),
}


class Board(anywidget.AnyWidget):
    """The board; it knows nothing but what it is given.

    Parameters
    ----------
    asked
        Called with ``lock``, ``ban`` or ``swap``, the offer id of a card, and for ``swap`` that of the one it replaces.
    language
        What it speaks.

    Attributes
    ----------
    cards
        See :func:`board_cards`.
    words
        What it says, by name.
    """

    _esm = _HERE / "board.js"
    _css = _HERE / "board.css"
    cards = traitlets.Dict().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)

    def __init__(self, asked: Callable[[str, str, str], None], language: Language) -> None:
        super().__init__(words=language.phrases(_WORDS) | {"lang": language.tag})
        self._asked = asked
        self.on_msg(self._heard)

    def _heard(self, widget: Any, content: Any, buffers: Any) -> None:
        del widget, buffers
        if not isinstance(content, dict) or content.get("ask") not in _ASKS:
            return
        offer, other = content.get("offer_id"), content.get("other", "")
        if isinstance(offer, str) and isinstance(other, str) and (content["ask"] != "swap" or other):
            self._asked(content["ask"], offer, other)


def board_cards(state: DeskState, titles: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
    """The cards of the plan shown.

    Returns
    -------
    dict
        ``ten`` in the order of the show where it is known, else the worthiest first; ``bench`` by rank. Of each card: id,
        title, price (on air, yuan), when (clock of its slot, or its rank), mark (``locked`` by what is wanted now, or empty).
    """
    with state.lock:
        plan, bench, order, wanted = state.plan, state.bench, state.order, state.wanted
    if plan is None:
        return {"ten": [], "bench": []}
    locked = set(wanted.locked)

    def card(offer: str, fen: float, when: str) -> dict[str, Any]:
        mark = "locked" if offer in locked else ""
        return {"id": offer, "title": titles.get(offer, offer), "price": fen / 100, "when": when, "mark": mark}

    chosen = plan.chosen.sort_values(["value", "offer_id"], ascending=[False, True])
    prices = dict(zip(chosen["offer_id"], chosen["viewer_price_fen"], strict=True))
    places = list(order) if order else list(prices)
    ten = [card(offer, float(prices[offer]), order.get(offer, "") if order else "") for offer in places if offer in prices]
    waiting = []
    if bench is not None and len(bench):
        fen = plan.options.drop_duplicates("offer_id").set_index("offer_id")["viewer_price_fen"]
        by_option = plan.options.set_index(["offer_id", "option_id"])["viewer_price_fen"]
        for offer, option, rank in zip(bench["offer_id"], bench["option_id"], bench["bench_rank"], strict=True):
            price = by_option.get((offer, option), fen[offer])
            waiting.append(card(offer, float(price), f"B{int(rank)}"))
    return {"ten": ten, "bench": waiting}
