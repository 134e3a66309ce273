"""The figures of notebooks and briefing: one factory, one look, nothing that phones home."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from bosspick.bargaining import Targets
    from bosspick.lineup.plan import LineupPlan
    from bosspick.rundown import Rundown
    from bosspick.screening import Screening

__all__ = ["CONFIG", "COLOURS", "bargaining_picture", "price_picture", "rule_prices", "rundown_picture", "show",
           "stop_reasons", "value_parts"]  # fmt: skip

#: No upload button, no logo, no server: a briefing is confidential.
CONFIG: dict[str, Any] = {
    "displayModeBar": False, "displaylogo": False, "plotlyServerURL": "", "responsive": True, "showSendToCloud": False
}  # fmt: skip
#: One colour a meaning, told apart by people who see few colours as well (Okabe and Ito 2008).
COLOURS = {
    "web": "#0072b2", "air": "#d55e00", "open": "#7f7f7f", "target": "#009e73", "walk": "#cc79a7", "range": "#e6e6e6",
    "pass": "#009e73", "bargain": "#e69f00", "unknown": "#7f7f7f", "fail": "#d55e00",
}  # fmt: skip
_FONT = "'Noto Sans CJK SC', 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', system-ui, sans-serif"
_PARTS = {
    "value_saving": ("viewers' saving", "#0072b2"), "value_orders": ("orders", "#56b4e9"), "value_trust": ("trust", "#009e73"),
    "value_gmv": ("GMV", "#cc79a7"), "value_subsidy": ("subsidy", "#d55e00"),
}  # fmt: skip


def show(figure: go.Figure) -> None:
    """Display a figure in a notebook, as data only: JupyterLab draws it, no page loads anything."""
    figure.show(renderer="plotly_mimetype", config=CONFIG)


def stop_reasons(screening: Screening) -> go.Figure:
    """How many offers each reason stops, longest first."""
    import plotly.graph_objects as go

    codes = screening.offers.loc[screening.offers["status"] != "pass", "blocking"].str.split(", ").explode()
    counts = codes[codes != ""].value_counts().sort_index().sort_values(kind="stable")
    trace = go.Bar(x=counts.to_numpy(), y=counts.index.to_list(), orientation="h", marker_color=COLOURS["bargain"],
                   text=counts.to_list(), textposition="outside", cliponaxis=False)  # fmt: skip
    figure = _figure([trace], height=90 + 24 * len(counts), x="offers")
    figure.update_layout(showlegend=False)
    return figure


def price_picture(plan: LineupPlan, opening_fen: pd.Series) -> go.Figure:
    """Opening price, price on air and passing limit of each of the ten, in percent of the web-lowest."""
    import plotly.graph_objects as go

    rows = plan.chosen
    lowest = rows["web_lowest_fen"].astype("float64").fillna(rows["viewer_price_fen"].astype("float64"))
    names = _names(rows)
    opened = rows["offer_id"].map(opening_fen).astype("float64") / lowest * 100
    brand = rows["brand_price_fen"] / lowest * 100
    aired = rows["viewer_price_fen"] / lowest * 100
    lines = go.Scatter(
        x=_with_gaps(aired, opened), y=_with_gaps(names, names), mode="lines", line={"color": "#bbbbbb", "width": 2},
        hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    marks = [
        _dots(opened, names, "opening", COLOURS["open"], "circle-open"),
        _dots(brand, names, "paid to the brand", COLOURS["target"], "diamond"),
        _dots(aired, names, "on air", COLOURS["air"], "circle"),
    ]
    figure = _figure([lines, *marks], height=110 + 34 * len(rows), x="percent of the web-lowest")
    figure.add_vline(x=100, line={"color": COLOURS["web"], "width": 2}, annotation_text="web-lowest")
    return figure


def value_parts(plan: LineupPlan) -> go.Figure:
    """What each of the ten is worth once agreed, by component."""
    import plotly.graph_objects as go

    rows = plan.chosen.sort_values("agreed_value", kind="stable")
    names = _names(rows)
    traces = [
        go.Bar(x=rows[column], y=names, orientation="h", name=label, marker_color=colour)
        for column, (label, colour) in _PARTS.items()
        if rows[column].abs().sum() > 0
    ]
    figure = _figure(traces, height=110 + 34 * len(rows), x="yuan-equivalents")
    figure.update_layout(barmode="relative")
    return figure


def rule_prices(plan: LineupPlan) -> go.Figure:
    """What the lineup would gain without each rule that costs something."""
    import plotly.graph_objects as go

    rows = plan.rule_prices[plan.rule_prices["price"] > 0].sort_values("price", kind="stable")
    trace = go.Bar(x=rows["price"], y=rows["title"], orientation="h", marker_color=COLOURS["web"])
    figure = _figure([trace], height=100 + 28 * max(len(rows), 1), x="yuan-equivalents the ten would gain without the rule")
    figure.update_layout(showlegend=False)
    return figure


def bargaining_picture(targets: Targets, *, limit: int = 20) -> go.Figure:
    """Reservation interval, anchor, target, walk-away and web-lowest in percent of the opening; confidential."""
    import plotly.graph_objects as go

    rows = targets.frame.head(limit).iloc[::-1]
    opening = rows["opening_fen"].astype("float64")
    names = _names(rows)

    def percent(column: str) -> pd.Series:
        return rows[column].astype("Float64") / opening * 100

    interval = go.Scatter(
        x=_with_gaps(percent("reservation_low_fen"), percent("reservation_high_fen")), y=_with_gaps(names, names), mode="lines",
        line={"color": COLOURS["range"], "width": 14}, name="brand's floor, estimated", hoverinfo="skip",
    )  # fmt: skip
    marks = [
        _dots(percent("anchor_fen"), names, "first ask", COLOURS["open"], "triangle-right"),
        _dots(percent("target_fen"), names, "target", COLOURS["target"], "circle"),
        _dots(percent("walk_away_fen"), names, "walk-away", COLOURS["walk"], "x"),
        _dots(percent("web_lowest_fen"), names, "web-lowest", COLOURS["web"], "line-ns-open"),
    ]
    figure = _figure([interval, *marks], height=120 + 28 * len(rows), x="percent of the opening price")
    figure.add_vline(x=100, line={"color": COLOURS["open"], "width": 1, "dash": "dot"}, annotation_text="opening")
    return figure


def rundown_picture(rundown: Rundown) -> go.Figure:
    """The show as bars over time, with stock releases and the representatives' windows."""
    import plotly.graph_objects as go

    rows = rundown.slots.iloc[::-1]
    names = [f"{slot}. {_short(title)}" for slot, title in zip(rows["slot"], rows["title"], strict=True)]
    start = pd.to_datetime(rows["starts_at"]).dt.tz_localize(None)
    end = pd.to_datetime(rows["ends_at"]).dt.tz_localize(None)
    bars = go.Bar(
        x=(end - start).dt.total_seconds() * 1000, base=start.dt.strftime("%Y-%m-%dT%H:%M:%S"), y=names, orientation="h",
        marker_color=COLOURS["web"], name="on air",
        text=[f"{role} · {minutes} min" for role, minutes in zip(rows["role"], rows["minutes"], strict=True)],
        textposition="inside", insidetextanchor="middle",
    )  # fmt: skip
    by_offer = dict(zip(rows["offer_id"], names, strict=True))
    at = pd.to_datetime(rundown.tranches["at"]).dt.tz_localize(None)
    releases = go.Scatter(
        x=at.dt.strftime("%Y-%m-%dT%H:%M:%S"), y=[by_offer[offer] for offer in rundown.tranches["offer_id"]], mode="markers",
        marker={"symbol": "triangle-down", "size": 9, "color": COLOURS["bargain"], "line": {"color": "#333333", "width": 1}},
        name="stock release", text=[f"{units:,} units" for units in rundown.tranches["units"]],
    )  # fmt: skip
    figure = _figure([bars, releases], height=110 + 34 * len(rows), x="")
    figure.update_xaxes(type="date", tickformat="%H:%M")
    return figure


def _figure(traces: list[Any], *, height: int, x: str) -> go.Figure:
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


def _names(rows: pd.DataFrame) -> list[str]:
    return [f"{_short(title)} · {offer}" for title, offer in zip(rows["title"], rows["offer_id"], strict=True)]


def _short(title: str) -> str:
    # Titles are others' text: plotly would read tags in them.
    plain = title.replace("<", "‹").replace(">", "›")
    return plain if len(plain) <= 18 else plain[:17] + "…"
