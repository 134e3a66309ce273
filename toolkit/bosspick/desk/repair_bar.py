"""What would help where there is no plan, a button each: one click changes the settings and plans again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

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
    """

    def __init__(self, chosen: Callable[[Mend], None]) -> None:
        import ipywidgets as widgets

        self._chosen = chosen
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
        lead = widgets.HTML("<div class='bp-desk'><b>One of these would help:</b></div>")
        self.box.children = (lead, *self.buttons) if self.buttons else ()
        self.box.layout.display = "flex" if self.buttons else "none"

    def _button(self, repair: Mend) -> widgets.Button:
        import ipywidgets as widgets

        words = repair.text[:1].upper() + repair.text[1:]
        button = widgets.Button(
            description=words, icon="wrench", tooltip=f"{words}, and plan again; Undo goes back",
            layout=widgets.Layout(width="auto", max_width="100%"),
        )  # fmt: skip
        button.on_click(lambda _: self._chosen(repair))
        return button
