"""The tables of a week judged together, once each of them is read."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bosspick.intake.absent import note_absent
from bosspick.intake.impossible import without_impossible
from bosspick.intake.references import broken_references, contradictory_groups, no_week, without_rate
from bosspick.intake.validate import ValidTable
from bosspick.policy import Policy

__all__ = ["check_together"]


def check_together(tables: Mapping[str, ValidTable], policy: Policy, *, in_feed: Collection[str] = ()) -> dict[str, ValidTable]:
    """Set aside what no column alone shows to be wrong, and note what nothing can follow from.

    Parameters
    ----------
    tables
        Validated tables by name.
    policy
        The room's policy.
    in_feed
        Tables whose rows are not read here.

    Returns
    -------
    dict
        The tables without useless rows, with one more finding for everything that is wrong.
    """
    found = {name: without_impossible(name, table, policy) for name, table in tables.items()}
    found["quotes"] = without_rate(found["quotes"], policy.screening.rates)
    found["airings"] = no_week(found["airings"])
    found["promotions"] = contradictory_groups(found["promotions"])
    return note_absent(broken_references(found), policy, in_feed=in_feed)
