"""The briefing run end to end on a small room: what comes out, and that the same room gives the same bytes."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path

import pytest

from bosspick import brief, open_room
from bosspick.briefing.cards import CARDS
from bosspick.briefing.pdf import find_browser
from bosspick.briefing.publish import file_hashes
from tests.rooms import WEEK, write_room
from tests.runs import bosspick

# One worker: what the module shares is made once.
pytestmark = pytest.mark.xdist_group("one run")

EXPECTED = {
    "briefing.html", "evidence.zip", "plan.json", "rundown.csv", "rundown.ics", "verdicts.csv", "targets/一组.xlsx",
    "cards/subsidy-host.html", "cards/bargain-host.html", "cards/product-host.html", "cards/control-desk.html",
    "cards/brand-representative.html", "cards/wording.csv", "brand/品牌1.xlsx", "brand/品牌2.xlsx", "brand/品牌3.xlsx",
    "notebooks/01_screening.ipynb", "notebooks/02_lineup.ipynb", "notebooks/03_bargaining.ipynb",
    "notebooks/04_rundown.ipynb", "notebooks/05_briefing.ipynb",
}  # fmt: skip
#: What a Chromium adds.
PRINTED = {"briefing.pdf", *(f"cards/{name}.pdf" for name in CARDS)} if find_browser() else set()


def shuffle(path: Path, seed: int) -> None:
    """Shuffle a CSV's rows and columns."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    rng = random.Random(seed)
    columns = list(rows[0])
    rng.shuffle(rows)
    rng.shuffle(columns)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns)
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A small room and its briefing."""
    base = tmp_path_factory.mktemp("run")
    room = write_room(base / "room")
    made = brief(open_room(room), out=base / "out")
    return room, made.folder


def test_every_file_of_the_design_comes_out(published: tuple[Path, Path]) -> None:
    _, folder = published
    assert set(file_hashes(folder)) == EXPECTED | PRINTED | {"manifest.json"}
    assert (folder.parent / "latest").resolve() == folder
    assert not (folder.parent / ".work").exists()


def test_the_manifest_holds_the_hash_of_every_output_and_input(published: tuple[Path, Path]) -> None:
    room, folder = published
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    found = file_hashes(folder)
    assert manifest["outputs"] == {name: digest for name, digest in found.items() if name != "manifest.json"}
    assert manifest["inputs"] == {name: digest for name, digest in file_hashes(room).items() if name in manifest["inputs"]}
    assert {"policy.toml", f"{WEEK}/offers.csv", f"{WEEK}/quotes.csv", "stores.csv"} <= set(manifest["inputs"])
    assert manifest["keep_until"] == "2029-11-28"


def test_the_plan_document_says_what_the_design_asks(published: tuple[Path, Path]) -> None:
    _, folder = published
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    assert plan["outcome"] == "OPTIMAL"
    assert plan["bound"] >= plan["value"]
    assert [row["slot"] for row in plan["lineup"]] == [1, 2]
    for row in plan["lineup"]:
        assert row["viewer_price"] == row["brand_price"] - row["subsidy"]
        assert row["viewer_price"] < 10_000
        assert sum(row["value_by_component"].values()) == pytest.approx(row["agreed_value"])
    assert set(plan["walk_away"]) == {"O1", "O2", "O3"}


def test_executed_notebooks_hold_no_path_time_or_error(published: tuple[Path, Path]) -> None:
    room, folder = published
    for notebook in (folder / "notebooks").iterdir():
        text = notebook.read_text(encoding="utf-8")
        assert str(room.parent) not in text
        cells = json.loads(text)["cells"]
        assert not any(output["output_type"] == "error" for cell in cells for output in cell.get("outputs", []))
        assert not any("execution" in cell["metadata"] or "papermill" in cell["metadata"] for cell in cells)


def test_the_same_room_in_any_order_gives_the_same_bytes(published: tuple[Path, Path], tmp_path: Path) -> None:
    _, folder = published
    room = write_room(tmp_path / "room")
    for path in (*room.glob("*.csv"), *(room / WEEK).glob("*.csv")):
        shuffle(path, seed=3)
    again = brief(open_room(room), out=tmp_path / "out").folder
    before, after = file_hashes(folder), file_hashes(again)
    assert {name for name in before if before[name] != after[name]} == {"manifest.json"}


def test_verify_finds_a_changed_byte(published: tuple[Path, Path], tmp_path: Path) -> None:
    import shutil

    _, folder = published
    copy = shutil.copytree(folder, tmp_path / "copy")
    assert bosspick("verify", copy).returncode == 0
    path = copy / "verdicts.csv"
    path.write_bytes(path.read_bytes().replace(b"PASS", b"pASS", 1))
    found = bosspick("verify", copy)
    assert found.returncode == 1
    assert found.stdout.strip() == "changed: verdicts.csv"


def test_bad_rows_are_left_out_and_named(tmp_path: Path) -> None:
    from tests.rooms import offer

    rows = [offer(1), offer(2), offer(3), offer(4, opening_price="面议")]
    room = write_room(tmp_path / "room", offers=rows, count=4)
    done = bosspick("brief", room, "--out", tmp_path / "out", "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["bad_rows"] == 1
    text = (Path(answer["folder"]) / "quarantine" / "offers.csv").read_text(encoding="utf-8-sig")
    assert "面议" in text
    assert "opening_price" in text
