"""An invented room to try the toolkit on: see :func:`generate_room`."""

from bosspick.demo.room import generate_room
from bosspick.demo.trap import Trap
from bosspick.demo.traps import TRAPS

__all__ = ["TRAPS", "Trap", "generate_room"]
