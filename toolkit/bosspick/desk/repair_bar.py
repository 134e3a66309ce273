"""What would help where there is no plan, a button each: one click changes the settings and plans again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bosspick.briefing.language import Language
from bosspick.desk.conflict_words import mend_words
from bosspick.lineup import Mend

if TYPE_CHECKING:
    import ipywidgets as widgets

__all__ = ["RepairBar"]


class RepairBar:
    """Buttons for the repairs of a conflict; nothing to see while there is none.

    Parameters
    ----------
    chosen
        Called with the repair that was clicked.
    language
        What the buttons are written in.
    """

    def __init__(self, chosen: Callable[[Mend], None], language: Language) -> None:
        import ipywidgets as widgets

        self._chosen, self._language = chosen, language
        self._shown: tuple[Mend, ...] = ()
        self.buttons: tuple[widgets.Button, ...] = ()
        self.box: widgets.Box = widgets.Box(layout=widgets.Layout(flex_flow="row wrap", display="none"))

    def show(self, repairs: Sequence[Mend]) -> None:
        """Show these."""
        import ipywidgets as widgets

        if tuple(repairs) == self._shown:
            return
        self._shown = tuple(repairs)
        self.buttons = tuple(self._button(repair) for repair in repairs)
        words = self._language.gettext("One of these would help:")
        lead = widgets.HTML(f"<div class='bp-desk'><b>{words}</b></div>")
        self.box.children = (lead, *self.buttons) if self.buttons else ()
        self.box.layout.display = "flex" if self.buttons else "none"

    def _button(self, repair: Mend) -> widgets.Button:
        import ipywidgets as widgets

        words = mend_words(repair.text, self._language)
        words = words[:1].upper() + words[1:]
        tooltip = self._language.gettext("%(change)s, and plan again; Undo goes back", change=words)
        button = widgets.Button(
            description=words, icon="wrench", tooltip=tooltip,
            layout=widgets.Layout(width="auto", max_width="100%"),
        )  # fmt: skip
        button.on_click(lambda _: self._chosen(repair))
        return button
