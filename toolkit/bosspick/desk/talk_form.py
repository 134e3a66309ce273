"""The form that records how a talk ended, without a workbook; every entry is in the ledger when it is made."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bosspick.bargaining.sheet_cells import typed_price
from bosspick.desk.guard import Guard
from bosspick.errors import InputError
from bosspick.frames import records
from bosspick.ledger import Ledger, Talk

if TYPE_CHECKING:
    from bosspick.briefing.stage import Stage

__all__ = ["TalkForm", "TalkRecord", "talk_form"]

OUTCOMES = {"agreed": "agreed", "no deal": "failed", "talk again": "reopened"}


@dataclass(slots=True, kw_only=True)
class TalkRecord:
    """What the form does, without widgets.

    Attributes
    ----------
    ledger, session_id
        Where entries go.
    titles
        Title by offer that may be talked about.
    walk_away_fen
        Highest price to agree to, by offer.
    """

    ledger: Ledger
    session_id: str
    titles: Mapping[str, str]
    walk_away_fen: Mapping[str, int] = field(default_factory=dict)

    def record(self, offer_id: str, outcome: str, price: str, note: str, *, who: str) -> str:
        """Enter one outcome; returns it in words.

        Raises
        ------
        InputError
            The entry contradicts itself, names no price where one is needed, or lies above the walk-away without a note.
        """
        if not who.strip():
            raise InputError("nobody is named", where="who", hint="write your name: every entry says who made it")
        if offer_id not in self.titles:
            raise InputError(f"{offer_id!r} is none of this week's offers", where="offer", hint="choose one from the list")
        fen = self._fen(outcome, price)
        top = self.walk_away_fen.get(offer_id)
        if fen is not None and top is not None and fen > top and not note.strip():
            raise InputError(
                f"¥{fen / 100:,.2f} is above the walk-away of ¥{top / 100:,.2f}", where="agreed price",
                hint="write into the note who decided so and why",
            )  # fmt: skip
        talk = Talk(session_id=self.session_id, offer_id=offer_id, outcome=OUTCOMES[outcome], brand_price_fen=fen,  # type: ignore[arg-type]  # one of three words
                    note=note.strip(), source="form")  # fmt: skip
        self.ledger.record_talks([talk], who=who.strip())
        price_words = "" if fen is None else f" at ¥{fen / 100:,.2f}"
        return f"{offer_id}: {outcome}{price_words}, recorded"

    def _fen(self, outcome: str, price: str) -> int | None:
        if outcome != "agreed":
            if price.strip():
                raise InputError(f"{outcome!r} has a price", where="agreed price", hint="empty it, or choose 'agreed'")
            return None
        fen, wrong = typed_price(price.strip(), ZoneInfo("UTC"))
        if fen is None:
            raise InputError(f"{price!r} {wrong or 'is no price'}", where="agreed price", hint="write yuan such as 98.50")
        return fen

    def standing(self) -> list[tuple[str, str]]:
        """Offer and how its talk stands, in words, of every talk with an entry."""
        found = []
        for row in records(self.ledger.talks(self.session_id)):
            words = {"agreed": "agreed", "failed": "no deal", "reopened": "to be talked about again"}[row["outcome"]]
            price = f" at ¥{row['brand_price_fen'] / 100:,.2f}" if row["outcome"] == "agreed" else ""
            found.append((str(row["offer_id"]), words + price))
        return found


class TalkForm:
    """The widgets of a :class:`TalkRecord`."""

    def __init__(self, record: TalkRecord, *, suggested: Mapping[str, str] | None = None) -> None:
        import ipywidgets as widgets

        self._record = record
        wide = widgets.Layout(width="480px")
        options = [(f"{offer} · {title}", offer) for offer, title in sorted(record.titles.items())]
        self.offer = widgets.Combobox(options=[words for words, _ in options], description="offer", ensure_option=True,
                                      layout=wide, placeholder="type an id or a word of the title")  # fmt: skip
        self._offers = dict(options)
        self.outcome = widgets.ToggleButtons(options=list(OUTCOMES), description="outcome")
        self.price = widgets.Text(description="price, ¥", placeholder="to the brand, such as 98.50", layout=wide)
        self.note = widgets.Text(description="note", layout=wide)
        self.who = widgets.Text(description="who", layout=wide)
        self.button = widgets.Button(description="Record", icon="check", button_style="primary")
        self.said = widgets.HTML()
        self.standing = widgets.HTML()
        self.guard = Guard(self._complain, threading.RLock())
        self.button.on_click(self.guard(self._enter))
        self._suggested = dict(suggested or {})
        self.offer.observe(self.guard(self._hint), "value")
        self._show_standing()
        self.box = widgets.VBox(
            [self.offer, self.outcome, self.price, self.note, self.who, self.button, self.said, self.standing]
        )

    def _hint(self, change: Mapping[str, Any]) -> None:
        offer = self._offers.get(str(change["new"]), "")
        self.said.value = _escaped(self._suggested.get(offer, ""))

    def _enter(self, button: object) -> None:
        del button
        offer = self._offers.get(self.offer.value, self.offer.value)
        words = self._record.record(offer, self.outcome.value, self.price.value, self.note.value, who=self.who.value)
        self.price.value = self.note.value = ""
        self.said.value = f"<b>{_escaped(words)}</b>. Run <code>bosspick plan</code> or the lineup notebook to plan with it."
        self._show_standing()

    def _complain(self, words: str) -> None:
        self.said.value = f'<span style="color:#b00020" role="alert">{_escaped(words)}</span>'

    def _show_standing(self) -> None:
        rows = "".join(f"<li>{_escaped(offer)}: {_escaped(words)}</li>" for offer, words in self._record.standing())
        self.standing.value = f"<p>Recorded so far:</p><ul>{rows}</ul>" if rows else "<p>Nothing is recorded yet.</p>"


def talk_form(stage: Stage) -> None:
    """Show the form of a notebook's week; in a briefing run nobody fills it in, and nothing is shown."""
    if stage.config.folder is not None:
        return
    from IPython.display import display

    frame = stage.targets.frame
    walk = frame.dropna(subset=["stop_fen"])
    record = TalkRecord(
        ledger=Ledger.of_room(stage.week.room), session_id=stage.week.session_id,
        titles=dict(zip(frame["offer_id"], frame["title"], strict=True)),
        walk_away_fen={str(o): int(p) for o, p in zip(walk["offer_id"], walk["stop_fen"], strict=True)},
    )  # fmt: skip
    suggested = {
        row["offer_id"]: f"first ask ¥{row['anchor_fen'] / 100:,.2f} ({row['anchor_reason']}); "
        f"target ¥{row['target_fen'] / 100:,.2f}"
        for row in records(frame)
    }
    display(TalkForm(record, suggested=suggested).box)


def _escaped(words: str) -> str:
    from html import escape

    return escape(words)
