"""The screen equals a slow plain-Python one on random rooms: landed prices to the fen, reason codes to the letter."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from random import Random
from typing import Any

import pandas as pd
import pytest

from bosspick import open_room
from bosspick.intake import Week
from bosspick.screening import Screening, screen
from bosspick.screening.duck import DuckEngine
from bosspick.screening.landed import landed_prices
from tests.oracle import landed as oracle
from tests.screening.chance import policy_of, random_tables, write_tables

AS_OF = datetime(2026, 11, 28, 10, tzinfo=UTC)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain Python values, null as None."""
    return [{name: None if pd.isna(value) else value for name, value in row.items()} for row in frame.to_dict("records")]


def by(rows: list[dict[str, Any]], name: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row[name], []).append(row)
    return found


def oracle_prices(week: Week) -> dict[str, oracle.Landed]:
    promotions = by(records(week.table("promotions")), "quote_id")
    return {q["quote_id"]: oracle.landed(q, promotions.get(q["quote_id"], [])) for q in records(week.table("quotes"))}


Judged = tuple[Week, Screening, dict[str, oracle.Landed]]


@pytest.fixture(scope="module", params=range(3))
def judged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Judged:
    folder = tmp_path_factory.mktemp("random")
    write_tables(folder, random_tables(request.param, offers=120), policy_of(Random(request.param)))
    week = open_room(folder).week(as_of=AS_OF)
    assert week.bad == ()
    return week, screen(week), oracle_prices(week)


def test_landed_prices(judged: Judged) -> None:
    week, _, prices = judged
    engine = DuckEngine()
    quotes, promotions = (engine.table(name, week.table(name)) for name in ("quotes", "promotions"))
    found = engine.run(landed_prices(engine, quotes, promotions))
    engine.close()
    ours = {
        row["quote_id"]: oracle.Landed(
            *(a_piece(row, name) for name in ("landed", "conditional", "possible", "possible_conditional"))
        )
        for row in records(found)
    }
    assert ours == prices
    assert sum(price.public is None for price in ours.values()) > 20
    assert sum(price.possible is None for price in ours.values()) > 5


def test_price_rule(judged: Judged) -> None:
    week, found, prices = judged
    policy = week.policy.screening
    rules = oracle_rules(week)
    quotes = records(week.table("quotes"))
    rows = {row["offer_id"]: row for row in records(found.verdicts[found.verdicts["rule"] == "lowest_price"])}
    web = found.offers.set_index("offer_id")["web_lowest_quote"]
    codes = set()
    for offer in records(week.table("offers")):
        expected = oracle.lowest_price(offer, quotes, prices, rules, AS_OF)
        row = rows[offer["offer_id"]]
        quote = web[offer["offer_id"]]
        ours = {"code": row["reason_code"], "web": row["web_lowest"], "quote": None if pd.isna(quote) else quote,
                "channels": row["channels_checked"], "passes": row["passes_at"]}  # fmt: skip
        assert ours == expected, offer["offer_id"]
        codes.add(expected["code"])
    assert {"LOWEST", "ABOVE_WEB", "NO_ELIGIBLE_QUOTE"} <= codes
    assert policy.min_channels == 1 or "TOO_FEW_CHANNELS" in codes
    assert not policy.required_channels or "MISSING_CHANNEL" in codes


@pytest.mark.parametrize("rule", ["brand", "store_score"])
def test_brand_and_store_rules(judged: Judged, rule: str) -> None:
    week, found, _ = judged
    brands = {row["brand_id"]: row for row in records(week.table("brands"))}
    stores = {row["store_id"]: row for row in records(week.table("stores"))}
    chain = records(week.table("authorisations"))
    day = week.starts_at.date()
    expected = {
        offer["offer_id"]: oracle.brand_code(offer, brands, chain, day)
        if rule == "brand"
        else oracle.score_code(offer, stores, oracle_rules(week), day)
        for offer in records(week.table("offers"))
    }
    rows = found.verdicts[found.verdicts["rule"] == rule]
    assert dict(zip(rows["offer_id"], rows["reason_code"], strict=True)) == expected
    assert len(set(expected.values())) >= 5


def a_piece(row: dict[str, Any], name: str) -> Fraction | None:
    fen, pieces = row[f"{name}_fen"], row[f"{name}_pieces"]
    return None if fen is None else Fraction(int(fen), int(pieces))


def oracle_rules(week: Week) -> oracle.Rules:
    policy = week.policy.screening
    return oracle.Rules(
        margin_fen=int(policy.margin * 100), rank_on=policy.rank_on, window_hours=policy.window_hours,
        grades="ABCD"[: "ABCD".index(policy.min_grade) + 1], min_channels=policy.min_channels,
        required=frozenset(policy.required_channels), scalable=frozenset(policy.scale_spec_categories),
        regions=frozenset(policy.regions),
        score_min=policy.store_score_min, score_days=policy.store_score_max_age_days,
    )  # fmt: skip
