"""The ready questionnaires can be put to people as they are, in both languages."""

from __future__ import annotations

import pytest

from merilo.framework.loading import load_shipped
from merilo.surveys import library
from merilo.surveys.rules.floors import default_floor
from merilo.surveys.rules.paths import Paths
from merilo.surveys.rules.remarks import ITEMS_AT_ONCE, remarks

each = pytest.mark.parametrize("code", library.CODES)


def items(code):
    return [item for question in library.found(code).definition.questions() for item in question.items]


@each
def test_nothing_stands_in_the_way_and_only_the_population_is_to_be_told(code) -> None:
    assert {remark.code for remark in remarks(library.found(code).definition)} <= {"population_unknown"}


@each
def test_it_says_how_to_begin_and_thanks_at_the_end(code) -> None:
    ready = library.found(code)
    assert ready.definition.floor == default_floor(ready.definition.audience)
    for text in (ready.definition.description, ready.definition.thanks, ready.whom, ready.asks):
        assert text is not None
        assert set(text) == {"bg", "en"}
    assert 5 <= ready.minutes <= 10


@each
def test_no_screen_asks_too_much_at_once(code) -> None:
    screens = Paths(library.found(code).definition).screens.values()
    asked = [sum(len(question.items) for question in screen.questions) for screen in screens]
    assert max(asked) <= ITEMS_AT_ONCE


@each
def test_its_figures_can_be_evidence_at_sub_criteria_of_the_model(code) -> None:
    known = {item.code for item in load_shipped("caf-2020").items}
    linked = {library.link(code, item) for item in items(code)} - {""}
    assert linked
    assert linked <= known


def test_the_survey_of_citizens_is_as_long_as_it_says() -> None:
    assert library.found("citizens").questions == 22
    assert len(items("citizens")) == 46


def test_staff_are_never_asked_what_would_tell_them_apart() -> None:
    definition = library.found("employees").definition
    attributes = [question.code for question in definition.questions() if question.attribute]
    assert attributes == ["position", "years"]
    assert not [
        question for question in library.found("councillors").definition.questions() if question.attribute
    ]


def test_all_twelve_principles_are_asked_about() -> None:
    questions = library.found("governance").definition.questions()
    tables = [
        question for question in questions if question.kind == "matrix" and question.code != "council_work"
    ]
    assert len(tables) == 12
    assert {len(question.items) for question in tables} == {3}


def test_a_copy_can_be_changed() -> None:
    library.plain("citizens")["title"]["bg"] = "Друго"
    assert library.plain("citizens")["title"]["bg"] != "Друго"


def test_an_unknown_one_is_refused() -> None:
    with pytest.raises(library.UnknownQuestionnaire):
        library.plain("../citizens")
