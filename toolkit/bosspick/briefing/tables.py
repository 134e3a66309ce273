"""Tables for people: the products of a plan in the words of the run's language, whole, with unknowns called unknown."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from bosspick.briefing.language import marked
from bosspick.briefing.risks import headline_of, list_risks
from bosspick.briefing.sections import OUTCOMES
from bosspick.screening.screen import STATUSES
from bosspick.screening.verdicts import REASONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bosspick.briefing.language import Language
    from bosspick.briefing.stage import Stage

__all__ = ["as_html", "bench", "breaches", "headline", "proof", "risks", "rundown", "say", "send_back", "show", "status_counts",
           "talks", "targets_of_the_ten", "ten", "tranches", "week_summary"]  # fmt: skip

_TABLES = {
    "offers": marked("Offers"), "quotes": marked("Quotes"), "promotions": marked("Promotions"), "stores": marked("Stores"),
    "brands": marked("Brands"), "authorisations": marked("Authorisations"), "wishes": marked("Wishes"),
    "calendar": marked("Calendar"), "airings": marked("Past airings"),
}  # fmt: skip
_ZONES = {
    "likely": marked("likely"), "possible": marked("possible"), "none": marked("none"), "no place": marked("no place"),
    "reserve": marked("if others fail"),
}  # fmt: skip
#: How a figure begins, the characters it has at most, and the share of figures that makes a column one of them: such
#: columns are set to the right, digits below each other, with the words that stand where there is no figure.
_FIGURE, _LONGEST, _SHARE = r"[¥−–\d]", 24, 0.3


def show(table: pd.DataFrame) -> None:
    """Display a table in a notebook, every row and every word of it: the library's own display cuts both."""
    from IPython.display import display

    display({"text/html": as_html(table), "text/plain": table.to_string()}, raw=True)


def say(sentence: str) -> None:
    """Display a sentence in a notebook as text: what a room wrote in it is no markup."""
    from IPython.display import display

    display({"text/html": f"<p>{escape(sentence)}</p>", "text/plain": sentence}, raw=True)


