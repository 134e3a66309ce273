"""What the desk says, as HTML: how a solve goes, the plan and what changed, and scenarios side by side."""

from __future__ import annotations

import html
import math
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from bosspick.desk.asked import Request
from bosspick.desk.state import DeskState
from bosspick.frames import records
from bosspick.lineup import LineupResult, Outcome
from bosspick.lineup.plan import LineupPlan

__all__ = ["complaint_html", "notice_html", "plan_html", "published_html", "scenarios_html", "status_html", "style_html"]

_CHANGES = {"entered": "entered", "left": "left", "option": "another price"}


def style_html() -> str:
    """The desk's style sheet."""
    return f"<style>{Path(__file__).with_name('desk.css').read_text(encoding='utf-8')}</style>"


def status_html(state: DeskState) -> str:
    """One line: how the solve under way goes, or how the plan shown was found; and what went wrong."""
    with state.lock:
        running, present, error, stale = state.running, state.present, state.error, state.wanted != state.settings
    parts = []
    if running is not None:
        parts.append(f"<p class='run'>{_under_way(running)}</p>")
    elif present is not None:
        parts.append(f"<p>{_found(present.plan.result)}</p>")
    else:
        parts.append("<p>No lineup yet: change a setting, or press <b>Solve now</b>.</p>")
    if error:
        kept = "<br>The plan shown rests on the settings before; Undo goes back to them." if stale and present else ""
        parts.append(_error(error, kept))
    return f"<div class='bp-desk'>{''.join(parts)}</div>"


def complaint_html(why: str) -> str:
    """What could not be done; empty when there is nothing to say."""
    return f"<div class='bp-desk'>{_error(why)}</div>" if why else ""


def notice_html(words: str) -> str:
    """Something worth knowing."""
    return f"<div class='bp-desk' role='status'><p>{html.escape(words)}</p></div>"


def published_html(words: str, state: DeskState) -> str:
    """What was published; and what of it a briefing will not know."""
    with state.lock:
        now, start = state.settings, state.planner.start
    turned = [
        name
        for name, a, b in (
            ("the store score", now.store_score_min, start.store_score_min),
            ("the channels", now.min_channels, start.min_channels),
            ("the platform's subsidy", now.platform_pot_yuan, start.platform_pot_yuan),
            ("the rules that give way", now.loosened, start.loosened),
        )
        if a != b
    ]
    more = f" Briefings plan with policy.toml: write {', '.join(turned)} there as well." if turned else ""
    return notice_html(words + more)


def _error(why: str, more: str = "") -> str:
    return f"<div class='err' role='alert'><b>Not done.</b> {html.escape(why)}{more}</div>"


def _under_way(request: Request) -> str:
    lead = "Cancelling, keeping the best so far" if request.cancelled else "Solving"
    parts = [f"<b>{lead}…</b> {time.monotonic() - request.begun:.1f} s"]
    heard = request.progress
    if heard is None or heard.value is None:
        parts.append("no lineup found yet")
    else:
        parts.append(f"best so far {heard.value:,.0f}")
    if heard is not None and heard.bound is not None and math.isfinite(heard.bound):
        parts.append(f"none can be worth more than {heard.bound:,.0f}")
        if heard.value is not None:
            parts.append(f"gap {max(heard.bound - heard.value, 0) / max(abs(heard.value), 1e-9):.2%}")
    return " · ".join(parts)


def _found(result: LineupResult) -> str:
    worth = f"worth {result.value:,.0f} yuan-equivalents"
    if result.outcome.is_proven:
        return f"<span class='proof'>{result.outcome} · proven</span> · {worth} · solved in {result.seconds:.2f} s"
    if result.stopped:
        how = f"stopped after {result.seconds:.1f} s"
    elif result.outcome is Outcome.WITHIN_GAP:
        how = "close enough by the gap asked for"
    else:
        how = f"out of time after {result.seconds:.1f} s"
    most = "what another could be worth is not known"
    if result.bound is not None:
        most = f"another could be worth up to {result.bound:,.0f} (gap {result.gap:.2%})"
    return f"<span class='unproven'>not proven</span> · {how}, the best so far · {worth} · {most}"


def plan_html(state: DeskState, titles: Mapping[str, str]) -> str:
    """The plan shown: what changed against the one before, and its offers."""
    with state.lock:
        plan, changes = state.plan, state.changes
    if plan is None:
        return ""
    return f"<div class='bp-desk'><h4>The plan {html.escape(plan.version)}</h4>{_changes(changes, titles)}{_ten(plan)}</div>"


def _changes(changes: pd.DataFrame, titles: Mapping[str, str]) -> str:
    if changes.empty:
        return ""
    items = []
    for change, words in _CHANGES.items():
        offers = changes.loc[changes["change"] == change, "offer_id"]
        named = ", ".join(f"{offer} {titles.get(offer, '')}".strip() for offer in offers)
        if named:
            items.append(f"<li class='{change}'>{words}: {html.escape(named)}</li>")
    return f"<p>Changed against the plan shown before:</p><ul>{''.join(items)}</ul>"


def _ten(plan: LineupPlan) -> str:
    return _table(
        ["offer", "title", "category", "to the brand ¥", "on air ¥", "units", "worth"],
        [
            [row["offer_id"], row["title"], row["category"], _money(row["brand_price_fen"]), _money(row["viewer_price_fen"]),
             f"{row['expected_units']:,}", f"{row['value']:,.0f}"]
            for row in records(plan.chosen)
        ],
        numbers=range(3, 7),
    )  # fmt: skip


def scenarios_html(frame: pd.DataFrame, *, any_kept: bool) -> str:
    """The table of scenarios, a column each.

    Parameters
    ----------
    frame
        See :func:`bosspick.desk.scenarios.compared`.
    any_kept
        Whether there is a scenario beside the present plan.
    """
    if not any_kept:
        return "<div class='bp-desk'><p>Keep a plan under a name to compare others with it.</p></div>"
    lines: list[tuple[str, Callable[[dict[str, Any]], str]]] = [
        ("worth", lambda row: f"{row['value']:,.0f}"),
        ("none can be worth more than", lambda row: "not known" if math.isnan(row["bound"]) else f"{row['bound']:,.0f}"),
        ("proof", lambda row: "proven" if row["proven"] else "not proven"),
        ("subsidy used of the pot, ¥", lambda row: f"{row['subsidy_fen'] / 100:,.0f} of {row['pot_fen'] / 100:,.0f}"),
        ("talk hours", lambda row: f"{row['talk_hours']:,.1f}"),
        ("categories covered", lambda row: f"{len(row['categories'])}: {', '.join(row['categories'])}"),
        ("wishes met", lambda row: f"{row['wishes_met']} of {row['wishes']}" if row["wishes"] else "no wishes"),
        ("locked", lambda row: ", ".join(row["locked"]) or "none"),
        ("banned", lambda row: ", ".join(row["banned"]) or "none"),
        ("has, the present plan has not", lambda row: "\n".join(row["only_here"]) or "–"),
        ("the present plan has, it has not", lambda row: "\n".join(row["only_present"]) or "–"),
    ]
    rows = records(frame)
    table = _table(["", *(row["name"] for row in rows)], [[name, *map(cell, rows)] for name, cell in lines], first_is_head=True)
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
