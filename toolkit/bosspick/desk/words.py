"""What the desk says, as HTML: how a solve goes, the plan and what changed, and scenarios side by side."""

from __future__ import annotations

import html
import math
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from bosspick.briefing.language import Language, marked
from bosspick.desk.asked import Request
from bosspick.desk.state import DeskState
from bosspick.frames import records
from bosspick.lineup import LineupResult, Outcome
from bosspick.lineup.plan import LineupPlan

__all__ = ["complaint_html", "notice_html", "plan_html", "published_html", "scenarios_html", "status_html", "style_html"]

_CHANGES = {"entered": marked("entered"), "left": marked("left"), "option": marked("another price")}


def style_html() -> str:
    """The desk's style sheet."""
    return f"<style>{Path(__file__).with_name('desk.css').read_text(encoding='utf-8')}</style>"


def status_html(state: DeskState) -> str:
    """One line: how the solve under way goes, or how the plan shown was found; and what went wrong."""
    with state.lock:
        running, present, error, stale = state.running, state.present, state.error, state.wanted != state.settings
    language, t = state.language, state.language.gettext
    parts = []
    if running is not None:
        parts.append(f"<p class='run'>{_under_way(running, language)}</p>")
    elif present is not None:
        parts.append(f"<p>{_found(present.plan.result, language)}</p>")
    else:
        words = t("No lineup yet: change a setting, or press <b>Solve now</b>.")
        parts.append(f"<p>{words}</p>")
    if error:
        kept = t("The plan shown rests on the settings before; Undo goes back to them.")
        parts.append(_error(error, language, f"<br>{kept}" if stale and present else ""))
    return f"<div class='bp-desk'>{''.join(parts)}</div>"


def complaint_html(why: str, language: Language) -> str:
    """What could not be done; empty when there is nothing to say."""
    return f"<div class='bp-desk'>{_error(why, language)}</div>" if why else ""


def notice_html(words: str) -> str:
    """Something worth knowing."""
    return f"<div class='bp-desk' role='status'><p>{html.escape(words)}</p></div>"


def published_html(words: str, state: DeskState) -> str:
    """What was published; and what of it a briefing will not know."""
    with state.lock:
        now, start = state.settings, state.planner.start
    language, t = state.language, state.language.gettext
    turned = [
        name
        for name, a, b in (
            (t("the store score"), now.store_score_min, start.store_score_min),
            (t("the channels"), now.min_channels, start.min_channels),
            (t("the platform's subsidy"), now.platform_pot_yuan, start.platform_pot_yuan),
            (t("the rules that give way"), now.loosened, start.loosened),
        )
        if a != b
    ]
    more = t("Briefings plan with policy.toml: write %(names)s there as well.", names=language.listed(turned)) if turned else ""
    return notice_html(language.space.join(filter(None, [words, more])))


def _error(why: str, language: Language, more: str = "") -> str:
    lead = language.gettext("Not done.")
    return f"<div class='err' role='alert'><b>{lead}</b> {html.escape(why)}{more}</div>"


def _under_way(request: Request, language: Language) -> str:
    t = language.gettext
    lead = t("Cancelling, keeping the best so far") if request.cancelled else t("Solving")
    parts = [f"<b>{lead}…</b> {_seconds(time.monotonic() - request.begun, 1, language)}"]
    heard = request.progress
    if heard is None or heard.value is None:
        parts.append(t("no lineup found yet"))
    else:
        parts.append(t("best so far %(value)s", value=f"{heard.value:,.0f}"))
    if heard is not None and heard.bound is not None and math.isfinite(heard.bound):
        parts.append(t("none can be worth more than %(value)s", value=f"{heard.bound:,.0f}"))
        if heard.value is not None:
            parts.append(t("gap %(gap)s", gap=f"{max(heard.bound - heard.value, 0) / max(abs(heard.value), 1e-9):.2%}"))
    return " · ".join(parts)


def _found(result: LineupResult, language: Language) -> str:
    t = language.gettext
    worth = t("worth %(value)s yuan-equivalents", value=f"{result.value:,.0f}")
    if result.outcome.is_proven:
        proven, seconds = t("OPTIMAL · proven"), _seconds(result.seconds, 2, language)
        solved = t("solved in %(seconds)s", seconds=seconds)
        return f"<span class='proof'>{proven}</span> · {worth} · {solved}"
    unproven, after = t("not proven"), _seconds(result.seconds, 1, language)
    if result.stopped:
        how = t("stopped after %(seconds)s, the best so far", seconds=after)
    elif result.outcome is Outcome.WITHIN_GAP:
        how = t("close enough by the gap asked for, the best so far")
    else:
        how = t("out of time after %(seconds)s, the best so far", seconds=after)
    most = t("what another could be worth is not known")
    if result.bound is not None:
        bound, gap = f"{result.bound:,.0f}", f"{result.gap:.2%}"
        most = t("another could be worth up to %(bound)s (gap %(gap)s)", bound=bound, gap=gap)
    return f"<span class='unproven'>{unproven}</span> · {how} · {worth} · {most}"


