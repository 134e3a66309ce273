"""The command line: a thin layer over the verbs."""

from bosspick.cli.main import main

__all__ = ["main"]
