"""What holds for a request of evidence: until when its link works, what it waits for, how often to remind."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

GRACE = timedelta(days=14)  # how long the link works after the deadline
BETWEEN_REMINDERS = timedelta(hours=48)
MOST_THINGS = 100  # that one request takes


class State(StrEnum):
    """Where a request is, as it is kept."""

    REQUESTED = "requested"
    RECEIVED = "received"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


class Standing(StrEnum):
    """Where a request is, as people are told: also what time and the self-assessment make of it."""

    REQUESTED = "requested"
    LATE = "late"
    RECEIVED = "received"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    CLOSED = "closed"


SETTLED = frozenset({State.ACCEPTED, State.WITHDRAWN})
WAITING = frozenset({State.REQUESTED, State.RETURNED})  # for the colleague
OVER = frozenset({Standing.ACCEPTED, Standing.WITHDRAWN, Standing.EXPIRED, Standing.CLOSED})


def last_day(due: date) -> date:
    """The last day on which the link works.

    >>> last_day(date(2026, 11, 20))
    datetime.date(2026, 12, 4)
    """
    return due + GRACE


def standing(state: State, *, due: date, on: date, is_open: bool) -> Standing:
    """What a request is on a day; `is_open` says whether evidence is still taken at all."""
    if state in SETTLED:
        return Standing(state.value)
    if not is_open:
        return Standing.CLOSED
    if state not in WAITING:
        return Standing.RECEIVED
    if on > last_day(due):
        return Standing.EXPIRED
    return Standing.LATE if on > due else Standing(state.value)


def takes_answers(state: State, *, due: date, on: date, is_open: bool) -> bool:
    """Whether the link still takes something: more may come until it is accepted."""
    return standing(state, due=due, on=on, is_open=is_open) not in OVER and on <= last_day(due)


def remind_from(last: datetime) -> datetime:
    """From when on the colleague may be written to again."""
    return last + BETWEEN_REMINDERS
