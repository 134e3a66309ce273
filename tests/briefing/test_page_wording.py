"""What may be said on air, and how figures are written."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pandas as pd
import pytest

from bosspick.briefing.wording import Evidence, count, day, language, moment, on_air, percent, yuan

CHINA = timezone(timedelta(hours=8))
AS_OF = datetime(2026, 11, 27, 18, 0, tzinfo=CHINA)


def evidence(*, oldest_h: float | None = 2.0, channels: int = 6, passes_at: int | None = 9999) -> Evidence:
    return Evidence(
        lowest_fen=10000, channel="甲", shop="店", grade="A", seen_at=AS_OF, age_h=1.0,
        channels=tuple(f"C{n}" for n in range(channels)), oldest_age_h=oldest_h,
        oldest_at=None if oldest_h is None else AS_OF - timedelta(hours=oldest_h), as_of=AS_OF, passes_at_fen=passes_at,
        conditional_fen=None, seen=8, ranking=6,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("found", "english", "chinese"),
    [
        (evidence(), "on the 6 channels checked by 18:00 on 27 November.", "11月27日18:00，我们在6个渠道"),
        (
            evidence(oldest_h=70),
            "the 6 channels checked between 24 November and 18:00 on 27 November.",
            "11月24日至11月27日18:00",
        ),
        (evidence(channels=1), "on the 1 channel checked by", "在1个渠道"),
    ],
)
def test_a_comparison_names_its_scope_and_its_time(found: Evidence, english: str, chinese: str) -> None:
    said = on_air(found, 9000)
    assert said.compares
    assert english in said.english
    assert chinese in said.chinese
    assert "public price" in said.english
    assert "公开价" in said.chinese


@pytest.mark.parametrize(
    ("found", "price"),
    [(evidence(), 10000), (evidence(passes_at=None), 1), (evidence(oldest_h=None), 9000)],
    ids=["not below", "nothing passes", "no evidence"],
)
def test_without_evidence_nothing_is_compared(found: Evidence, price: int) -> None:
    said = on_air(found, price)
    assert not said.compares
    assert "channel" not in said.english
    assert "不与其他渠道比较" in said.chinese


@pytest.mark.parametrize(
    ("fen", "whole", "written"),
    [
        (0, False, "¥0.00"), (5, False, "¥0.05"), (123456789, False, "¥1,234,567.89"), (-150, False, "−¥1.50"),
        (None, False, "unknown"), (pd.NA, True, "unknown"), (149, True, "¥1"), (150, True, "¥2"),
    ],
)  # fmt: skip
def test_money_is_written_exactly(fen: object, whole: bool, written: str) -> None:
    assert yuan(fen, whole=whole) == written


def test_other_figures() -> None:
    assert (count(12345.4), count(None), count(-7)) == ("12,345", "unknown", "−7")
    assert (percent(0.305), percent(None), percent(0.0231, 1)) == ("30%", "unknown", "2.3%")
    assert (day(pd.NaT), day(AS_OF), moment(AS_OF)) == ("unknown", "27 November 2026", "27 November, 18:00")
    assert (language("面霜 50ml"), language("cream 50ml")) == ("zh", "en")
