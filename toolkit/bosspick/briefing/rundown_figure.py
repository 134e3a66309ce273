"""The show over time as a figure: items, roles, representatives on set, stock releases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from bosspick.briefing.figures import INKED, figure_of, names_of
from bosspick.briefing.language import ENGLISH, Language

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from bosspick.rundown import Rundown

__all__ = ["rundown_picture"]

#: Seen through, so that the words on it are legible in the ink of a light page and of a dark one.
_ON_SET = "rgba(127,127,127,0.25)"
#: At least three times as dark as any role's colour.
_RELEASE = "#111111"
#: One colour a role of the show.
_ROLE_COLOURS = {"hook": "#d55e00", "hard bargain": "#0072b2", "wish": "#cc79a7", "everyday": "#56b4e9", "closer": "#009e73"}


def rundown_picture(rundown: Rundown, *, language: Language = ENGLISH) -> go.Figure:
    """The show over time: each item's bar with its role and minutes, its representative's window, its stock releases."""
    import plotly.graph_objects as go

    rows = rundown.slots.iloc[::-1]
    names = names_of(rows, dict(zip(rows["offer_id"], rows["slot"], strict=True)))
    start, end = _local(rows["starts_at"]), _local(rows["ends_at"])
    begins, ends = start.min(), end.max()
    rows = rows.assign(name=names, start=start, end=end, late=(start - begins) + (end - begins) > ends - begins)
    traces = [_spans(_windows(rows, begins, ends), language.gettext("representative on set"), _ON_SET, width=0.8)]
    for role, colour in _ROLE_COLOURS.items():
        of = rows[rows["role"] == role]
        if len(of):
            traces.append(_spans(of, language.told(role), colour, width=0.5))
    # The role stands in words beside its bar, on the side with room: nobody has to tell colours apart.
    for late, side in ((False, "end"), (True, "start")):
        of = rows[rows["late"] == late]
        words = [f"{language.told(role)} {minutes}′" for role, minutes in zip(of["role"], of["minutes"], strict=True)]
        words = [f"{word}  " if late else f"  {word}" for word in words]
        traces.append(
            go.Scatter(x=_stamps(of[side]), y=of["name"], mode="text", text=words, hoverinfo="skip", showlegend=False,
                       textposition="middle left" if late else "middle right", textfont={"size": 10})
        )  # fmt: skip
    by_offer = dict(zip(rows["offer_id"], names, strict=True))
    # Strokes inside the bar: on a phone a minute is little more than a pixel wide. Their sample in the legend stands on
    # the page itself, so it is a trace of its own, which a page draws in its ink.
    name = language.gettext("stock release")
    stroke = {"symbol": "line-ns-open", "size": 11, "color": _RELEASE, "line": {"width": 2}}
    sample = go.Scatter(x=[None], y=[None], mode="markers", name=name, meta=INKED, marker=stroke)
    releases = go.Scatter(
        x=_stamps(_local(rundown.tranches["at"])), y=[by_offer[offer] for offer in rundown.tranches["offer_id"]],
        mode="markers", name=name, showlegend=False, marker=stroke,
        text=[language.gettext("%(units)s units", units=f"{units:,}") for units in rundown.tranches["units"]],
    )  # fmt: skip
    traces += [sample, releases]
    figure = figure_of(traces, height=130 + 44 * len(rows), x="")
    figure.update_layout(barmode="overlay")
    figure.update_yaxes(categoryorder="array", categoryarray=names)
    figure.update_xaxes(type="date", tickformat="%H:%M", range=_stamps(pd.Series([begins, ends + (ends - begins) / 16])))
    return figure


def _windows(rows: pd.DataFrame, begins: pd.Timestamp, ends: pd.Timestamp) -> pd.DataFrame:
    """The part of each stated window inside the show."""
    stated = rows[rows["rep_arrives"].notna() | rows["rep_leaves"].notna()]
    start = _local(stated["rep_arrives"]).fillna(begins)
    end = _local(stated["rep_leaves"]).fillna(ends)
    found = pd.DataFrame({"name": stated["name"], "start": start.where(start > begins, begins),
                          "end": end.where(end < ends, ends)})  # fmt: skip
    return found.loc[found["end"] > found["start"]]


def _spans(rows: pd.DataFrame, name: str, colour: str, *, width: float) -> Any:
    import plotly.graph_objects as go

    return go.Bar(
        x=(rows["end"] - rows["start"]).dt.total_seconds() * 1000, base=_stamps(rows["start"]), y=rows["name"],
        orientation="h", marker_color=colour, name=name, width=width, hoverinfo="y+name",
    )  # fmt: skip


def _local(moments: pd.Series) -> pd.Series:
    """Moments as the clock on set shows them."""
    return pd.to_datetime(moments).dt.tz_localize(None)


def _stamps(moments: pd.Series) -> list[str]:
    return [moment.strftime("%Y-%m-%dT%H:%M:%S") for moment in moments]
