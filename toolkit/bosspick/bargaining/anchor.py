"""The anchor: the most ambitious ask that has a written reason, and the concession ladder from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bosspick.policy import BargainingPolicy

__all__ = ["Anchor", "Rung", "concession_ladder", "pick_anchor"]

#: What a concession is paired with, in the order in which it is offered.
TRADES = (
    "a larger committed stock",
    "an earlier slot in the show",
    "two more minutes on air",
    "replay clips the brand may use for 30 days",
    "a place in next month's show",
    "a mention in the preview video",
    "the follow-up post with the item",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A first ask in fen with the reason a negotiator can say aloud."""

    price_fen: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One step up from the anchor, and what is asked in return."""

    price_fen: int
    trade: str


def pick_anchor(reasons: Iterable[Anchor], *, target_fen: int, opening_fen: int, policy: BargainingPolicy) -> Anchor:
    """Choose the lowest ask that can be defended.

    Parameters
    ----------
    reasons
        Asks with evidence, such as the brand's own lowest price.
    target_fen, opening_fen
        What the plan aims for, and what the brand opened with.
    policy
        ``gross_margin_max`` sets the should-cost below which no ask is defended.

    Returns
    -------
    Anchor
        The lowest ask at or above should-cost that lies below the target; the should-cost itself when no
        evidence does; the target when even that lies above it.

    Notes
    -----
    First offers pull outcomes towards them but raise the rate of failed talks (``seeds/facts.csv``, anchor), so
    an ask without a reason is never made.

    Examples
    --------
    >>> low = Anchor(price_fen=8000, reason="its own shop sold it at 80.00")
    >>> pick_anchor([low], target_fen=8500, opening_fen=10000, policy=BargainingPolicy()).price_fen
    8000
    """
    should_cost = round(opening_fen * (1 - policy.gross_margin_max))
    defended = [reason for reason in reasons if should_cost <= reason.price_fen < target_fen]
    if defended:
        return min(defended, key=lambda anchor: (anchor.price_fen, anchor.reason))
    if should_cost < target_fen:
        share = f"{policy.gross_margin_max:.0%}"
        return Anchor(
            price_fen=should_cost, reason=f"should-cost: it leaves the brand the cost of goods at a margin of {share}"
        )
    return Anchor(price_fen=target_fen, reason="the target itself: nothing lower can be defended")


def concession_ladder(anchor_fen: int, walk_away_fen: int, policy: BargainingPolicy) -> tuple[Rung, ...]:
    """Shrinking steps from the anchor to the walk-away, each paired with a trade.

    Parameters
    ----------
    anchor_fen, walk_away_fen
        Where the ladder starts and ends; empty when the walk-away is not above the anchor.
    policy
        Number of rungs, and each concession as a share of the one before.

    Examples
    --------
    >>> [rung.price_fen for rung in concession_ladder(8000, 9000, BargainingPolicy(ladder_rungs=3))]
    [8510, 8816, 9000]
    """
    span = walk_away_fen - anchor_fen
    if span <= 0:
        return ()
    ratio, count = policy.concession_ratio, policy.ladder_rungs
    weights = [ratio**step for step in range(count)]
    reached, rungs = 0.0, []
    for step, weight in enumerate(weights):
        reached += span * weight / sum(weights)
        price = walk_away_fen if step == count - 1 else anchor_fen + round(reached)
        rungs.append(Rung(price_fen=price, trade=TRADES[step % len(TRADES)]))
    return tuple(rungs)
