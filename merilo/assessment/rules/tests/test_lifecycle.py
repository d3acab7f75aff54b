from __future__ import annotations

import pytest

from merilo.assessment.rules.lifecycle import (
    TRANSITIONS,
    Move,
    MoveForbidden,
    MoveRefused,
    Need,
    Role,
    State,
    after,
    is_locked,
    moves_from,
)


def test_the_straight_way_goes_through_all_states() -> None:
    state = State.PLANNING
    seen = [state]
    for move in (Move.OPEN, Move.LOCK, Move.FINISH, Move.APPROVE, Move.PUBLISH):
        state = after(state, move, by=list(Role), fulfilled=list(Need))
        seen.append(state)
    assert seen == list(State)


def test_there_is_no_way_back_behind_the_lock() -> None:
    for transition in TRANSITIONS:
        if is_locked(transition.origin):
            assert is_locked(transition.target)


def test_a_move_names_everything_it_still_needs() -> None:
    with pytest.raises(MoveRefused) as caught:
        after(State.PLANNING, Move.OPEN, by=[Role.COORDINATOR], fulfilled=[Need.PERIOD_SET])
    assert caught.value.missing == (Need.METHOD_CHOSEN, Need.ORDER_RECORDED, Need.GROUP_COMPOSED)
    assert caught.value.state is State.PLANNING


def test_a_move_that_does_not_start_here_is_refused() -> None:
    with pytest.raises(MoveRefused, match="publish from planning: not possible"):
        after(State.PLANNING, Move.PUBLISH, by=list(Role), fulfilled=list(Need))


def test_the_sponsor_approves_but_does_not_lock() -> None:
    needs = list(Need)
    assert after(State.REPORTING, Move.APPROVE, by=[Role.SPONSOR], fulfilled=needs) is State.APPROVED
    with pytest.raises(MoveForbidden):
        after(State.ASSESSING, Move.LOCK, by=[Role.SPONSOR], fulfilled=needs)


def test_an_approved_report_is_revised_and_not_changed() -> None:
    coordinator = [Role.COORDINATOR]
    for state in (State.APPROVED, State.PUBLISHED):
        assert after(state, Move.REVISE, by=coordinator, fulfilled=[]) is State.REPORTING
    assert after(State.PUBLISHED, Move.WITHDRAW, by=coordinator, fulfilled=[]) is State.APPROVED
    assert after(State.REPORTING, Move.RESUME, by=coordinator, fulfilled=[]) is State.AGREEING


def test_every_state_can_be_left_and_no_move_stands_twice() -> None:
    assert all(moves_from(state) for state in State)
    assert len({(known.origin, known.move) for known in TRANSITIONS}) == len(TRANSITIONS)
    assert {known.move for known in TRANSITIONS} == set(Move)
    assert {need for known in TRANSITIONS for need in known.needs} == set(Need)
