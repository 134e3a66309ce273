"""The evidence of one offer at a time: a drop-down over the week's offers, and a few telling ones where nobody turns it."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import pandas as pd

from bosspick.briefing.figures import as_data, show
from bosspick.briefing.language import ENGLISH, Language
from bosspick.briefing.price_figures import price_picture
from bosspick.frames import row_of

if TYPE_CHECKING:
    from bosspick.briefing.stage import Stage
    from bosspick.intake import Week
    from bosspick.screening import Screening

__all__ = ["PriceDesk", "price_desk", "telling_offers"]


class PriceDesk:
    """The price pictures of one week.

    Attributes
    ----------
    offer
        The drop-down; its value is an offer_id.
    picture
        The output that holds the picture.
    box
        The widget to display.
    """

    def __init__(self, week: Week, screening: Screening, *, language: Language = ENGLISH) -> None:
        import ipywidgets as widgets

        self._language = language
        self._pairs = screening.pairs
        self._offers = _described(week, screening)
        telling = telling_offers(screening.offers)
        names = [(f"{title} · {offer}", str(offer)) for offer, title in self._offers["title"].items()]
        words = language.gettext("offer shown")
        self.offer = widgets.Dropdown(options=names, value=telling[0] if telling else None, description=words,
                                      layout=widgets.Layout(width="480px"))  # fmt: skip
        self.picture = widgets.Output()
        self.offer.observe(self._changed, names="value")
        self.draw()
        self.box = widgets.VBox([self.offer, self.picture])

    def draw(self) -> None:
        """Show the picture of the offer chosen."""
        # Set as data, not captured: a handler may run on a thread whose output goes elsewhere.
        figure = price_picture(self._pairs, row_of(self._offers, str(self.offer.value)), language=self._language)
        self.picture.outputs = ({"output_type": "display_data", "data": as_data(figure), "metadata": {}},)

    def _changed(self, change: Any) -> None:
        del change
        try:
            self.draw()
        except Exception as error:
            # Exceptions of handlers vanish in Jupyter: show them, then let them go on.
            text = {"text/html": f"<pre>{html.escape(repr(error))}</pre>"}
            self.picture.outputs = ({"output_type": "display_data", "data": text, "metadata": {}},)
            raise


def price_desk(stage: Stage) -> None:
    """Show the price pictures of a notebook's week; in a briefing run a few telling ones, because nobody turns them.

    Parameters
    ----------
    stage
        The notebook's stage.
    """
    week, screening = stage.week, stage.screening
    if stage.config.folder is None:
        from IPython.display import display

        display(PriceDesk(week, screening, language=stage.language).box)
        return
    offers = _described(week, screening)
    for offer_id in telling_offers(screening.offers):
        show(price_picture(screening.pairs, row_of(offers, offer_id), language=stage.language))


def telling_offers(offers: pd.DataFrame, *, most: int = 3) -> list[str]:
    """A few offers worth a look, for pages nobody can turn: one of each status, those with the most quotes set aside.

    Parameters
    ----------
    offers
        As :class:`bosspick.screening.Screening` holds them: offer_id, status, quotes_seen, quotes_ranking.
    most
        Offers at most.
    """
    aside = offers["quotes_seen"].fillna(0) - offers["quotes_ranking"].fillna(0)
    rows = offers.assign(aside=aside).sort_values(["aside", "offer_id"], ascending=[False, True])
    first = rows.groupby("status").head(1).set_index("status")["offer_id"]
    return [str(first[status]) for status in ("bargain", "unknown", "pass", "fail") if status in first][:most]


def _described(week: Week, screening: Screening) -> pd.DataFrame:
    """Title, opening price and what the screen found, by offer."""
    titles = week.table("offers")[["offer_id", "title", "opening_price_fen"]]
    found = screening.offers[["offer_id", "web_lowest_fen", "passes_at_fen"]]
    return titles.merge(found, on="offer_id").sort_values("offer_id").set_index("offer_id", drop=False)
