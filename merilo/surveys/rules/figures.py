"""Figures of closed questions with their intervals.

All are made from counts, so that their cost grows with the answers there are, not with the people who gave
them. Intervals treat respondents as drawn by chance; what that is worth is said beside them, not here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf, sqrt
from typing import TypeAlias

from merilo.surveys.rules.student import normal_quantile, t_quantile

LEVEL = 0.95
PROMOTERS = (9, 10)
PASSIVES = (7, 8)

Scores: TypeAlias = Mapping[int, int]  # value -> how many people gave it; "don't know" is left out before


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with the interval that holds it at the asked level; no interval where one cannot be given.

    `base` is the number of people it stands on.
    """

    value: float
    low: float | None
    high: float | None
    base: float

    @property
    def is_more_than_chance(self) -> bool:
        """Whether zero lies outside the interval: a difference that is more than chance."""
        return self.low is not None and self.high is not None and not self.low <= 0 <= self.high


@dataclass(frozen=True, slots=True)
class Median:
    """The middle value, or of an even number of people the interval of the two middle ones."""

    low: int
    high: int


# --- shares -----------------------------------------------------------------------------------
def share(
    count: float, base: float, level: float = LEVEL, *, population: int | None = None
) -> Estimate | None:
    """A share from 0 to 1 with Wilson's interval; None where nobody was asked.

    Of a known population the interval is that of as many people more as its finiteness is worth.

    Source: E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference",
    Journal of the American Statistical Association 22 (1927).

    >>> found = share(81, 263)
    >>> found and (round(found.value, 3), round(found.low, 4), round(found.high, 4))
    (0.308, 0.2553, 0.3662)
    """
    if not base:
        return None
    worth = base / finiteness(base, population) ** 2 if finiteness(base, population) else inf
    low, high = (
        _wilson(worth * count / base, worth, normal_quantile(level)) if worth < inf else (count / base,) * 2
    )
    return Estimate(count / base, low, high, base)


def finiteness(base: float, population: int | None) -> float:
    """What a standard error is multiplied by where so many of a known population answered, from 0 to 1.

    Source: W. G. Cochran, "Sampling Techniques" (1977), 2.6.

    >>> round(finiteness(900, 1_000), 3), finiteness(900, None), finiteness(900, 900)
    (0.316, 1.0, 0.0)
    """
    if population is None:
        return 1.0
    return sqrt(max(population - base, 0) / (population - 1)) if population > 1 else 0.0


def _wilson(count: float, base: float, z: float) -> tuple[float, float]:
    part, square = count / base, z * z / base
    middle = part + square / 2
    width = z * sqrt(part * (1 - part) / base + square / (4 * base))
    return max((middle - width) / (1 + square), 0.0), min((middle + width) / (1 + square), 1.0)


def shares(counts: Mapping[str, int], base: int, level: float = LEVEL) -> dict[str, Estimate | None]:
    """The share of people who chose each option; with several choices they add up to more than 1."""
    return {code: share(count, base, level) for code, count in counts.items()}


def top_share(
    scores: Scores, values: Iterable[int], level: float = LEVEL, *, population: int | None = None
) -> Estimate | None:
    """The share of people who gave one of these values: of a scale 1–5, for the top two, 4 and 5."""
    count = sum(scores.get(value, 0) for value in set(values))
    return share(count, _base(scores), level, population=population)


def share_difference(
    count: int, base: int, other_count: int, other_base: int, level: float = LEVEL
) -> Estimate | None:
    """How much larger a share is than another one, of other people, from -1 to 1.

    Source: R. G. Newcombe, "Interval Estimation for the Difference between Independent Proportions",
    Statistics in Medicine 17 (1998), method 10.
    """
    if not base or not other_base:
        return None
    z = normal_quantile(level)
    one, other = count / base, other_count / other_base
    low, high = _wilson(count, base, z)
    other_low, other_high = _wilson(other_count, other_base, z)
    down = sqrt((one - low) ** 2 + (other_high - other) ** 2)
    up = sqrt((high - one) ** 2 + (other - other_low) ** 2)
    return Estimate(one - other, one - other - down, one - other + up, base + other_base)


