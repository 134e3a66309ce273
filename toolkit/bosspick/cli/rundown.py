"""``bosspick rundown``: the show as it will run, printed."""

from __future__ import annotations

import click
import pandas as pd

from bosspick.briefing.wording import yuan
from bosspick.cli.shared import as_json, open_stage, room_arguments, show_table
from bosspick.frames import records


@click.command()
@room_arguments
@click.option("--json", "json_output", is_flag=True, help="Print every cue as JSON.")
def rundown(room: str, session: str | None, as_of: str | None, folder: str | None, json_output: bool) -> None:
    """Order the ten: slots, minutes, representatives' windows, stock releases.

    Exits 1 where no order keeps every rule.

    \b
    Example:
      bosspick rundown seeds --session 2026-W48
    """
    from bosspick.rundown.files import rundown_rows

    found = open_stage(room, session, as_of, folder).rundown
    if json_output:
        rows = rundown_rows(found)
        as_json(rows.astype(object).where(rows.notna(), None).to_dict("records"))
    else:
        _show(found.slots, found.tranches, found.version)
        show_table(_bench(found.bench), ["bench", "offer", "for", "slots it could take"], title="Bench")
    # Beside the JSON, for whoever reads the exit code.
    for change in found.changes:
        click.echo(change, err=json_output)
    for breach in found.breaches:
        click.echo(f"cannot be kept: {breach}", err=json_output)
    for row in records(found.tranches[found.tranches["over_capacity"]]):
        click.echo(
            f"slot {row['slot']} release {row['tranche']}: {row['peak_per_s']:,.0f} orders a second at its peak, more "
            f"than the room has carried; {row['releases_needed']} releases of the item would do",
            err=json_output,
        )
    raise SystemExit(1 if found.breaches else 0)


def _show(slots: pd.DataFrame, tranches: pd.DataFrame, version: str) -> None:
    rows = []
    for slot in records(slots):
        releases = records(tranches[tranches["slot"] == slot["slot"]])
        windows = [str(slot[name])[:5] if pd.notna(slot[name]) else "" for name in ("rep_from", "rep_to")]
        rows.append(
            {
                "": slot["slot"],
                "at": f"{slot['starts_at']:%H:%M}",
                "min": slot["minutes"],
                "offer": slot["offer_id"],
                "role": slot["role"],
                "on air": yuan(slot["viewer_price_fen"]),
                "representative": "–".join(windows) if any(windows) else "",
                "released": f"{slot['planned_units']:,}",
                "at ": " ".join(f"{each['at']:%H:%M}" for each in releases),
            }
        )
    show_table(pd.DataFrame(rows), list(rows[0]), title=version)


def _bench(bench: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for offer, found in bench.groupby("offer_id", sort=False):
        rows.append(
            {
                "bench": int(found["bench_rank"].iloc[0]),
                "offer": offer,
                "for": ", ".join(found.loc[found["stands_in"], "instead_of"]) or "–",
                "slots it could take": ", ".join(str(slot) for slot in found.loc[found["fits"], "slot"]) or "none",
            }
        )
    return pd.DataFrame(rows, columns=["bench", "offer", "for", "slots it could take"])
