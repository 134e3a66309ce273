"""The validated policy of a room: everything its people may decide, read from ``policy.toml``.

Every default that rests on a figure of the field names the row of ``seeds/facts.csv`` it comes from in
its description (``fact: ...``).
"""

from __future__ import annotations

import tomllib
from datetime import time
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator, model_validator

from bosspick.errors import PolicyError
from bosspick.policy_findings import describe
from bosspick.policy_rules import RuleSpec

__all__ = [
    "BargainingPolicy",
    "DemandPolicy",
    "Policy",
    "Pot",
    "ReferenceRule",
    "RoomPolicy",
    "RundownPolicy",
    "ScreeningPolicy",
    "ShowPolicy",
    "ValuePolicy",
    "load_policy",
]

Yuan = Annotated[Decimal, Field(ge=0, decimal_places=2)]
Share = Annotated[float, Field(ge=0, le=1)]
#: Ending of a price in yuan as written, such as ".9", "9" or "99".
Ending = Annotated[str, Field(pattern=r"^(?:[0-9]{1,4}(?:\.[0-9]{1,2})?|\.[0-9]{1,2})$")]
Switch = Literal["on", "off"]
#: Above every figure a policy can mean, and small enough to be reckoned with.
_MOST = 1_000_000_000


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _no_flag(cls, value: Any, info: ValidationInfo) -> Any:
        kind = cls.model_fields[str(info.field_name)].annotation
        if isinstance(value, bool) and kind in (int, float, Decimal):
            raise ValueError("is true or false, and should be a number")
        return value

    @field_validator("*", mode="after")
    @classmethod
    def _of_this_world(cls, value: Any) -> Any:
        if isinstance(value, int | float | Decimal) and not -_MOST <= value <= _MOST:
            raise ValueError(f"is beyond what any room can mean: at most {_MOST:,}")
        return value


class RoomPolicy(_Section):
    """Who the room is."""

    name: str = "Boss's Pick"
    timezone: str = "Asia/Shanghai"
    synthetic: bool = Field(False, description="invented demo data: every page says so")
    note: str = Field("", description="a sentence every page of the briefing carries, such as what stands in for what")


class ShowPolicy(_Section):
    """One show."""

    items: int = Field(10, ge=1, le=14, description="main items; fact: items_per_show")
    bench: int = Field(5, ge=0)
    minutes: int = Field(120, ge=10, le=1440, description="length on air")
    weekday: int = Field(6, ge=1, le=7, description="ISO weekday, 6 is Saturday")
    starts_at: time = time(20, 0)


class ReferenceRule(_Section):
    """A dated rule saying which price a "was" price may be."""

    id: str
    jurisdiction: str
    days: int = Field(ge=1, le=365)
    in_force_from: str
    source: str


class ScreeningPolicy(_Section):
    """Thresholds of the screen."""

    margin: Yuan = Field(Decimal("0.01"), description="yuan an offer must be below the web-lowest")
    rank_on: Literal["public", "conditional"] = "public"
    window_hours: int = Field(72, ge=1, description="quotes older than this never rank")
    min_grade: Literal["A", "B", "C", "D"] = Field("B", description="fact: evidence_grade")
    min_channels: int = Field(4, ge=1, description="distinct channels with an eligible quote")
    required_channels: tuple[str, ...] = ()
    lowest_price: Switch = "on"
    brand: Switch = Field("on", description="off: the verdict is UNKNOWN and does not stop an offer")
    store: Switch = "on"
    vetoes: Switch = "on"
    store_score_min: float = Field(4.5, ge=0, description="fact: store_score_min")
    store_score_max_age_days: int = Field(7, ge=0)
    return_rate_max: Share = Field(0.08, description="share of orders returned")
    stock_min: int = Field(2000, ge=0, description="units ready for the show")
    daily_capacity_min: int = Field(200, ge=0, description="units a day the store can ship")
    banned_categories: tuple[str, ...] = Field((), description="fact: screen_ban_list")
    scale_spec_categories: tuple[str, ...] = Field((), description="categories where unit prices may cross specs")
    regions: tuple[str, ...] = Field((), description="regions a quote must hold in to rank; empty: not asked")
    rates: dict[str, Annotated[Decimal, Field(gt=0, le=1_000_000, decimal_places=6)]] = Field(
        default_factory=dict, description="yuan for one unit of another currency, such as USD"
    )
    multi_buy_max: int = Field(3, ge=1, le=10, description="most pieces a viewer may have to buy for a price to count; 1: none")
    match_titles: Switch = Field("on", description="quotes without a barcode are matched by title")
    outliers: Switch = Field("on", description="set aside prices no honest shop asks")
    outlier_bait: Share = Field(0.4, description="a reseller's price below this share of the channels' usual low is bait")
    outlier_typing: float = Field(8.0, gt=1, description="a price so many times over or under the usual low is a typing error")
    outlier_channels: int = Field(4, ge=3, description="channels needed before a price can be called an outlier")
    night_from: time = Field(time(22, 0), description="prices dip at night: captures from this time on count as night")
    night_to: time = Field(time(6, 0), description="until this time; fact: price_dips")
    protection_days: int = Field(
        60, ge=0, description="days after the show a lower price elsewhere is a breach; fact: price_protection_days"
    )
    gift_realisation: Share = Field(0.5, description="share of a gift's stated value counted beside the price")
    reference_rule: str = Field("CN-7", description="id of the dated reference-price rule in force")
    reference_rules: tuple[ReferenceRule, ...] = (
        ReferenceRule(id="CN-7", jurisdiction="CN", days=7, in_force_from="2020-12-01", source="fact: reference_cn_7"),
        ReferenceRule(id="EU-30", jurisdiction="EU", days=30, in_force_from="2022-05-28", source="fact: reference_eu_30"),
    )

    @field_validator("rates")
    @classmethod
    def _currencies(cls, rates: dict[str, Decimal]) -> dict[str, Decimal]:
        for code in rates:
            if code == "CNY":
                raise ValueError("CNY is what all prices are brought to: it has no rate")
            if not (len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()):
                raise ValueError(f"{code!r} is no currency: write its three letters, such as USD")
        return rates


