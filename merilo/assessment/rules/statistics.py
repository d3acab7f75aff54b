"""How far a group's individual scores agree: median, quartiles, range, and one coefficient.

The mean is left out on purpose: an agreed score is found by talking, not by averaging.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import islice

from merilo.core.numbers import as_decimal, whole_multiples

CLOSE = Decimal(10)  # points on a scale of 100: one band's width, not worth a discussion
WHOLE_SCALE = 100

Number = Decimal | int


@dataclass(frozen=True, slots=True)
class Median:
    """The middle score, or with an even number of scores the interval of the two middle ones, in points."""

    low: Decimal
    high: Decimal

    @property
    def is_interval(self) -> bool:
        return self.low != self.high


@dataclass(frozen=True, slots=True)
class Spread:
    """The distribution of the scores of one item, in points. `count` is the number of scores."""

    count: int
    minimum: Decimal
    maximum: Decimal
    median: Median
    first_quartile: Decimal
    third_quartile: Decimal

    @property
    def range(self) -> Decimal:
        """Distance from the lowest to the highest score."""
        return _difference(self.maximum, self.minimum)

    @property
    def interquartile_range(self) -> Decimal:
        """Distance between the quartiles: the width of the middle half."""
        return _difference(self.third_quartile, self.first_quartile)


@dataclass(frozen=True, slots=True)
class ItemScores:
    """Individual scores of one item, without names; `span` is the length of its scale in points."""

    code: str
    scores: tuple[Decimal, ...]
    cannot_judge: int = 0
    span: int = WHOLE_SCALE


def spread(scores: Sequence[Number]) -> Spread | None:
    """The distribution of the scores; None when there are none.

    >>> spread([45, 40, 70, 55]).median
    Median(low=Decimal('45'), high=Decimal('55'))
    """
    if not scores:
        return None
    ordered = sorted(Decimal(score) for score in scores)
    return Spread(
        count=len(ordered),
        minimum=ordered[0],
        maximum=ordered[-1],
        median=Median(ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]),
        first_quartile=_quantile(ordered, Fraction(1, 4)),
        third_quartile=_quantile(ordered, Fraction(3, 4)),
    )


def _difference(high: Decimal, low: Decimal) -> Decimal:
    return as_decimal(Fraction(high) - Fraction(low))


def _quantile(ordered: Sequence[Decimal], share: Fraction) -> Decimal:
    """Linear interpolation between the neighbours of position (n - 1) * share, counted from 0.

    Source: R. J. Hyndman, Y. Fan, "Sample Quantiles in Statistical Packages", The American Statistician
    50 (1996) 4, definition 7; the quartiles spreadsheets give (QUARTILE.INC).
    """
    position = (len(ordered) - 1) * share
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    low, high = Fraction(ordered[below]), Fraction(ordered[above])
    return as_decimal(low + (position - below) * (high - low))


def is_close(scores: Sequence[Number], cannot_judge: int, *, span: int = WHOLE_SCALE) -> bool:
    """Whether scores may be agreed together: at least two, nobody who cannot judge, range of at most 10.

    The 10 points are those of a scale of 100; on a shorter one the same share counts.

    >>> is_close([40, 45, 50], 0), is_close([40, 51], 0), is_close([40, 45], 1)
    (True, False, False)
    """
    found = spread(scores)
    if found is None or found.count == 1 or cannot_judge:
        return False
    return found.range * WHOLE_SCALE <= CLOSE * span


def by_disagreement(items: Iterable[ItemScores]) -> list[ItemScores]:
    """The items in the order to discuss them: widest range first, as a share of the item's scale.

    Ties: wider middle half, then more who cannot judge, then the order given. Items without any
    score come last: there is nothing yet to disagree about.
    """
    return sorted(items, key=_disagreement, reverse=True)


def _disagreement(item: ItemScores) -> tuple[Fraction, Fraction, int]:
    found = spread(item.scores)
    if found is None:
        return Fraction(-1), Fraction(-1), item.cannot_judge
    widths = (Fraction(found.range) / item.span, Fraction(found.interquartile_range) / item.span)
    return *widths, item.cannot_judge


def outside_iqr(score: Number, scores: Sequence[Number]) -> bool:
    """Whether an agreed score lies outside the middle half of the individual ones, so that it needs a reason.

    A score on a quartile is inside. Where nobody scored, every agreed score needs a reason.
    """
    found = spread(scores)
    return found is None or not found.first_quartile <= score <= found.third_quartile


def krippendorff_alpha(units: Iterable[Sequence[Number]]) -> Decimal | None:
    """Agreement of the assessors over all items: 1 perfect, 0 as by chance, below 0 systematic dissent.

    Shape:  for each item the scores it got, in any order and number; an assessor who did not score an
            item is simply absent there. Items with fewer than two scores say nothing and are left out.
            None when there is nothing to compare or all scores are equal (alpha is then not defined).
    Why:    of the usual coefficients, this one takes missing scores, any number of assessors and the
            distances between scores; ICC(2,1) and Kendall's W need a complete table.
    Source: K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), interval metric.

    >>> krippendorff_alpha([[10, 10], [60, 60], [90, 90]])
    Decimal('1')
    """
    pairable = [unit for unit in units if len(unit) > 1]
    pooled, _ = whole_multiples(score for unit in pairable for score in unit)
    expected = _squared_distances(pooled)
    if not expected:
        return None
    whole = iter(pooled)  # stretching all scores alike leaves alpha as it is
    apart = [_squared_distances(list(islice(whole, len(unit)))) for unit in pairable]
    observed = sum(
        (Fraction(own, len(unit) - 1) for own, unit in zip(apart, pairable, strict=True)), Fraction(0)
    )
    return as_decimal(1 - (len(pooled) - 1) * observed / expected)


def _squared_distances(scores: Sequence[int]) -> int:
    """Sum of the squared differences over all ordered pairs, without walking them: 2 (n Σx² - (Σx)²)."""
    total = sum(scores)
    return 2 * (len(scores) * sum(score * score for score in scores) - total * total)
