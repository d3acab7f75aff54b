"""When an owner is expected to report, and on which days of a delay somebody is reminded."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from merilo.core.periods import Period, months_after

PAUSES = (0, 7, 30)  # days after something fell due; then every thirty days
REGULAR = 30


def report_due(period: Period, heard: date | None, months: int) -> date:
    """The day of the next report: so many months after the last one, or after the beginning.

    What ends before that day is reported on when it ends. `heard` is the last report, or the day since
    which the measure is carried out.

    >>> report_due(Period(date(2026, 3, 1), date(2026, 10, 30)), None, 3)
    datetime.date(2026, 6, 1)
    >>> report_due(Period(date(2026, 3, 1), date(2026, 10, 30)), date(2026, 9, 15), 3)
    datetime.date(2026, 10, 30)
    """
    since = max(period.first, heard or period.first)
    due = months_after(since, months)
    return period.last if since < period.last < due else due


def occasion(due: date, on: date) -> date | None:
    """The latest day up to `on` on which somebody is reminded of what fell due; None before that.

    >>> occasion(date(2026, 5, 1), date(2026, 5, 6))
    datetime.date(2026, 5, 1)
    """
    passed = (on - due).days
    if passed < 0:
        return None
    regular = passed - passed % REGULAR
    days = regular or max(pause for pause in PAUSES if pause <= passed)
    return due + timedelta(days=days)


class Standing(StrEnum):
    """What the link of a report is worth."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    OVER = "over"


def standing(*, is_used: bool, is_late: bool, is_theirs: bool) -> Standing:
    """A link takes one report, in time, from somebody who may still report on that measure."""
    if is_used:
        return Standing.USED
    if not is_theirs:
        return Standing.OVER
    return Standing.EXPIRED if is_late else Standing.OPEN
