"""``bosspick verify``: a published run is as it was written, and its verdicts follow from its evidence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bosspick.cli.shared import as_json

if TYPE_CHECKING:
    from bosspick.briefing.pack import PackReport

#: Most differing cells printed; --json has all.
_SHOWN = 40


@click.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "json_output", is_flag=True, help="Print the result as JSON.")
def verify(path: Path, json_output: bool) -> None:
    """Check a run's folder against its manifest, and compute the verdicts of its evidence again.

    PATH is a run's folder, or an evidence.zip: that needs nothing but itself.

    \b
    Examples:
      bosspick verify briefings/2026-W48/latest
      bosspick verify evidence.zip
    """
    from bosspick.briefing.pack import verify_pack
    from bosspick.briefing.publish import differences_from_manifest
    from bosspick.errors import PackError

    result: dict[str, Any] = {}
    lines: list[str] = []
    fine: list[str] = []
    pack = path / "evidence.zip" if path.is_dir() else path
    if path.is_dir():
        found = differences_from_manifest(path)
        result |= {"files": found.files, "changed": found.changed, "missing": found.missing, "added": found.added}
        lines += [f"{what}: {name}" for what in ("changed", "missing", "added") for name in result[what]]
        fine.append(f"{found.files} files as published")
    if not path.is_dir() or pack.is_file():
        try:
            report = verify_pack(pack)
        except PackError as error:
            if not path.is_dir():
                raise
            # Beside the manifest's findings it is one more of them, not a wrong argument.
            result["pack"] = {"ok": False, "unreadable": str(error)}
            lines.append(str(error))
        else:
            result["pack"] = _plain(report)
            lines += _told(report)
            kept = f"keep the evidence until {report.keep_until}"
            fine.append(f"{report.verdicts} verdicts recomputed from {pack.name}, all as stated; {kept}")
    if json_output:
        as_json({"ok": not lines, **result})
    else:
        for line in lines or [f"OK: {'; '.join(fine)}"]:
            click.echo(line)
    raise SystemExit(1 if lines else 0)


def _plain(report: PackReport) -> dict[str, Any]:
    cells = report.differences.astype(object).where(report.differences.notna(), None)
    return {"ok": report.is_ok, "session": report.session_id, "verdicts": report.verdicts, "keep_until": report.keep_until,
            "made_with": report.made_with, "damage": report.damage, "differences": cells.to_dict("records")}  # fmt: skip


def _told(report: PackReport) -> list[str]:
    from bosspick import __version__

    lines = [f"damaged: {each}" for each in report.damage]
    cells = report.differences.astype(object).where(report.differences.notna(), None).to_dict("records")
    lines += [
        f"differs: {cell['file']} {cell['offer_id']} {cell['key']}, {cell['column']}: "
        f"stated {_shown(cell['stated'])}, recomputed {_shown(cell['recomputed'])}"
        for cell in cells[:_SHOWN]
    ]
    if len(cells) > _SHOWN:
        lines.append(f"… and {len(cells) - _SHOWN} more cells; --json prints all")
    if cells and report.made_with != __version__:
        lines.append(f"written by version {report.made_with}, recomputed by {__version__}: their rules may differ")
    return lines


def _shown(text: str | None) -> str:
    return "nothing" if text is None or text == "" else text
