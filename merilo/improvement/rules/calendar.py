"""Activities on the calendar: what follows what, and who has too much at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar

from merilo.core.periods import Period

MOST_AT_ONCE = 3
DAY = timedelta(days=1)

Key = TypeVar("Key", bound=Hashable)
Who = TypeVar("Who", bound=Hashable)


# --- what follows what ------------------------------------------------------------------------
def goes_round(follows: Mapping[Key, Iterable[Key]], key: Key, after: Key) -> bool:
    """Whether a circle would close if `key` followed `after`; `follows` says what each follows already."""
    waiting, seen = [after], set()
    while waiting:
        one = waiting.pop()
        if one == key:
            return True
        if one not in seen:
            seen.add(one)
            waiting.extend(follows.get(one, ()))
    return False


def is_too_early(first: date, before: date) -> bool:
    """Whether a first day does not wait for the last day of what comes before it."""
    return first < earliest_after(before)


def earliest_after(before: date) -> date:
    """The first day on which something may begin that follows what ends on a day."""
    return before + DAY


# --- who has too much at once -----------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Load(Generic[Who, Key]):
    """What somebody answers for, and when."""

    who: Who
    key: Key
    period: Period


@dataclass(frozen=True, slots=True)
class Overload(Generic[Who, Key]):
    """Days on which somebody answers for more than a person can; `keys` are all that lie on them."""

    who: Who
    period: Period
    keys: tuple[Key, ...]


def overloads(loads: Iterable[Load[Who, Key]], *, most: int = MOST_AT_ONCE) -> list[Overload[Who, Key]]:
    """Unbroken stretches of days with more than `most` things at once, by person and day."""
    by_person: dict[Who, list[Load[Who, Key]]] = defaultdict(list)
    for one in loads:
        by_person[one.who].append(one)
    return [
        Overload(who, period, tuple(one.key for one in own if _meet(one.period, period)))
        for who, own in by_person.items()
        for period in _crowded([one.period for one in own], most)
    ]


def _crowded(periods: list[Period], most: int) -> Iterator[Period]:
    """Where more than `most` periods lie on one another."""
    changes: dict[date, int] = defaultdict(int)
    for one in periods:
        changes[one.first] += 1
        changes[one.last + DAY] -= 1
    count, begun = 0, None
    for day in sorted(changes):
        count += changes[day]
        if count > most and begun is None:
            begun = day
        elif count <= most and begun is not None:
            yield Period(begun, day - DAY)
            begun = None


def _meet(one: Period, other: Period) -> bool:
    return one.first <= other.last and other.first <= one.last
