"""The demo room's ``policy.toml``: the template with offers that can be in the first week's ten."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from importlib.resources import files
from string import Template

from bosspick.demo.week import Week

__all__ = ["policy_text"]

_PASSING = ("lock", "ban", "together_a", "together_b", "then_a")
_PASSABLE = ("apart_a", "apart_b", "if_any", "then_b")


def policy_text(week: Week, resting: AbstractSet[str | None], *, session: str) -> str:
    """Fill the template.

    Rules that name offers get offers of different brands, stores and categories that pass the screen, or pass it
    after talks, and whose brands do not rest; a room too small for that has these rules switched off.
    """
    taken: set[str | None] = set(resting)
    passing = _different(week, week.passing, len(_PASSING), taken)
    passable = _different(week, week.passable, len(_PASSABLE), taken)
    found = len(passing) == len(_PASSING) and len(passable) == len(_PASSABLE)
    roles = (*_PASSING, *_PASSABLE)
    # A switched-off rule still has to be well formed, and none may name one offer twice.
    offers = passing + passable if found else [f"none-{role}" for role in roles]
    names = dict(zip(roles, offers, strict=True))
    template = files("bosspick.demo").joinpath("policy_template.toml").read_text(encoding="utf-8")
    return Template(template).substitute(names, named="hard" if found else "off", session=session)


def _different(week: Week, rows: Sequence[int], count: int, taken: set[str | None]) -> list[str]:
    chosen: list[str] = []
    categories: list[str | None] = []
    for row in rows:
        brand, store, category = (week.offers[name][row] for name in ("brand_id", "store_id", "category"))
        if brand in taken or store in taken or categories.count(category) >= 2:
            continue
        taken |= {brand, store}
        categories.append(category)
        chosen.append(week.offers["offer_id"][row] or "")
        if len(chosen) == count:
            break
    return chosen
