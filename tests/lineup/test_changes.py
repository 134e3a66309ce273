"""What a new lineup changes about a published one, priced against brute force."""

from __future__ import annotations

import pytest

from bosspick.lineup import Ban, Change, changes, optimise
from tests.lineup.test_alternatives import every_plan
from tests.lineup.weeks import small_week


@pytest.mark.parametrize("seed", range(640, 700))
def test_the_worth_of_a_change_is_that_of_brute_force(seed: int) -> None:
    options, rules, pick = small_week(seed)
    untaxed = [rule for rule in rules if not isinstance(rule, Change)]
    plans = every_plan(options, untaxed, pick)
    if not plans:
        return
    published = sorted(offer for offer, _ in plans[len(plans) // 2][1])
    taxed = [*untaxed, Change(published=published, tax=25.0)]
    found = optimise(options, taxed, pick=pick)
    told = changes(options, taxed, found, published)
    assert set(told.entered) == set(found.chosen["offer_id"]) - set(published)
    assert set(told.left) == set(published) - set(found.chosen["offer_id"])
    kept = max(value for value, plan in plans if {offer for offer, _ in plan} == set(published))
    new = max(
        value
        for value, plan in plans
        if plan == tuple(found.chosen[["offer_id", "option_id"]].itertuples(index=False, name=None))
    )
    assert told.worth == pytest.approx(new - kept, abs=1e-6)
    assert told.worth >= 25.0 * len(told.left) - 1e-6
    assert str(told).startswith("nothing changed" if not told.entered else f"{len(told.entered)} of {pick} changed, worth ¥")


def test_a_published_offer_that_may_no_longer_air_is_named() -> None:
    options, _, pick = small_week(640)
    found = optimise(options, [], pick=pick)
    offers = [*found.chosen["offer_id"][1:], "gone"]
    assert "gone may no longer air" in str(changes(options, [], found, offers))


def test_a_rule_in_the_way_of_the_published_lineup_is_named() -> None:
    options, _, pick = small_week(640)
    before = optimise(options, [], pick=pick).chosen["offer_id"].tolist()
    ban = Ban(offer_id=before[0], mode="soft", penalty=1.0)
    now = optimise(options, [ban], pick=pick)
    assert changes(options, [ban], now, before).worth is not None
    hard = Ban(offer_id=before[0], title="the first is out")
    told = changes(options, [hard], optimise(options, [hard], pick=pick), before)
    assert (told.worth, told.why_not) == (None, "the first is out")