class DemandPolicy(_Section):
    """How expected units are estimated from past airings."""

    prior_units_per_1000_views: float = Field(
        1.6, gt=0, description="orders of one item per 1,000 views at its opening price; fact: orders_per_1000_views"
    )
    viewers: int = Field(1_000_000, gt=0, description="expected views of a show when no airings say otherwise")
    elasticity: float = Field(-2.4, lt=0, description="units against price; fact: elasticity_retail")
    strength: float = Field(5.0, gt=0, description="airings' worth of trust in the level above when shrinking")
    dispersion: float = Field(0.6, gt=0, description="log-scale spread of units when fewer than 3 airings are known")


class ValuePolicy(_Section):
    """What an item is worth, in yuan-equivalents."""

    saving: float = Field(1.0, ge=0, description="per yuan of verified saving")
    order: float = Field(2.0, ge=0, description="yuan per order")
    trust: float = Field(4.0, ge=0, description="yuan per order at full trust")
    gmv: float = Field(0.0, ge=0, description="per yuan of GMV; the room does not aim at it; fact: gmv_not_aim")
    wish: float = Field(8.0, ge=0, description="yuan per vote of a wish met, once per topic")


class Pot(_Section):
    """Subsidy money of one payer; it limits a plan where a budget rule draws on it with ``pot``."""

    id: str
    payer: Literal["platform", "brand", "host"]
    amount: Yuan
    stress: Yuan | None = Field(None, description="cap at the 90th percentile of demand; default 1.5 x amount")
    reserve: Share = Field(0.0, description="share kept for the air")
    event: str | None = Field(None, description="event of the calendar this pot belongs to; else it is there every week")
    goods: Literal["any", "full_price", "new_users"] = Field(
        "any", description="full_price: goods at their opening price only; new_users: one-yuan items, never planned per unit"
    )


class BargainingPolicy(_Section):
    """Talks."""

    price_endings: tuple[Ending, ...] = Field((".9", "9", "99"), description="usual endings of a price in yuan")
    ladder_steps: int = Field(9, ge=1, le=40, description="brand prices tried between floor_low and opening")
    subsidy_steps: tuple[Yuan, ...] = Field(
        (Decimal(0), Decimal(5), Decimal(10), Decimal(20)), description="platform subsidy per unit in yuan"
    )
    subsidy_share_max: Share = Field(0.25, description="largest subsidy as a share of the brand price")
    prior_floor_low: Share = Field(0.75, description="share of opening assumed as lowest floor when the brand's is unknown")
    prior_floor_high: Share = Field(0.95, description="share of opening assumed as highest floor")
    hours: dict[str, Annotated[float, Field(ge=0)]] = Field(default_factory=dict, description="talk hours each negotiator has")
    default_talk_hours: float = Field(1.0, ge=0)
    strength: float = Field(3.0, gt=0, description="talks' worth of trust in the level above when past talks are shrunk")
    default_hours: float = Field(6.0, ge=0, description="talk hours of a negotiator `hours` does not name")
    concession_ratio: float = Field(0.6, gt=0, lt=1, description="each concession is this share of the one before")
    ladder_rungs: int = Field(4, ge=2, le=8)
    gross_margin_max: Share = Field(0.45, description="should-cost: no ask below (1 - this) x opening is defended")


