"""Whether differences are more than chance, also where many are looked at; all from counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt

from merilo.surveys.rules.figures import Scores, moments, welch_freedom
from merilo.surveys.rules.student import chi_square_tail, t_tails

ALPHA = 0.05
EXPECTED = 5  # people to be expected in a cell at least, of which a fifth of the cells may have fewer


@dataclass(frozen=True, slots=True)
class Tested:
    """A statistic with its degrees of freedom, and how often chance alone would give it."""

    statistic: float
    freedom: float
    p: float


def chi_square(table: Sequence[Sequence[int]]) -> Tested | None:
    """Pearson's test of independence; None where groups or answers are too few for it to say anything.

    Cochran's rule: one in five expected counts may lie under 5, none under 1.
    Sources: K. Pearson (1900); W. G. Cochran, "Some Methods for Strengthening the Common χ² Tests",
    Biometrics 10 (1954).

    >>> found = chi_square([[12, 7], [5, 7]])
    >>> found and round(found.statistic, 2)
    1.37
    """
    lines = [line for line in table if sum(line)]
    columns = [column for column in zip(*lines, strict=True) if sum(column)]
    if len(lines) < 2 or len(columns) < 2:
        return None
    sums, wholes = [sum(line) for line in zip(*columns, strict=True)], [sum(column) for column in columns]
    base, statistic, few, cells = sum(sums), 0.0, 0, len(sums) * len(wholes)
    for column, whole in zip(columns, wholes, strict=True):
        for count, total in zip(column, sums, strict=True):
            expected = total * whole / base
            few += expected < EXPECTED
            statistic += (count - expected) ** 2 / expected
            if expected < 1:
                return None
    if few > cells / 5:
        return None
    freedom = (len(sums) - 1) * (len(wholes) - 1)
    return Tested(statistic, freedom, chi_square_tail(statistic, freedom))


def means_differ(scores: Scores, others: Scores) -> Tested | None:
    """Welch's test of two means of different people; None for groups of fewer than two.

    Source: B. L. Welch, "The Generalization of 'Student's' Problem …", Biometrika 34 (1947).
    """
    (base, value, spread), (other_base, other_value, other_spread) = moments(scores), moments(others)
    if base < 2 or other_base < 2:
        return None
    one, other = spread / base, other_spread / other_base
    if not one + other:
        return Tested(inf, inf, 0.0) if value != other_value else Tested(0.0, inf, 1.0)
    t = (value - other_value) / sqrt(one + other)
    freedom = welch_freedom(one, base, other, other_base)
    return Tested(t, freedom, t_tails(t, freedom))


def shares_differ(count: int, base: int, other_count: int, other_base: int) -> Tested | None:
    """Pearson's test of two shares of different people."""
    return chi_square([[count, base - count], [other_count, other_base - other_count]])


def holm(chances: Sequence[float | None]) -> list[float | None]:
    """Chances corrected for being looked at together, each at least as large as before; None stays.

    Source: S. Holm, "A Simple Sequentially Rejective Multiple Test Procedure",
    Scandinavian Journal of Statistics 6 (1979).

    >>> holm([0.01, 0.04, None, 0.03, 0.005])
    [0.03, 0.06, None, 0.06, 0.02]
    """
    known = sorted((chance, place) for place, chance in enumerate(chances) if chance is not None)
    corrected: list[float | None] = [None] * len(chances)
    least = 0.0
    for rank, (chance, place) in enumerate(known):
        least = max(least, min(1.0, (len(known) - rank) * chance))
        corrected[place] = least
    return corrected
