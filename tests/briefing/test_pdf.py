"""PDF through a Chromium: numbered, stamped, in the language of the page; and browsers that misbehave."""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bosspick.briefing import Stage, pdf
from bosspick.briefing.cards import CARDS
from bosspick.briefing.config import RunConfig
from bosspick.briefing.page import write_pages
from bosspick.briefing.pdf import NO_BROWSER, find_browser, write_pdfs

# One worker: what the module shares is made once.
pytestmark = pytest.mark.xdist_group("pdf")

DATED = datetime(2026, 11, 27, 10, tzinfo=UTC)
chromium = pytest.mark.skipif(find_browser() is None, reason="Chromium is not installed (Debian: apt-get install chromium)")
pdftotext = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="needs pdftotext (Debian: apt-get install poppler-utils)"
)


def pages_of(path: Path) -> list[str]:
    """The text of each page without its spaces, which no PDF holds as such."""
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True)
    return [re.sub(r"[^\S\n]", "", page) for page in done.stdout.split("\f")[:-1]]


@pytest.fixture(scope="module")
def printed(rich_room: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rich week's pages in Chinese, printed."""
    folder = tmp_path_factory.mktemp("printed")
    write_pages(Stage(RunConfig(room=str(rich_room), lang="zh")), folder)
    assert write_pdfs([folder / "briefing.html", *sorted((folder / "cards").glob("*.html"))], dated=DATED) is None
    return folder


@pytest.mark.browser
@chromium
@pdftotext
def test_every_page_bears_its_number_and_the_version(printed: Path, rich: Stage) -> None:
    pages = pages_of(printed / "briefing.pdf")
    assert len(pages) > 2
    for number, text in enumerate(pages, start=1):
        assert f"{number}/{len(pages)}" in text
        assert f"方案{rich.plan.version}" in text


@pytest.mark.browser
@chromium
@pdftotext
@pytest.mark.parametrize("name", CARDS)
def test_every_card_is_a_page_with_its_number_and_the_version(name: str, printed: Path, rich: Stage) -> None:
    pages = pages_of(printed / "cards" / f"{name}.pdf")
    assert len(pages) == (2 if name == "control-desk" else 4)
    for number, text in enumerate(pages, start=1):
        assert f"{number}/{len(pages)}" in text
        assert rich.plan.version in text


@pytest.mark.browser
@chromium
@pdftotext
def test_chinese_text_can_be_taken_out_again_and_nothing_internal(printed: Path) -> None:
    text = "".join(pages_of(printed / "briefing.pdf"))
    assert "还可能出什么问题，怎么办" in text
    assert "小样" in "".join(pages_of(printed / "cards" / "product-host.pdf"))
    assert "首次还价" not in text


@pytest.mark.browser
@chromium
def test_equal_pages_print_to_equal_bytes(printed: Path, tmp_path: Path) -> None:
    page = Path(shutil.copy(printed / "cards" / "control-desk.html", tmp_path))
    assert write_pdfs([page], dated=DATED) is None
    assert (tmp_path / "control-desk.pdf").read_bytes() == (printed / "cards" / "control-desk.pdf").read_bytes()
    assert b"(D:20261127100000+00'00')" in (tmp_path / "control-desk.pdf").read_bytes()


@pytest.mark.browser
@chromium
def test_a_card_that_cannot_hold_its_text_is_named_and_printed(printed: Path, tmp_path: Path) -> None:
    page = tmp_path / "product-host.html"
    text = (printed / "cards" / "product-host.html").read_text(encoding="utf-8")
    head, mark, rest = text.partition('<p class="rule">')
    (offer,) = re.findall(r'data-offer="(\w+)"', head)
    page.write_text(head + "<p>more</p>" * 40 + mark + rest, encoding="utf-8")
    why = write_pdfs([page], dated=DATED)
    assert why == f"product-host.pdf: text cut short on the card of {offer}; its HTML has all of it"
    assert (tmp_path / "product-host.pdf").is_file()


@pytest.mark.parametrize("nodes", [(22, 35, 23), (41, 42, 40)])
def test_how_the_browser_numbers_its_nodes_does_not_show(nodes: tuple[int, int, int]) -> None:
    names = [b"(node%08d)" % node for node in nodes]
    table = b" ".join(name + b" %d 0 R" % (10 + at) for name, at in sorted((name, at) for at, name in enumerate(names)))
    ends = (min(names), max(names))
    content = b"".join(b"/ID %s>>\n" % name for name in names) + b"/Headers [%s %s]\n" % (names[2], names[0])
    content += b"<</Limits [%s %s]\n/Names [%s]>>" % (*ends, table)
    assert pdf._renumbered(content) == (
        b"/ID (node00000001)>>\n/ID (node00000002)>>\n/ID (node00000003)>>\n/Headers [(node00000003) (node00000001)]\n"
        b"<</Limits [(node00000001) (node00000003)]\n"
        b"/Names [(node00000001) 10 0 R (node00000002) 11 0 R (node00000003) 12 0 R]>>"
    )


def test_without_a_browser_it_says_how_to_get_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(pdf, "_ELSEWHERE", ())
    assert find_browser() is None
    assert write_pdfs([tmp_path / "page.html"], dated=DATED) == NO_BROWSER
    assert "apt-get install chromium" in NO_BROWSER


def test_of_several_browsers_the_one_without_windows_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("google-chrome", "chromium", "chromium-headless-shell"):
        (tmp_path / name).write_text("#!/bin/sh\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_browser() == tmp_path / "chromium-headless-shell"


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("exit 1", "went away"),
        ("sleep 600 & wait", "took too long"),
        ('printf \'{"id": 1, "error": {"message": "no tabs"}}\\0\' >&4; sleep 600', "no tabs"),
    ],
    ids=["ends at once", "hangs", "refuses"],
)
def test_a_browser_that_misbehaves_costs_the_pdf_only(script: str, said: str, tmp_path: Path) -> None:
    page, held = tmp_path / "page.html", tmp_path / "held"
    os.mkfifo(held)
    # Whoever is left of the browser holds the other end open.
    end = os.open(held, os.O_RDONLY | os.O_NONBLOCK)
    page.write_text("<p>page</p>", encoding="utf-8")
    program = tmp_path / "chromium"
    program.write_text(f"#!/bin/sh\nexec 9> {held}\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    why = write_pdfs([page], dated=DATED, timeout_s=2, browser=program)
    assert why is not None
    assert said in why
    assert not page.with_suffix(".pdf").exists()
    assert select.select([end], [], [], 20)[0]
    assert os.read(end, 1) == b""
    os.close(end)


def test_a_program_that_cannot_be_started_is_named(tmp_path: Path) -> None:
    why = write_pdfs([tmp_path / "page.html"], dated=DATED, browser=tmp_path / "nothing")
    assert why == "no PDF: nothing: cannot be started: No such file or directory"
