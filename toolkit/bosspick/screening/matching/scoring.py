"""Scoring: how likely two titles name the same product, and what speaks against it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from rapidfuzz import fuzz

from bosspick.screening.matching.words import TitleWords

__all__ = ["Comparison", "Weights", "compare_titles"]

#: Weights of a logistic regression on the training and validation pairs of the benchmark in ``benchmarks/matching.py``.
_BIAS = -4.5
_COSINE, _CONTAINED, _MODEL, _MODEL_BEGINS, _MODELS_DIFFER, _CODES_DIFFER, _WORDS = 2.7, 2.3, 3.1, 1.5, -2.3, -0.9, 0.7
#: Where no likeness of the words could lift a pair to a review, it is not computed.
_HOPELESS = -2.0


class Weights:
    """Inverse document frequency of every token: log(1 + titles / titles with it).

    Parameters
    ----------
    titles
        The distinct titles of both sides.
    """

    def __init__(self, titles: Collection[TitleWords]) -> None:
        seen = Counter(token for title in titles for token in title.tokens)
        self._weights = {token: math.log1p(len(titles) / times) for token, times in seen.items()}

    def __getitem__(self, token: str) -> float:
        return self._weights[token]

    def of(self, tokens: frozenset[str]) -> float:
        """The weights of some tokens added up."""
        # Exact, because sets have no order and plain sums of floats depend on theirs.
        return math.fsum(map(self._weights.__getitem__, tokens))


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two titles compared.

    Attributes
    ----------
    score
        0 to 1.
    same_words
        The same words in any order, sizes and sellers' phrases aside.
    shared_model
        A model number stands in both.
    codes_differ
        Either has a number with the other lacks: a model, a generation, a capacity.
    models_differ
        Both name models and none of one is, or begins, one of the other.
    """

    score: float
    same_words: bool
    shared_model: bool
    codes_differ: bool
    models_differ: bool


def compare_titles(left: TitleWords, right: TitleWords, weights: Weights) -> Comparison:
    """Compare two titles.

    Parameters
    ----------
    left, right
        Titles taken apart.
    weights
        Weights of the tokens of either.

    Examples
    --------
    >>> from bosspick.screening.matching.words import take_apart
    >>> left, right = take_apart("Sony 耳机 WH-1000XM4"), take_apart("Sony 耳机 WH-1000XM5 黑色")
    >>> found = compare_titles(left, right, Weights([left, right]))
    >>> found.models_differ, found.score < 0.5
    (True, True)
    """
    if not left.orders.isdisjoint(right.orders):
        return Comparison(score=1.0, same_words=True, shared_model=not left.models.isdisjoint(right.models),
                          codes_differ=False, models_differ=False)  # fmt: skip
    together = weights.of(left.tokens & right.tokens)
    of_left, of_right = weights.of(left.tokens), weights.of(right.tokens)
    only_left, only_right = left.codes - right.codes, right.codes - left.codes
    shared_model = not left.models.isdisjoint(right.models)
    begins = not shared_model and any(_begins(one, other) for one in only_left for other in only_right)
    models_differ = bool(left.models) and bool(right.models) and not shared_model and not begins
    codes_differ = bool(only_left) and bool(only_right)
    least = min(of_left, of_right)
    weighed = (
        _BIAS
        + _COSINE * (together / math.sqrt(of_left * of_right) if least > 0 else 0.0)
        + _CONTAINED * (together / least if least > 0 else 0.0)
        + _MODEL * shared_model
        + _MODEL_BEGINS * begins
        + _MODELS_DIFFER * models_differ
        + _CODES_DIFFER * (codes_differ and not begins)
    )
    if weighed > _HOPELESS:
        weighed += _WORDS * fuzz.token_set_ratio(left.plain, right.plain) / 100
    return Comparison(
        score=min(round(1 / (1 + math.exp(-weighed)), 4), 0.99),
        same_words=False,
        shared_model=shared_model,
        codes_differ=codes_differ,
        models_differ=models_differ,
    )


def _begins(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= 4 and (one.startswith(other) or other.startswith(one))
