"""What past talks say about how far a brand comes down: the share of its opening price it agreed to.

Shares are averaged over all talks, by category and inside it by brand, each mean shrunk towards the level above: with
``n`` talks and ``k = bargaining.strength`` it weighs ``n / (n + k)`` (Efron and Morris 1975). The spread of a new talk
around its estimate is that of the talks around theirs. A brand that agreed to a price might have agreed to less: taking
the agreed price for its limit is cautious.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bosspick.intake import Week

__all__ = ["CALIBRATION_COLUMNS", "PastTalks", "calibration", "normal_cdf", "past_talks"]

CALIBRATION_COLUMNS = ("level", "expected", "observed", "low", "high", "talks")
_LEVELS = tuple(round(0.1 * step, 1) for step in range(1, 10))
#: Fewer talks than this say nothing about spread.
_FEWEST = 5
_LEAST_SPREAD = 0.005
_Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True, kw_only=True)
class PastTalks:
    """Agreed shares of opening prices, and what they add up to.

    Attributes
    ----------
    talks
        One row a talk: brand_id, category, share (agreed price through opening price).
    strength
        Talks' worth of trust in the level above.
    """

    talks: pd.DataFrame
    strength: float

    @property
    def spread(self) -> float | None:
        """Standard deviation of a new talk's share around its estimate; None with too few talks to say."""
        if len(self.talks) < _FEWEST:
            return None
        left = self.talks["share"].to_numpy() - self._left_out()
        return max(float(np.sqrt(np.mean(left**2))), _LEAST_SPREAD)

    def expected(self, brands: pd.Series, categories: pd.Series) -> pd.DataFrame:
        """Shares to expect.

        Parameters
        ----------
        brands, categories
            Of the offers asked about, of equal length.

        Returns
        -------
        DataFrame
            On the index given: share (null without any talk), brand_talks, category_talks, weight (how much the
            talks count against the estimated floors, from 0 to 1).
        """
        all_talks, k = self.talks, self.strength
        if all_talks.empty:
            return pd.DataFrame({"share": np.nan, "brand_talks": 0, "category_talks": 0, "weight": 0.0}, index=brands.index)
        overall = float(all_talks["share"].mean())
        by_category = all_talks.groupby("category")["share"].agg(["mean", "count"])
        by_brand = all_talks.groupby("brand_id")["share"].agg(["mean", "count"])
        in_category = categories.map(by_category["count"]).fillna(0).astype("int64")
        in_brand = brands.map(by_brand["count"]).fillna(0).astype("int64")
        category = _shrunk(categories.map(by_category["mean"]), in_category, overall, k)
        share = _shrunk(brands.map(by_brand["mean"]), in_brand, category, k)
        known = in_brand + in_category / (1 + k)
        return pd.DataFrame(
            {"share": share, "brand_talks": in_brand, "category_talks": in_category, "weight": known / (known + k)}
        )

    def _left_out(self) -> np.ndarray:
        """What would have been expected of each talk had it not happened yet."""
        talks, k = self.talks, self.strength
        share = talks["share"]
        overall = (share.sum() - share) / max(len(share) - 1, 1)
        level: pd.Series = overall
        for name in ("category", "brand_id"):
            grouped = share.groupby(talks[name])
            others = grouped.transform("count") - 1
            mean = (grouped.transform("sum") - share) / others.clip(lower=1)
            level = _shrunk(mean, others, level, k)
        return level.to_numpy()


def past_talks(week: Week) -> PastTalks:
    """Read the talks of earlier sessions from a week's airings.

    Parameters
    ----------
    week
        A validated week.

    Returns
    -------
    PastTalks
        Talks whose opening and agreed prices are known; prices above the opening count as the opening.
    """
    airings = week.table("airings")
    usable = airings["agreed_price_fen"].gt(0) & airings["opening_price_fen"].gt(0) & airings["session_id"].lt(week.session_id)
    rows = airings[usable.fillna(False)]
    share = (rows["agreed_price_fen"].astype("float64") / rows["opening_price_fen"].astype("float64")).clip(upper=1.0)
    talks = pd.DataFrame({"brand_id": rows["brand_id"], "category": rows["category"], "share": share})
    return PastTalks(talks=talks.reset_index(drop=True), strength=week.policy.bargaining.strength)


def calibration(past: PastTalks) -> pd.DataFrame:
    """How often agreed shares fell below the quantiles that would have been expected of them beforehand.

    Each talk is judged by the others only. On the diagonal, talks ended as expected; below it, brands came down less
    often than expected, which is what leads to failed talks.

    Returns
    -------
    DataFrame
        Columns ``CALIBRATION_COLUMNS``: level of the quantile, expected and observed share of talks below it, 95%
        interval of the observed share if the expectation held (binomial), and talks. Empty with too few talks.
    """
    spread = past.spread
    if spread is None:
        return pd.DataFrame(columns=list(CALIBRATION_COLUMNS))
    place = normal_cdf((past.talks["share"].to_numpy() - past._left_out()) / spread)
    count = len(place)
    rows = []
    for level in _LEVELS:
        half = _Z95 * math.sqrt(level * (1 - level) / count)
        observed = float((place <= level).mean())
        rows.append((level, level, observed, max(level - half, 0.0), min(level + half, 1.0), count))
    return pd.DataFrame(rows, columns=list(CALIBRATION_COLUMNS))


def normal_cdf(z: np.ndarray) -> np.ndarray:
    """Distribution function of the standard normal."""
    flat = np.asarray(z, dtype="float64")
    return np.array([0.5 * (1 + math.erf(each / math.sqrt(2))) for each in flat.ravel()]).reshape(flat.shape)


def _shrunk(mean: pd.Series, count: pd.Series, above: float | pd.Series, strength: float) -> pd.Series:
    weight = count / (count + strength)
    return weight * mean.fillna(0.0) + (1 - weight) * above
