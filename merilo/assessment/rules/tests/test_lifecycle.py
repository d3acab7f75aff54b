"""The table of moves: nothing before the lock is skipped, nothing approved goes back."""

from __future__ import annotations

import pytest

from merilo.assessment.models import State as Stored
from merilo.assessment.rules.lifecycle import (
    TRANSITIONS,
    Move,
    MoveRefused,
    State,
    after,
    is_locked,
    moves_from,
)


def test_states_are_those_of_the_database():
    assert [state.value for state in State] == Stored.values


def test_straight_way_leads_from_planning_to_publication():
    state = State.PLANNING
    for move in (Move.OPEN, Move.LOCK, Move.FINISH, Move.APPROVE, Move.PUBLISH):
        state = after(state, move)
    assert state is State.PUBLISHED


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", Move)
def test_every_other_move_is_refused(state: State, move: Move):
    if (state, move) in TRANSITIONS:
        assert after(state, move) in State
    else:
        with pytest.raises(MoveRefused) as refused:
            after(state, move)
        assert (refused.value.state, refused.value.move) == (state, move)


def test_what_is_approved_never_goes_back():
    reachable = {State.APPROVED}
    for _ in State:
        reachable |= {after(state, move) for state in reachable for move in moves_from(state)}
    assert reachable == {State.APPROVED, State.PUBLISHED}


def test_scores_may_be_shown_only_from_the_lock_on():
    assert [state.value for state in State if not is_locked(state)] == ["planning", "assessing"]
