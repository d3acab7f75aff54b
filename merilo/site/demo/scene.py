"""What the parts of the demo share: the calendar, the organisation and its people as viewers."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from merilo.organisations.models import Membership, Organisation, Unit
from merilo.organisations.roles import permissions_of
from merilo.organisations.viewers import Viewer
from merilo.site.demo.content import Voice

Day = int | date  # days counted from today, or a fixed date


# The first cycle was done in 2024: so late in that year that the plan, whose days are counted from today,
# follows its report as plans do, in whole weeks, so that nobody meets on a Sunday.
REPORT, PLAN_BEGAN = date(2024, 5, 30), -575
SATURDAY = 5  # as Python counts days of a week
APART, MOST_WEEKS = timedelta(days=150), 29


def later(today: date) -> timedelta:
    """By how much the days of the first cycle are later than written.

    >>> later(date(2026, 1, 31)).days, later(date(2026, 11, 27)).days, later(date(2028, 1, 1)).days
    (0, 182, 203)
    """
    weeks = (today + timedelta(days=PLAN_BEGAN) - APART - REPORT).days // 7
    return timedelta(weeks=min(max(weeks, 0), MOST_WEEKS))


def dice(seed: str | int) -> Random:
    """Chance that falls the same way each time."""
    return Random(seed)  # noqa: S311  invented numbers, not secrets


def working_days(days: Sequence[date], today: date) -> Iterator[date]:
    """The days, those to come on the nearest working days and never two on the same.

    >>> [day.day for day in working_days([date(2026, 12, day) for day in (12, 13, 16)], date(2026, 11, 27))]
    [11, 14, 16]
    """
    found = date.min
    for day in days:
        before, found = found, day
        if day > today:
            found -= timedelta(days=day.weekday() == SATURDAY)
            while found <= before or found.weekday() >= SATURDAY:
                found += timedelta(days=1)
        yield found


@dataclass(frozen=True, slots=True)
class Calendar:
    """Turns days of the content into moments that never lie after `now`, moved by `shift` days."""

    now: datetime
    zone: zoneinfo.ZoneInfo
    shift: int = 0

    def day(self, when: Day) -> date:
        """A day counted from today, moved by the shift; a fixed date stays."""
        if isinstance(when, date):
            return when
        return self.now.astimezone(self.zone).date() + timedelta(days=when + self.shift)

    def moment(self, when: Day, hour: int = 10, minute: int = 0) -> datetime:
        """A moment on a day, in the future too."""
        return datetime.combine(self.day(when), time(hour, minute), tzinfo=self.zone)

    def at(self, when: Day, hour: int = 10, minute: int = 0) -> datetime:
        """When something was done: the moment, but never later than now."""
        return min(self.moment(when, hour, minute), self.now)


@dataclass(slots=True)
class Scene:
    """One organisation of the demo while it is being built."""

    organisation: Organisation
    voice: Voice
    calendar: Calendar
    units: dict[str, Unit] = field(default_factory=dict)
    members: dict[str, Membership] = field(default_factory=dict)
    assessors: dict[int, Membership] = field(default_factory=dict)
    roles: dict[str, Membership] = field(default_factory=dict)  # coordinator, sponsor, chair, facilitator …
    _agenda: list[tuple[datetime, Callable[[datetime], object]]] = field(default_factory=list)

    def happens(self, at: datetime, act: Callable[[datetime], object]) -> None:
        """Note something to be done as if at that moment."""
        self._agenda.append((at, act))

    def play(self) -> None:
        """Do what was noted in the order of time, so that the audit tells it in that order."""
        agenda, self._agenda = sorted(self._agenda, key=lambda entry: entry[0]), []
        for at, act in agenda:
            act(at)

    def viewer(self, member: Membership) -> Viewer:
        """A member acting in this organisation."""
        if member.person is None:
            raise ValueError(member.name)
        return Viewer(member.person, self.organisation, member, permissions_of(member.roles))

    @property
    def coordinator(self) -> Viewer:
        return self.viewer(self.roles["coordinator"])
