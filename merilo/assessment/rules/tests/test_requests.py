"""Where a request of evidence is, and until when its link works."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from merilo.assessment.rules.requests import (
    Standing,
    State,
    last_day,
    remind_from,
    standing,
    takes_answers,
)

DUE = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("state", "days", "expected", "takes"),
    [
        (State.REQUESTED, 0, Standing.REQUESTED, True),
        (State.REQUESTED, 1, Standing.LATE, True),
        (State.REQUESTED, 14, Standing.LATE, True),
        (State.REQUESTED, 15, Standing.EXPIRED, False),
        (State.RETURNED, 0, Standing.RETURNED, True),
        (State.RETURNED, 15, Standing.EXPIRED, False),
        (State.RECEIVED, 14, Standing.RECEIVED, True),
        (State.RECEIVED, 15, Standing.RECEIVED, False),
        (State.ACCEPTED, 0, Standing.ACCEPTED, False),
        (State.WITHDRAWN, 0, Standing.WITHDRAWN, False),
    ],
)
def test_a_request_is_open_until_two_weeks_after_its_deadline(state, days, expected, takes):
    on = DUE + timedelta(days=days)
    assert standing(state, due=DUE, on=on, is_open=True) == expected
    assert takes_answers(state, due=DUE, on=on, is_open=True) is takes


@pytest.mark.parametrize("state", [State.REQUESTED, State.RECEIVED, State.RETURNED])
def test_all_that_is_not_settled_closes_with_the_shelf(state):
    assert standing(state, due=DUE, on=DUE, is_open=False) == Standing.CLOSED
    assert not takes_answers(state, due=DUE, on=DUE, is_open=False)


def test_what_is_settled_stays_so_when_the_shelf_closes():
    assert standing(State.ACCEPTED, due=DUE, on=DUE, is_open=False) == Standing.ACCEPTED


def test_the_last_day_and_the_next_reminder():
    assert last_day(DUE) == date(2026, 12, 4)
    at = datetime(2026, 11, 1, 9, tzinfo=UTC)
    assert remind_from(at) == datetime(2026, 11, 3, 9, tzinfo=UTC)