def as_html(table: pd.DataFrame) -> str:
    """A table as HTML with its looks beside it: JupyterLab drops the style sheets of notebooks it does not trust."""
    flat = table.reset_index(names=[name or "" for name in table.index.names])
    right = [_is_figures(flat[name].astype(str)) for name in flat]
    head = "".join(_cell("th", str(name), side, scope="col") for name, side in zip(flat.columns, right, strict=True))
    rows = []
    for row in flat.to_numpy(dtype=object):
        cells = zip([str(cell) for cell in row], right, strict=True)
        rows.append([_cell("td", *cell) if place >= table.index.nlevels else _cell("th", *cell, scope="row")
                     for place, cell in enumerate(cells)])  # fmt: skip
    body = "".join(f"<tr>{''.join(cells)}</tr>" for cells in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def week_summary(stage: Stage) -> pd.DataFrame:
    """What was read: tables, rows, bad rows."""
    week, t = stage.week, stage.language.gettext
    bad = pd.Series([finding.table for finding in week.bad], dtype="str").value_counts()
    rows = [
        {t("Table"): t(_TABLES[name]), t("File"): file, t("Rows read"): stage.language.exact(count),
         t("Bad rows"): int(bad.get(name, 0))}
        for name, (file, count) in week.files.items()
        if file
    ]  # fmt: skip
    return pd.DataFrame(rows).set_index(t("Table"))


def status_counts(stage: Stage) -> pd.DataFrame:
    """Offers by what their verdicts mean together."""
    counts, language = stage.screening.offers["status"].value_counts(), stage.language
    t = language.gettext
    rows = [
        {t("Status"): language.told(name), t("Offers"): int(counts.get(name, 0)), t("Meaning"): language.told(words)}
        for name, words in STATUSES.items()
    ]
    return pd.DataFrame(rows).set_index(t("Status"))


def send_back(stage: Stage) -> pd.DataFrame:
    """Offers that lack evidence, and what each lacks."""
    language, rows = stage.language, stage.screening.offers
    t, rows = language.gettext, rows[rows["status"] == "unknown"]
    lacking = rows["blocking"].str.split(", ").map(lambda codes: language.joined(language.told(REASONS[c]) for c in codes))
    return pd.DataFrame(
        {t("Offer"): rows["offer_id"], t("Title"): rows["offer_id"].map(_titles(stage)), t("Lacks"): lacking,
         t("Would pass at"): _yuan(language, rows["passes_at_fen"])}
    ).set_index(t("Offer"))  # fmt: skip


def proof(stage: Stage) -> pd.DataFrame:
    """How the solve ended, and how much better another lineup could be at most."""
    plan, language = stage.plan, stage.language
    result, t = plan.result, language.gettext
    rows = {
        t("Version"): plan.version,
        t("Outcome"): t(OUTCOMES[result.outcome.value]),
        t("Worth, yuan-equivalents"): f"{result.value:,.2f}",
        t("No lineup can be worth more than"): language.unknown if result.bound is None else f"{result.bound:,.2f}",
        t("Price options considered"): t(
            "%(options)s of %(offers)s offers",
            options=language.exact(len(plan.options)), offers=language.exact(plan.options["offer_id"].nunique()),
        ),
    }  # fmt: skip
    return pd.DataFrame({t("The plan"): rows})


def ten(stage: Stage) -> pd.DataFrame:
    """The ten with prices, units and how likely the brand accepts."""
    language, rows = stage.language, stage.plan.chosen
    t, opening = language.gettext, stage.week.table("offers").set_index("offer_id")["opening_price_fen"]
    return pd.DataFrame(
        {
            t("Offer"): rows["offer_id"], t("Title"): rows["title"], t("Category"): rows["category"],
            t("Opening"): _yuan(language, rows["offer_id"].map(opening)),
            t("To the brand"): _yuan(language, rows["brand_price_fen"]),
            t("Subsidy a unit"): _yuan(language, rows["subsidy_step_fen"]),
            t("Price on air"): _yuan(language, rows["viewer_price_fen"]),
            t("Web-lowest"): _yuan(language, rows["web_lowest_fen"]),
            t("Units"): rows["expected_units"].map(language.exact), t("Chance"): rows["accept_p"].map(language.percent),
            t("Worth, yuan-equivalents"): rows["value"].map(language.count),
        }
    ).set_index(t("Offer"))  # fmt: skip


def bench(stage: Stage) -> pd.DataFrame:
    """Who steps in, and for whom."""
    language, rows = stage.language, stage.plan.bench
    t = language.gettext
    return pd.DataFrame(
        {t("Rank"): rows["bench_rank"], t("Offer"): rows["offer_id"], t("Title"): rows["offer_id"].map(_titles(stage)),
         t("Steps in for"): rows["replaces"].map(lambda offers: language.listed(offers) or "–"),
         t("Saves, yuan-equivalents expected"): rows["expected_saving"].map(language.count)}
    ).set_index(t("Rank"))  # fmt: skip


def targets_of_the_ten(stage: Stage) -> pd.DataFrame:
    """Ask, target and walk-away of the ten; confidential."""
    frame = stage.targets.frame
    return _target_rows(stage.language, frame[frame["in_plan"]]).set_index(stage.language.gettext("Offer"))


def talks(stage: Stage, *, each: int = 6) -> pd.DataFrame:
    """The talks worth most per hour, at most ``each`` a negotiator; confidential."""
    t, frame = stage.language.gettext, stage.targets.frame
    rows = frame.sort_values(["negotiator", "worth_per_hour", "offer_id"], ascending=[True, False, True])
    rows = rows[rows["worth_per_hour"] > 0].groupby("negotiator", sort=True).head(each)
    table = _target_rows(stage.language, rows)
    table.insert(0, t("Negotiator"), rows["negotiator"])
    table[t("Worth an hour")] = rows["worth_per_hour"].map(stage.language.count)
    return table.set_index([t("Negotiator"), t("Offer")])


def rundown(stage: Stage) -> pd.DataFrame:
    """The slots in order."""
    language, rows = stage.language, stage.rundown.slots
    t = language.gettext
    return pd.DataFrame(
        {
            t("Slot"): rows["slot"], t("Time"): rows["starts_at"].map(language.clock),
            t("Minutes"): rows["minutes"], t("Offer"): rows["offer_id"], t("Title"): rows["title"],
            t("Role"): rows["role"].map(language.told), t("Price on air"): _yuan(language, rows["viewer_price_fen"]),
            t("Representative"): [
                "–" if pd.isna(a) and pd.isna(b) else f"{a}–{b}" + ("" if ok else " " + t("(not in this slot)"))
                for a, b, ok in zip(rows["rep_from"], rows["rep_to"], rows["rep_on_set"], strict=True)
            ],
        }
    ).set_index(t("Slot"))  # fmt: skip


def breaches(stage: Stage) -> str:
    """Whether the order keeps every rule of the show, and which none keeps, in a sentence."""
    language, t = stage.language, stage.language.gettext
    if not stage.rundown.breaches:
        return t("The order keeps every rule of the show.")
    rules = language.joined(language.told(words) for words in stage.rundown.breaches)
    return t("No order keeps all rules of the show: %(rules)s", rules=rules)


def tranches(stage: Stage) -> pd.DataFrame:
    """Stock releases by time, with every digit of their counts."""
    language, rows = stage.language, stage.rundown.tranches
    t = language.gettext
    return pd.DataFrame(
        {t("Time"): [at.strftime("%H:%M:%S") for at in rows["at"]], t("Slot"): rows["slot"], t("Offer"): rows["offer_id"],
         t("Release"): rows["tranche"], t("Units"): rows["units"].map(language.exact),
         t("Left"): rows["left_after"].map(language.exact)}
    ).set_index(t("Time"))  # fmt: skip


def headline(stage: Stage) -> pd.DataFrame:
    """What the briefing opens with."""
    t, week = stage.language.gettext, stage.week
    rows = {
        t("Session"): f"{week.session_id}{stage.language.clause}{stage.language.moment(week.starts_at)}",
        t("Version"): stage.plan.version,
        t("In one sentence"): headline_of(stage),
    }
    return pd.DataFrame({t("The briefing"): rows})


def risks(stage: Stage) -> pd.DataFrame:
    """What can go wrong and what to do."""
    t, titles = stage.language.gettext, _titles(stage)
    rows = [(risk.offer_id, titles.get(risk.offer_id, "–"), risk.what, risk.do) for risk in list_risks(stage)]
    table = pd.DataFrame(rows, columns=[t("Offer"), t("Title"), t("Risk"), t("What to do")])
    return table.set_index(t("Offer"))


def _titles(stage: Stage) -> pd.Series:
    return stage.week.table("offers").set_index("offer_id")["title"]


def _yuan(language: Language, prices_fen: Iterable[Any]) -> list[str]:
    return [language.yuan(price) for price in prices_fen]


def _target_rows(language: Language, rows: pd.DataFrame) -> pd.DataFrame:
    t = language.gettext
    return pd.DataFrame(
        {
            t("Offer"): rows["offer_id"], t("Title"): rows["title"],
            t("Opening"): _yuan(language, rows["opening_fen"]), t("First ask"): _yuan(language, rows["anchor_fen"]),
            t("Why"): rows["anchor_reason"].map(language.told), t("Target"): _yuan(language, rows["target_fen"]),
            t("Walk-away"): _yuan(language, rows["walk_away_fen"]),
            t("Room to agree"): rows["agreement_zone"].map(lambda zone: t(_ZONES[zone])),
            t("Chance"): rows["accept_p"].map(language.percent),
        }
    )  # fmt: skip


def _cell(tag: str, words: str, right: bool, *, scope: str = "") -> str:
    """One cell; a row's name and a figure stay on one line."""
    style = f"text-align: {'right' if right else 'left'}" + ("; white-space: nowrap" if right or scope == "row" else "")
    named = f' scope="{scope}"' if scope else ""
    return f'<{tag}{named} style="{style}">{escape(words)}</{tag}>'


def _is_figures(cells: pd.Series) -> bool:
    return bool(cells.str.match(_FIGURE).mean() >= _SHARE and cells.str.len().max() <= _LONGEST)
