"""The templates of the briefing and the cards: HTML lives there, values come from here."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from bosspick.briefing import wording
from bosspick.share import share_path

if TYPE_CHECKING:
    import jinja2

__all__ = ["plain_json", "render"]


def render(template: str, **values: Any) -> str:
    """Fill one template; a name it asks for and does not get is an error.

    Parameters
    ----------
    template
        Path below ``templates/``.
    values
        What it shows; text is escaped.
    """
    return _environment().get_template(template).render(**values)


def plain_json(text: str) -> str:
    """JSON that may stand inside a script element: nothing in it can end the element."""
    return json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False).replace("<", "\\u003c")


@cache
def _environment() -> jinja2.Environment:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(share_path("templates")), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    for name in ("yuan", "count", "percent", "clock", "day", "short_day", "moment", "language"):
        environment.filters[name] = getattr(wording, name)
    environment.filters["css_text"] = _css_text
    return environment


def _css_text(text: object) -> str:
    """Text for a quoted string in a style sheet: what could end the string is left out."""
    return re.sub(r"[^\w .:·-]", "", str(text))
