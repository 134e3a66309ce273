"""The figures of notebooks and briefing: one factory, one look, nothing that phones home."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import ceil, floor, log10
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

import pandas as pd

from bosspick.briefing.language import ENGLISH, Language, marked

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from bosspick.bargaining import Targets
    from bosspick.lineup.plan import LineupPlan
    from bosspick.screening import Screening

__all__ = [
    "COLOURS",
    "CONFIG",
    "PARTS",
    "as_data",
    "axis_label",
    "bargaining_picture",
    "figure_of",
    "names_of",
    "price_picture",
    "rule_prices",
    "show",
    "stop_reasons",
    "value_parts",
]  # fmt: skip

#: No upload button, no logo, no server: a briefing is confidential.
CONFIG: dict[str, Any] = {
    "displayModeBar": False, "displaylogo": False, "plotlyServerURL": "", "responsive": True, "showSendToCloud": False
}  # fmt: skip
#: One colour a meaning, told apart by people who see few colours as well (Okabe and Ito 2008).
COLOURS = {
    "web": "#0072b2", "air": "#d55e00", "open": "#7f7f7f", "target": "#009e73", "walk": "#cc79a7", "range": "#e6e6e6",
    "slot": "#56b4e9",
    "pass": "#009e73", "bargain": "#e69f00", "unknown": "#7f7f7f", "fail": "#d55e00",
}  # fmt: skip
#: Half-widths of one line of a label.
_LABEL_WIDTH = 18
_FONT = "'Noto Sans CJK SC', 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', system-ui, sans-serif"
#: Components of an item's value: what a reader calls them, and their colour.
PARTS = {
    "value_saving": (marked("viewers' saving"), "#0072b2"), "value_orders": (marked("orders"), "#56b4e9"),
    "value_trust": (marked("trust"), "#009e73"), "value_gmv": (marked("GMV"), "#cc79a7"),
    "value_subsidy": (marked("subsidy"), "#d55e00"),
}  # fmt: skip


def show(figure: go.Figure) -> None:
    """Display a figure in a notebook, as data only: JupyterLab draws it, no page loads anything.

    The data go out as they are: plotly's own ``show`` takes over a second to look for renderers it then leaves.
    """
    from IPython.display import display

    display(as_data(figure), raw=True)


def as_data(figure: go.Figure) -> dict[str, Any]:
    """A figure as a notebook's output holds it: data by the kind of data they are."""
    return {"application/vnd.plotly.v1+json": json.loads(figure.to_json()) | {"config": CONFIG}}


def stop_reasons(screening: Screening, *, language: Language = ENGLISH) -> go.Figure:
    """How many offers each reason stops, longest first."""
    import plotly.graph_objects as go

    codes = screening.offers.loc[screening.offers["status"] != "pass", "blocking"].str.split(", ").explode()
    counts = codes[codes != ""].value_counts().sort_index().sort_values(kind="stable")
    trace = go.Bar(x=counts.to_numpy(), y=counts.index.to_list(), orientation="h", marker_color=COLOURS["bargain"],
                   text=counts.to_list(), textposition="outside", cliponaxis=False)  # fmt: skip
    figure = figure_of([trace], height=90 + 24 * len(counts), x=language.gettext("offers"))
    figure.update_layout(showlegend=False)
    return figure


