"""The one parameter of every notebook: the path of this configuration as JSON."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from bosspick.errors import InputError

__all__ = ["AHEAD", "PRINTS", "STEPS", "RunConfig", "read_config"]

#: The planning notebooks, and the steps whose results each needs.
STEPS: dict[str, tuple[str, ...]] = {
    "01_screening": (),
    "02_lineup": ("01_screening",),
    "03_bargaining": ("02_lineup", "talks"),
    "04_rundown": ("02_lineup",),
    "05_briefing": ("03_bargaining", "04_rundown"),
}
#: Products made beside the notebooks, and the steps whose results each needs.
AHEAD: dict[str, tuple[str, ...]] = {"talks": ("02_lineup",)}
#: The pages on paper, where they are wanted.
PRINTS: dict[str, tuple[str, ...]] = {"pdf": ("05_briefing",)}


class RunConfig(BaseModel):
    """What a notebook is to plan, and where it leaves its results.

    ``folder`` is where the steps of one run meet, and ``step`` the one this configuration is for; without them a
    notebook computes everything it shows and writes nothing. ``lang`` is the language of page, cards, figures and of
    the notebook itself.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    room: str
    session: str | None = None
    url: str | None = None
    as_of: datetime | None = None
    folder: Path | None = None
    step: str | None = None
    wait_s: float = 600.0
    lang: Literal["en", "zh"] = "en"


def read_config(path: str) -> RunConfig:
    """Read a configuration; the empty path means the demo room's first week.

    Raises
    ------
    InputError
        The file is missing or has an unknown key.
    """
    if not path:
        from bosspick.share import share_path

        return RunConfig(room=str(share_path("seeds")))
    try:
        return RunConfig.model_validate_json(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValidationError) as error:
        raise InputError(
            f"is no run configuration: {error}", where=path, hint="leave `config` empty for the demo room"
        ) from error
