"""The states of a self-assessment and the moves between them, as one table."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    PLANNING = "planning"
    ASSESSING = "assessing"
    AGREEING = "agreeing"
    REPORTING = "reporting"
    APPROVED = "approved"
    PUBLISHED = "published"


class Move(StrEnum):
    """What people do to a self-assessment as a whole."""

    OPEN = "open"
    LOCK = "lock"
    REOPEN = "reopen"
    FINISH = "finish"
    RESUME = "resume"
    APPROVE = "approve"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"


TRANSITIONS: dict[tuple[State, Move], State] = {
    (State.PLANNING, Move.OPEN): State.ASSESSING,
    (State.ASSESSING, Move.LOCK): State.AGREEING,
    # Back behind the lock only while nothing is agreed: the scores have been seen, the reason is on record.
    (State.AGREEING, Move.REOPEN): State.ASSESSING,
    (State.AGREEING, Move.FINISH): State.REPORTING,
    (State.REPORTING, Move.RESUME): State.AGREEING,
    (State.REPORTING, Move.APPROVE): State.APPROVED,
    (State.APPROVED, Move.PUBLISH): State.PUBLISHED,
    # Other parts of the same approved revision.
    (State.PUBLISHED, Move.PUBLISH): State.PUBLISHED,
    (State.PUBLISHED, Move.WITHDRAW): State.APPROVED,
}


class MoveRefused(ValueError):
    """A move that is not possible from a state."""

    def __init__(self, move: Move, state: State) -> None:
        super().__init__(f"{move} from {state}")
        self.move = move
        self.state = state


def after(state: State, move: Move) -> State:
    """The state after a move. Errors: MoveRefused.

    >>> after(State.AGREEING, Move.FINISH).value
    'reporting'
    """
    try:
        return TRANSITIONS[state, move]
    except KeyError:
        raise MoveRefused(move, state) from None


def moves_from(state: State) -> tuple[Move, ...]:
    """The moves there are from a state."""
    return tuple(move for origin, move in TRANSITIONS if origin == state)


# What was agreed is finished, and can be continued by another self-assessment.
AGREED = frozenset({State.REPORTING, State.APPROVED, State.PUBLISHED})


def is_locked(state: State) -> bool:
    """Whether individual scores may be shown: from the lock on, never before."""
    return state not in {State.PLANNING, State.ASSESSING}
