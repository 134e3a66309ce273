"""The platform's subsidy during the show: what was spent, what the items to come will take, and what is kept for the air."""

from __future__ import annotations

from dataclasses import dataclass

from bosspick.desk.live_air import Air

__all__ = ["Pots", "pots_of", "spent_fen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pots:
    """Money of the platform, fen.

    Attributes
    ----------
    spent_fen
        Units sold so far times the subsidy on each.
    running_fen
        What the item on air and items aired without a count are still expected to take.
    planned_fen
        What the items to come are expected to take.
    left_fen
        What is left of the planned pot after all that; below zero where the reserve has to pay.
    reserve_fen
        What was kept for the air and is not needed yet; never below zero.
    over_fen
        What pot and reserve together lack.
    """

    spent_fen: int
    running_fen: int
    planned_fen: int
    left_fen: int
    reserve_fen: int
    over_fen: int = 0


def spent_fen(air: Air, offer_id: str) -> int:
    """What an item's sales took so far."""
    return air.units.get(offer_id, 0) * air.subsidy(offer_id)


def expected_fen(air: Air, offer_id: str) -> int:
    """What an item that is or was on air takes in all: what it sold, and before that is final what was expected."""
    final = offer_id in air.units and (air.running is None or air.running.offer_id != offer_id)
    if final or offer_id in air.dropped:
        return spent_fen(air, offer_id)
    return max(air.units.get(offer_id, 0), air.item(offer_id).expected_units) * air.subsidy(offer_id)


def pots_of(air: Air, planned_fen: int) -> Pots:
    """Add up the pots.

    Parameters
    ----------
    air
        How the show stands.
    planned_fen
        What the items to come are expected to take.
    """
    ever = list(dict.fromkeys(run.offer_id for run in air.runs))
    spent = sum(spent_fen(air, offer) for offer in air.units)
    running = sum(expected_fen(air, offer) - spent_fen(air, offer) for offer in ever)
    left = air.book.pot_fen - spent - running - planned_fen
    reserve = air.book.reserve_fen + min(left, 0)
    return Pots(spent_fen=spent, running_fen=running, planned_fen=planned_fen, left_fen=left, reserve_fen=max(reserve, 0),
                over_fen=max(-reserve, 0))  # fmt: skip
