"""The ``[[rules]]`` of a policy as data: what a producer may write, before any offer is known."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

__all__ = ["RuleSpec", "is_week", "iso_monday", "keys_of", "kinds_of_rule"]

Mode = Literal["hard", "soft", "off"]
_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")


def iso_monday(text: str) -> date:
    """Monday of an ISO week.

    Raises
    ------
    ValueError
        The text is no ISO week, or that year has no such week; the message says which.

    Examples
    --------
    >>> iso_monday("2020-W53")
    datetime.date(2020, 12, 28)
    """
    match = _WEEK.fullmatch(text)
    if match is None or match[1] == "0000":
        raise ValueError(f"{text!r} is not an ISO week: write it as 2026-W48")
    year, week = int(match[1]), int(match[2])
    last = date(year, 12, 28).isocalendar().week
    if not 1 <= week <= last:
        raise ValueError(f"the year {match[1]} has no week {match[2]}: its last is {match[1]}-W{last:02d}")
    return date.fromisocalendar(year, week, 1)


def is_week(text: str) -> bool:
    """Whether a text is an ISO week."""
    try:
        iso_monday(text)
    except ValueError:
        return False
    return True


def _existing_week(text: str) -> str:
    iso_monday(text)
    return text


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    id: str = Field(min_length=1)
    title: str = Field(min_length=1, description="what the rule is called on every page")
    why: str = ""
    mode: Mode = "hard"
    penalty: float = Field(0.0, ge=0, description="yuan-equivalents per unit of violation; soft rules only")
    sessions: tuple[Annotated[str, AfterValidator(_existing_week)], ...] = Field(
        (), description="ISO weeks the rule holds in; empty: always"
    )

    @model_validator(mode="after")
    def _penalty(self) -> Any:
        if self.mode == "soft" and self.penalty <= 0:
            raise ValueError("a soft rule needs a penalty above 0")
        if self.mode == "hard" and self.penalty > 0:
            raise ValueError('a hard rule has no penalty: write mode = "soft", or leave the penalty out')
        return self


class BudgetSpec(_Rule):
    """The sum of a column over the ten is at most a figure; ``pot`` takes the figure from the pots."""

    type: Literal["budget"]
    column: str
    at_most: float | None = None
    pot: Literal["platform", "brand", "host"] | None = Field(None, description="payer whose pots set the bound")
    stress: bool = Field(False, description="with pot: the bound is the pots' stress cap")

    @model_validator(mode="after")
    def _bound(self) -> BudgetSpec:
        if (self.at_most is None) == (self.pot is None):
            raise ValueError("a budget needs either at_most or pot")
        if self.stress and self.pot is None:
            raise ValueError("stress is about a pot: name one, or leave it out")
        return self


class GroupSpec(_Rule):
    """How many of the ten carry a label of a column; without a label the bound holds for each."""

    type: Literal["group"]
    column: str
    label: str | None = None
    at_least: int | None = Field(None, ge=0)
    at_most: int | None = Field(None, ge=0)

    @model_validator(mode="after")
    def _bounds(self) -> GroupSpec:
        if self.at_least is None and self.at_most is None:
            raise ValueError("a group needs at_least or at_most")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError(f"at_least {self.at_least} is above at_most {self.at_most}")
        return self


class GiniSpec(_Rule):
    """Picks are spread over the labels of a column: their Gini coefficient is at most a figure."""

    type: Literal["gini"]
    column: str
    at_most: float = Field(ge=0, le=1)


class LockSpec(_Rule):
    """An offer is in."""

    type: Literal["lock"]
    offer_id: str
    option_id: str | None = None


class BanSpec(_Rule):
    """An offer is out."""

    type: Literal["ban"]
    offer_id: str


class ApartSpec(_Rule):
    """At most one of these."""

    type: Literal["apart"]
    offer_ids: tuple[str, ...] = Field(min_length=2)


class TogetherSpec(_Rule):
    """All of these or none."""

    type: Literal["together"]
    offer_ids: tuple[str, ...] = Field(min_length=2)


class IfThenSpec(_Rule):
    """If any of the first is in, one of the second is."""

    type: Literal["if_then"]
    if_any: tuple[str, ...] = Field(min_length=1)
    then_any: tuple[str, ...] = Field(min_length=1)


class RepeatSpec(_Rule):
    """A label aired fewer than so many shows ago stays out."""

    type: Literal["repeat"]
    column: Literal["brand_id", "category", "offer_id"] = "brand_id"
    at_least: int = Field(ge=1, description="shows that must lie between two airings")


class CoverSpec(_Rule):
    """Viewers' wishes: each topic's weight counts once if any item meets it."""

    type: Literal["cover"]
    weight_per_vote: float | None = Field(None, gt=0, description="default: value.wish")


class ChangeSpec(_Rule):
    """Keep what was published unless a change pays."""

    type: Literal["change"]
    tax: float = Field(ge=0, description="yuan-equivalents a published item's leaving costs")


RuleSpec = Annotated[
    BudgetSpec
    | GroupSpec
    | GiniSpec
    | LockSpec
    | BanSpec
    | ApartSpec
    | TogetherSpec
    | IfThenSpec
    | RepeatSpec
    | CoverSpec
    | ChangeSpec,
    Field(discriminator="type"),
]


def kinds_of_rule() -> list[str]:
    """Types a rule may have."""
    return [spec.model_fields["type"].annotation.__args__[0] for spec in _specs()]


def keys_of(kind: str) -> list[str]:
    """Keys a rule of this type may have."""
    for spec in _specs():
        if spec.model_fields["type"].annotation == Literal[kind]:
            return list(spec.model_fields)
    return list(_Rule.model_fields)


def _specs() -> tuple[Any, ...]:
    return RuleSpec.__origin__.__args__  # type: ignore[attr-defined, no-any-return]
