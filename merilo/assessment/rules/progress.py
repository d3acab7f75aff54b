"""How far an assessor has come, how long it will still take, and which items too few people score."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from merilo.assessment.rules.findings import Finding

USUAL_MINUTES = 15  # for one item, until a person's own pace is known
FEWEST_SCORES = 3  # with fewer, one person's view passes for the group's


@dataclass(frozen=True, slots=True)
class Completion:
    """Finished items out of the assigned ones; `extra` were finished without being assigned."""

    done: int
    assigned: int
    extra: int

    @property
    def left(self) -> int:
        return self.assigned - self.done

    @property
    def is_complete(self) -> bool:
        """Whether all that was assigned is finished; nothing assigned counts as complete."""
        return self.left == 0

    @property
    def percent(self) -> int:
        """Share finished in whole percent, rounded down, so that 100 means all."""
        return 100 * self.done // self.assigned if self.assigned else 100


def completion(assigned: Collection[str], finished: Collection[str]) -> Completion:
    """How much of what a seat was assigned is finished, by item codes."""
    due, done = set(assigned), set(finished)
    return Completion(done=len(due & done), assigned=len(due), extra=len(done - due))


def remaining_minutes(left: int, own_seconds: Sequence[int]) -> int:
    """Minutes the items left will take: at the median of the person's own finished ones, else 15 each.

    Own durations come in seconds; the result is rounded up to whole minutes.

    >>> remaining_minutes(4, []), remaining_minutes(4, [300, 330, 4000])
    (60, 22)
    """
    return ceil(left * _median_minutes(own_seconds))


def _median_minutes(seconds: Sequence[int]) -> Fraction:
    if not seconds:
        return Fraction(USUAL_MINUTES)
    ordered = sorted(seconds)
    middle = ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]
    return Fraction(middle, 2 * 60)


def too_few_scores(scores: Mapping[str, int]) -> list[Finding]:
    """A warning for each item (code -> number of scores, or of seats assigned) with fewer than three."""
    return [
        Finding("too_few_scores", item, params={"count": count, "fewest": FEWEST_SCORES})
        for item, count in scores.items()
        if count < FEWEST_SCORES
    ]