def price_picture(
    plan: LineupPlan, opening_fen: pd.Series, *, order: Mapping[str, int] | None = None, language: Language = ENGLISH
) -> go.Figure:
    """Opening price and price on air of each planned item, in percent of the web-lowest; nothing confidential.

    Parameters
    ----------
    plan
        The lineup.
    opening_fen
        Opening price by offer.
    order
        Slot by offer: items stand in that order and carry the number; without it the largest saving comes first.
    language
        Of titles and legends.
    """
    import plotly.graph_objects as go

    rows, t = plan.chosen, language.gettext
    lowest = rows["web_lowest_fen"].astype("float64").fillna(rows["viewer_price_fen"].astype("float64"))
    opened = rows["offer_id"].map(opening_fen).astype("float64") / lowest * 100
    rows = rows.assign(aired=rows["viewer_price_fen"] / lowest * 100, opened=opened)
    rows = _in_show_order(rows, order) if order else rows.sort_values(["aired", "offer_id"], ascending=False)
    names = names_of(rows, order)
    lines = go.Scatter(
        x=_with_gaps(rows["aired"], rows["opened"]), y=_with_gaps(names, names), mode="lines",
        line={"color": "#a3a3a3", "width": 2}, hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    on_air = _dots(rows["aired"], names, t("price on air"), COLOURS["air"], "circle")
    on_air.update(mode="markers+text", text=[f"{share:.0f}" for share in rows["aired"]], textposition="middle left")
    figure = figure_of(
        [lines, _dots(rows["opened"], names, t("opening"), COLOURS["open"], "circle-open"), on_air],
        height=120 + 40 * len(rows), x=t("percent of the web-lowest"),
    )  # fmt: skip
    figure.add_vline(x=100, line={"color": COLOURS["web"], "width": 2}, annotation_text=t("web-lowest"),
                     annotation_position="top left")  # fmt: skip
    figure.update_xaxes(range=[rows["aired"].min() - 8, max(104.0, rows["opened"].max() + 4)])
    return figure


def value_parts(plan: LineupPlan, *, order: Mapping[str, int] | None = None, language: Language = ENGLISH) -> go.Figure:
    """What each planned item is worth once agreed, by component; see :func:`price_picture` for the parameters."""
    import plotly.graph_objects as go

    rows = plan.chosen
    rows = _in_show_order(rows, order) if order else rows.sort_values("agreed_value", kind="stable")
    names = names_of(rows, order)
    traces = [
        go.Bar(x=rows[column], y=names, orientation="h", name=language.gettext(label), marker_color=colour)
        for column, (label, colour) in PARTS.items()
        if rows[column].abs().sum() > 0
    ]
    figure = figure_of(traces, height=120 + 40 * len(rows), x=language.gettext("yuan-equivalents"))
    figure.update_layout(barmode="relative")
    if language.code != "en":
        # The library writes large numbers by thousands only.
        parts = rows[[column for column in PARTS if column in rows.columns]]
        marks = _round_marks(float(parts.clip(upper=0).sum(axis=1).min()), float(parts.clip(lower=0).sum(axis=1).max()))
        figure.update_xaxes(tickmode="array", tickvals=marks, ticktext=[language.count(mark) for mark in marks])
    return figure


def rule_prices(plan: LineupPlan) -> go.Figure:
    """What the lineup would gain without each rule that costs something."""
    import plotly.graph_objects as go

    rows = plan.rule_prices[plan.rule_prices["price"] > 0].sort_values("price", kind="stable")
    trace = go.Bar(x=rows["price"], y=rows["title"], orientation="h", marker_color=COLOURS["web"])
    height = 100 + 28 * max(len(rows), 1)
    figure = figure_of([trace], height=height, x="yuan-equivalents the ten would gain without the rule")
    figure.update_layout(showlegend=False)
    return figure


def bargaining_picture(targets: Targets, *, limit: int = 20) -> go.Figure:
    """Reservation interval, anchor, target, walk-away and web-lowest in percent of the opening; confidential."""
    import plotly.graph_objects as go

    rows = targets.frame.head(limit).iloc[::-1]
    opening = rows["opening_fen"].astype("float64")
    names = names_of(rows, None)

    def percent(column: str) -> pd.Series:
        return rows[column].astype("Float64") / opening * 100

    interval = go.Scatter(
        x=_with_gaps(percent("reservation_low_fen"), percent("reservation_high_fen")), y=_with_gaps(names, names),
        mode="lines", line={"color": COLOURS["range"], "width": 14}, name="brand's floor, estimated", hoverinfo="skip",
    )  # fmt: skip
    marks = [
        _dots(percent("anchor_fen"), names, "first ask", COLOURS["open"], "triangle-right"),
        _dots(percent("target_fen"), names, "target", COLOURS["target"], "circle"),
        _dots(percent("walk_away_fen"), names, "walk-away", COLOURS["walk"], "x"),
        _dots(percent("web_lowest_fen"), names, "web-lowest", COLOURS["web"], "line-ns-open"),
    ]
    figure = figure_of([interval, *marks], height=120 + 38 * len(rows), x="percent of the opening price")
    figure.add_vline(x=100, line={"color": COLOURS["open"], "width": 1, "dash": "dot"}, annotation_text="opening")
    return figure


def _round_marks(low: float, high: float) -> list[float]:
    """Some five round numbers over a range, zero among them.

    Examples
    --------
    >>> _round_marks(-120000.0, 330000.0)
    [-100000.0, 0.0, 100000.0, 200000.0, 300000.0]
    """
    power = 10.0 ** floor(log10(max((high - low) / 5, 1.0)))
    step = min((size * power for size in (1, 2, 5, 10)), key=lambda size: abs((high - low) / size - 5))
    return [step * number for number in range(ceil(low / step), floor(high / step) + 1)]


def figure_of(traces: list[Any], *, height: int, x: str) -> go.Figure:
    """A figure in the house's look: height in pixels, the title of the x axis, the legend on top."""
    import plotly.graph_objects as go

    figure = go.Figure(traces)
    figure.update_layout(
        template="plotly_white", height=height, font={"family": _FONT, "size": 13}, xaxis_title=x, bargap=0.35,
        margin={"l": 8, "r": 24, "t": 36, "b": 8},
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "xanchor": "left"},
    )  # fmt: skip
    figure.update_yaxes(automargin=True)
    figure.update_xaxes(automargin=True)
    return figure


