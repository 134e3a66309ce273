"""Tables and figures of the talks: the board by negotiator, what it may bring, who pays, and how well we knew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from bosspick.briefing.figures import COLOURS, figure_of
from bosspick.briefing.wording import UNKNOWN, yuan
from bosspick.frames import records

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from bosspick.bargaining import TalkPlan
    from bosspick.bargaining.subsidy import Subsidy

__all__ = [
    "acceptance_basis",
    "calibration_picture",
    "pots_table",
    "subsidy_fall",
    "talk_board",
    "talk_board_picture",
    "talk_worth",
]

_PAYERS = {"platform": "platform", "brand": "brands", "host": "hosts"}


def talk_board(plan: TalkPlan, titles: pd.Series) -> pd.DataFrame:
    """The talks in the order to hold them, by negotiator; confidential.

    Parameters
    ----------
    plan
        The talk plan.
    titles
        Title by offer_id.
    """
    rows = plan.talks
    table = pd.DataFrame(
        {
            "negotiator": rows["negotiator"], "turn": rows["turn"], "offer": rows["offer_id"],
            "title": rows["offer_id"].map(titles), "aim": [yuan(price) for price in rows["aim_fen"]],
            "accepts": rows["accept_p"].map("{:.0%}".format), "hours": rows["hours"].map("{:g}".format),
            "adds at least": rows["worth"].map("{:,.0f}".format), "an hour": rows["worth_per_hour"].map("{:,.0f}".format),
        }
    )  # fmt: skip
    return table.set_index(["negotiator", "turn"])


def talk_worth(plan: TalkPlan) -> pd.DataFrame:
    """What the talks may bring, beside the plan one would make by hand and what nobody can exceed."""
    rows = {
        "no talk at all": plan.without,
        "naive: top of the list while hours last": plan.naive,
        "this talk plan": plan.expected,
        "this plan over the naive one": plan.gain,
        "if every answer were known beforehand": plan.wait_and_see,
    }
    table = pd.DataFrame(
        [
            {"": name, "expected, yuan-equivalents": f"{each.mean:,.0f}",
             "95% interval": f"{each.low:,.0f} to {each.high:,.0f}" if plan.sampled else "exact"}
            for name, each in rows.items()
        ]
    )  # fmt: skip
    return table.set_index("")


def talk_board_picture(plan: TalkPlan, titles: pd.Series) -> go.Figure:
    """Hours on one axis, a row a negotiator, a bar a talk; the grey end is what nobody has planned."""
    import plotly.graph_objects as go

    names = plan.hours["negotiator"].tolist()[::-1]
    traces = []
    start = dict.fromkeys(names, 0.0)
    for number, talk in enumerate(records(plan.talks)):
        name, aim = talk["negotiator"], yuan(talk["aim_fen"])
        words = f"{talk['offer_id']}<br>{aim}<br>{talk['accept_p']:.0%}"
        told = f"{titles.get(talk['offer_id'], '')}: aim {aim}, adds {talk['worth']:,.0f}"
        colour = COLOURS["slot"] if number % 2 else COLOURS["target"]
        traces.append(
            go.Bar(
                x=[talk["hours"]], y=[name], base=[start[name]], orientation="h", text=[words],
                textposition="inside", insidetextanchor="middle", showlegend=False,
                marker={"color": colour, "line": {"color": "#ffffff", "width": 2}},
                hovertext=[told], hoverinfo="text",
            )
        )  # fmt: skip
        start[name] += talk["hours"]
    hours = plan.hours.set_index("negotiator")
    free = [(name, hours.loc[name, "hours"] - hours.loc[name, "planned"]) for name in names]
    traces.append(
        go.Bar(x=[left for _, left in free], y=names, base=[hours.loc[name, "planned"] for name in names], orientation="h",
               name="free", marker_color=COLOURS["range"], hoverinfo="x+name")
    )  # fmt: skip
    figure = figure_of(traces, height=120 + 64 * len(names), x="hours of talks")
    figure.update_layout(barmode="overlay")
    figure.update_yaxes(categoryorder="array", categoryarray=names)
    return figure


def pots_table(subsidy: Subsidy) -> pd.DataFrame:
    """The pots by payer: planned, left, the very good night, and what more would bring."""
    rows = subsidy.pots
    table = pd.DataFrame(
        {
            "payer": rows["payer"].map(_PAYERS), "given": [yuan(x, whole=True) for x in rows["given_fen"]],
            "kept for the air": [yuan(x, whole=True) for x in rows["reserve_fen"]],
            "planned": [yuan(x, whole=True) for x in rows["planned_fen"]],
            "left": ["not limited" if pd.isna(x) else yuan(x, whole=True) for x in rows["left_fen"]],
            "on a very good night": [yuan(x, whole=True) for x in rows["high_fen"]],
            "limit then": ["not limited" if pd.isna(x) else yuan(x, whole=True) for x in rows["stress_fen"]],
            "next ¥10,000 bring": ["–" if pd.isna(x) else f"{x:,.0f}" for x in rows["next_step_value"]],
        }
    )  # fmt: skip
    return table.set_index("payer")


def subsidy_fall(subsidy: Subsidy) -> go.Figure:
    """From what the ten would cost at their opening prices to what viewers pay, by who pays the difference."""
    import plotly.graph_objects as go

    rows = subsidy.fall
    totals = {
        name: float((rows[f"{name}_fen"] * rows["units"]).sum()) / 100 for name in ("opening", "brand", "platform", "viewer")
    }
    steps = [("at opening prices", totals["opening"], "absolute"), ("brands come down", -totals["brand"], "relative"),
             ("platform pays", -totals["platform"], "relative"), ("viewers pay", totals["viewer"], "total")]  # fmt: skip
    bar = go.Waterfall(
        x=[name for name, _, _ in steps], y=[value for _, value, _ in steps], measure=[kind for _, _, kind in steps],
        text=[f"¥{abs(value):,.0f}" for _, value, _ in steps], textposition="outside",
        connector={"line": {"color": COLOURS["open"], "width": 1}}, decreasing={"marker": {"color": COLOURS["target"]}},
        totals={"marker": {"color": COLOURS["web"]}}, increasing={"marker": {"color": COLOURS["web"]}}, showlegend=False,
    )  # fmt: skip
    figure = figure_of([bar], height=360, x="")
    figure.update_yaxes(title="yuan, at expected units", range=[0, totals["opening"] * 1.15])
    return figure


def calibration_picture(found: pd.DataFrame) -> go.Figure:
    """Past talks against what would have been expected of them; see :func:`bosspick.demand.past_talks.calibration`."""
    import plotly.graph_objects as go

    band = go.Scatter(
        x=[*found["level"], *found["level"][::-1]], y=[*found["high"], *found["low"][::-1]], fill="toself",
        fillcolor=COLOURS["range"], line={"width": 0}, name="95% of what chance allows", hoverinfo="skip",
    )  # fmt: skip
    line = go.Scatter(x=found["level"], y=found["observed"], mode="lines+markers", name="past talks",
                      line={"color": COLOURS["air"]}, marker={"size": 8})  # fmt: skip
    even = go.Scatter(x=[0, 1], y=[0, 1], mode="lines", name="as expected", line={"color": COLOURS["open"], "dash": "dot"})
    figure = figure_of([band, even, line], height=380, x="share of talks expected to end at or below")
    figure.update_yaxes(title="share that did", range=[0, 1], tickformat=".0%")
    figure.update_xaxes(range=[0, 1], tickformat=".0%")
    return figure


def acceptance_basis(bounds: pd.DataFrame) -> pd.DataFrame:
    """What the chances of the offers rest on, most common first; ``bounds`` as of :class:`bosspick.demand.Acceptance`."""
    short = bounds["basis"].str.replace(r":.*", "", regex=True)
    counts = short.value_counts().rename_axis("rests on").rename("offers").to_frame()
    return counts if len(counts) else pd.DataFrame({"rests on": [UNKNOWN], "offers": [0]}).set_index("rests on")
