"""``bosspick verify``: exit codes and words for a pack and for a run's folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bosspick import open_room
from bosspick.briefing.pack import write_pack
from bosspick.briefing.pack_archive import sealed, unsealed
from bosspick.briefing.publish import file_hashes
from bosspick.cli.main import main
from bosspick.screening import screen
from tests.rooms import WEEK, write_room


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run's folder as far as it is verified: the pack, another file, the manifest."""
    base = tmp_path_factory.mktemp("verified")
    week = open_room(write_room(base / "room")).week(WEEK)
    folder = base / "0001"
    folder.mkdir()
    write_pack(folder / "evidence.zip", week, screen(week))
    (folder / "plan.json").write_text("{}", encoding="utf-8")
    (folder / "manifest.json").write_text(json.dumps({"outputs": file_hashes(folder)}), encoding="utf-8")
    return folder


def copy_of(run: Path, target: Path) -> Path:
    """A copy to spoil."""
    target.mkdir()
    for path in run.iterdir():
        (target / path.name).write_bytes(path.read_bytes())
    return target


def verify(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Exit code and what was printed."""
    with pytest.raises(SystemExit) as stopped:
        main(["verify", *[str(each) for each in arguments]])
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return int(stopped.value.code or 0), out, err


def mended(pack: Path) -> None:
    """Lower the first store's score, hashes and seal renewed."""
    members = unsealed(pack.read_bytes(), where="").members
    stores = members["stores.csv"].replace(b",4.8,", b",4.1,", 1)
    assert stores != members["stores.csv"]
    pack.write_bytes(sealed(members | {"stores.csv": stores}))


def test_an_untouched_pack_and_run_are_ok(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = "39 verdicts recomputed from evidence.zip, all as stated; keep the evidence until 2029-11-28"
    assert verify(capsys, run / "evidence.zip") == (0, f"OK: {words}\n", "")
    assert verify(capsys, run) == (0, f"OK: 2 files as published; {words}\n", "")
    code, out, _ = verify(capsys, run, "--json")
    report = json.loads(out)
    assert (code, report["ok"], report["files"], report["pack"]["verdicts"]) == (0, True, 2, 39)


def test_a_mended_pack_is_told_with_offer_and_rule(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = copy_of(run, tmp_path / "0001")
    mended(folder / "evidence.zip")
    code, out, _ = verify(capsys, folder / "evidence.zip")
    assert code == 1
    assert "differs: verdicts.csv O1 store_score, verdict: stated PASS, recomputed FAIL" in out
    assert not out.startswith("OK")
    code, out, _ = verify(capsys, folder)
    assert (code, out.splitlines()[0]) == (1, "changed: evidence.zip")
    code, out, _ = verify(capsys, folder / "evidence.zip", "--json")
    cells = json.loads(out)["pack"]["differences"]
    assert (code, {(cell["offer_id"], cell["key"]) for cell in cells}) == (1, {("O1", "store_score")})


def test_a_flipped_byte_is_told(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = bytearray((run / "evidence.zip").read_bytes())
    content[-1] ^= 1
    (tmp_path / "evidence.zip").write_bytes(content)
    code, out, _ = verify(capsys, tmp_path / "evidence.zip")
    assert (code, out) == (1, "damaged: the archive's bytes are not those that were sealed\n")


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04"])
def test_what_is_no_pack_exits_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes) -> None:
    (tmp_path / "evidence.zip").write_bytes(content)
    code, _, err = verify(capsys, tmp_path / "evidence.zip")
    assert code == 2
    assert str(tmp_path / "evidence.zip") in err
    assert "→" in err


def test_a_run_whose_pack_is_cut_short_is_a_finding(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = copy_of(run, tmp_path / "0001")
    (folder / "evidence.zip").write_bytes((run / "evidence.zip").read_bytes()[:500])
    code, out, _ = verify(capsys, folder)
    assert code == 1
    assert "changed: evidence.zip" in out
    assert "is no readable zip archive" in out


def test_a_folder_without_manifest_and_a_path_without_file_exit_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(capsys, tmp_path)[0] == 2
    assert verify(capsys, tmp_path / "nothing")[0] == 2
