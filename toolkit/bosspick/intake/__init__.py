"""Files, Excel or SQL in; validated tables, and a quarantine of bad rows, out."""

from bosspick.intake.findings import Finding
from bosspick.intake.room import Room, Week, open_room

__all__ = ["Finding", "Room", "Week", "open_room"]
