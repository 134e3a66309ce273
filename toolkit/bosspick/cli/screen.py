"""``bosspick screen``: every offer judged, or one explained."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from bosspick.briefing.wording import yuan
from bosspick.cli.shared import as_json, moment, room_arguments, session_of, show_table
from bosspick.errors import InputError
from bosspick.frames import records, row_of

if TYPE_CHECKING:
    import pandas as pd

    from bosspick.intake import Week
    from bosspick.policy import Policy
    from bosspick.screening.engine import EngineName
    from bosspick.screening.screen import Screening

#: Rules whose value and threshold are prices, in fen.
_PRICES = ("lowest_price", "reference_price", "list_price", "claim")
#: Offer ids, or bad rows, that are printed of one reason.
_MOST = 10


@click.command()
@room_arguments
@click.option("--explain", metavar="OFFER", help="Show one offer's verdicts and every quote behind them.")
@click.option("--since", is_flag=True, help="With quotes in partitions: do not read again what was screened and is unchanged.")
@click.option("--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", show_default=True)
@click.option("--master", metavar="URL", help="Spark's master, such as local[2] or spark://host:7077.")
@click.option("--json", "json_output", is_flag=True, help="Print the verdicts as JSON, money in fen.")
def screen(
    room: str, session: str | None, as_of: str | None, folder: str | None, explain: str | None, since: bool,
    engine: EngineName, master: str | None, json_output: bool,
) -> None:  # fmt: skip
    """Judge every offer on its evidence: PASS, FAIL or UNKNOWN per rule.

    Quotes that arrive in daily Parquet partitions lie in WEEK/quotes/, their promotions under the same names in
    WEEK/promotions/. Exit code 1 when rows of them had to be set aside.

    \b
    Examples:
      bosspick screen seeds
      bosspick screen seeds --explain W48-T01
      bosspick screen my-room --since
      bosspick screen my-room --engine spark --master spark://host:7077
    """
    from bosspick.intake import open_room
    from bosspick.ledger import Ledger
    from bosspick.screening import screen as judge

    opened = open_room(room, folder=folder)
    week = opened.week(session_of(opened, session), as_of=moment(as_of))
    if since and week.feed is None:
        raise InputError("this week's quotes are one table: nothing is kept of it", where="--since",
                         hint=f"deliver them as Parquet partitions in {week.session_id}/quotes/")  # fmt: skip
    decisions = Ledger.of_room(week.room).match_decisions()
    found = judge(week, engine=engine, master=master, decisions=decisions, reuse=since, told=_told)
    if sys.stderr.isatty():
        click.echo("\r\033[K", nl=False, err=True)
    if explain is not None and explain not in set(found.offers["offer_id"]):
        raise InputError(f"the week has no verdicts for {explain!r}", where="--explain", hint=_unexplained(room, week))
    if json_output:
        rows = found.verdicts if explain is None else found.verdicts[found.verdicts["offer_id"] == explain]
        as_json(_documented(rows))
    elif explain is None:
        _summary(found)
        _left_out(room, week)
    else:
        _explained(found, explain, week.policy)
    raise SystemExit(1 if any(each.bad or each.lonely or each.unreadable or each.ambiguous for each in found.census) else 0)


def _documented(verdicts: pd.DataFrame) -> list[dict[str, Any]]:
    """Verdicts for another program, named as in verdicts.csv; ``unit`` says where value and threshold are money."""
    rows = verdicts.copy()
    rows.insert(list(rows.columns).index("threshold") + 1, "unit", rows["rule"].isin(_PRICES).map({True: "fen"}))
    return records(rows.astype(object).where(rows.notna(), None))


def _told(partition: str, place: int, count: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r\033[K{partition}: {place} of {count} …\r", nl=False, err=True)


def _unexplained(room: str, week: Week) -> str:
    """Where to look for an offer that was not judged."""
    aside = len({(finding.file, finding.row) for finding in week.bad if finding.table == "offers"})
    if not aside:
        return f"take an id from the week's offers, {week.files['offers'][0]}"
    rows = "1 row of the offers was" if aside == 1 else f"{aside} rows of the offers were"
    return f"{rows} set aside and never judged: `bosspick check {room}` writes them to quarantine/offers.csv with the reason"


def _left_out(room: str, week: Week) -> None:
    """How many bad cells kept rows out of what was judged, and those of the offers."""
    if not week.bad:
        return
    click.echo(f"left out for bad cells: {len(week.bad)}; `bosspick check {room}` names them with their rows")
    offers = [finding for finding in week.bad if finding.table == "offers"]
    for finding in offers[:_MOST]:
        click.echo(f"bad   {finding}")
    if len(offers) > _MOST:
        click.echo(f"… and {len(offers) - _MOST} more of the offers")


def _summary(found: Screening) -> None:
    from bosspick.screening.screen import STATUSES
    from bosspick.screening.verdicts import ADVISORY

    counts = found.offers["status"].value_counts()
    for status, meaning in STATUSES.items():
        click.echo(f"{int(counts.get(status, 0)):5d}  {status:8s} {meaning}")
    stopped = found.verdicts[found.verdicts["verdict"] != "PASS"]
    columns = ["rule", "verdict", "reason_code", "offers"]
    for title, rows in (
        ("What stops them", stopped[~stopped["rule"].isin(ADVISORY)]),
        ("What may not be said, or is not known", stopped[stopped["rule"].isin(ADVISORY)]),
    ):
        if len(rows):
            counted = rows.groupby(["rule", "verdict", "reason_code"]).size().rename("offers").reset_index()
            show_table(counted, columns, title=title)
    _send_back(found)
    if len(found.reviews):
        click.echo(f"{len(found.reviews)} quotes without barcode may be an offer's product: decide in notebook 01_screening")
    _census(found)


def _send_back(found: Screening) -> None:
    """The offers that lack evidence, by what they lack."""
    import pandas as pd

    from bosspick.screening.verdicts import ADVISORY, REASONS

    unknown = found.offers.loc[found.offers["status"] == "unknown", "offer_id"]
    asked = found.verdicts[found.verdicts["offer_id"].isin(unknown) & (found.verdicts["verdict"] == "UNKNOWN")]
    asked = asked[~asked["rule"].isin(ADVISORY) & (asked["reason_code"] != "RULE_OFF")]
    if asked.empty:
        return
    by_reason = {REASONS[str(code)]: list(ids) for code, ids in asked.groupby("reason_code", sort=False)["offer_id"]}
    lacking = sorted(by_reason, key=lambda words: (-len(by_reason[words]), words))
    rows = {
        "what is lacking": lacking,
        "offers": [len(by_reason[words]) for words in lacking],
        "which": [_some(by_reason[words]) for words in lacking],
    }
    show_table(pd.DataFrame(rows), list(rows), title="To send back, by what is lacking")
    if any(len(ids) > _MOST for ids in by_reason.values()):
        click.echo("all of them: notebook 01_screening, or --json")


def _some(ids: list[str]) -> str:
    more = len(ids) - _MOST
    return ", ".join(ids[:_MOST]) + (f" … and {more} more" if more > 0 else "")


def _census(found: Screening) -> None:
    """What was read of a feed, and what was wrong with it."""
    from bosspick.screening.sound import REFUSED

    if not found.census:
        return
    new = [each for each in found.census if not each.kept]
    read = f"{sum(each.quotes for each in new):,} quotes and {sum(each.promotions for each in new):,} promotions"
    click.echo(f"{len(new)} of {len(found.census)} partitions read: {read}; the others as kept")
    for each in found.census:
        for code, rows in each.bad.items():
            why, mend = REFUSED[code]
            click.echo(f"bad   quotes/{each.partition}: {rows:,} rows: {why} → {mend}")
        for rows, words in (
            (each.lonely, "promotions/{}: {:,} rows are for no quote of the partition → deliver them with their quotes"),
            (each.unreadable, "promotions/{}: {:,} rows cannot be read → their quotes' prices count as unknown"),
            (each.ambiguous, "quotes/{}: {:,} ids stand for several different quotes → none of those ranks"),
        ):
            if rows:
                click.echo("bad   " + words.format(each.partition, rows))
        if each.repeated:
            click.echo(f"note  quotes/{each.partition}: {each.repeated:,} rows repeat another one: each counts once")


def _explained(found: Screening, offer: str, policy: Policy) -> None:
    import pandas as pd

    from bosspick.screening.evidence import SET_ASIDE
    from bosspick.screening.verdicts import REASONS

    for row in found.verdicts[found.verdicts["offer_id"] == offer].to_dict("records"):
        known_cells = {name: row[name] for name in ("value", "threshold", "evidence") if not pd.isna(row[name]) and row[name]}
        if row["rule"] in _PRICES:
            known_cells |= {name: yuan(int(known_cells[name])) for name in ("value", "threshold") if name in known_cells}
        measured = [f"{name} {cell}" for name, cell in known_cells.items()]
        click.echo(f"{row['verdict']:8s}{row['rule']}: {row['reason_code']}, {REASONS[row['reason_code']]}")
        if measured:
            click.echo(f"        {'; '.join(measured)}")
    pairs = found.pairs[found.pairs["offer_id"] == offer].copy()
    for column in ("display_fen", "landed_fen", "conditional_fen"):
        pairs[column.removesuffix("_fen")] = [yuan(price) for price in pairs[column]]
    pairs["age"] = pairs["age_h"].round(1).astype("str") + " h"
    unknown = pairs["unknown"].where(pairs["set_aside"] == "UNKNOWN_TERMS")
    pairs["set aside"] = [
        "" if pd.isna(reason) else SET_ASIDE[str(reason)] + ("" if pd.isna(why) else f": {why}")
        for reason, why in zip(pairs["set_aside"], unknown, strict=True)
    ]
    columns = ["quote_id", "channel", "age", "landed", "set aside"]
    for name, words, telling in (
        ("display", "shown", pairs["display"] != pairs["landed"]),
        ("conditional", "members", pairs["conditional"] != pairs["landed"]),
        ("pieces", "buy", pairs["pieces"].fillna(1) > 1),
        ("matched_by", "by", pairs["matched_by"] != "gtin"),
        ("spec_from", "spec", pairs["spec_from"].notna()),
    ):
        if telling.any():
            pairs[words] = pairs[name]
            columns.insert(-1, words)
    title = "Quotes" if not found.census else "Quotes the verdicts rest on"
    show_table(pairs, columns, title=title)
    known = row_of(found.offers.set_index("offer_id"), offer)
    (code,) = found.verdicts.loc[
        (found.verdicts["offer_id"] == offer) & (found.verdicts["rule"] == "lowest_price"), "reason_code"
    ]
    click.echo(f"web-lowest {yuan(known['web_lowest_fen'])}; {_passing(known, code, policy)}")


def _passing(known: dict[str, Any], code: str, policy: Policy) -> str:
    """At which price the offer passes, or why none is known."""
    import pandas as pd

    from bosspick.screening.verdicts import REASONS

    if code == "RULE_OFF":
        return "the policy asks for no lowest price: any price passes"
    if not pd.isna(known["passes_at_fen"]):
        return f"passes at {yuan(known['passes_at_fen'])} or below"
    screening = policy.screening
    if code == "TOO_FEW_CHANNELS":
        why = f"{REASONS[code]}, {known['channels_checked']} of at least {screening.min_channels}"
    elif code == "MISSING_CHANNEL":
        why = f"{REASONS[code]}: {', '.join(screening.required_channels)} must be among those checked"
    elif code == "NO_ELIGIBLE_QUOTE":
        why = REASONS[code]
    elif known["quotes_unknown"]:
        why = "a quote with unknown shipping or promotion could be cheaper than any price"
    else:
        why = "nothing is left below the web-lowest by the policy's margin"
    return f"no price is known at which it would pass: {why}"
