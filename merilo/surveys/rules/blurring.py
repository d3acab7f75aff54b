"""What day and language an anonymous answer keeps, so that fewer than the floor never stand alone.

Somebody may know when a colleague answered, and in which language. Days on which too few answered are joined
with the days before or after; the few who answered in a language of their own count with the most.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Trace:
    """What is told of a response besides its answers; `kind` is what stays as it is (version, source)."""

    kind: Hashable
    language: str
    day: date


def blurred(counts: Mapping[Trace, int], floor: int) -> dict[Trace, Trace]:
    """What becomes of each trace: at least `floor` share every new one, if there are that many of its kind.

    >>> three, four = (Trace("link", "bg", date(2026, 11, day)) for day in (3, 4))
    >>> blurred({three: 9, four: 2}, 5)[four].day.day
    3
    """
    by_kind: dict[Hashable, dict[Trace, int]] = defaultdict(dict)
    for trace, count in counts.items():
        by_kind[trace.kind][trace] = count
    return {old: new for traces in by_kind.values() for old, new in _of_kind(traces, floor).items()}


def _of_kind(counts: Mapping[Trace, int], floor: int) -> dict[Trace, Trace]:
    languages = _languages(counts, floor)
    per_day: dict[str, Counter[date]] = defaultdict(Counter)
    for trace, count in counts.items():
        per_day[languages[trace.language]][trace.day] += count
    days = {language: _days(found, floor) for language, found in per_day.items()}
    return {
        trace: Trace(trace.kind, languages[trace.language], days[languages[trace.language]][trace.day])
        for trace in counts
    }


def _languages(counts: Mapping[Trace, int], floor: int) -> dict[str, str]:
    """Each language itself, or the most used one where too few answered in it."""
    spoken: Counter[str] = Counter()
    for trace, count in counts.items():
        spoken[trace.language] += count
    most = max(sorted(spoken), key=spoken.__getitem__)
    return {language: language if count >= floor else most for language, count in spoken.items()}


def _days(counts: Mapping[date, int], floor: int) -> dict[date, date]:
    """The first day of the span that each day belongs to; the last span is joined where it is too small."""
    found: dict[date, date] = {}
    first, together, before = None, 0, None
    for day in sorted(counts):
        first = first or day
        found[day] = first
        together += counts[day]
        if together >= floor:
            before, first, together = first, None, 0
    if first is not None and before is not None:
        return {day: before if span == first else span for day, span in found.items()}
    return found
