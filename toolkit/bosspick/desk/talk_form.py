"""The form that records how a talk ended, without a workbook; every entry is in the ledger when it is made."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bosspick.bargaining.sheet_cells import typed_price
from bosspick.briefing.language import ENGLISH, Language, marked
from bosspick.desk.guard import Guard
from bosspick.errors import InputError
from bosspick.frames import records
from bosspick.ledger import Ledger, Talk

if TYPE_CHECKING:
    from bosspick.briefing.stage import Stage

__all__ = ["TalkForm", "TalkRecord", "talk_form"]

OUTCOMES = {marked("agreed"): "agreed", marked("no deal"): "failed", marked("talk again"): "reopened"}
_STANDING = {"agreed": "agreed", "failed": "no deal", "reopened": marked("to be talked about again")}


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
    language
        What it speaks.
    """

    ledger: Ledger
    session_id: str
    titles: Mapping[str, str]
    walk_away_fen: Mapping[str, int] = field(default_factory=dict)
    language: Language = ENGLISH

    def record(self, offer_id: str, outcome: str, price: str, note: str, *, who: str) -> str:
        """Enter one outcome; returns it in words.

        Raises
        ------
        InputError
            The entry contradicts itself, names no price where one is needed, or lies above the walk-away without a note.
        """
        t, yuan = self.language.gettext, self.language.yuan
        if not who.strip():
            hint = t("write your name: every entry says who made it")
            raise InputError(t("nobody is named"), where=t("who"), hint=hint)
        if offer_id not in self.titles:
            what = t("%(offer)s is none of this week's offers", offer=repr(offer_id))
            raise InputError(what, where=t("offer"), hint=t("choose one from the list"))
        fen = self._fen(outcome, price)
        top = self.walk_away_fen.get(offer_id)
        if fen is not None and top is not None and fen > top and not note.strip():
            what = t("%(price)s is above the walk-away of %(limit)s", price=yuan(fen), limit=yuan(top))
            raise InputError(what, where=t("agreed price"), hint=t("write into the note who decided so and why"))
        talk = Talk(session_id=self.session_id, offer_id=offer_id, outcome=OUTCOMES[outcome], brand_price_fen=fen,  # type: ignore[arg-type]  # one of three words
                    note=note.strip(), source="form")  # fmt: skip
        self.ledger.record_talks([talk], who=who.strip())
        words = t("agreed at %(price)s", price=yuan(fen)) if fen is not None else self.language.told(outcome)
        return t("%(offer)s: %(outcome)s, recorded", offer=offer_id, outcome=words)

    def _fen(self, outcome: str, price: str) -> int | None:
        t = self.language.gettext
        if outcome != "agreed":
            if price.strip():
                what = t("“%(outcome)s” has a price", outcome=self.language.told(outcome))
                raise InputError(what, where=t("agreed price"), hint=t("empty it, or choose “agreed”"))
            return None
        fen, wrong = typed_price(price.strip(), ZoneInfo("UTC"))
        if fen is None:
            why = self.language.told(wrong) or t("is no price")
            raise InputError(f"{price!r} {why}", where=t("agreed price"), hint=t("write yuan such as 98.50"))
        return fen

    def standing(self) -> list[tuple[str, str]]:
        """Offer and how its talk stands, in words, of every talk with an entry."""
        found = []
        for row in records(self.ledger.talks(self.session_id)):
            words = self.language.told(_STANDING[row["outcome"]])
            if row["outcome"] == "agreed":
                words = self.language.gettext("agreed at %(price)s", price=self.language.yuan(row["brand_price_fen"]))
            found.append((str(row["offer_id"]), words))
        return found


class TalkForm:
    """The widgets of a :class:`TalkRecord`."""

    def __init__(self, record: TalkRecord, *, suggested: Mapping[str, str] | None = None) -> None:
        import ipywidgets as widgets

        self._record, t = record, record.language.gettext
        wide = widgets.Layout(width="480px")
        options = [(f"{offer} · {title}", offer) for offer, title in sorted(record.titles.items())]
        self.offer = widgets.Combobox(options=[words for words, _ in options], description=t("offer"), ensure_option=True,
                                      layout=wide, placeholder=t("type an id or a word of the title"))  # fmt: skip
        self._offers = dict(options)
        outcomes = [(record.language.told(outcome), outcome) for outcome in OUTCOMES]
        self.outcome = widgets.ToggleButtons(options=outcomes, description=t("outcome"))
        self.price = widgets.Text(description=t("price, ¥"), placeholder=t("to the brand, such as 98.50"), layout=wide)
        self.note = widgets.Text(description=t("note"), layout=wide)
        self.who = widgets.Text(description=t("who"), layout=wide)
        self.button = widgets.Button(description=t("Record"), icon="check", button_style="primary")
        self.said = widgets.HTML()
        self.standing = widgets.HTML()
        self.guard = Guard(self._complain, threading.RLock(), record.language)
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
        next_step = self._record.language.gettext("Run <code>bosspick plan</code> or the lineup notebook to plan with it.")
        self.said.value = f"<b>{_escaped(words)}</b>{_escaped(self._record.language.stop)}{next_step}"
        self._show_standing()

    def _complain(self, words: str) -> None:
        self.said.value = f'<span style="color:#b00020" role="alert">{_escaped(words)}</span>'

    def _show_standing(self) -> None:
        language = self._record.language
        rows = "".join(f"<li>{_escaped(offer + language.colon + words)}</li>" for offer, words in self._record.standing())
        lead = language.gettext("Recorded so far:") if rows else language.gettext("Nothing is recorded yet.")
        self.standing.value = f"<p>{lead}</p><ul>{rows}</ul>" if rows else f"<p>{lead}</p>"


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
        language=stage.language,
    )  # fmt: skip
    t, told, yuan = stage.language.gettext, stage.language.told, stage.language.yuan
    suggested = {
        row["offer_id"]: t("first ask %(ask)s (%(why)s); target %(target)s",
                           ask=yuan(row["anchor_fen"]), why=told(row["anchor_reason"]), target=yuan(row["target_fen"]))
        for row in records(frame)
    }  # fmt: skip
    display(TalkForm(record, suggested=suggested).box)


def _escaped(words: str) -> str:
    from html import escape

    return escape(words)
