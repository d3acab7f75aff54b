from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merilo.assessment.rules.findings import Finding
from merilo.assessment.rules.schedule import TEN_STEPS, PlannedStep, StepLength, lengths_for, plan_backwards

FRIDAY = date(2026, 11, 27)
SHORT = (StepLength(1, 3, 1), StepLength(2, 5, 2), StepLength(3, 4, 2))


def days(plan_step: PlannedStep) -> tuple[str, str]:
    return plan_step.begins.isoformat(), plan_step.ends.isoformat()


def test_steps_before_the_report_are_set_backwards_and_the_others_after_it() -> None:
    plan = plan_backwards(FRIDAY, SHORT, report_step=2)
    assert [days(step) for step in plan.steps] == [
        ("2026-11-18", "2026-11-20"),
        ("2026-11-23", "2026-11-27"),
        ("2026-11-30", "2026-12-03"),
    ]
    assert plan.findings == ()


@pytest.mark.parametrize("due", ["2026-11-28", "2026-11-29"])
def test_a_report_due_at_the_weekend_is_ready_on_friday(due: str) -> None:
    assert plan_backwards(date.fromisoformat(due)).step(6).ends == FRIDAY


def test_holidays_are_skipped() -> None:
    plan = plan_backwards(FRIDAY, SHORT, report_step=2, holidays=[date(2026, 11, 25), date(2026, 12, 1)])
    assert days(plan.step(2)) == ("2026-11-20", "2026-11-27")
    assert days(plan.step(3)) == ("2026-11-30", "2026-12-04")


def test_ten_steps_take_their_usual_lengths_when_there_is_time() -> None:
    plan = plan_backwards(FRIDAY, earliest=date(2026, 1, 1))
    assert [step.number for step in plan.steps] == list(range(1, 11))
    assert days(plan.step(6)) == ("2026-11-09", "2026-11-27")
    assert days(plan.step(5)) == ("2026-09-28", "2026-11-06")
    assert plan.step(7).begins == date(2026, 11, 30)


def test_too_little_time_shortens_steps_evenly_but_not_below_their_least() -> None:
    plan = plan_backwards(FRIDAY, SHORT, report_step=3, earliest=date(2026, 11, 17))  # 9 of 12 working days
    assert plan.findings == ()
    assert plan.step(1).begins >= date(2026, 11, 17)
    assert [days(step) for step in plan.steps] == [
        ("2026-11-18", "2026-11-19"),
        ("2026-11-20", "2026-11-24"),
        ("2026-11-25", "2026-11-27"),
    ]


def test_far_too_little_time_is_said_with_numbers() -> None:
    plan = plan_backwards(FRIDAY, SHORT, report_step=3, earliest=date(2026, 11, 25))
    assert plan.findings == (Finding("too_little_time", params={"needed": 5, "available": 3}),)
    assert plan.step(1).begins < date(2026, 11, 25)


def test_a_report_due_before_the_beginning_has_no_time_at_all() -> None:
    plan = plan_backwards(FRIDAY, earliest=date(2026, 12, 24))
    assert plan.findings[0].params == {"needed": 24, "available": 0}


def test_lengths_for_the_steps_of_any_framework() -> None:
    assert lengths_for(range(1, 11)) == TEN_STEPS
    assert lengths_for([11, 6]) == (TEN_STEPS[5], StepLength(11, 10, 3))


@given(
    st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    st.integers(-20, 300),
    st.sets(st.dates(date(2020, 1, 1), date(2035, 12, 31)), max_size=20),
)
def test_every_plan_keeps_to_working_days_in_order(due: date, lead: int, holidays: set[date]) -> None:
    earliest = due - timedelta(days=lead)
    plan = plan_backwards(due, earliest=earliest, holidays=holidays)
    assert plan.step(6).ends <= due
    assert plan.findings or plan.step(1).begins >= earliest
    for step in plan.steps:
        assert step.begins <= step.ends
        for day in (step.begins, step.ends):
            assert day.weekday() < 5
            assert day not in holidays
    for step, following in pairwise(plan.steps):
        assert step.ends < following.begins
