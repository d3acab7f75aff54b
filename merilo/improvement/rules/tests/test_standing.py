"""A measure is told as it stood on the last day of the period, not as it stands today."""

from __future__ import annotations

from datetime import date

from merilo.core.periods import Period
from merilo.improvement.rules.progress import Work
from merilo.improvement.rules.standing import Said, done_until, said_until
from merilo.improvement.rules.states import MeasureState

MAY, JUNE, JULY = date(2026, 5, 10), date(2026, 6, 30), date(2026, 7, 10)


def test_what_holds_since_before_the_day_held_on_it() -> None:
    now = Said(MAY, MeasureState.DONE, 100)
    assert said_until(now, [Said(date(2026, 2, 1), MeasureState.UNDER_WAY, 10)], JUNE) is now


def test_a_state_that_holds_goes_with_the_percent_reported_by_then() -> None:
    now = Said(date(2026, 3, 1), MeasureState.UNDER_WAY, 90)
    reports = [Said(date(2026, 5, 1), MeasureState.UNDER_WAY, 40), Said(JULY, MeasureState.UNDER_WAY, 90)]
    assert said_until(now, reports, JUNE) == Said(date(2026, 5, 1), MeasureState.UNDER_WAY, 40)
    assert said_until(now, reports[1:], JUNE) == Said(JUNE, MeasureState.UNDER_WAY, 0)


def test_what_came_later_is_left_out() -> None:
    now = Said(JULY, MeasureState.DONE, 100)
    said = Said(MAY, MeasureState.UNDER_WAY, 40)
    earlier = Said(date(2026, 3, 1), MeasureState.UNDER_WAY, 10)
    assert said_until(now, [said, earlier, Said(JULY, MeasureState.DONE, 100)], JUNE) == said


def test_before_the_first_report_nothing_is_started() -> None:
    now = Said(JULY, MeasureState.UNDER_WAY, 50)
    assert said_until(now, [], JUNE) == Said(JUNE, MeasureState.NOT_STARTED, 0)


def test_an_activity_carried_out_later_was_not_carried_out_yet() -> None:
    work = Work(Period(MAY, JULY), 100)
    assert done_until(work, JULY, JUNE).percent == 0
    assert done_until(work, JUNE, JUNE) is work
    assert done_until(work, None, JUNE) is work
    half = Work(Period(MAY, JULY), 50)
    assert done_until(half, None, JUNE) is half
