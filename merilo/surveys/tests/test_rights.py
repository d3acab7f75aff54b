"""Who may do what with a survey, by role and by the state that it is in."""

from __future__ import annotations

from typing import Any

import pytest

from merilo.core.errors import Refused
from merilo.organisations.api import Organisation
from merilo.surveys import permissions
from merilo.surveys.models import State, Survey
from tests.rights import LEADERS, acting, by_role

READERS = LEADERS | {"sponsor", "assessor", "editor"}


def a_survey(state: str, **fields: Any) -> Survey:
    return Survey(organisation=Organisation(), state=state, **fields)


@pytest.mark.parametrize("state", State)
def test_what_does_not_depend_on_the_state(state):
    survey = a_survey(state)
    assert by_role(permissions.may_read, survey) == READERS
    assert by_role(permissions.may_edit, survey) == LEADERS
    assert by_role(permissions.may_print, survey) == LEADERS | {"clerk"}


@pytest.mark.parametrize(
    ("may", "who", "when"),
    [
        (permissions.may_write_questions, LEADERS, set(State) - {State.CLOSED}),
        (permissions.may_enter, LEADERS | {"clerk"}, {State.OPEN}),
        (permissions.may_see_results, READERS, {State.CLOSED}),
        (permissions.may_take_answers, LEADERS, {State.CLOSED}),
        (permissions.may_read_texts, LEADERS, {State.CLOSED}),
        (permissions.may_publish, LEADERS | {"editor"}, {State.CLOSED}),
        (permissions.may_use, LEADERS | {"assessor"}, {State.CLOSED}),
    ],
)
def test_what_depends_on_the_state(may, who, when):
    found = {state: by_role(may, a_survey(state)) for state in State}
    assert found == {state: who if state in when else set() for state in State}


def test_files_that_people_sent_are_taken_from_surveys_with_names_only():
    named = a_survey(State.CLOSED, mode="named")
    assert by_role(permissions.may_read_files, named) == LEADERS
    assert by_role(permissions.may_read_files, a_survey(State.CLOSED, mode="anonymous")) == set()


def test_whoever_may_not_read_is_told_so():
    survey = a_survey(State.OPEN)
    permissions.require_reading(acting(survey.organisation, "coordinator"), survey)
    for role in ("viewer", "clerk"):
        with pytest.raises(Refused):
            permissions.require_reading(acting(survey.organisation, role), survey)
