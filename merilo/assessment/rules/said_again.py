"""What of an earlier list of remarks is said again in a later one, what is new and what is gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from merilo.core.likeness import ALIKE, gist, likeness


@dataclass(frozen=True, slots=True)
class Stayed:
    """One thought in both wordings."""

    before: str
    after: str

    @property
    def is_reworded(self) -> bool:
        """Whether the wording changed."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class SaidAgain:
    """Every remark of both lists once, in the order it was written."""

    stayed: tuple[Stayed, ...] = ()
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.stayed or self.new or self.gone)


def said_again(before: Sequence[str], after: Sequence[str], *, alike: float = ALIKE) -> SaidAgain:
    """Pair each remark with at most one of the other list: the same wording first, then the likest."""
    pairs: dict[int, int] = {}  # place in `after` -> place in `before`
    for place, other in _likest_first(before, after, alike):
        if place not in pairs and other not in pairs.values():
            pairs[place] = other
    return SaidAgain(
        stayed=tuple(Stayed(before[pairs[place]], after[place]) for place in sorted(pairs)),
        new=tuple(text for place, text in enumerate(after) if place not in pairs),
        gone=tuple(text for place, text in enumerate(before) if place not in pairs.values()),
    )


def _likest_first(before: Sequence[str], after: Sequence[str], alike: float) -> list[tuple[int, int]]:
    """Places in `after` and `before` of remarks that are alike; of equal ones the earlier first."""
    then, now = [gist(text) for text in before], [gist(text) for text in after]
    values = {
        (place, other): 2.0 if text == before[other] else likeness(then[other], now[place])
        for place, text in enumerate(after)
        for other in range(len(before))
    }
    return sorted((pair for pair in values if values[pair] >= alike), key=lambda pair: -values[pair])
