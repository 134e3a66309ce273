"""Whether Apache Spark can be tried here."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec

import pytest

__all__ = ["MASTER", "needs_spark"]

MASTER = "local[2]"
_MISSING = find_spec("pyspark") is None or not (shutil.which("java") or os.environ.get("JAVA_HOME"))
_WHY = "Spark needs pyspark and Java 17 (Debian: apt-get install openjdk-17-jre-headless)"


def needs_spark(function: object) -> object:
    """Mark a test that starts Spark: one process for all of them, skipped where it is not installed, never in CI."""
    skip = pytest.mark.skipif(_MISSING and not os.environ.get("CI"), reason=_WHY)
    return pytest.mark.spark(pytest.mark.xdist_group("spark")(skip(function)))
