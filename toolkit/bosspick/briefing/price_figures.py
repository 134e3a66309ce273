"""The evidence as pictures: every quote of one offer, and how well the channels cover a week's offers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import inf
from typing import TYPE_CHECKING, Any

import pandas as pd

from bosspick.briefing.figures import COLOURS, figure_of
from bosspick.briefing.labels import axis_label, plain
from bosspick.briefing.language import ENGLISH, Language, marked
from bosspick.errors import InputError
from bosspick.frames import records
from bosspick.screening.evidence import SET_ASIDE

if TYPE_CHECKING:
    import plotly.graph_objects as go

__all__ = ["coverage_map", "price_picture"]

_ASIDE = "#9a9a9a"
_NOT_SEEN, _INK = "#ffffff", "#16324a"
#: Lines of the picture: column of the offer, word, colour, width and dash. The wider is drawn first, since the passing
#: price is often one fen from the web-lowest.
_LINES = (
    ("web_lowest_fen", marked("web-lowest"), COLOURS["web"], 4, "solid"),
    ("passes_at_fen", marked("passes at"), COLOURS["target"], 2, "dash"),
    ("opening_price_fen", marked("opening"), COLOURS["air"], 2, "dot"),
)
#: Prices a quote may be drawn at, in the order in which they are looked for: column and word.
_PRICES = (("ranking_fen", marked("what it costs")), ("landed_fen", marked("what it costs")),
           ("possible_fen", marked("what it costs at least")), ("display_fen", marked("price shown")))  # fmt: skip
_MEMBERS = marked("members, new users and the like")
#: Height of a line's label, of a channel, and of one with many quotes, pixels.
_LABEL, _CHANNEL, _CROWDED = 18, 34, 64
#: Quotes of one channel that stand apart at full size.
_MANY = 8
#: Half of the band a channel's marks are spread over, so that equal prices stay apart.
_SPREAD = 0.32
_ROW = 22


def price_picture(pairs: pd.DataFrame, offer_row: Mapping[str, Any], *, language: Language = ENGLISH) -> go.Figure:
    """Every quote of one offer by channel and price, with the lines it is judged by.

    Quotes that may rank are filled circles at the price they rank with; quotes set aside are grey crosses at what they
    cost, or could cost at least, or show; the price for members and the like is an open diamond where it is lower.

    Parameters
    ----------
    pairs
        As :class:`bosspick.screening.Screening` holds them, of any offers: offer_id, quote_id, channel, shop, grade,
        age_h, display_fen, landed_fen, conditional_fen, possible_fen, ranking_fen, set_aside.
    offer_row
        offer_id, title, opening_price_fen, web_lowest_fen and passes_at_fen; null where there is none.
    language
        Of legends and of what stands under the pointer.

    Returns
    -------
    Figure
        Prices in yuan; channels from the lowest price that may rank down to those without one.

    Examples
    --------
    >>> pairs = pd.DataFrame({"offer_id": ["O1"], "quote_id": ["Q1"], "channel": ["A"], "shop": ["S"], "grade": ["A"],
    ...     "age_h": [3.0], "display_fen": [10000], "landed_fen": [9500], "conditional_fen": [9500],
    ...     "possible_fen": [9500], "ranking_fen": [9500], "set_aside": [None]})
    >>> offer = {"offer_id": "O1", "title": "Cream", "opening_price_fen": 9900, "web_lowest_fen": 9500,
    ...          "passes_at_fen": 9499}
    >>> price_picture(pairs, offer).data[0].x
    (95.0,)
    """
    t = language.gettext
    marks = _placed(pairs[pairs["offer_id"] == offer_row["offer_id"]])
    drawn = [mark for mark in marks if mark["at_fen"] is not None]
    ranks, aside = ([mark for mark in drawn if pd.isna(mark["set_aside"]) == may] for may in (True, False))
    members = [
        mark | {"at_fen": int(mark["conditional_fen"]), "what": _MEMBERS}
        for mark in ranks
        if pd.notna(mark["conditional_fen"]) and mark["conditional_fen"] < mark["at_fen"]
    ]
    per_channel = Counter(str(mark["channel"]) for mark in marks)
    channels = list(per_channel)
    crowded = max(per_channel.values(), default=0) > _MANY
    size, opacity = (6, 0.6) if crowded else (11, 1.0)
    traces = [
        _trace(ranks, language, t("may rank"), {"color": COLOURS["web"], "symbol": "circle", "size": size, "opacity": opacity}),
        _trace(aside, language, t("set aside"),
               {"color": _ASIDE, "symbol": "x-thin", "size": size, "line": {"color": _ASIDE, "width": 2}}),
        _trace(members, language, t(_MEMBERS),
               {"color": COLOURS["walk"], "symbol": "diamond-open", "size": size, "line": {"width": 2}}),
    ]  # fmt: skip
    lines = [(*line, int(offer_row[line[0]])) for line in _LINES if pd.notna(offer_row[line[0]])]
    top = 64 + _LABEL * len(lines)
    body = (_CROWDED if crowded else _CHANNEL) * max(len(channels), 2)
    height = top + body + 96
    figure = figure_of(traces, height=height, x=t("yuan"))
    counts = t("%(some)s of %(all)s quotes may rank", some=len(ranks), all=len(marks))
    if len(drawn) < len(marks):
        counts += " · " + t("%(n)s without any price", n=len(marks) - len(drawn))
    figure.update_layout(
        margin={"t": top, "b": 96}, hovermode="closest",
        title=_title(f"{plain(offer_row['title'], 60)} · {plain(offer_row['offer_id'])}", counts, height),
        legend={"y": 0, "yref": "container", "yanchor": "bottom"},
    )  # fmt: skip
    low, high = _range([mark["at_fen"] for mark in drawn + members] + [line[-1] for line in lines])
    figure.update_xaxes(range=[low, high], tickprefix="¥", hoverformat=",.2f")
    figure.update_yaxes(
        tickvals=list(range(len(channels))), ticktext=[axis_label(name) for name in channels],
        range=[max(len(channels), 2) - 0.5, -0.5], zeroline=False,
    )  # fmt: skip
    _draw_lines(figure, lines, language, body)
    return figure


def coverage_map(
    pairs: pd.DataFrame,
    offers: pd.DataFrame,
    *,
    required: Sequence[str] = (),
    limit: int | None = 40,
    language: Language = ENGLISH,
) -> go.Figure:
    """How many quotes that may rank each channel has for each offer, the least covered offers on top.

    Three looks, told apart without colour: a number on blue for quotes that may rank, a cross and a count on grey for
    quotes seen but all set aside, an empty cell where nothing was seen.

    Parameters
    ----------
    pairs
        As :class:`bosspick.screening.Screening` holds them: offer_id, channel, set_aside.
    offers
        offer_id and title; offers without any pair are shown as well.
    required
        Channels the policy requires: they come first and are marked; an offer that lacks one counts as less covered.
    limit
        Offers shown; None for all.
    language
        Of legend and title.

    Returns
    -------
    Figure
        A row of 22 pixels an offer.

    Raises
    ------
    InputError
        ``limit`` is below 1.
    """
    import plotly.graph_objects as go

    t = language.gettext
    if limit is not None and limit < 1:
        raise InputError(f"limit {limit} shows no offer", hint="give 1 or more, or None for all")
    ranking, aside = (_counts(pairs[mask], offers) for mask in (pairs["set_aside"].isna(), pairs["set_aside"].notna()))
    channels = sorted({*ranking.columns, *aside.columns} - set(required))
    columns = [*dict.fromkeys(required), *channels]
    ranking, aside = (table.reindex(columns=columns, fill_value=0) for table in (ranking, aside))
    order = pd.DataFrame({
        "lacks": -(ranking[list(dict.fromkeys(required))] == 0).sum(axis=1), "channels": (ranking > 0).sum(axis=1),
        "quotes": ranking.sum(axis=1),
    }).sort_index().sort_values(["lacks", "channels", "quotes"], kind="stable").index[:limit]  # fmt: skip
    ranking, aside = ranking.loc[order], aside.loc[order]
    titles = offers.set_index("offer_id")["title"]
    rows = [f"{plain(titles[offer], 22)} · {plain(offer)}" for offer in order]
    heads = [f"<b>{plain(name)} *</b>" if name in required else plain(name) for name in columns]
    only_aside = (ranking == 0) & (aside > 0)
    hover = [[_cell(language, int(r), int(a)) for r, a in zip(*each, strict=True)] for each in
             zip(ranking.to_numpy(), aside.to_numpy(), strict=True)]  # fmt: skip
    look: dict[str, Any] = {"x": heads, "y": rows, "xgap": 2, "ygap": 2, "showscale": False, "hoverongaps": False,
                            "hovertemplate": "%{y}<br>%{x}: %{customdata}<extra></extra>", "customdata": hover}  # fmt: skip
    most = max(int(ranking.to_numpy().max(initial=0)), 2)
    traces = [
        go.Heatmap(z=[[1 if cell else None for cell in row] for row in only_aside.to_numpy()], name=t("all set aside"),
                   text=_texts(aside.where(only_aside, 0), "×{}"), texttemplate="%{text}", textfont={"color": _INK},
                   colorscale=[[0, "#dcdcdc"], [1, "#dcdcdc"]], **look),
        go.Heatmap(z=[[int(cell) if cell else None for cell in row] for row in ranking.to_numpy()], name=t("may rank"),
                   text=_texts(ranking, "{}"), texttemplate="%{text}", zmin=1, zmax=most,
                   textfont={"color": _INK}, colorscale=[[0, "#d9e9f5"], [1, "#6fb1de"]], **look),
    ]  # fmt: skip
    height = 150 + _ROW * max(len(rows), 1)
    figure = figure_of(traces, height=height, x="")
    key = t("number: quotes that may rank · ×number: seen, all set aside · empty: not seen")
    if required:
        key += " · " + t("* required")
    shown = t("%(some)s of %(all)s offers, least covered first", some=len(rows), all=len(offers))
    figure.update_layout(margin={"t": 128}, plot_bgcolor=_NOT_SEEN, title=_title(shown, key, height))
    figure.update_xaxes(side="top", showgrid=False, tickangle=-45, type="category")
    figure.update_yaxes(autorange="reversed", showgrid=False, type="category", tickfont={"size": 11})
    return figure


def _placed(pairs: pd.DataFrame) -> list[dict[str, Any]]:
    """The quotes of an offer with the price each is drawn at, what that price is, and its height."""
    marks = [row | _price(row) for row in records(pairs)]
    by_channel: dict[str, list[dict[str, Any]]] = {}
    for mark in sorted(marks, key=lambda mark: (mark["at_fen"] is None, mark["at_fen"], str(mark["quote_id"]))):
        by_channel.setdefault(str(mark["channel"]), []).append(mark)

    def lowest(channel: str) -> tuple[float, str]:
        return min((mark["at_fen"] for mark in by_channel[channel] if pd.isna(mark["set_aside"])), default=inf), channel

    placed = []
    for place, channel in enumerate(sorted(by_channel, key=lowest)):
        own = by_channel[channel]
        step = 2 * _SPREAD / max(len(own), 3)
        placed += [mark | {"height": place + (n - (len(own) - 1) / 2) * step} for n, mark in enumerate(own)]
    return placed


def _price(row: Mapping[str, Any]) -> dict[str, Any]:
    """The price a quote is drawn at, in fen, and the word for it."""
    # Where a quote was set aside, the price it would rank with says nothing.
    known = _PRICES if pd.isna(row["set_aside"]) else _PRICES[1:]
    found = ({"at_fen": int(row[column]), "what": what} for column, what in known if pd.notna(row[column]))
    return next(found, {"at_fen": None, "what": ""})


def _trace(marks: Sequence[Mapping[str, Any]], language: Language, name: str, marker: dict[str, Any]) -> Any:
    import plotly.graph_objects as go

    return go.Scatter(
        x=[mark["at_fen"] / 100 for mark in marks], y=[round(mark["height"], 3) for mark in marks], mode="markers", name=name,
        marker=marker, text=[_told(mark, language) for mark in marks], hovertemplate="%{text}<extra></extra>",
        showlegend=len(marks) > 0,
    )  # fmt: skip


def _told(row: Mapping[str, Any], language: Language) -> str:
    """What the reader finds under the pointer."""
    t = language.gettext
    shop = "" if pd.isna(row["shop"]) else f" · {plain(row['shop'])}"
    age = "" if pd.isna(row["age_h"]) else " · " + t("seen %(hours)s h before", hours=f"{row['age_h']:.0f}")
    grade = t("grade %(grade)s", grade=plain(row["grade"]))
    lines = [f"<b>{language.yuan(row['at_fen'])}</b> {t(row['what'])}", f"{plain(row['channel'])}{shop}",
             f"{grade}{age} · {plain(row['quote_id'])}"]  # fmt: skip
    if pd.notna(row["set_aside"]):
        lines.append(language.with_reason(t("set aside"), language.told(SET_ASIDE[row["set_aside"]])))
    return "<br>".join(lines)


def _draw_lines(figure: go.Figure, lines: Sequence[Any], language: Language, body: int) -> None:
    """The prices an offer is judged by as lines over the whole height, each label on a row of its own above."""
    low, high = figure.layout.xaxis.range
    far = low + (high - low) * 0.7
    # A label stands right of its line: the rightmost line is the shortest, so that none runs through a label.
    rows = {line[1]: row for row, line in enumerate(sorted(lines, key=lambda line: -line[-1]))}
    for _, word, colour, width, dash, fen in lines:
        price, rise = fen / 100, 4 + _LABEL * rows[word]
        figure.add_shape(type="line", x0=price, x1=price, yref="paper", y0=0, y1=1 + rise / body, layer="below",
                         name=language.gettext(word), line={"color": colour, "width": width, "dash": dash})  # fmt: skip
        figure.add_annotation(
            x=price, yref="paper", y=1, yshift=rise, yanchor="bottom", xanchor="right" if price > far else "left",
            text=f"{language.gettext(word)} {language.yuan(fen)}", font={"color": colour, "size": 12}, bgcolor="#ffffff",
            borderpad=1, showarrow=False,
        )  # fmt: skip


def _title(first: str, second: str, height: int) -> dict[str, Any]:
    """Two lines at the top of a figure, the second smaller."""
    return {"text": f"{first}<br><sub>{second}</sub>", "x": 0, "xref": "container", "pad": {"l": 12}, "y": 1 - 26 / height,
            "yref": "container", "yanchor": "middle", "font": {"size": 15}}  # fmt: skip


def _range(fen: Sequence[int]) -> tuple[float, float]:
    """The prices shown, in yuan, with room beside the outermost."""
    low, high = min(fen, default=0) / 100, max(fen, default=0) / 100
    room = max((high - low) * 0.06, high * 0.01, 0.05)
    return low - room, high + room


def _counts(pairs: pd.DataFrame, offers: pd.DataFrame) -> pd.DataFrame:
    """Quotes by offer and channel."""
    counts = pd.crosstab(pairs["offer_id"], pairs["channel"])
    return counts.reindex(offers["offer_id"].to_list(), fill_value=0)


def _texts(table: pd.DataFrame, form: str) -> list[list[str]]:
    return [[form.format(int(cell)) if cell else "" for cell in row] for row in table.to_numpy()]


def _cell(language: Language, ranking: int, aside: int) -> str:
    if not (ranking or aside):
        return language.gettext("not seen")
    return language.gettext("%(ranking)s may rank, %(aside)s set aside", ranking=ranking, aside=aside)
