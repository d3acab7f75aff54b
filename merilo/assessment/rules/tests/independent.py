"""The same figures found another way, with the standard library's statistics over fractions.

Nothing is shared with the rules: scores come as a flat table, means are taken over rows picked from it,
quartiles come from `statistics.quantiles`, alpha from its definition over pairs and the variance.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations


@dataclass(frozen=True)
class Row:
    """One agreed sub-criterion: its code, its criterion's code, whether it is a result, and its values."""

    item: str
    criterion: str
    panel: str
    values: tuple[int, ...]

    @property
    def score(self) -> Fraction:
        """Points reached out of the maximum, in percent."""
        return Fraction(sum(self.values), 100 * len(self.values)) * 100


def mean_over(rows: list[Row]) -> Fraction | None:
    return statistics.mean(row.score for row in rows) if rows else None


def mean_by_criterion(rows: list[Row]) -> Fraction | None:
    chapters = sorted({row.criterion for row in rows})
    if not chapters:
        return None
    return statistics.mean(
        Fraction(mean_over([row for row in rows if row.criterion == chapter]) or 0) for chapter in chapters
    )


def five_numbers(scores: list[int]) -> tuple[Fraction, ...]:
    """Minimum, first quartile, lower and upper median, third quartile, maximum."""
    exact = [Fraction(score) for score in scores]
    middle = (statistics.median_low(exact), statistics.median_high(exact))
    if len(exact) == 1:
        return exact[0], exact[0], *middle, exact[0], exact[0]
    first, _, third = statistics.quantiles(exact, n=4, method="inclusive")
    return min(exact), first, *middle, third, max(exact)


def alpha(units: list[list[int]]) -> Fraction | None:
    """1 - observed / expected disagreement: pairs within items against pairs regardless of items."""
    paired = [unit for unit in units if len(unit) >= 2]
    everything = [Fraction(score) for unit in paired for score in unit]
    n = len(everything)
    if n == 0:
        return None
    expected = statistics.pvariance(everything) * 2 * n / (n - 1)
    within = [
        Fraction(sum((a - b) ** 2 for a, b in combinations(unit, 2)) * 2, len(unit) - 1) for unit in paired
    ]
    return 1 - sum(within, Fraction(0)) / n / expected if expected else None
