"""From a published plan through settled and failed talks to the next one, with the reason of every move."""

from __future__ import annotations

from pathlib import Path

from bosspick import open_room, plan_lineup, price_options, screen
from bosspick.intake import Week
from bosspick.ledger import Ledger, Standing, Talk, moves, published_document
from bosspick.lineup.plan import LineupPlan
from tests.rooms import write_room

WEEK = "2026-W48"


def planned(week: Week, ledger: Ledger) -> tuple[LineupPlan, Standing]:
    known = Standing.of_week(ledger, week.session_id)
    screening = screen(week)
    options = price_options(week, screening, settled=known.settled, failed=known.failed)
    rules = known.rules(set(options["offer_id"]))
    return plan_lineup(week, screening, options=options, published=known.published, extra_rules=rules), known


def test_every_move_has_its_reason(tmp_path: Path) -> None:
    week = open_room(write_room(tmp_path / "room")).week()
    ledger = Ledger.of_room(week.room)
    first, _ = planned(week, ledger)
    ten = sorted(first.chosen["offer_id"])
    document = published_document(first)
    ledger.publish(WEEK, first.version, ten, who="producer", document=document)
    again, known = planned(week, ledger)
    assert moves(document, again, known).empty

    out, stays = ten[0], ten[1]
    ledger.choose(WEEK, {out: "ban"}, who="producer", why="documents missing")
    aimed = int(first.chosen.set_index("offer_id").loc[stays, "brand_price_fen"])
    ledger.settle(WEEK, stays, aimed - 100, who="team one")
    after, known = planned(week, ledger)
    found = moves(document, after, known).set_index("offer_id")
    assert found.loc[out, "move"] == "out"
    assert found.loc[out, "why"] == "banned by the producer"
    assert found.loc[stays, "move"] == "price"
    assert found.loc[stays, "why"] == "agreed, ¥1.00 below what was aimed at"
    (came,) = found.index[found["move"] == "in"]
    assert "bench" in found.loc[came, "why"]
    assert not known.rules(set()) or all(rule.mode == "hard" for rule in known.rules({out}))


def test_a_settled_price_is_certain_and_a_failed_talk_leaves_the_opening(tmp_path: Path) -> None:
    week = open_room(write_room(tmp_path / "room")).week()
    screening = screen(week)
    opening = week.table("offers").set_index("offer_id")["opening_price_fen"]
    free = price_options(week, screening)
    offer = free.loc[free["talk_hours"] > 0, "offer_id"].iloc[0]
    price = int(free.loc[(free["offer_id"] == offer) & (free["talk_hours"] > 0), "brand_price_fen"].iloc[0])
    settled = price_options(week, screening, settled={offer: price})
    mine = settled[settled["offer_id"] == offer]
    assert set(mine["brand_price_fen"]) == {price}
    assert (mine["accept_p"] == 1).all()
    assert (mine["talk_hours"] == 0).all()
    failed = price_options(week, screening, failed=[offer])
    assert set(failed.loc[failed["offer_id"] == offer, "brand_price_fen"]) <= {int(opening[offer])}
    both = price_options(week, screening, settled={offer: price}, failed=[offer])
    assert set(both.loc[both["offer_id"] == offer, "brand_price_fen"]) == {price}


def test_hours_of_ended_talks_are_spent(tmp_path: Path) -> None:
    week = open_room(write_room(tmp_path / "room")).week()
    ledger = Ledger.of_room(week.room)
    offers = week.table("offers").assign(talk_hours=[1.5, None, 2.0], negotiator=["a", "a", "b"])
    ids = offers["offer_id"].tolist()
    ledger.record_talks(
        [
            Talk(session_id=WEEK, offer_id=ids[0], outcome="agreed", brand_price_fen=100),
            Talk(session_id=WEEK, offer_id=ids[1], outcome="failed"),
            Talk(session_id=WEEK, offer_id=ids[2], outcome="reopened"),
        ],
        who="team one",
    )
    assert Standing.of_week(ledger, WEEK).hours_spent(offers, default=0.5) == {"a": 2.0}