class RundownPolicy(_Section):
    """Order and minutes."""

    minutes_min: int = Field(7, ge=1)
    minutes_max: int = Field(16, ge=1)
    slot_multipliers: tuple[Annotated[float, Field(gt=0)], ...] = Field((), description="by slot; empty: learned from airings")
    minutes_exponent: float = Field(0.45, gt=0, lt=1, description="units grow with minutes to this power")
    tranches: int = Field(3, ge=1, le=10, description="stock releases of one item")
    hook_share: Share = Field(0.3, description="share of the ten that are hooks, spaced apart")
    hook_gap: int = Field(2, ge=0, le=6, description="other items there must be between two hooks")
    open_with: tuple[str, ...] = Field(("hook",), description="roles the first slot may have, first choice first")
    close_with: tuple[str, ...] = Field(("closer", "hook"), description="roles the last slot may have, first choice first")
    order_attempts: int = Field(6, ge=0, description="lineups tried where none of the first can be ordered")
    sell_out_seconds: int = Field(60, ge=1, description="a release sells out in so long; fact: best_item_seconds")
    peak_to_mean: float = Field(
        2.0, ge=1, description="orders of its first second against the mean; 2: they fall evenly to none"
    )
    orders_per_second_max: float = Field(
        1667.0,
        gt=0,
        description="orders a second the room has carried: the mean it is known for, times peak_to_mean; "
        "fact: peak_orders_per_s",
    )
    arrive_before: int = Field(30, ge=0, description="minutes before its slot a representative is asked to be on set")
    approvers: dict[Literal["platform", "brand", "host"], str] = Field(
        {"platform": "the producer", "brand": "the brand's representative", "host": "the host"},
        description="who approves money of each payer on air",
    )


class Policy(_Section):
    """All of ``policy.toml``."""

    room: RoomPolicy = RoomPolicy()
    show: ShowPolicy = ShowPolicy()
    screening: ScreeningPolicy = ScreeningPolicy()
    demand: DemandPolicy = DemandPolicy()
    value: ValuePolicy = ValuePolicy()
    bargaining: BargainingPolicy = BargainingPolicy()
    rundown: RundownPolicy = RundownPolicy()
    pots: tuple[Pot, ...] = ()
    rules: tuple[RuleSpec, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Policy:
        known = {rule.id for rule in self.screening.reference_rules}
        if self.screening.reference_rule not in known:
            raise ValueError(f"screening.reference_rule {self.screening.reference_rule!r} is none of {sorted(known)}")
        if self.rundown.minutes_min * self.show.items > self.show.minutes:
            raise ValueError(
                f"rundown.minutes_min {self.rundown.minutes_min} x show.items {self.show.items} "
                f"does not fit in show.minutes {self.show.minutes}"
            )
        if self.rundown.minutes_min > self.rundown.minutes_max:
            raise ValueError("rundown.minutes_min is above rundown.minutes_max")
        if self.bargaining.prior_floor_low > self.bargaining.prior_floor_high:
            raise ValueError("bargaining.prior_floor_low is above bargaining.prior_floor_high")
        for name, ids in (("rules", [rule.id for rule in self.rules]), ("pots", [pot.id for pot in self.pots])):
            twice = sorted({each for each in ids if ids.count(each) > 1})
            if twice:
                raise ValueError(f"{name}: the id {twice[0]!r} is used twice")
        return self

    def reference_rule_in_force(self) -> ReferenceRule:
        """The reference-price rule the room goes by."""
        rules = {rule.id: rule for rule in self.screening.reference_rules}
        return rules[self.screening.reference_rule]


def load_policy(path: Path) -> Policy:
    """Read and validate a policy file.

    Parameters
    ----------
    path
        ``policy.toml``, UTF-8.

    Returns
    -------
    Policy
        The validated policy.

    Raises
    ------
    PolicyError
        The file is missing, is not TOML, has an unknown key (named with the nearest known one), or a value
        out of range; all findings of the file are in one message.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise PolicyError("there is no policy file", where=str(path), hint="copy seeds/policy.toml and edit it") from None
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"cannot be read: {error}", where=str(path), hint="save it as UTF-8 text") from error
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"is not TOML: {error}", where=str(path), hint="check quotes and brackets there") from error
    return parse_policy(raw, where=path.name)


def parse_policy(raw: dict[str, Any], *, where: str = "policy.toml") -> Policy:
    """Validate a policy given as plain data; see :func:`load_policy`."""
    try:
        return Policy.model_validate(raw)
    except ValidationError as error:
        findings = [describe(dict(item), raw, Policy) for item in error.errors()]
        raise PolicyError("; ".join(findings), where=where, hint="mend these keys and run `bosspick check` again") from None
