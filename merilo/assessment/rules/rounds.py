"""A new vote in the meeting: when it is over, what it counts, and what a member is offered to tap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from merilo.assessment.rules import scoring
from merilo.assessment.rules.progress import FEWEST_SCORES
from merilo.assessment.rules.statistics import Median, Spread, spread
from merilo.framework.catalogue import Scale

QUICK = 5  # how many values are offered
STEP = 5  # points from one to the next, on a scale of 100


def is_over(*, closed: bool, closes_at: datetime | None, voted: int, expected: int, now: datetime) -> bool:
    """Whether no vote is taken any more: closed, out of time, or everybody who is there has voted."""
    return closed or (closes_at is not None and now >= closes_at) or 0 < expected <= voted


@dataclass(frozen=True, slots=True)
class Tally:
    """What a vote found, without names: scores and components from low to high, each for itself.

    Of fewer than three scores only their number is told: with fewer it could be told whose they are.
    """

    voted: int
    cannot_judge: int = 0
    scores: tuple[Decimal, ...] = ()
    parts: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def is_shown(self) -> bool:
        return len(self.scores) >= FEWEST_SCORES

    @property
    def spread(self) -> Spread | None:
        return spread(self.scores)

    def as_json(self) -> dict[str, Any]:
        """Plain values to store; scores as exact text."""
        return {
            "voted": self.voted,
            "cannot_judge": self.cannot_judge,
            "scores": [str(score) for score in self.scores],
            "parts": {code: list(values) for code, values in self.parts.items()},
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Tally:
        """The other way round."""
        return cls(
            voted=stored["voted"],
            cannot_judge=stored["cannot_judge"],
            scores=tuple(Decimal(score) for score in stored["scores"]),
            parts={code: tuple(values) for code, values in stored["parts"].items()},
        )


def tally(scale: Scale, ballots: Iterable[Mapping[str, int] | None]) -> Tally:
    """Count the ballots; None is a member who cannot judge."""
    given = list(ballots)
    values = [one for one in given if one is not None]
    scores = tuple(sorted(scoring.score_of(scale, one) for one in values))
    missing = len(given) - len(values)
    if len(scores) < FEWEST_SCORES:
        return Tally(len(given), missing)
    parts = {code: tuple(sorted(one[code] for one in values)) for code in scoring.components_of(scale)}
    return Tally(len(given), missing, scores, parts)


def spread_as_json(found: Spread | None) -> dict[str, Any] | None:
    """A distribution as plain values to freeze in minutes; numbers as exact text."""
    if found is None:
        return None
    return {
        "count": found.count,
        "low": str(found.minimum),
        "high": str(found.maximum),
        "median": [str(found.median.low), str(found.median.high)],
        "middle_half": [str(found.first_quartile), str(found.third_quartile)],
    }


def spread_from_json(stored: Mapping[str, Any] | None) -> Spread | None:
    """The other way round."""
    if stored is None:
        return None
    low, high = (Decimal(value) for value in stored["median"])
    first, third = (Decimal(value) for value in stored["middle_half"])
    ends = Decimal(stored["low"]), Decimal(stored["high"])
    return Spread(stored["count"], *ends, Median(low, high), first, third)


def quick_values(scale: Scale, own: int | None) -> list[int]:
    """Five values around one's own score to vote with a tap; none without an own one."""
    if own is None:
        return []
    step = max(1, STEP * scale.span // 100)
    first = own - step * (QUICK // 2)
    first = min(max(first, scale.minimum), max(scale.minimum, scale.maximum - step * (QUICK - 1)))
    return list(range(first, scale.maximum + 1, step))[:QUICK]


def mean_seconds(spent: Sequence[float]) -> int | None:
    """The mean time an item took, in whole seconds; None before the first is through."""
    return round(sum(spent) / len(spent)) if spent else None
