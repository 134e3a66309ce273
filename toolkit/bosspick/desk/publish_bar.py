"""The desk's way to the ledger: who publishes what, and what stands on the desk kept as it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bosspick.briefing.language import marked
from bosspick.desk.guard import Guard
from bosspick.desk.office import Office
from bosspick.desk.state import DeskState
from bosspick.desk.words import complaint_html, published_html
from bosspick.errors import BosspickError, InputError

if TYPE_CHECKING:
    import ipywidgets as widgets

__all__ = ["PublishBar"]


class PublishBar:
    """Name, note and button.

    Parameters
    ----------
    state
        The desk's state.
    office
        The ledger side; None where nothing outlives the kernel.
    """

    def __init__(self, state: DeskState, office: Office | None) -> None:
        import ipywidgets as widgets

        t = state.language.gettext
        self._state, self._office = state, office
        self.guard = Guard(self._complain, state.lock, state.language)
        self.who = widgets.Text(placeholder=t("your name"), description=t("who"))
        self.why = widgets.Text(placeholder=t("why, for whoever reads the log"), description=t("note"))
        self.button = widgets.Button(
            description=t("Publish"), icon="bullhorn", button_style="success",
            tooltip=t("Make this the lineup everybody works with"),
            layout=widgets.Layout(width="auto", min_width="92px"),
        )  # fmt: skip
        self.said = widgets.HTML()
        self.button.on_click(self.guard(lambda _: self._publish()))
        row = widgets.HBox([self.who, self.why, self.button])
        row.layout.flex_flow = "row wrap"
        self.box: widgets.VBox = widgets.VBox([row, self.said])

    def keep_draft(self) -> None:
        """Keep what stands on the desk; a ledger that cannot take it is said, and the work goes on."""
        if self._office is None:
            return
        try:
            self._office.keep(self._state)
        except BosspickError as error:
            language = self._state.language
            self._complain(language.gettext("What stands on this desk could not be kept: %(why)s", why=language.error(error)))

    def _publish(self) -> None:
        self.said.value = ""
        if self._office is None:
            raise InputError(
                marked("this desk has no ledger"), where=marked("Publish"), hint=marked("open it with bosspick desk ROOM")
            )
        if self._state.wanted != self._state.settings:
            hint = marked("wait for the plan, or press Solve now")
            raise InputError(marked("a change is not planned yet"), where=marked("Publish"), hint=hint)
        words = self._office.publish(self._state.present, who=self.who.value, note=self.why.value)
        self.why.value = ""
        self.said.value = published_html(words, self._state)

    def _complain(self, why: str) -> None:
        self.said.value = complaint_html(why, self._state.language)
