"""The states of a measure and of a plan, and what it takes to move between them."""

from __future__ import annotations

from enum import StrEnum


class PlanState(StrEnum):
    """A plan is drafted, then carried out from its first approval on, then closed."""

    DRAFT = "draft"
    RUNNING = "running"
    CLOSED = "closed"


class MeasureState(StrEnum):
    NOT_STARTED = "not_started"
    UNDER_WAY = "under_way"
    DONE = "done"
    STOPPED = "stopped"
    DROPPED = "dropped"


LIVE = frozenset({MeasureState.NOT_STARTED, MeasureState.UNDER_WAY})  # the two that have a signal

_S = MeasureState
# Without a reason: work as it goes. Everything else turns back or gives up, and says why.
FREE = frozenset(
    {(_S.NOT_STARTED, _S.UNDER_WAY), (_S.UNDER_WAY, _S.DONE), (_S.NOT_STARTED, _S.DONE)},
)
REASONED = frozenset(
    {
        (_S.UNDER_WAY, _S.NOT_STARTED),
        (_S.DONE, _S.UNDER_WAY),
        (_S.STOPPED, _S.UNDER_WAY),
        (_S.STOPPED, _S.NOT_STARTED),
        (_S.DROPPED, _S.NOT_STARTED),
        *((one, _S.STOPPED) for one in LIVE),
        *((one, _S.DROPPED) for one in (*LIVE, _S.STOPPED)),
    }
)


def targets(state: MeasureState) -> list[MeasureState]:
    """The states a measure may go to from here, in the order of the states."""
    return [one for one in MeasureState if (state, one) in FREE | REASONED]


def needs_reason(before: MeasureState, after: MeasureState) -> bool:
    """Whether the move has to be explained."""
    return (before, after) in REASONED
