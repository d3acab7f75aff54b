"""What came of measures: how far an indicator went, and what points changed where measures were taken."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Generic, TypeVar

WHOLE = 100
Key = TypeVar("Key", bound=Hashable)


def way(baseline: Decimal | None, latest: Decimal | None, target: Decimal | None) -> int | None:
    """How much of the way from baseline to target is gone, in percent rounded down; 100 is at the target.

    Below 0 it went the other way. None where one of the three is unknown, or there is no way to go.

    >>> way(Decimal(40), Decimal(55), Decimal(60)), way(Decimal(30), Decimal(33), Decimal(20))
    (75, -30)
    """
    if baseline is None or latest is None or target is None or target == baseline:
        return None
    return int(WHOLE * (Fraction(latest) - Fraction(baseline)) // (Fraction(target) - Fraction(baseline)))


class Outcome(StrEnum):
    """What became of an indicator since its baseline."""

    REACHED = "reached"
    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    UNKNOWN = "unknown"


def outcome(*, reached: bool | None, verdict: str | None) -> Outcome:
    """In one word; `verdict` is that of indicators, None where baseline or value is missing.

    >>> outcome(reached=True, verdict=None), outcome(reached=False, verdict="changed")
    (<Outcome.REACHED: 'reached'>, <Outcome.UNKNOWN: 'unknown'>)
    """
    if reached:
        return Outcome.REACHED
    return Outcome(verdict) if verdict in {"better", "same", "worse"} else Outcome.UNKNOWN


# --- points of sub-criteria -------------------------------------------------------------------
class Turn(StrEnum):
    """Which way the points of a sub-criterion went."""

    HIGHER = "higher"
    SAME = "same"
    LOWER = "lower"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Touched(Generic[Key]):
    """One sub-criterion with its points in both cycles and the measures that were to improve it."""

    code: str
    before: Decimal | None
    after: Decimal | None
    measures: tuple[Key, ...]

    @property
    def difference(self) -> Decimal | None:
        """After minus before; None where one of them has no points."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def turn(self) -> Turn:
        difference = self.difference
        if difference is None:
            return Turn.UNKNOWN
        return Turn.HIGHER if difference > 0 else Turn.LOWER if difference < 0 else Turn.SAME


Points = tuple[Decimal | None, Decimal | None]


def touched(codes: Mapping[Key, Sequence[str]], points: Mapping[str, Points]) -> list[Touched[Key]]:
    """Every sub-criterion that has points (code → before, after), with the measures (key → codes) for it.

    In the order of `points`; a code of a measure that was not scored in both cycles is not there.
    """
    return [
        Touched(code, before, after, tuple(key for key, own in codes.items() if code in own))
        for code, (before, after) in points.items()
    ]


def tally(rows: Iterable[Touched[Key]]) -> dict[Turn, int]:
    """How many went which way, all four counted."""
    turns = [row.turn for row in rows]
    return {turn: turns.count(turn) for turn in Turn}


def mean_difference(rows: Iterable[Touched[Key]]) -> Fraction | None:
    """The mean of the known differences, exact; None where none is known."""
    known = [Fraction(row.difference) for row in rows if row.difference is not None]
    return sum(known, Fraction()) / len(known) if known else None
