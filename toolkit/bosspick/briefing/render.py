"""The templates of the briefing and the cards: HTML lives there, values come from here."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from bosspick.briefing import wording
from bosspick.briefing.language import Language
from bosspick.share import share_path

if TYPE_CHECKING:
    import jinja2

__all__ = ["plain_json", "render"]

#: Methods of :class:`bosspick.briefing.language.Language` the templates use.
_FILTERS = ("yuan", "total", "count", "exact", "percent", "clock", "day", "short_day", "moment", "weekday", "told", "listed")

#: Embeddings, overrides and isolates, and what ends them; a script's own direction needs none of them.
_DIRECTIONS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))


def render(template: str, language: Language, **values: Any) -> str:
    """Fill one template; a name it asks for and does not get is an error.

    Parameters
    ----------
    template
        Path below ``templates/``.
    language
        Whose words and figures it is filled with.
    values
        What it shows; text is escaped.
    """
    return _environment(language).get_template(template).render(page_language=language, **values)


def plain_json(text: str) -> str:
    """JSON that may stand inside a script element: nothing in it can end the element."""
    return json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False).replace("<", "\\u003c")


@cache
def _environment(language: Language) -> jinja2.Environment:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(share_path("templates")), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.i18n"], finalize=_undirected,
    )  # fmt: skip
    # The macros and globals jinja2.ext.i18n brings fill in and escape, as Language does without escaping.
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(language.translations, newstyle=True)  # type: ignore[attr-defined]
    for name in _FILTERS:
        environment.filters[name] = getattr(language, name)
    environment.filters["language"] = wording.language
    environment.globals["space"] = language.space
    environment.filters["css_text"] = _css_text
    return environment


def _undirected(value: object) -> object:
    """A value without the controls that turn the direction of the text after them, prices among it."""
    return value.translate(_DIRECTIONS) if isinstance(value, str) else value


def _css_text(text: object) -> str:
    """Text for a quoted string in a style sheet: what could end the string is left out."""
    return re.sub(r"[^\w .:·-]", "", str(text))
