"""Where the notebooks, templates and demo room are: inside the installed package, or in the checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

__all__ = ["share_path"]


def share_path(name: Literal["notebooks", "templates", "seeds"]) -> Path:
    """Folder of files shipped with the package.

    Parameters
    ----------
    name
        Which of them.

    Raises
    ------
    FileNotFoundError
        The installation lacks it, which is a packaging fault.
    """
    package = Path(__file__).resolve().parent
    for candidate in (package / "_share" / name, package.parents[1] / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"the installation lacks its {name} folder")
