"""What is to be said about a returned workbook, by page and cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["SheetFinding"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetFinding:
    """One finding.

    Attributes
    ----------
    severity
        ``refused``: the row, or the whole file, is not taken; ``warning``: it is taken, but look at it; ``note``: for
        your information.
    file, where
        The file, and the page and cell such as ``Talks!O7``; empty for the file as a whole.
    what, mend
        What is wrong, and what to do.
    offer_id
        The offer it is about; empty for the file as a whole.
    """

    severity: Literal["refused", "warning", "note"]
    file: str
    where: str
    what: str
    mend: str = ""
    offer_id: str = ""

    def __str__(self) -> str:
        place = f"{self.file} {self.where}" if self.where else self.file
        about = f" ({self.offer_id})" if self.offer_id else ""
        return f"{self.severity}: {place}{about}: {self.what}" + (f" → {self.mend}" if self.mend else "")