def _seconds(seconds: float, digits: int, language: Language) -> str:
    return language.gettext("%(seconds)s s", seconds=f"{seconds:.{digits}f}")


def plan_html(state: DeskState, titles: Mapping[str, str]) -> str:
    """The plan shown: what changed against the one before, and its offers."""
    with state.lock:
        plan, changes = state.plan, state.changes
    if plan is None:
        return ""
    head = html.escape(state.language.gettext("The plan %(version)s", version=plan.version))
    body = _changes(changes, titles, state.language) + _ten(plan, state.language)
    return f"<div class='bp-desk'><h4>{head}</h4>{body}</div>"


def _changes(changes: pd.DataFrame, titles: Mapping[str, str], language: Language) -> str:
    if changes.empty:
        return ""
    items = []
    for change, words in _CHANGES.items():
        offers = changes.loc[changes["change"] == change, "offer_id"]
        named = language.listed(f"{offer} {titles.get(offer, '')}".strip() for offer in offers)
        if named:
            items.append(f"<li class='{change}'>{html.escape(language.told(words) + language.colon + named)}</li>")
    lead = language.gettext("Changed against the plan shown before:")
    return f"<p>{lead}</p><ul>{''.join(items)}</ul>"


def _ten(plan: LineupPlan, language: Language) -> str:
    t = language.gettext
    return _table(
        [t("offer"), t("title"), t("category"), t("to the brand ¥"), t("on air ¥"), t("units"), t("worth")],
        [
            [row["offer_id"], row["title"], row["category"], _money(row["brand_price_fen"]), _money(row["viewer_price_fen"]),
             f"{row['expected_units']:,}", f"{row['value']:,.0f}"]
            for row in records(plan.chosen)
        ],
        numbers=range(3, 7),
    )  # fmt: skip


def scenarios_html(frame: pd.DataFrame, language: Language, *, any_kept: bool) -> str:
    """The table of scenarios, a column each.

    Parameters
    ----------
    frame
        See :func:`bosspick.desk.scenarios.compared`.
    language
        In which it is told.
    any_kept
        Whether there is a scenario beside the present plan.
    """
    t, listed = language.gettext, language.listed
    if not any_kept:
        words = t("Keep a plan under a name to compare others with it.")
        return f"<div class='bp-desk'><p>{words}</p></div>"

    def subsidy(row: dict[str, Any]) -> str:
        return t("%(used)s of %(pot)s", used=f"{row['subsidy_fen'] / 100:,.0f}", pot=f"{row['pot_fen'] / 100:,.0f}")

    def wishes(row: dict[str, Any]) -> str:
        return t("%(met)s of %(all)s", met=row["wishes_met"], all=row["wishes"]) if row["wishes"] else t("no wishes")

    lines: list[tuple[str, Callable[[dict[str, Any]], str]]] = [
        (t("worth"), lambda row: f"{row['value']:,.0f}"),
        (t("none can be worth more than"), lambda row: t("not known") if math.isnan(row["bound"]) else f"{row['bound']:,.0f}"),
        (t("proof"), lambda row: t("proven best") if row["proven"] else t("not proven")),
        (t("subsidy used of the pot, ¥"), subsidy),
        (t("talk hours"), lambda row: f"{row['talk_hours']:,.1f}"),
        (t("categories covered"), lambda row: language.with_reason(str(len(row["categories"])), listed(row["categories"]))),
        (t("wishes met"), wishes),
        (t("locked"), lambda row: listed(row["locked"]) or t("none")),
        (t("banned"), lambda row: listed(row["banned"]) or t("none")),
        (t("has, the present plan has not"), lambda row: "\n".join(row["only_here"]) or "–"),
        (t("the present plan has, it has not"), lambda row: "\n".join(row["only_present"]) or "–"),
    ]
    rows = records(frame)
    heads = ["", *(language.told(row["name"]) for row in rows)]
    table = _table(heads, [[name, *map(cell, rows)] for name, cell in lines], first_is_head=True)
    return f"<div class='bp-desk bp-scenarios'>{table}</div>"


def _table(heads: list[str], rows: list[list[str]], *, numbers: range = range(0), first_is_head: bool = False) -> str:
    def cell(tag: str, place: int, text: str) -> str:
        side = " class='n'" if place in numbers else ""
        return f"<{tag}{side}>{html.escape(text)}</{tag}>"

    def line(row: list[str]) -> str:
        return "".join(cell("th" if first_is_head and k == 0 else "td", k, text) for k, text in enumerate(row))

    head = "".join(cell("th", k, text) for k, text in enumerate(heads))
    body = "".join(f"<tr>{line(row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _money(fen: int) -> str:
    return f"{fen / 100:,.2f}"
