"""The figures of notebooks and briefing: one factory, one look, nothing that phones home."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import ceil, floor, log10
from typing import TYPE_CHECKING, Any

import pandas as pd

from bosspick.briefing.labels import axis_label
from bosspick.briefing.language import ENGLISH, Language, marked
from bosspick.screening.verdicts import REASONS

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from bosspick.bargaining import Targets
    from bosspick.lineup.plan import LineupPlan
    from bosspick.screening import Screening

__all__ = [
    "COLOURS",
    "CONFIG",
    "INKED",
    "PARTS",
    "as_data",
    "bargaining_picture",
    "by_ten_thousands",
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
#: What a trace is marked with that a page draws in the ink of its text.
INKED = "ink"
#: Half-widths of one line of a label that is a sentence.
_SENTENCE_WIDTH = 36
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
    """How many offers each reason stops, in words, longest first."""
    import plotly.graph_objects as go

    codes = screening.offers.loc[screening.offers["status"] != "pass", "blocking"].str.split(", ").explode()
    counts = codes[codes != ""].value_counts().sort_index().sort_values(kind="stable")
    words = [axis_label(language.told(REASONS[code]), width=_SENTENCE_WIDTH) for code in counts.index]
    trace = go.Bar(x=counts.to_numpy(), y=words, orientation="h", marker_color=COLOURS["bargain"],
                   text=counts.to_list(), textposition="outside", cliponaxis=False)  # fmt: skip
    figure = figure_of([trace], height=90 + 36 * len(counts), x=language.gettext("offers"))
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
    parts = rows[[column for column in PARTS if column in rows.columns]]
    low, high = parts.clip(upper=0).sum(axis=1).min(), parts.clip(lower=0).sum(axis=1).max()
    by_ten_thousands(figure, language, float(low), float(high))
    return figure


def rule_prices(plan: LineupPlan, *, language: Language = ENGLISH) -> go.Figure:
    """What the lineup would gain without each rule that costs something, in yuan-equivalents."""
    import plotly.graph_objects as go

    rows = plan.rule_prices[plan.rule_prices["price"] > 0].sort_values("price", kind="stable")
    words = [axis_label(language.told(title), width=_SENTENCE_WIDTH) for title in rows["title"]]
    trace = go.Bar(x=rows["price"], y=words, orientation="h", marker_color=COLOURS["web"], textposition="outside",
                   text=[language.count(price) for price in rows["price"]], cliponaxis=False)  # fmt: skip
    heading = language.gettext("yuan-equivalents the ten would gain without the rule")
    figure = figure_of([trace], height=100 + 36 * max(len(rows), 1), x=heading)
    figure.update_layout(showlegend=False)
    by_ten_thousands(figure, language, 0.0, float(rows["price"].max()) if len(rows) else 0.0)
    return figure


def bargaining_picture(targets: Targets, *, limit: int = 20, language: Language = ENGLISH) -> go.Figure:
    """Reservation interval, anchor, target, walk-away and web-lowest in percent of the opening; confidential."""
    import plotly.graph_objects as go

    rows, t = targets.frame.head(limit).iloc[::-1], language.gettext
    opening = rows["opening_fen"].astype("float64")
    names = names_of(rows, None)

    def percent(column: str) -> pd.Series:
        return rows[column].astype("Float64") / opening * 100

    interval = go.Scatter(
        x=_with_gaps(percent("reservation_low_fen"), percent("reservation_high_fen")), y=_with_gaps(names, names),
        mode="lines", line={"color": COLOURS["range"], "width": 14}, name=t("brand's floor, estimated"), hoverinfo="skip",
    )  # fmt: skip
    marks = [
        _dots(percent("anchor_fen"), names, t("First ask"), COLOURS["open"], "triangle-right"),
        _dots(percent("target_fen"), names, t("Target"), COLOURS["target"], "circle"),
        _dots(percent("walk_away_fen"), names, t("Walk-away"), COLOURS["walk"], "x"),
        _dots(percent("web_lowest_fen"), names, t("web-lowest"), COLOURS["web"], "line-ns-open"),
    ]
    figure = figure_of([interval, *marks], height=120 + 38 * len(rows), x=t("percent of the opening price"))
    figure.add_vline(x=100, line={"color": COLOURS["open"], "width": 1, "dash": "dot"}, annotation_text=t("opening"))
    return figure


def by_ten_thousands(figure: go.Figure, language: Language, low: float, high: float, *, axis: str = "x") -> None:
    """Marks of an amount axis in the language's own words: the library writes large numbers by thousands only."""
    if language.code != "en":
        marks = _round_marks(low, high)
        words = [language.count(mark) for mark in marks]
        figure.update_layout({f"{axis}axis": {"tickmode": "array", "tickvals": marks, "ticktext": words}})


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
    """Labels of items for an axis: their slot where an order is given, else their offer_id, which no cutting takes away."""
    if order is None:
        return [axis_label(f"{offer} {title}") for title, offer in zip(rows["title"], rows["offer_id"], strict=True)]
    return [axis_label(f"{order[offer]}. {title}") for title, offer in zip(rows["title"], rows["offer_id"], strict=True)]
