"""How few people a figure may stand for, and what is put together so that none stands for fewer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from merilo.surveys.rules.definition import Audience

LEAST = 3  # people; no survey goes lower
DEFAULTS: Mapping[Audience, int] = {"citizens": 5, "businesses": 5, "employees": 10, "councillors": 5}

Groups = tuple[tuple[int, ...], ...]


class FloorTooLow(ValueError):
    """The floor would fall under what was promised; `least` is what is possible."""

    def __init__(self, least: int) -> None:
        super().__init__(str(least))
        self.least = least


def default_floor(audience: Audience) -> int:
    """The floor a survey has unless its author sets another, in people."""
    return DEFAULTS[audience]


def changed_floor(floor: int, wanted: int, *, opened: bool) -> int:
    """The wanted floor: at least 3, and once the survey was opened never lower. Errors: FloorTooLow.

    >>> changed_floor(5, 8, opened=True), changed_floor(5, 3, opened=False)
    (8, 3)
    """
    least = max(LEAST, floor) if opened else LEAST
    if wanted < least:
        raise FloorTooLow(least)
    return wanted


def in_steps(count: int, floor: int) -> int:
    """The number of responses as it is told while a survey is open: in steps of the floor, rounded down.

    >>> in_steps(4, 5), in_steps(5, 5), in_steps(23, 5)
    (0, 5, 20)
    """
    return count - count % floor


def merged(counts: Sequence[int], floor: int, *, ordered: bool = False) -> Groups | None:
    """Places of the counts, put together until each group has nobody or at least as many as the floor.

    Ordered groups (ages) are merged with their smaller neighbour; others go together into one group of the
    rest. Groups stand in the order of their first places. None where all together are too few.

    >>> merged([40, 3, 2, 50], 5), merged([40, 3, 0, 50], 5), merged([3, 9, 20], 5, ordered=True)
    (((0,), (1, 2), (3,)), ((0, 1), (2,), (3,)), ((0, 1), (2,)))
    """
    if sum(counts) < floor:
        return None
    return _merged_neighbours(counts, floor) if ordered else _merged_rest(counts, floor)


def _merged_rest(counts: Sequence[int], floor: int) -> Groups:
    rest = [place for place, count in enumerate(counts) if 0 < count < floor]
    larger = sorted((count, place) for place, count in enumerate(counts) if count >= floor)
    while rest and sum(counts[place] for place in rest) < floor:
        rest.append(larger.pop(0)[1])
    alone = [(place,) for place in range(len(counts)) if place not in rest]
    return tuple(sorted([*alone, *([tuple(sorted(rest))] if rest else [])]))


def _merged_neighbours(counts: Sequence[int], floor: int) -> Groups:
    groups = [(place,) for place in range(len(counts))]
    sizes = list(counts)
    while small := [(size, place) for place, size in enumerate(sizes) if 0 < size < floor]:
        place = min(small)[1]
        beside = [other for other in (place - 1, place + 1) if 0 <= other < len(sizes)]
        other = min(beside, key=lambda neighbour: sizes[neighbour])
        first, second = sorted((place, other))
        groups[first : second + 1] = [groups[first] + groups[second]]  # type: ignore[list-item]
        sizes[first : second + 1] = [sizes[first] + sizes[second]]
    return tuple(groups)
