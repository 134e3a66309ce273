"""Words in Chinese: the catalogue is whole, texts of other rooms are recognised, figures are written the Chinese way."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po

from bosspick.briefing import Stage
from bosspick.briefing.language import ENGLISH, Language
from bosspick.briefing.messages import PO, compiled, fresh
from bosspick.briefing.vocabulary import FORMS, vocabulary
from bosspick.errors import InputError

ZH = Language.of("zh")
PLACES = re.compile(r"%\(\w+\)s")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with PO.open("rb") as stream:
        return read_po(stream, locale="zh", domain="bosspick")


def test_the_catalogue_holds_exactly_the_messages_there_are(catalogue: Catalog) -> None:
    now = {str(message.id) for message in fresh()}
    known = {str(message.id) for message in catalogue}
    assert now - known == set(), "run python -m bosspick.briefing.messages and translate what is new"
    assert known - now == set(), "run python -m bosspick.briefing.messages"


def test_the_compiled_catalogue_is_the_one_that_was_translated(catalogue: Catalog) -> None:
    assert PO.with_suffix(".mo").read_bytes() == compiled(catalogue)[1]


def test_every_message_is_translated_with_the_same_places(catalogue: Catalog) -> None:
    for message in catalogue:
        if not message.id:
            continue
        originals = [message.id] if isinstance(message.id, str) else list(message.id)
        translated = [message.string] if isinstance(message.string, str) else list(message.string)
        assert all(translated), message.id
        # Chinese has one form: it stands for the plural and fills every place.
        assert sorted(PLACES.findall(translated[-1])) == sorted(PLACES.findall(originals[-1])), message.id
        tags = re.findall(r"</?\w+>", originals[-1])
        assert re.findall(r"</?\w+>", translated[-1]) == tags, message.id


def test_no_translation_claims_the_whole_web(catalogue: Catalog) -> None:
    assert not [message.id for message in catalogue if "全网最低" in str(message.string)]


def test_forms_are_told_apart_and_filled() -> None:
    assert ZH.told("O1: opens the show as wish, not hook") == "O1：以心愿款开场，要求为引流款"
    assert ZH.told("O1: opens the show as wish, not hook or closer") == "O1：以心愿款开场，要求为引流款或收尾款"
    assert ZH.told("agreed at ¥12.00, from the bench, place 2") == "谈定价¥12.00，替补第2顺位上场"
    assert ZH.told("representative not on set then; next to another of tea") == "届时品牌代表不在场；与另一个tea相邻"
    assert ZH.told("something nobody wrote; and more") == "something nobody wrote; and more"
    assert ENGLISH.told("representative not on set then") == "representative not on set then"


def test_names_in_quotes_are_told_one_by_one() -> None:
    rules = "'Locked at the desk: O1', 'At most three items of one category' and \"Viewers' choice\""
    assert ZH.told(f"rules {rules}") == "规则“工作台锁定：O1”、“同一品类最多三个”、“Viewers' choice”"
    assert ZH.told("'unquoted" + "'s end") == "'unquoted's end"


def test_an_error_is_told_part_by_part() -> None:
    error = InputError("2 offers are locked in but the lineup has 1 places", where="the desk", hint="solve first")
    assert ZH.error(error) == "工作台：已锁定2个商品，坑位只有1个\n  → 请先求解"
    assert ENGLISH.error(error) == str(error)
    assert ZH.error(InputError("nobody wrote this")) == "nobody wrote this"


def test_phrases_keep_their_places_for_the_browser() -> None:
    assert ZH.phrases({"sold": "%(units)s sold"}) == {"sold": "已售%(units)s件"}
    assert ENGLISH.phrases({"sold": "%(units)s sold"}) == {"sold": "%(units)s sold"}


def test_every_form_is_in_the_vocabulary() -> None:
    assert set(FORMS) <= set(vocabulary())


def test_what_a_plan_says_is_recognised(rich: Stage, poor: Stage) -> None:
    for stage in (rich, poor):
        said = [*stage.targets.frame["anchor_reason"], *stage.demand.offers["basis"], *stage.rundown.breaches]
        said += [rung.trade for ladder in stage.targets.ladders.values() for rung in ladder]
        said += [words for words in stage.rundown.bench["in_the_way"] if words]
        for words in said:
            assert not re.search(r"[A-Za-z]{2,} [A-Za-z]{2,}", ZH.told(words)), words


@pytest.mark.parametrize(
    ("number", "written"),
    [(0, "0"), (9999, "9,999"), (10000, "1万"), (125000, "12.5万"), (99_400_000, "9940万"), (99_999_999, "1亿"),
     (-125000, "−12.5万"), (None, "未知")],
)  # fmt: skip
def test_large_counts_go_by_ten_thousands(number: int | None, written: str) -> None:
    assert ZH.count(number) == written


def test_prices_stay_exact() -> None:
    assert (ZH.yuan(9850), ZH.yuan(12_500_000), ZH.yuan(None)) == ("¥98.50", "¥125,000.00", "未知")
    assert (ZH.total(12_500_000), ZH.exact(125_000)) == ("¥12.5万", "125,000")
    assert (ENGLISH.total(12_500_000), ENGLISH.count(125_000)) == ("¥125,000", "125,000")


def test_dates() -> None:
    at = datetime(2026, 11, 28, 20, 5, tzinfo=UTC)
    assert (ZH.day(at), ZH.short_day(at), ZH.moment(at), ZH.weekday(at)) == (
        "2026年11月28日",
        "11月28日",
        "11月28日20:05",
        "星期六",
    )
    assert (ENGLISH.day(at), ENGLISH.moment(at), ENGLISH.weekday(at)) == ("28 November 2026", "28 November, 20:05", "Saturday")
    assert ZH.day(None) == "未知"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(InputError, match="no words in 'fr'"):
        Language.of("fr")
