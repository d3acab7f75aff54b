"""What is done first: impact and feasibility from weighted criteria, and how firm the order is.

Criteria are scored in whole points from 1 to 5, five always being the good end: much impact, easily done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Generic, TypeVar

LEAST, MOST = 1, 5
MIDDLE = Fraction(LEAST + MOST, 2)
SHIFT = Fraction(1, 5)  # a weight grows or shrinks by 20 %

Key = TypeVar("Key")


class Axis(StrEnum):
    IMPACT = "impact"
    FEASIBILITY = "feasibility"


class Quadrant(StrEnum):
    """Where a proposal lies in the matrix."""

    QUICK_WIN = "quick_win"
    KEY_PROJECT = "key_project"
    FILL_IN = "fill_in"
    POSTPONE = "postpone"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that proposals are scored by; `weight` is a whole number, 0 leaves it out of account."""

    code: str
    axis: Axis
    weight: int


@dataclass(frozen=True, slots=True)
class Placed:
    """Both axes of a proposal, from 1 to 5; None where no criterion of that axis was scored."""

    impact: Fraction | None
    feasibility: Fraction | None

    @property
    def quadrant(self) -> Quadrant | None:
        """None until both axes are known; the middle counts as the good side."""
        if self.impact is None or self.feasibility is None:
            return None
        if self.impact >= MIDDLE:
            return Quadrant.QUICK_WIN if self.feasibility >= MIDDLE else Quadrant.KEY_PROJECT
        return Quadrant.FILL_IN if self.feasibility >= MIDDLE else Quadrant.POSTPONE

    @property
    def rank(self) -> Fraction:
        """By what proposals are ordered: the product of both axes, 0 while one is unknown.

        >>> Placed(Fraction(4), Fraction(3)).rank
        Fraction(12, 1)
        """
        return (self.impact or Fraction()) * (self.feasibility or Fraction())


def place(criteria: Sequence[Criterion], points: Mapping[str, int]) -> Placed:
    """Both axes: the means of the scored criteria (code -> points), by their weights."""
    return Placed(*(_weighted(criteria, points, axis) for axis in (Axis.IMPACT, Axis.FEASIBILITY)))


def _weighted(criteria: Sequence[Criterion], points: Mapping[str, int], axis: Axis) -> Fraction | None:
    scored = [one for one in criteria if one.axis is axis and one.code in points]
    weights = sum(one.weight for one in scored)
    if not weights:
        return None
    return Fraction(sum(one.weight * points[one.code] for one in scored), weights)


def ordered(
    criteria: Sequence[Criterion], proposals: Mapping[Key, Mapping[str, int]]
) -> list[tuple[Key, Placed]]:
    """Proposals with both axes, the best first; equal ones with more impact first, then as they came."""
    placed = [(key, place(criteria, points)) for key, points in proposals.items()]
    return sorted(placed, key=lambda row: (-row[1].rank, -(row[1].impact or 0)))


# --- how firm the order is --------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Shifted(Generic[Key]):
    """What happens to the first proposals when one weight moves: who comes in and who drops out."""

    criterion: str
    grows: bool
    came: tuple[Key, ...]
    went: tuple[Key, ...]


def sensitivity(
    criteria: Sequence[Criterion], proposals: Mapping[Key, Mapping[str, int]], *, first: int = 10
) -> list[Shifted[Key]]:
    """Which of the first so many proposals change when one weight after the other moves by a fifth.

    Only moves that change something are listed.
    """
    before = _first(criteria, proposals, first)
    moved = ((one, grows) for one in criteria if one.weight for grows in (True, False))
    found = []
    for criterion, grows in moved:
        after = _first(list(_with_moved(criteria, criterion, grows=grows)), proposals, first)
        if set(after) != set(before):
            came = tuple(key for key in after if key not in before)
            went = tuple(key for key in before if key not in after)
            found.append(Shifted(criterion.code, grows, came, went))
    return found


def _first(
    criteria: Sequence[Criterion], proposals: Mapping[Key, Mapping[str, int]], first: int
) -> list[Key]:
    return [key for key, placed in ordered(criteria, proposals) if placed.rank][:first]


def _with_moved(criteria: Sequence[Criterion], moved: Criterion, *, grows: bool) -> Iterator[Criterion]:
    """All weights times five, so that a fifth more or less stays a whole number."""
    times = SHIFT.denominator
    step = SHIFT.numerator if grows else -SHIFT.numerator
    for one in criteria:
        yield Criterion(one.code, one.axis, one.weight * (times + step if one == moved else times))


# --- from members to the group ----------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Spread:
    """What members gave for one criterion: the middle (two where the number is even), the ends, how many."""

    middle: tuple[int, int]
    least: int
    most: int
    count: int

    @property
    def wide(self) -> bool:
        """Whether the group should talk about it: two points or more between the ends."""
        return self.most - self.least >= 2


def spread(points: Sequence[int]) -> Spread | None:
    """How members' points for one criterion lie; None where nobody gave any."""
    if not points:
        return None
    given = sorted(points)
    middle = (given[(len(given) - 1) // 2], given[len(given) // 2])
    return Spread(middle, given[0], given[-1], len(given))
