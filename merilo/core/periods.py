"""Explicit from–to periods in whole days, both ends included."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date


class PeriodReversed(ValueError):
    """A period whose end lies before its start."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From the first to the last day, both included; refuses a last day before the first.

    Errors: PeriodReversed.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise PeriodReversed(f"{self.last.isoformat()} lies before {self.first.isoformat()}")

    @property
    def days(self) -> int:
        """Length in days.

        >>> Period(date(2026, 1, 1), date(2026, 1, 1)).days
        1
        """
        return (self.last - self.first).days + 1

    @property
    def whole_years(self) -> tuple[int, int] | None:
        """First and last year when the period is made of whole calendar years, else None.

        >>> years(2019, 2020).whole_years
        (2019, 2020)
        """
        starts = (self.first.month, self.first.day) == (1, 1)
        ends = (self.last.month, self.last.day) == (12, 31)
        return (self.first.year, self.last.year) if starts and ends else None

    def contains(self, other: date | Period) -> bool:
        """Whether the day, or the whole other period, lies inside."""
        if isinstance(other, Period):
            return self.first <= other.first and other.last <= self.last
        return self.first <= other <= self.last

    def overlaps(self, other: Period) -> bool:
        """Whether at least one day belongs to both."""
        return self.first <= other.last and other.first <= self.last

    def overlap(self, other: Period) -> Period | None:
        """The days that belong to both, None when there are none."""
        if not self.overlaps(other):
            return None
        return Period(max(self.first, other.first), min(self.last, other.last))


def years(first: int, last: int) -> Period:
    """The period from 1 January of the first to 31 December of the last year.

    >>> years(2019, 2020).days
    731
    """
    return Period(date(first, 1, 1), date(last, 12, 31))


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month.

    >>> months_after(date(2026, 12, 31), 2), months_after(date(2026, 1, 5), 24)
    (datetime.date(2027, 2, 28), datetime.date(2028, 1, 5))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
