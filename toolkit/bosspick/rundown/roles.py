"""What each item is for in the show: opening hook, hard bargain, viewers' wish, closer, everyday good."""

from __future__ import annotations

import pandas as pd

__all__ = ["ROLES", "assign_roles"]

#: Role and what a host does with it.
ROLES = {
    "hook": "a saving one sees at once",
    "closer": "the largest saving of all viewers together",
    "wish": "what viewers asked for",
    "hard bargain": "the price has to be won from the brand",
    "everyday": "a good everyone uses",
}


def assign_roles(
    chosen: pd.DataFrame, opening_fen: pd.Series, wished: set[str], hook_share: float, at_the_end: set[str]
) -> pd.Series:
    """Give each of the ten its role.

    Parameters
    ----------
    chosen
        The ten; columns offer_id, viewer_price_fen, brand_price_fen, web_lowest_fen, value_saving.
    opening_fen
        Opening price by offer_id.
    wished
        Offers that meet a wish.
    hook_share
        Share of the items that are hooks, at least one.
    at_the_end
        Offers whose representative is on set when the show ends, or need be there at no time.

    Returns
    -------
    Series
        Role by offer_id: hooks are the largest savings in percent, the closer the largest total saving left of an item
        that can close the show (of all, where none can), hard bargains those at least 5% below opening, then wishes, then
        everyday goods.
    """
    rows = chosen.set_index("offer_id").sort_index()
    lowest = rows["web_lowest_fen"].astype("Float64")
    saving = ((lowest - rows["viewer_price_fen"]) / lowest).astype("float64").fillna(0.0)
    hooks = saving.sort_values(ascending=False, kind="stable").index[: max(1, round(hook_share * len(rows)))]
    rest = rows[~rows.index.isin(hooks)]
    can_close = rest[rest.index.isin(at_the_end)]
    closer = (can_close if len(can_close) else rest)["value_saving"].sort_values(ascending=False, kind="stable").index[:1]
    cut = 1 - rows["brand_price_fen"] / opening_fen.reindex(rows.index).astype("float64")

    def role(offer: str) -> str:
        if offer in hooks:
            return "hook"
        if offer in closer:
            return "closer"
        if cut[offer] >= 0.05:
            return "hard bargain"
        return "wish" if offer in wished else "everyday"

    return pd.Series({offer: role(offer) for offer in rows.index}, name="role")
