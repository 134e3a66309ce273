"""The demo room's README: what it is, how it is laid out, which traps it holds."""

from __future__ import annotations

from bosspick.demo.traps import LEAST_OFFERS, TRAPS

__all__ = ["readme_text"]


def readme_text(arguments: dict[str, object], *, session: str, label: str, trapped: bool) -> str:
    """Markdown for the room made with these arguments."""
    call = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
    suffix = arguments["file_format"]
    lines = [
        "# Demo room",
        "",
        "**Everything here is invented**: brands, stores, channels, prices, sales, wishes. Names that look like",
        "real ones are chance; barcodes lie in the range kept for use inside a shop, addresses end in `.example`.",
        "Only `facts.csv` and `wording.csv` speak of the world: figures of the field with their source and how far they can",
        "be trusted, and phrases that may not go on air with the rule that says so.",
        "",
        "Made by",
        "",
        "```python",
        "from bosspick.demo import generate_room",
        "",
        f'generate_room("room", {call})',
        "```",
        "",
        "The same arguments give the same bytes.",
        "",
        "| file | holds |",
        "|---|---|",
        "| `policy.toml` | what the room's people decided: thresholds, weights, pots, rules of every type |",
        f"| `stores.{suffix}`, `brands.{suffix}`, `authorisations.{suffix}` | who sells what, and by what right |",
        f"| `<week>/stores.{suffix}` | in later weeks: stores with that week's scores, instead of the room's |",
        f"| `calendar.{suffix}` | marketing events with their subsidy |",
        f"| `history/airings.{suffix}` | past shows, ten items each, drawn from the model in `bosspick.demo.history` |",
        f"| `<week>/offers.{suffix}` | what brands applied with; the show is on Saturday of that ISO week, 20:00 |",
        f"| `<week>/quotes.{suffix}`, `<week>/promotions.{suffix}` | prices seen elsewhere until Friday 18:00 |",
        f"| `<week>/wishes.{suffix}` | what viewers asked for; {session} has Chinese headers{_encoding(suffix)} |",
        "| `facts.csv` | every figure a default rests on |",
        "| `wording.csv` | the word list: phrase, language, kind, what to say instead, source |",
        "",
        *_traps(session, label, trapped=trapped),
    ]
    return "\n".join(lines) + "\n"


def _encoding(suffix: object) -> str:
    return " and is GB18030" if suffix == "csv" else ""


def _traps(session: str, label: str, *, trapped: bool) -> list[str]:
    if not trapped:
        text = f"This room is too small for traps: they need {LEAST_OFFERS} offers a week and room for their quotes."
        return ["## No traps", "", text]
    return [
        f"## Traps of {session}",
        "",
        "Each is sound in every other respect; the screen must give this verdict on this rule.",
        "",
        "| offer | trap | what it is | rule | verdict | reason code |",
        "|---|---|---|---|---|---|",
        *(f"| {trap.offer_id(label)} | {trap.name} | {trap.what} | {' | '.join(trap.expected)} |" for trap in TRAPS),
    ]
