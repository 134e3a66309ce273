"""Imported for what it brings with it: everything a run needs, for a server that preloads modules by name."""

from bosspick.warm import prepare

prepare()
