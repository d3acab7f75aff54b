from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from merilo.surveys.rules.conditions import Answers
from merilo.surveys.rules.paths import Paths, full_quota, in_order
from merilo.surveys.rules.plain import from_plain
from merilo.surveys.rules.tests.examples import asked, complete, everything, one_page, options, page, survey

VISITED: Answers = {
    "service": "desk",
    "visited": True,
    "reasons": ("permit",),
    "wait": Decimal(90),
    "overall": 4,
}


def test_everybody_begins_with_the_same_screens() -> None:
    walk = Paths(complete()).walk({})
    assert [screen.code for screen in walk.screens] == ["about", "end"]
    assert walk.visible == ("service", "visited", "overall", "recommend", "town")


def test_answers_open_pages_and_questions() -> None:
    walk = Paths(complete()).walk(VISITED)
    assert [screen.code for screen in walk.screens] == ["about", "visit", "end"]
    assert [question.code for question in walk.screens[1].questions] == [
        "reasons",
        "staff",
        "wait",
        "when",
        "order",
    ]
    assert "proof" in walk.visible
    assert "say" not in walk.visible


def test_next_and_previous_leave_hidden_pages_out() -> None:
    paths = Paths(complete())
    hidden, shown = paths.walk({}), paths.walk(VISITED)
    assert [step.code if step else None for step in (hidden.after("about"), shown.after("about"))] == [
        "end",
        "visit",
    ]
    assert [step.code if step else None for step in (hidden.before("end"), shown.before("end"))] == [
        "about",
        "visit",
    ]
    assert shown.after("end") is None
    assert shown.before("about") is None


def test_from_a_page_that_is_hidden_by_now_one_still_gets_on() -> None:
    walk = Paths(complete()).walk({"visited": False})
    assert walk.at("visit") is None
    after, before = walk.after("visit"), walk.before("visit")
    assert after is not None
    assert before is not None
    assert (before.code, after.code) == ("about", "end")
    assert walk.at("end") == after


def test_answers_to_hidden_questions_are_dropped_and_open_nothing() -> None:
    walk = Paths(complete()).walk({**VISITED, "visited": False, "town": "Primerovo", "nobody": "x"})
    assert walk.answers == {"service": "desk", "visited": False, "overall": 4, "town": "Primerovo"}
    assert walk.dropped == ("reasons", "wait", "nobody")
    assert "proof" not in walk.visible


def test_a_line_for_other_counts_only_with_its_option() -> None:
    paths = Paths(complete())
    assert "service.else_" in paths.walk({"service": "else_", "service.else_": "Bank"}).answers
    assert paths.walk({"service": "desk", "service.else_": "Bank"}).dropped == ("service.else_",)
    assert paths.walk({"service.else_": "Bank"}).dropped == ("service.else_",)
    several = Paths(one_page(asked("multiple", "a", options=options("x", o="other"))))
    assert several.walk({"a": ("x", "o"), "a.o": "y"}).dropped == ()
    assert several.walk({"a": ("x",), "a.o": "y"}).dropped == ("a.o",)


def test_one_question_at_a_time_comes_with_the_texts_before_it() -> None:
    text = {"kind": "text", "code": "goodbye", "text": {"en": "Bye"}}
    data = everything()
    data["pages"][2]["parts"].append(text)
    walk = Paths(from_plain(data | {"layout": "questions"})).walk({})
    assert [[part.code for part in screen.parts] for screen in walk.screens] == [
        ["welcome", "service"],
        ["visited"],
        ["overall"],
        ["recommend"],
        ["town"],
        ["goodbye"],
    ]
    assert [screen.code for screen in walk.screens][-2:] == ["town", "goodbye"]
    assert walk.screens[-1].page.code == "end"


def test_a_page_of_hidden_parts_is_not_shown() -> None:
    hidden = asked("yesno", "b", show_if=["=", "a", True])
    paths = Paths(from_plain(survey(page("one", asked("yesno", "a")), page("two", hidden))))
    assert [screen.code for screen in paths.walk({"a": False}).screens] == ["one"]
    assert [screen.code for screen in paths.walk({"a": True}).screens] == ["one", "two"]


@pytest.mark.parametrize(
    ("answers", "counts", "full"),
    [
        ({"town": "x"}, {"full": 500}, "full"),
        ({"town": "x"}, {"full": 499}, None),
        ({"town": "x"}, {}, None),
        ({}, {"full": 500}, None),
    ],
)
def test_quotas(answers: Answers, counts: dict[str, int], full: str | None) -> None:
    found = full_quota(complete(), answers, counts)
    assert (found.code if found else None) == full


def test_random_order_is_kept_and_special_options_stay_in_place() -> None:
    question = one_page(asked("multiple", "a", options=options(*"bcdefgh", o="other", n="none"))).question(
        "a"
    )
    drawn = [tuple(option.code for option in in_order(question.options, seed)) for seed in "123"]
    assert len(set(drawn)) == 3
    assert all(order[-2:] == ("o", "n") and sorted(order) == sorted("bcdefghon") for order in drawn)
    assert in_order(question.options, "1") == in_order(question.options, "1")
    assert in_order(question.options, "1", shuffle=False) == question.options


def test_texts_keep_their_place_among_shuffled_questions() -> None:
    first = complete().pages[0].parts
    for seed in "12345":
        assert in_order(first, seed)[0].code == "welcome"


PATHS = Paths(complete())
CHOICES = {
    "service": st.sampled_from(["desk", "post", "else_"]),
    "visited": st.booleans(),
    "reasons": st.sampled_from([("permit",), ("tax", "permit"), ("nothing",)]),
    "wait": st.integers(0, 240).map(Decimal),
    "overall": st.integers(1, 5),
    "say": st.just("Slow"),
}


@settings(max_examples=40)
@given(st.fixed_dictionaries({}, optional=CHOICES))
def test_what_is_kept_leads_the_same_way(answers: dict[str, object]) -> None:
    paths = PATHS
    walk = paths.walk(answers)  # type: ignore[arg-type]
    assert paths.walk(walk.answers) == paths.walk(dict(reversed(walk.answers.items())))
    assert paths.walk(walk.answers).screens == walk.screens
    assert walk.answers.keys() | set(walk.dropped) == answers.keys()
    assert all(key in walk.visible for key in walk.answers)
