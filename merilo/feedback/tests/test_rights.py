"""Who may do what with an external feedback: members by role, evaluators until their access ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from merilo.feedback import permissions
from merilo.feedback.models import Actor, Feedback
from merilo.feedback.rules.lifecycle import OVER, SHOWN, State
from merilo.organisations.api import Organisation, Viewer
from merilo.organisations.roles import ROLES
from tests.rights import INSIDERS, LEADERS, acting

TODAY = date(2026, 11, 27)
EVALUATORS, LEAD = {"evaluator", "lead"}, {"lead"}
IN_THEIR_HANDS = set(State) - {State.PREPARING, State.WITHDRAWN}


def a_feedback(state: State, **fields: Any) -> Feedback:
    return Feedback(organisation=Organisation(), state=state, **fields)


def evaluating(feedback: Feedback, organisation: Organisation, until: date = TODAY, **fields: Any) -> Viewer:
    """A guest with access as evaluator; nothing of it is stored."""
    viewer = acting(organisation, "guest")
    actor = Actor(feedback=feedback, membership=viewer.membership, until=until, **fields)
    feedback.__dict__.setdefault("_actors", {})[viewer.membership.pk] = actor
    return viewer


def who(may: Callable[..., bool], feedback: Feedback, **more: Any) -> set[str]:
    """Which roles and evaluators may; strangers and evaluators whose access has ended never may."""
    own, known = feedback.organisation, feedback.__dict__.setdefault("_actors", {})
    people = {code: acting(own, code) for code in ROLES}
    stranger = acting(Organisation(), *ROLES)
    known |= {one.membership.pk: None for one in (*people.values(), stranger)}
    people |= {
        "evaluator": evaluating(feedback, own),
        "lead": evaluating(feedback, own, is_lead=True),
    }
    outside = [
        stranger,
        evaluating(feedback, own, until=TODAY - timedelta(days=1), is_lead=True),
        evaluating(feedback, Organisation(), is_lead=True),
    ]
    assert [may(one, feedback, **more) for one in outside] == [False] * 3
    return {name for name, viewer in people.items() if may(viewer, feedback, **more)}


@pytest.mark.parametrize(
    ("may", "people", "when"),
    [
        (permissions.may_manage, LEADERS, set(State)),
        (permissions.may_prepare, LEADERS, set(State) - OVER),
        (permissions.may_respond, LEADERS, set(SHOWN)),
    ],
)
def test_the_coordinator(may, people, when):
    found = {state: who(may, a_feedback(state)) for state in State}
    assert found == {state: people if state in when else set() for state in State}


@pytest.mark.parametrize(
    ("may", "people", "when"),
    [
        (permissions.may_score, EVALUATORS, {State.APPLIED}),
        (permissions.may_see_joint, EVALUATORS, {State.AGREEING, *SHOWN}),
        (permissions.may_agree, LEAD, {State.AGREEING}),
        (permissions.may_read_report, INSIDERS | EVALUATORS, set(SHOWN)),
        (permissions.may_decide, LEADERS | LEAD, {State.REPORTED}),
    ],
)
def test_the_evaluators(may, people, when):
    found = {state: who(may, a_feedback(state), on=TODAY) for state in State}
    assert found == {state: people if state in when else set() for state in State}


@pytest.mark.parametrize("state", State)
def test_evaluators_read_while_the_application_is_in_their_hands(state):
    invited = EVALUATORS if state in IN_THEIR_HANDS else set()
    assert who(permissions.may_read, a_feedback(state), on=TODAY) == INSIDERS | invited
    assert who(permissions.may_see_material, a_feedback(state), on=TODAY) == LEADERS | invited


def test_a_label_is_kept_where_one_was_given():
    given, none = a_feedback(State.DECIDED, award="user"), a_feedback(State.DECIDED)
    assert who(permissions.may_keep_label, given) == LEADERS
    assert who(permissions.may_keep_label, none) == set()
