"""The states of a self-assessment and the moves between them, as one table."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    PLANNING = "planning"
    ASSESSING = "assessing"
    AGREEING = "agreeing"
    REPORTING = "reporting"
    APPROVED = "approved"
    PUBLISHED = "published"


class Move(StrEnum):
    """What people do to an assessment; the verb of the audit record."""

    OPEN = "open"
    LOCK = "lock"
    FINISH = "finish"
    RESUME = "resume"
    APPROVE = "approve"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    REVISE = "revise"


class Need(StrEnum):
    """What must be true before a move; whoever asks finds out and passes what is fulfilled."""

    METHOD_CHOSEN = "method_chosen"
    PERIOD_SET = "period_set"
    GROUP_COMPOSED = "group_composed"
    ORDER_RECORDED = "order_recorded"
    SHEET_HANDED_IN = "sheet_handed_in"
    ALL_AGREED = "all_agreed"
    REVISION_FIXED = "revision_fixed"
    APPROVAL_RECORDED = "approval_recorded"
    PARTS_CHOSEN = "parts_chosen"


class Role(StrEnum):
    """Who may move; the coordinator's deputy counts as coordinator."""

    COORDINATOR = "coordinator"
    FACILITATOR = "facilitator"
    SPONSOR = "sponsor"


@dataclass(frozen=True, slots=True)
class Transition:
    """One allowed move: from where to where, what it needs, who may make it."""

    move: Move
    origin: State
    target: State
    needs: tuple[Need, ...]
    by: tuple[Role, ...]


TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        Move.OPEN,
        State.PLANNING,
        State.ASSESSING,
        (Need.METHOD_CHOSEN, Need.PERIOD_SET, Need.ORDER_RECORDED, Need.GROUP_COMPOSED),
        (Role.COORDINATOR,),
    ),
    # There is no way back behind the lock: from then on the scores have been seen.
    Transition(
        Move.LOCK,
        State.ASSESSING,
        State.AGREEING,
        (Need.SHEET_HANDED_IN,),
        (Role.COORDINATOR, Role.FACILITATOR),
    ),
    Transition(
        Move.FINISH,
        State.AGREEING,
        State.REPORTING,
        (Need.ALL_AGREED,),
        (Role.COORDINATOR, Role.FACILITATOR),
    ),
    Transition(Move.RESUME, State.REPORTING, State.AGREEING, (), (Role.COORDINATOR, Role.FACILITATOR)),
    Transition(
        Move.APPROVE,
        State.REPORTING,
        State.APPROVED,
        (Need.REVISION_FIXED, Need.APPROVAL_RECORDED),
        (Role.SPONSOR, Role.COORDINATOR),
    ),
    Transition(Move.PUBLISH, State.APPROVED, State.PUBLISHED, (Need.PARTS_CHOSEN,), (Role.COORDINATOR,)),
    Transition(Move.WITHDRAW, State.PUBLISHED, State.APPROVED, (), (Role.COORDINATOR,)),
    # A new revision; the approved one stays as it is, also where it is published.
    Transition(Move.REVISE, State.APPROVED, State.REPORTING, (), (Role.COORDINATOR,)),
    Transition(Move.REVISE, State.PUBLISHED, State.REPORTING, (), (Role.COORDINATOR,)),
)


class MoveRefused(ValueError):
    """A move that is not possible now; `missing` names what it still needs."""

    def __init__(self, move: Move, state: State, missing: tuple[Need, ...] = ()) -> None:
        super().__init__(f"{move} from {state}: {', '.join(missing) or 'not possible'}")
        self.move = move
        self.state = state
        self.missing = missing


class MoveForbidden(MoveRefused):
    """None of the person's roles may make this move."""


def moves_from(state: State) -> tuple[Transition, ...]:
    """The moves there are from a state."""
    return tuple(transition for transition in TRANSITIONS if transition.origin == state)


def transition(state: State, move: Move) -> Transition:
    """The move from a state. Errors: MoveRefused when there is none."""
    for known in moves_from(state):
        if known.move == move:
            return known
    raise MoveRefused(move, state)


def after(state: State, move: Move, *, by: Collection[Role], fulfilled: Collection[Need]) -> State:
    """The state after a move by somebody with these roles, when these needs are fulfilled.

    Errors: MoveForbidden, MoveRefused.

    >>> after(State.AGREEING, Move.FINISH, by=[Role.FACILITATOR], fulfilled=[Need.ALL_AGREED]).value
    'reporting'
    """
    found = transition(state, move)
    if not set(found.by) & set(by):
        raise MoveForbidden(move, state)
    if missing := tuple(need for need in found.needs if need not in fulfilled):
        raise MoveRefused(move, state, missing)
    return found.target


def is_locked(state: State) -> bool:
    """Whether individual scores may be shown: from the lock on, never before."""
    return state not in {State.PLANNING, State.ASSESSING}
