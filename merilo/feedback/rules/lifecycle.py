"""The states of an external feedback and the moves between them."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Prepared by the organisation, then in the hands of the actors, reported, decided; or withdrawn."""

    PREPARING = "preparing"
    APPLIED = "applied"
    AGREEING = "agreeing"
    REPORTED = "reported"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    """What takes it on."""

    HAND_IN = "hand_in"
    CLOSE_OWN = "close_own"
    REPORT = "report"
    DECIDE = "decide"
    WITHDRAW = "withdraw"


MOVES: dict[tuple[State, Move], State] = {
    (State.PREPARING, Move.HAND_IN): State.APPLIED,
    (State.APPLIED, Move.CLOSE_OWN): State.AGREEING,
    (State.AGREEING, Move.REPORT): State.REPORTED,
    (State.REPORTED, Move.DECIDE): State.DECIDED,
    (State.PREPARING, Move.WITHDRAW): State.WITHDRAWN,
    (State.APPLIED, Move.WITHDRAW): State.WITHDRAWN,
    (State.AGREEING, Move.WITHDRAW): State.WITHDRAWN,
}
OVER = frozenset({State.DECIDED, State.WITHDRAWN})
SHOWN = frozenset({State.REPORTED, State.DECIDED})  # the report is there for the organisation


def moved(state: State, move: Move) -> State | None:
    """The state after a move, None where the move is not possible.

    >>> moved(State.PREPARING, Move.HAND_IN).value
    'applied'
    """
    return MOVES.get((state, move))
