"""Who opens, who closes, and what the others are for."""

from __future__ import annotations

import pandas as pd

from bosspick.rundown.roles import assign_roles

#: Saving of all viewers together falls from a to d; e saves most in percent.
CHOSEN = pd.DataFrame(
    {
        "offer_id": list("abcde"),
        "viewer_price_fen": [9_000, 9_000, 9_000, 9_000, 5_000],
        "brand_price_fen": [9_000, 9_900, 9_900, 9_400, 5_000],
        "web_lowest_fen": [10_000] * 5,
        "value_saving": [400.0, 300.0, 200.0, 100.0, 50.0],
    }
)
OPENING = pd.Series(10_000, index=list("abcde"))


def roles(at_the_end: set[str]) -> dict[str, str]:
    return assign_roles(CHOSEN, OPENING, {"b"}, 0.2, at_the_end).to_dict()


def test_the_closer_is_the_largest_saving_that_can_close_the_show() -> None:
    assert roles(set("abcde")) == {"a": "closer", "b": "wish", "c": "everyday", "d": "hard bargain", "e": "hook"}
    assert roles(set("bcde")) == {"a": "hard bargain", "b": "closer", "c": "everyday", "d": "hard bargain", "e": "hook"}


def test_where_none_can_close_the_largest_saving_is_the_closer_all_the_same() -> None:
    assert roles({"e"}) == roles(set("abcde"))
