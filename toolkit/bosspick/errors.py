"""The error tree: every failure says what is wrong, where, and what to do.

::

    BosspickError
    ├── InputError             bad input or usage: exit code 2
    │   ├── RoomError          the room folder or database cannot be used
    │   ├── TableError         a table is missing, unreadable or has no such column
    │   ├── PolicyError        policy.toml has an unknown key or a value out of range
    │   ├── SessionError       no such session or week
    │   ├── RuleError          a lineup rule is malformed or names what does not exist
    │   ├── OptionsError       the options frame given to the optimiser is malformed
    │   ├── SheetError         a workbook that came back cannot be read
    │   ├── PackError          an evidence pack is none, is cut short, or cannot be read
    │   └── EngineError        the screening engine asked for is not there or not reachable
    ├── FindingError           something the user must act on: exit code 1
    │   ├── NoPlanError        the rules leave no plan; says which are in the way
    │   └── StepFailedError    a notebook of a briefing failed or never finished
    ├── BusyError              another run holds the room: exit code 1
    ├── OutputError            what was made could not be written: exit code 1
    └── InternalError          a check of ours failed: a bug, please report
        └── VerificationError  a plan does not recompute from its own rows
"""

from __future__ import annotations

from typing import Self

__all__ = [
    "BosspickError",
    "BusyError",
    "EngineError",
    "FindingError",
    "InputError",
    "InternalError",
    "NoPlanError",
    "OptionsError",
    "OutputError",
    "PackError",
    "PolicyError",
    "RoomError",
    "RuleError",
    "SessionError",
    "SheetError",
    "StepFailedError",
    "TableError",
    "VerificationError",
]


class BosspickError(Exception):
    """The root of all errors this package raises on purpose.

    Parameters
    ----------
    message
        What is wrong, in one sentence.
    where
        File, table, row, column or rule it is about, as the user knows it.
    hint
        What to do about it.
    """

    exit_code = 1

    def __init__(self, message: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text}\n  → {self.hint}" if self.hint else text


class InputError(BosspickError):
    """Bad input or usage; nothing was written."""

    exit_code = 2


class RoomError(InputError):
    """The room folder or database cannot be used."""


class TableError(InputError):
    """A table is missing, unreadable, lacks a column, or holds no usable row.

    Attributes
    ----------
    findings
        Every :class:`bosspick.intake.Finding` of the tables read until then; empty where none was read.
    """

    findings: tuple[object, ...] = ()

    def having(self, findings: tuple[object, ...]) -> Self:
        """The same with what was found in the tables."""
        self.findings = findings
        return self


class PolicyError(InputError):
    """``policy.toml`` has an unknown key or a value out of range."""


class SessionError(InputError):
    """There is no such session or ISO week."""


class _OfRules:
    """Something rules are in the way of.

    Attributes
    ----------
    conflict
        The :class:`bosspick.lineup.Conflict`, with the repairs that would help; None where nothing is known of one.
    """

    conflict: object | None = None

    def because(self, conflict: object | None) -> Self:
        """The same with what is known of the conflict."""
        self.conflict = conflict
        return self


class RuleError(_OfRules, InputError):
    """A lineup rule is malformed, names what does not exist, or contradicts another."""


class OptionsError(InputError):
    """The options frame given to the optimiser is malformed."""


class SheetError(InputError):
    """A workbook that came back cannot be read."""


class PackError(InputError):
    """An evidence pack is none, is cut short, or cannot be read."""


class EngineError(InputError):
    """The screening engine asked for is not there or cannot be reached."""


class FindingError(BosspickError):
    """Something the user must act on."""


class NoPlanError(_OfRules, FindingError):
    """The rules leave no plan; the message says which are in the way."""


class StepFailedError(FindingError):
    """A notebook of a briefing failed or never finished."""


class BusyError(BosspickError):
    """Another run holds the room."""


class OutputError(BosspickError):
    """What was made could not be written; what was there before is untouched."""


class InternalError(BosspickError):
    """A check of our own failed: a bug worth reporting."""


class VerificationError(InternalError):
    """A plan does not recompute from its own rows."""
