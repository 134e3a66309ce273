"""The desk's widgets: sliders for thresholds and budget, locks and bans, solve, undo, and what changed."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd

from bosspick.desk.state import DeskState, Settings
from bosspick.frames import records

if TYPE_CHECKING:
    import ipywidgets as widgets

    from bosspick.briefing.stage import Stage

__all__ = ["LineupDesk", "lineup_desk"]

_STYLE = """<style>
.bp-desk table{border-collapse:collapse;font-size:13px;width:100%}
.bp-desk td,.bp-desk th{padding:3px 8px;border-bottom:1px solid var(--jp-border-color2,#ddd);text-align:left}
.bp-desk td.n,.bp-desk th.n{text-align:right;font-variant-numeric:tabular-nums}
.bp-desk .in{color:#007a55}.bp-desk .out{color:#b34700}
.bp-desk .err{border-left:4px solid #b34700;padding:4px 10px;white-space:pre-wrap}
</style>"""
#: How a change is coloured; its word says the same.
_CLASS = {"entered": "in", "left": "out"}


class LineupDesk:
    """The desk of one week.

    Attributes
    ----------
    state
        Settings, plan and history, without widgets.
    box
        The widget to display.
    """

    def __init__(self, state: DeskState) -> None:
        import ipywidgets as widgets

        self.state = state
        offers = state.week.table("offers")
        ids = sorted(offers["offer_id"])
        self._titles = dict(zip(offers["offer_id"], offers["title"], strict=True))
        wide = widgets.Layout(width="480px")
        named = {"style": {"description_width": "150px"}, "layout": wide, "continuous_update": False}
        pot = max(state.settings.platform_pot_yuan, 1)
        self.score = widgets.FloatSlider(min=4.0, max=5.0, step=0.05, description="store score at least", **named)
        self.channels = widgets.IntSlider(min=1, max=9, description="channels at least", **named)
        self.pot = widgets.IntSlider(min=0, max=pot * 2, step=max(pot // 50, 1), description="platform subsidy, ¥", **named)
        tags: dict[str, Any] = {"allowed_tags": ids, "allow_duplicates": False, "layout": wide}
        self.locked = widgets.TagsInput(tag_style="success", **tags)
        self.banned = widgets.TagsInput(tag_style="danger", **tags)
        self.solve_button = widgets.Button(description="Solve again", button_style="primary", icon="refresh")
        self.undo_button = widgets.Button(description="Undo", icon="undo")
        self.redo_button = widgets.Button(description="Redo", icon="repeat")
        self.result = widgets.HTML()
        self._write_settings(state.settings)
        self.solve_button.on_click(self._guarded(self.solve))
        self.undo_button.on_click(self._guarded(self.undo))
        self.redo_button.on_click(self._guarded(self.redo))
        self._show()
        self.box = self._arrange()

    def solve(self) -> None:
        """Plan with what the widgets say."""
        self.solve_button.disabled = True
        self.solve_button.description = "Solving…"
        try:
            self.state.solve(self._read_settings())
        finally:
            self.solve_button.disabled = False
            self.solve_button.description = "Solve again"
        self._show()

    def undo(self) -> None:
        """Back to the plan before."""
        if self.state.undo():
            self._write_settings(self.state.settings)
        self._show()

    def redo(self) -> None:
        """Forward to the plan undone last."""
        if self.state.redo():
            self._write_settings(self.state.settings)
        self._show()

    def _guarded(self, action: Callable[[], None]) -> Callable[[Any], None]:
        """Exceptions of handlers vanish in Jupyter: show them, then let them go on."""

        def handler(button: Any) -> None:
            del button
            try:
                action()
            except Exception as error:
                self.result.value = _STYLE + f"<div class='bp-desk'><div class='err'>{html.escape(repr(error))}</div></div>"
                raise

        return handler

    def _arrange(self) -> widgets.Widget:
        import ipywidgets as widgets

        def labelled(text: str, widget: widgets.Widget) -> widgets.Widget:
            return widgets.HBox([widgets.Label(text, layout=widgets.Layout(width="150px")), widget])

        controls = widgets.VBox(
            [
                self.score, self.channels, self.pot, labelled("locked in (offer ids)", self.locked),
                labelled("banned (offer ids)", self.banned),
                widgets.HBox([self.solve_button, self.undo_button, self.redo_button]),
            ]
        )  # fmt: skip
        return widgets.VBox([controls, self.result])

    def _read_settings(self) -> Settings:
        return Settings(
            store_score_min=round(float(self.score.value), 2), min_channels=int(self.channels.value),
            platform_pot_yuan=int(self.pot.value), locked=tuple(sorted(self.locked.value)),
            banned=tuple(sorted(self.banned.value)),
        )  # fmt: skip

    def _write_settings(self, settings: Settings) -> None:
        self.score.value, self.channels.value = settings.store_score_min, settings.min_channels
        self.pot.value = settings.platform_pot_yuan
        self.locked.value, self.banned.value = list(settings.locked), list(settings.banned)

    def _show(self) -> None:
        state = self.state
        parts = [_STYLE, "<div class='bp-desk'>"]
        if state.error:
            parts.append(f"<div class='err'><b>No lineup with these settings.</b>\n{html.escape(state.error)}</div>")
        if state.plan is None:
            parts.append("<p>Press <b>Solve again</b> for the first lineup.</p>")
        else:
            result = state.plan.result
            parts.append(
                f"<p><b>{html.escape(state.plan.version)}</b> · {result.outcome} · worth {result.value:,.0f} yuan-equivalents"
                f" · solved in {result.seconds:.2f} s</p>{self._changes()}{self._table(state.plan.chosen)}"
            )
        self.result.value = "".join([*parts, "</div>"])

    def _changes(self) -> str:
        changes = self.state.changes
        if changes.empty:
            return ""
        rows = []
        for row in records(changes):
            words = f"{row['change']}: {row['offer_id']} {self._titles.get(row['offer_id'], '')}"
            rows.append(f"<li class='{_CLASS.get(row['change'], '')}'>{html.escape(words)}</li>")
        return f"<p>Changed against the last solve:</p><ul>{''.join(rows)}</ul>"

    def _table(self, chosen: pd.DataFrame) -> str:
        body = "".join(
            f"<tr><td>{html.escape(row['offer_id'])}</td><td>{html.escape(row['title'])}</td><td>{html.escape(row['category'])}</td>"
            f"<td class='n'>{row['brand_price_fen'] / 100:,.2f}</td><td class='n'>{row['viewer_price_fen'] / 100:,.2f}</td>"
            f"<td class='n'>{row['expected_units']:,}</td><td class='n'>{row['value']:,.0f}</td></tr>"
            for row in records(chosen)
        )
        head = "<th>offer</th><th>title</th><th>category</th><th class='n'>to the brand ¥</th><th class='n'>on air ¥</th>"
        return f"<table><tr>{head}<th class='n'>units</th><th class='n'>worth</th></tr>{body}</table>"


def lineup_desk(stage: Stage) -> None:
    """Show the desk of a notebook's week; in a briefing run there is nobody to sit at it, and nothing is shown.

    Parameters
    ----------
    stage
        The notebook's stage.
    """
    if stage.config.folder is not None:
        return
    from IPython.display import display

    display(LineupDesk(DeskState.of_week(stage.week, screening=stage.screening, plan=stage.plan)).box)
