"""Tables and figures of the talks: the board by negotiator, what it may bring, who pays, and how well we knew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from bosspick.briefing.figures import COLOURS, by_ten_thousands, figure_of
from bosspick.briefing.labels import plain
from bosspick.frames import records

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from bosspick.briefing.stage import Stage

__all__ = [
    "acceptance_basis",
    "calibration_picture",
    "pots_table",
    "subsidy_fall",
    "talk_board",
    "talk_board_picture",
    "talk_worth",
]

#: Share of the longest hours a talk needs for its bar to be labelled.
_LABELLED = 0.15


def talk_board(stage: Stage) -> pd.DataFrame:
    """The talks in the order to hold them, by negotiator; confidential."""
    language, rows = stage.language, stage.talks.talks
    t = language.gettext
    table = pd.DataFrame(
        {
            t("Negotiator"): rows["negotiator"], t("Turn"): rows["turn"], t("Offer"): rows["offer_id"],
            t("Title"): rows["offer_id"].map(_titles(stage)), t("Aim"): [language.yuan(price) for price in rows["aim_fen"]],
            t("Chance"): rows["accept_p"].map(language.percent), t("Hours"): rows["hours"].map("{:g}".format),
            t("Adds at least"): rows["worth"].map(language.count),
            t("Worth an hour"): rows["worth_per_hour"].map(language.count),
        }
    )  # fmt: skip
    return table.set_index([t("Negotiator"), t("Turn")])


def talk_worth(stage: Stage) -> pd.DataFrame:
    """What the talks may bring, beside the plan one would make by hand and what nobody can exceed; yuan-equivalents."""
    plan, language = stage.talks, stage.language
    t = language.gettext
    rows = {
        t("No talk at all"): plan.without,
        t("Naive: top of the list while hours last"): plan.naive,
        t("This talk plan"): plan.expected,
        t("This plan over the naive one"): plan.gain,
        t("If every answer were known beforehand"): plan.wait_and_see,
    }

    def interval(each: Any) -> str:
        low, high = (language.count(end) for end in (each.low, each.high))
        return t("exact") if not plan.sampled or low == high else t("%(low)s to %(high)s", low=low, high=high)

    table = [(name, language.count(each.mean), interval(each)) for name, each in rows.items()]
    heads = [t("The talks"), t("Expected, yuan-equivalents"), t("95%% interval")]
    return pd.DataFrame(table, columns=heads).set_index(heads[0])


def talk_board_picture(stage: Stage) -> go.Figure:
    """Hours on one axis, a row a negotiator, a bar a talk; the grey end is what nobody has planned."""
    import plotly.graph_objects as go

    plan, language, titles = stage.talks, stage.language, _titles(stage)
    names = plan.hours["negotiator"].tolist()[::-1]
    # A short talk's bar has room for its turn only; the board has the rest.
    room, traces = _LABELLED * float(plan.hours["hours"].max()), []
    start = dict.fromkeys(names, 0.0)
    for number, talk in enumerate(records(plan.talks)):
        name, aim = talk["negotiator"], language.yuan(talk["aim_fen"])
        words = f"{talk['offer_id']}<br>{aim}<br>{language.percent(talk['accept_p'])}"
        words = words if talk["hours"] >= room else str(talk["turn"])
        told = language.gettext("%(title)s: aim %(aim)s, adds %(worth)s", title=plain(titles[talk["offer_id"]]), aim=aim,
                                worth=language.count(talk["worth"]))  # fmt: skip
        colour = COLOURS["slot"] if number % 2 else COLOURS["target"]
        traces.append(
            go.Bar(
                x=[talk["hours"]], y=[name], base=[start[name]], orientation="h", text=[words],
                textposition="inside", insidetextanchor="middle", textangle=0, showlegend=False,
                marker={"color": colour, "line": {"color": "#ffffff", "width": 2}},
                hovertext=[told], hoverinfo="text",
            )
        )  # fmt: skip
        start[name] += talk["hours"]
    hours = plan.hours.set_index("negotiator")
    free = [(name, hours.loc[name, "hours"] - hours.loc[name, "planned"]) for name in names]
    traces.append(
        go.Bar(x=[left for _, left in free], y=names, base=[hours.loc[name, "planned"] for name in names], orientation="h",
               name=language.gettext("free"), marker_color=COLOURS["range"], hoverinfo="x+name")
    )  # fmt: skip
    figure = figure_of(traces, height=120 + 64 * len(names), x=language.gettext("hours of talks"))
    figure.update_layout(barmode="overlay")
    figure.update_yaxes(categoryorder="array", categoryarray=names)
    return figure


def pots_table(stage: Stage) -> pd.DataFrame:
    """The pots by payer: planned, left, the very good night, and what more would bring."""
    language, rows = stage.language, stage.subsidy.pots
    t = language.gettext

    def totals(column: str) -> list[str]:
        return [t("not limited") if pd.isna(fen) else language.total(fen) for fen in rows[column]]

    table = pd.DataFrame(
        {
            t("Payer"): rows["payer"].map(t), t("Given"): totals("given_fen"), t("Kept for the air"): totals("reserve_fen"),
            t("Planned"): totals("planned_fen"), t("Left"): totals("left_fen"),
            t("On a very good night"): totals("high_fen"), t("Limit then"): totals("stress_fen"),
            t("The next ¥10,000 would bring, yuan-equivalents"): [
                "–" if pd.isna(value) else language.count(value) for value in rows["next_step_value"]
            ],
        }
    )  # fmt: skip
    return table.set_index(t("Payer"))


def subsidy_fall(stage: Stage) -> go.Figure:
    """From what the ten would cost at their opening prices to what viewers pay, by who pays the difference; yuan."""
    import plotly.graph_objects as go

    rows, language = stage.subsidy.fall, stage.language
    t = language.gettext
    opening, brand, platform, viewer = (
        float((rows[f"{name}_fen"] * rows["units"]).sum()) / 100 for name in ("opening", "brand", "platform", "viewer")
    )
    steps = [(t("at opening prices"), opening, "absolute"), (t("brands come down"), -brand, "relative"),
             (t("platform pays"), -platform, "relative"), (t("viewers pay"), viewer, "total")]  # fmt: skip
    bar = go.Waterfall(
        x=[name for name, _, _ in steps], y=[value for _, value, _ in steps], measure=[kind for _, _, kind in steps],
        text=[language.total(round(abs(value) * 100)) for _, value, _ in steps], textposition="outside",
        connector={"line": {"color": COLOURS["open"], "width": 1}}, decreasing={"marker": {"color": COLOURS["target"]}},
        totals={"marker": {"color": COLOURS["web"]}}, increasing={"marker": {"color": COLOURS["web"]}}, showlegend=False,
    )  # fmt: skip
    figure = figure_of([bar], height=360, x="")
    figure.update_yaxes(title=t("yuan, at expected units"), range=[0, opening * 1.15])
    by_ten_thousands(figure, language, 0.0, opening, axis="y")
    return figure


def calibration_picture(stage: Stage) -> go.Figure:
    """Past talks against what would have been expected of them; see :func:`bosspick.demand.past_talks.calibration`."""
    import plotly.graph_objects as go

    from bosspick.demand import calibration, past_talks

    t, found = stage.language.gettext, calibration(past_talks(stage.week))
    band = go.Scatter(
        x=[*found["level"], *found["level"][::-1]], y=[*found["high"], *found["low"][::-1]], fill="toself",
        mode="lines", fillcolor=COLOURS["range"], line={"width": 0},
        name=t("95%% of what chance allows"), hoverinfo="skip",
    )  # fmt: skip
    line = go.Scatter(x=found["level"], y=found["observed"], mode="lines+markers", name=t("past talks"),
                      line={"color": COLOURS["air"]}, marker={"size": 8})  # fmt: skip
    even = go.Scatter(x=[0, 1], y=[0, 1], mode="lines", name=t("as expected"), line={"color": COLOURS["open"], "dash": "dot"})
    figure = figure_of([band, even, line], height=380, x=t("share of talks expected to end at or below"))
    figure.update_yaxes(title=t("share that did"), range=[0, 1], tickformat=".0%")
    figure.update_xaxes(range=[0, 1], tickformat=".0%")
    if not len(found):
        figure.add_annotation(x=0.5, y=0.5, text=t("too few past talks to judge"), showarrow=False, bgcolor="#ffffff")
    return figure


def acceptance_basis(stage: Stage) -> pd.DataFrame:
    """What the chances of the offers rest on, most common first."""
    from bosspick.demand import acceptance_of

    language = stage.language
    # After the colon each offer's own counts follow.
    short = acceptance_of(stage.week).bounds["basis"].str.replace(r":.*", "", regex=True)
    counts = short.value_counts()
    rows = pd.DataFrame({language.gettext("Offers"): counts.to_numpy()}, index=[language.told(words) for words in counts.index])
    return rows.rename_axis(language.gettext("Rests on"))


def _titles(stage: Stage) -> pd.Series:
    return stage.week.table("offers").set_index("offer_id")["title"]
