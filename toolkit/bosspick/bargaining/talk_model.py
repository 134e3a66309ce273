"""What a talk plan is chosen from: aims for each offer, the hours they take, and scenarios of what brands accept."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from bosspick.errors import OptionsError
from bosspick.lineup.program import Floats, Ints
from bosspick.lineup.recourse import Mask, Recourse
from bosspick.lineup.rules import Lock, Rule

__all__ = ["Scenarios", "TalkModel", "draw_scenarios", "every_scenario"]

_COLUMNS = ("offer_id", "option_id", "value", "agreed_value", "accept_p", "brand_price_fen", "talk_hours", "negotiator")
#: An aim that is accepted less often than this is a hope, not a plan: samples cannot tell what it is worth.
_LEAST_CHANCE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenarios:
    """Draws of what brands accept.

    Attributes
    ----------
    draws
        One row a scenario, one column an offer with aims: a number in [0, 1); an aim that is accepted with probability
        p is accepted where the draw lies below p. One draw an offer: a brand that takes a price takes every higher one.
    weights
        Probability of each scenario.
    """

    draws: Floats
    weights: Floats


class TalkModel:
    """Which talks there could be, and what each outcome leaves to choose the lineup from.

    Parameters
    ----------
    options
        As :func:`bosspick.price_options` gives them.
    rules
        The lineup's rules. A lock that an outcome leaves without an option is a loss then, not the end of the show.
    hours
        Hours each negotiator has.
    pick
        Places of the lineup.

    Attributes
    ----------
    offers, aims
        Offers one could talk to, and the aims: a row each with offer (its position), brand_price_fen, accept_p, hours,
        negotiator.
    """

    def __init__(self, options: pd.DataFrame, rules: Sequence[Rule], hours: Mapping[str, float], *, pick: int) -> None:
        missing = [name for name in _COLUMNS if name not in options.columns]
        if missing:
            raise OptionsError(f"lacks {', '.join(missing)}", where="options", hint="make them with price_options")
        # Once talks are over an option is worth what it is worth agreed, and its hours are spent.
        after = options.assign(value=options["agreed_value"], talk_hours=0.0)
        self.options = options
        self.rules = _forgiving(rules, after)
        self.recourse = Recourse(after, self.rules, pick=pick)
        self.pick = pick
        order = self.recourse.order
        rows = options.iloc[order].reset_index(drop=True)
        talked = ((rows["talk_hours"] > 0) | (rows["accept_p"] < 1)).to_numpy()
        named = rows["negotiator"].notna().to_numpy()
        self.home: Mask = ~talked & self.recourse.allowed
        # Without a negotiator there is nobody to talk; more hours than there are cannot be spent.
        left = rows["negotiator"].map(dict(hours)).astype("float64").fillna(0.0).to_numpy()
        likely = (rows["accept_p"] >= _LEAST_CHANCE).to_numpy()
        open_to_talk = talked & named & likely & self.recourse.allowed & (rows["talk_hours"].to_numpy() <= left + 1e-9)
        keys = rows[["offer_id", "brand_price_fen"]][open_to_talk]
        listed = keys.drop_duplicates().sort_values(["offer_id", "brand_price_fen"], ignore_index=True)
        self.offers: list[str] = sorted(set(listed["offer_id"]))
        place = {offer: number for number, offer in enumerate(self.offers)}
        first = rows[open_to_talk].drop_duplicates(["offer_id", "brand_price_fen"])
        self.aims = (
            first[["offer_id", "brand_price_fen", "accept_p", "talk_hours", "negotiator"]]
            .rename(columns={"talk_hours": "hours"})
            .sort_values(["offer_id", "brand_price_fen"], ignore_index=True)
        )
        self.aims["offer"] = self.aims["offer_id"].map(place).astype("int64")
        at = {key: number for number, key in enumerate(zip(listed["offer_id"], listed["brand_price_fen"], strict=True))}
        pairs = zip(rows["offer_id"], rows["brand_price_fen"], strict=True)
        #: Aim of each row of the model; −1 for rows that need no talk or may not be talked about.
        self.aim_of: Ints = np.array(
            [at[pair] if is_open else -1 for pair, is_open in zip(pairs, open_to_talk, strict=True)], dtype=np.int64
        )
        self.offer_of_aim: Ints = self.aims["offer"].to_numpy()
        self.chance: Floats = self.aims["accept_p"].to_numpy(dtype="float64")
        model_offer = self.recourse.offer_of
        #: The model's number of each offer one could talk to.
        self.model_offer: Ints = np.full(len(self.offers), -1, dtype=np.int64)
        inside = self.aim_of >= 0
        self.model_offer[self.offer_of_aim[self.aim_of[inside]]] = model_offer[inside]
        self.hours = {name: float(value) for name, value in hours.items()}
        self._needs = list(zip(self.aims["negotiator"].astype(str), self.aims["hours"].astype(float), strict=True))

    def accepted(self, scenarios: Scenarios) -> list[Mask]:
        """Whether each aim is accepted, scenario by scenario."""
        found = scenarios.draws[:, self.offer_of_aim] < self.chance[None, :]
        return [np.ascontiguousarray(row) for row in found]

    def there(self, plan: Sequence[int], accepted: Mask) -> Mask:
        """Rows to choose from after the talks.

        Parameters
        ----------
        plan
            The aims talked about, at most one an offer.
        accepted
            Whether each aim is accepted, in one scenario.
        """
        agreed = [aim for aim in plan if accepted[aim]]
        found = self.home.copy()
        if agreed:
            found &= ~np.isin(self.recourse.offer_of, self.model_offer[self.offer_of_aim[agreed]])
            found |= np.isin(self.aim_of, agreed)
        return found

    @property
    def plans(self) -> int:
        """How many plans there are, whatever hours they take; outcomes are no more."""
        return math.prod(1 + int(count) for count in np.bincount(self.offer_of_aim, minlength=len(self.offers)))

    def within_hours(self, plan: Sequence[int]) -> bool:
        """Whether no negotiator is given more hours than there are."""
        spent: dict[str, float] = {}
        for aim in plan:
            name, hours = self._needs[aim]
            spent[name] = spent.get(name, 0.0) + hours
        return all(hours <= self.hours.get(name, 0.0) + 1e-9 for name, hours in spent.items())

    def everything(self, accepted: Mask) -> Mask:
        """Rows to choose from if every talk could be had and every brand asked for the least it accepts."""
        inside = self.aim_of >= 0
        found = self.home.copy()
        found[inside] |= accepted[self.aim_of[inside]]
        return found


def draw_scenarios(model: TalkModel, count: int, *, seed: int) -> Scenarios:
    """Draw what brands accept, evenly spread for every offer (Latin hypercube; McKay, Beckman and Conover 1979)."""
    rng = np.random.default_rng(seed)
    strata = np.tile(np.arange(count, dtype="float64"), (len(model.offers), 1))
    draws = (rng.permuted(strata, axis=1) + rng.random((len(model.offers), count))) / count
    return Scenarios(draws=np.ascontiguousarray(draws.T), weights=np.full(count, 1.0 / count))


def every_scenario(model: TalkModel) -> Scenarios:
    """All outcomes there are, with their probabilities; for weeks of few plans."""
    draws, weights = np.zeros((1, 0)), np.ones(1)
    for number in range(len(model.offers)):
        edges = np.unique(np.concatenate([[0.0, 1.0], model.chance[model.offer_of_aim == number]]))
        values, chances = (edges[:-1] + edges[1:]) / 2, np.diff(edges)
        draws = np.column_stack([np.repeat(draws, len(values), axis=0), np.tile(values, len(draws))])
        weights = np.repeat(weights, len(values)) * np.tile(chances, len(weights))
    return Scenarios(draws=draws, weights=weights)


def _forgiving(rules: Sequence[Rule], options: pd.DataFrame) -> list[Rule]:
    """The rules with locks that cost as much as the best option brings when an outcome leaves them nothing."""
    dear = float(options["value"].abs().max()) if len(options) else 0.0
    return [
        replace(rule, mode="soft", penalty=dear) if isinstance(rule, Lock) and rule.mode == "hard" else rule for rule in rules
    ]