# --- means ------------------------------------------------------------------------------------
def mean(scores: Scores, level: float = LEVEL, *, population: int | None = None) -> Estimate | None:
    """The mean of the values with Student's interval; none for a single person."""
    base = _base(scores)
    if not base:
        return None
    value = _mean(scores)
    if base == 1:
        return Estimate(value, None, None, base)
    return mean_from(value, sqrt(_variance(scores)), base, level, population=population)


def mean_from(
    value: float, deviation: float, base: int, level: float = LEVEL, *, population: int | None = None
) -> Estimate:
    """A mean whose standard deviation (of the sample) is known, for at least two people."""
    width = t_quantile(level, base - 1) * deviation / sqrt(base) * finiteness(base, population)
    return Estimate(value, value - width, value + width, base)


def mean_difference(scores: Scores, others: Scores, level: float = LEVEL) -> Estimate | None:
    """How much larger a mean is than that of other people; None for groups of fewer than two.

    Source: B. L. Welch, "The Generalization of 'Student's' Problem …", Biometrika 34 (1947).
    """
    base, other_base = _base(scores), _base(others)
    if base < 2 or other_base < 2:
        return None
    value = _mean(scores) - _mean(others)
    one, other = _variance(scores) / base, _variance(others) / other_base
    if not one + other:
        return Estimate(value, value, value, base + other_base)
    freedom = welch_freedom(one, base, other, other_base)
    width = t_quantile(level, freedom) * sqrt(one + other)
    return Estimate(value, value - width, value + width, base + other_base)


def welch_freedom(one: float, base: int, other: float, other_base: int) -> float:
    """Degrees of freedom for two squared standard errors, by Welch and Satterthwaite."""
    return (one + other) ** 2 / (one**2 / (base - 1) + other**2 / (other_base - 1))


def median(scores: Scores) -> Median | None:
    """The middle value of all people.

    >>> median({1: 2, 3: 1, 5: 3})
    Median(low=3, high=5)
    """
    base = _base(scores)
    if not base:
        return None
    return Median(_nth(scores, (base - 1) // 2), _nth(scores, base // 2))


def _nth(scores: Scores, place: int) -> int:
    passed = 0
    for value in sorted(scores):
        passed += scores[value]
        if passed > place:
            return value
    raise AssertionError(place)


def moments(scores: Scores) -> tuple[int, float, float]:
    """How many people, their mean and the variance of the sample; zeros where there is none."""
    base = _base(scores)
    return base, _mean(scores) if base else 0.0, _variance(scores) if base > 1 else 0.0


def _base(scores: Scores) -> int:
    return sum(scores.values())


def _mean(scores: Scores) -> float:
    return sum(value * count for value, count in scores.items()) / _base(scores)


def _variance(scores: Scores) -> float:
    """Variance of the sample, from whole numbers: n Σx² − (Σx)² over n (n − 1)."""
    base = _base(scores)
    total = sum(value * count for value, count in scores.items())
    squares = sum(value * value * count for value, count in scores.items())
    return (base * squares - total * total) / (base * (base - 1))


# --- net promoter score -----------------------------------------------------------------------
def net_promoter_score(
    scores: Scores, level: float = LEVEL, *, population: int | None = None
) -> Estimate | None:
    """Promoters (9, 10) less detractors (0–6), in points from -100 to 100.

    The interval is the adjusted Wald one: three people more, ¾ of them promoters and ¾ detractors.
    Source: B. Rocks, "Interval Estimation for the 'Net Promoter Score'", The American Statistician 70 (2016).
    """
    base = _base(scores)
    if not base:
        return None
    promoters = sum(scores.get(value, 0) for value in PROMOTERS)
    detractors = base - promoters - sum(scores.get(value, 0) for value in PASSIVES)
    above, below = (promoters + 0.75) / (base + 3), (detractors + 0.75) / (base + 3)
    value, left = (promoters - detractors) / base, finiteness(base, population)
    middle = value + left * (above - below - value)
    width = normal_quantile(level) * sqrt((above + below - (above - below) ** 2) / (base + 3)) * left
    return Estimate(100 * value, 100 * max(middle - width, -1.0), 100 * min(middle + width, 1.0), base)
