"""Reviewing matches: pairs of titles worked off one by one, each decision saved when it is made."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bosspick.briefing.language import ENGLISH, Language
from bosspick.errors import BosspickError, InputError, TableError
from bosspick.frames import records
from bosspick.ledger import Ledger
from bosspick.screening.matching import fold
from bosspick.screening.matching.decided import latest_decisions
from bosspick.screening.matching.match import WHY

if TYPE_CHECKING:
    import ipywidgets as widgets
    import pandas as pd

    from bosspick.briefing.stage import Stage

__all__ = ["ReviewPair", "ReviewQueue", "review_desk", "review_queue"]

_NEEDED = ("offer_title", "quote_title", "score", "why")
_STYLE = """<style>
.bp-review td{padding:4px 12px;vertical-align:top;font-size:14px}
.bp-review mark{background:#ffe08a;color:inherit;text-decoration:underline}
.bp-review .err{border-left:4px solid #b34700;padding:4px 10px;white-space:pre-wrap}
</style>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPair:
    """An offer's title and a quote's title that may name the same product; ``quotes`` is how many quotes have it."""

    offer_title: str
    quote_title: str
    score: float
    why: str
    quotes: int


@dataclass(slots=True)
class ReviewQueue:
    """The pairs to review, without any widget.

    Attributes
    ----------
    ledger
        Where decisions are remembered.
    pairs
        The pairs, the most alike first.
    who
        Who decides.
    decisions
        What was decided here, by place in ``pairs``.
    """

    ledger: Ledger
    pairs: tuple[ReviewPair, ...]
    who: str = "producer"
    decisions: dict[int, str] = field(default_factory=dict)
    _before: list[tuple[int, str | None]] = field(default_factory=list)

    @classmethod
    def of_reviews(cls, ledger: Ledger, reviews: pd.DataFrame, *, who: str = "producer") -> ReviewQueue:
        """The queue of a match's reviews, without pairs somebody has decided about already.

        Parameters
        ----------
        ledger
            The room's ledger.
        reviews
            Columns offer_title, quote_title, score (0 to 1) and why (a key of ``WHY``); and where there is such a
            column decision, of which only ``review`` is taken. Rows with the same titles are one pair.
        who
            Name the decisions are saved under.

        Raises
        ------
        TableError
            A column is missing.
        """
        missing = [name for name in _NEEDED if name not in reviews.columns]
        if missing:
            raise TableError(f"no column {', '.join(missing)}", where="reviews", hint=f"needed: {', '.join(_NEEDED)}")
        told = latest_decisions(ledger.match_decisions())
        rows: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for row in records(reviews):
            pair = (fold(row["offer_title"]), fold(row["quote_title"]))
            if row.get("decision", "review") == "review" and pair not in told:
                rows.setdefault(pair, []).append(row)
        pairs = []
        for same in rows.values():
            best = max(same, key=lambda row: (row["score"], row["offer_title"], row["quote_title"], row["why"]))
            pairs.append(ReviewPair(**{name: best[name] for name in _NEEDED}, quotes=len(same)))
        pairs.sort(key=lambda pair: (-pair.score, pair.offer_title, pair.quote_title))
        return cls(ledger=ledger, pairs=tuple(pairs), who=who)

    @property
    def remaining(self) -> int:
        """How many pairs are still undecided."""
        return len(self.pairs) - len(self.decisions)

    @property
    def current(self) -> int | None:
        """Place of the first undecided pair; None when all are decided."""
        return next((place for place in range(len(self.pairs)) if place not in self.decisions), None)

    def decide(self, place: int, decision: str) -> None:
        """Decide about a pair, ``same`` or ``other``; it is saved before it counts.

        Raises
        ------
        InputError
            There is no such pair or no such decision.
        RoomError
            It could not be saved; the pair stays undecided.
        """
        if decision not in ("same", "other"):
            raise InputError(f"unknown decision {decision!r}", where="review", hint="use same or other")
        if not 0 <= place < len(self.pairs):
            raise InputError(f"no pair {place}", where="review", hint=f"there are {len(self.pairs)}")
        self._save(place, decision)
        self._before.append((place, self.decisions.get(place)))
        self.decisions[place] = decision

    def undo(self) -> int | None:
        """Take back the decision made last; the place of its pair, None when there is none."""
        if not self._before:
            return None
        place, before = self._before[-1]
        self._save(place, before or "undecided")
        self._before.pop()
        if before is None:
            del self.decisions[place]
        else:
            self.decisions[place] = before
        return place

    def _save(self, place: int, decision: str) -> None:
        pair = self.pairs[place]
        self.ledger.record_match(pair.offer_title, pair.quote_title, decision, who=self.who)


class ReviewDesk:
    """The queue as widgets: two titles side by side, what differs marked, and three buttons.

    Parameters
    ----------
    queue
        The state, without widgets.
    language
        What it speaks.

    Attributes
    ----------
    queue
        The state, without widgets.
    box
        The widget to display.
    """

    def __init__(self, queue: ReviewQueue, language: Language = ENGLISH) -> None:
        import ipywidgets as widgets

        self.queue, self._language, t = queue, language, language.gettext
        wide = widgets.Layout(width="180px")
        same = t("Both titles name the same product: the quote counts")
        other = t("The titles name different products: the quote never counts")
        self.same_button = widgets.Button(description=t("Same product"), button_style="success", icon="check", layout=wide,
                                          tooltip=same)  # fmt: skip
        self.other_button = widgets.Button(description=t("Another product"), button_style="danger", icon="times", layout=wide,
                                           tooltip=other)  # fmt: skip
        self.undo_button = widgets.Button(description=t("Undo"), icon="undo", tooltip=t("Take back the decision made last"))
        self.shown = widgets.HTML()
        self.error = widgets.HTML()
        self.same_button.on_click(self._guarded(lambda: self._decide("same")))
        self.other_button.on_click(self._guarded(lambda: self._decide("other")))
        self.undo_button.on_click(self._guarded(self._undo))
        buttons = widgets.HBox([self.same_button, self.other_button, self.undo_button])
        self.box = widgets.VBox([self.shown, buttons, self.error])
        self._show()

    def _decide(self, decision: str) -> None:
        place = self.queue.current
        if place is not None:
            self.queue.decide(place, decision)
        self._show()

    def _undo(self) -> None:
        self.queue.undo()
        self._show()

    def _guarded(self, action: Callable[[], None]) -> Callable[[Any], None]:
        """Exceptions of handlers vanish in Jupyter: show them, then let them go on."""

        def handler(button: Any) -> None:
            del button
            try:
                self.error.value = ""
                action()
            except Exception as error:
                words = html.escape(self._language.error(error) if isinstance(error, BosspickError) else str(error))
                self.error.value = f"{_STYLE}<div class='bp-review'><div class='err'>{words}</div></div>"
                raise

        return handler

    def _show(self) -> None:
        queue, place, language = self.queue, self.queue.current, self._language
        t = language.gettext
        self.same_button.disabled = self.other_button.disabled = place is None
        self.undo_button.disabled = not queue.decisions
        if place is None:
            words = t("Nothing left to review: %(some)s of %(all)s decided.", some=len(queue.decisions), all=len(queue.pairs))
            self.shown.value = f"<p>{words}</p>"
            return
        pair = queue.pairs[place]
        offer, quote = _marked(pair.offer_title, pair.quote_title)
        facts = [t("score %(score)s", score=f"{pair.score:.2f}"), html.escape(language.told(WHY.get(pair.why, pair.why)))]
        if pair.quotes > 1:
            facts.append(t("%(n)s quotes", n=pair.quotes))
        one, other = t("offer’s title"), t("quote’s title")
        number = t("%(number)s of %(all)s", number=place + 1, all=len(queue.pairs))
        self.shown.value = (
            f"{_STYLE}<div class='bp-review'><p><b>{number}</b> · {' · '.join(facts)}</p><table>"
            f"<tr><td>{one}</td><td>{offer}</td></tr><tr><td>{other}</td><td>{quote}</td></tr></table></div>"
        )


def _marked(one: str, other: str) -> tuple[str, str]:
    """Both titles as HTML with the parts that differ marked."""
    parts: tuple[list[str], list[str]] = ([], [])
    for kind, *ends in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        for side, (text, start, end) in enumerate(((one, ends[0], ends[1]), (other, ends[2], ends[3]))):
            words = html.escape(text[start:end])
            parts[side].append(f"<mark>{words}</mark>" if kind != "equal" and words else words)
    return "".join(parts[0]), "".join(parts[1])


def review_queue(room: Path, reviews: pd.DataFrame, *, who: str = "producer", language: Language = ENGLISH) -> widgets.Widget:
    """The widget with which a producer works off the matches left for review.

    Parameters
    ----------
    room
        The room's folder; decisions are saved in its ledger.
    reviews
        Rows of :func:`bosspick.screening.matching.match_titles` with both titles beside them: offer_title,
        quote_title, score, why, decision.
    who
        Name the decisions are saved under.
    language
        What it speaks.
    """
    return ReviewDesk(ReviewQueue.of_reviews(Ledger.of_room(room), reviews, who=who), language).box


def review_desk(stage: Stage) -> None:
    """Show a notebook's queue of titles to decide; in a briefing run how many there are, because nobody decides there.

    Parameters
    ----------
    stage
        The notebook's stage.
    """
    from IPython.display import Markdown, display

    reviews = stage.screening.reviews
    if stage.config.folder is None and len(reviews):
        display(review_queue(stage.week.room, reviews, language=stage.language))
    else:
        t, count = stage.language.gettext, len(reviews)
        words = t("%(count)s to decide: open this notebook with `bosspick desk`.", count=count)
        display(Markdown(words if count else t("Nothing to decide.")))