def _dots(x: pd.Series, y: list[str], name: str, colour: str, symbol: str) -> Any:
    import plotly.graph_objects as go

    values = [None if pd.isna(value) else round(float(value), 1) for value in x]
    return go.Scatter(x=values, y=y, mode="markers", name=name, marker={"color": colour, "symbol": symbol, "size": 11})


def _with_gaps(first: Any, second: Any) -> list[Any]:
    """Pairs as one line each, with a gap after every pair."""
    return [
        value if value is None or isinstance(value, str) else float(value)
        for a, b in zip(first, second, strict=True)
        for value in (a, b, None)
    ]


def _in_show_order(rows: pd.DataFrame, order: Mapping[str, int]) -> pd.DataFrame:
    """The first slot last: a horizontal chart grows upwards."""
    return rows.assign(slot=rows["offer_id"].map(order)).sort_values("slot", ascending=False)


def names_of(rows: pd.DataFrame, order: Mapping[str, int] | None) -> list[str]:
    """Labels of items for an axis, with their slot where an order is given."""
    if order is None:
        return [axis_label(f"{title} · {offer}") for title, offer in zip(rows["title"], rows["offer_id"], strict=True)]
    return [axis_label(f"{order[offer]}. {title}") for title, offer in zip(rows["title"], rows["offer_id"], strict=True)]


def axis_label(text: str) -> str:
    """A label of at most two lines of 18 half-widths, so that it leaves a phone room for the chart."""
    # Titles are others' text: plotly would read tags in them.
    plain = text.replace("<", "‹").replace(">", "›").replace("&", "＆")
    lines, width = [""], 0
    for char in plain:
        wide = 2 if east_asian_width(char) in "WF" else 1
        if width + wide > _LABEL_WIDTH:
            if len(lines) == 2:
                return "<br>".join([lines[0], lines[1][:-1] + "…"])
            lines, width = [lines[0].rstrip(), ""], 0
        lines[-1], width = lines[-1] + char, width + wide
    return "<br>".join(line.strip() for line in lines)
