"""The texts of the planning notebooks between their cells of code, and a notebook with them in another language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bosspick.briefing.language import Language

__all__ = ["paragraphs", "translated"]

#: What marks a heading is no part of its text.
_HEADING = re.compile(r"#+ ")


def paragraphs(notebook: Path) -> Iterator[str]:
    """The headings and paragraphs of a notebook's texts, for the catalogues."""
    for cell in _read(notebook).cells:
        if cell.cell_type == "markdown":
            yield from (_parted(block)[1] for block in cell.source.split("\n\n"))


def translated(notebook: Path, language: Language, output: Path) -> None:
    """Write a notebook again with its texts in a language; the code stays.

    Parameters
    ----------
    notebook, output
        Source and where the copy goes.
    language
        A paragraph its catalogue does not know stays as it is.
    """
    import nbformat

    content = _read(notebook)
    for cell in content.cells:
        if cell.cell_type == "markdown":
            parted = (_parted(block) for block in cell.source.split("\n\n"))
            cell.source = "\n\n".join(mark + language.told(words) for mark, words in parted)
    nbformat.write(content, output)


def _read(notebook: Path) -> Any:
    import nbformat

    return nbformat.read(notebook, as_version=4)


def _parted(block: str) -> tuple[str, str]:
    mark = _HEADING.match(block)
    return (mark.group(), block[mark.end() :]) if mark else ("", block)
