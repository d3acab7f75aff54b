from __future__ import annotations

from typing import Any

import pytest

from merilo.surveys.rules.definition import Definition
from merilo.surveys.rules.plain import from_plain
from merilo.surveys.rules.reaching import Reaching
from merilo.surveys.rules.remarks import answers_of, remarks
from merilo.surveys.rules.tests.examples import (
    asked,
    complete,
    everything,
    one_page,
    options,
    page,
    survey,
    words,
)

LETTERS = [f"o{number}" for number in range(30)]


def codes(definition: Definition) -> list[tuple[str, str]]:
    return [(remark.code, remark.subject) for remark in remarks(definition)]


def unreachable(*parts: dict[str, Any]) -> list[str]:
    return [part.code for part in Reaching(one_page(*parts)).unreachable()]


def test_a_good_questionnaire_has_no_remarks() -> None:
    assert codes(complete()) == []


# --- ways -------------------------------------------------------------------------------------
def target(*condition: Any) -> dict[str, Any]:
    return asked("yesno", "target", show_if=list(condition))


RATING = asked("rating", "a", least=1, most=5)
NUMBER = asked("number", "a", least=0, most=10)
DATE = asked("date", "a", least="2026-01-01", most="2026-12-31")
SEVERAL = asked("multiple", "a", options=options("x", "y", "z", n="none"), least=1, most=2)
RANKED = asked("ranking", "a", options=options("x", "y", "z"), most=1)
MATRIX = asked(
    "matrix",
    "a",
    rows=[{"code": "r", "text": words("r")}, {"code": "s", "text": words("s")}],
    options=options("x", "y"),
)


@pytest.mark.parametrize(
    ("before", "condition", "reached"),
    [
        (RATING, [">", "a", 4], True),
        (RATING, [">", "a", 5], False),
        (RATING, ["and", [">", "a", 3], ["<", "a", 4]], False),
        (NUMBER, ["and", [">", "a", 3], ["<", "a", 4]], False),
        (asked("number", "a", decimals=1), ["and", [">", "a", 3], ["<", "a", 4]], True),
        (asked("number", "a"), [">", "a", 1_000_000], True),
        (asked("number", "a"), ["<", "a", "-0.5"], True),
        (NUMBER, [">", "a", 10], False),
        (NUMBER, ["!=", "a", 0], True),
        (DATE, [">", "a", "2026-12-30"], True),
        (DATE, [">", "a", "2026-12-31"], False),
        (asked("date", "a"), ["and", [">", "a", "2026-05-01"], ["<", "a", "2026-05-03"]], True),
        (asked("date", "a"), ["<", "a", "0001-01-01"], False),
        (SEVERAL, ["and", ["contains", "a", "x"], ["contains", "a", "y"]], True),
        (SEVERAL, ["and", ["contains", "a", "x"], ["contains", "a", "n"]], False),
        (SEVERAL, ["and", ["contains", "a", "x"], ["contains", "a", "y"], ["contains", "a", "z"]], False),
        (SEVERAL, ["and", ["answered", "a"], ["not", ["contains", "a", "x"]]], True),
        (RANKED, ["and", ["contains", "a", "x"], ["contains", "a", "y"]], False),
        (
            RANKED | {"most": 2, "required": True},
            ["and", ["contains", "a", "x"], ["contains", "a", "y"]],
            True,
        ),
        (MATRIX, ["and", ["=", "a.r", "x"], ["=", "a.s", "y"]], True),
        (MATRIX, ["and", ["=", "a.r", "x"], ["=", "a.r", "y"]], False),
        (asked("nps", "a", unknown=words("?")), ["=", "a", 10], True),
        (asked("yesno", "a"), ["and", ["=", "a", True], ["=", "a", False]], False),
        (asked("yesno", "a"), ["not", ["answered", "a"]], True),
        (asked("yesno", "a", required=True), ["not", ["answered", "a"]], False),
        (asked("short", "a"), ["=", "a", "yes"], True),
        (asked("short", "a"), ["and", ["!=", "a", "yes"], ["!=", "a", "no"]], True),
        (asked("single", "a", options=options("x", o="other")), ["=", "a.o", "Bank"], True),
        (asked("single", "a", options=options("x", "y")), ["and", ["!=", "a", "x"], ["!=", "a", "y"]], False),
    ],
)
def test_whether_answers_lead_to_a_question(
    before: dict[str, Any], condition: list[Any], *, reached: bool
) -> None:
    assert unreachable(before, target(*condition)) == ([] if reached else ["target"])


def test_what_stands_behind_an_unreachable_question_is_unreachable_too() -> None:
    parts = [RATING, asked("yesno", "b", show_if=[">", "a", 5]), target("=", "b", True)]
    assert unreachable(*parts) == ["b", "target"]


def test_a_hidden_question_is_not_answered() -> None:
    parts = [asked("yesno", "a"), asked("yesno", "b", show_if=["=", "a", True])]
    assert unreachable(*parts, target("and", ["=", "a", False], ["answered", "b"])) == ["target"]
    assert unreachable(*parts, target("and", ["=", "a", False], ["not", ["answered", "b"]])) == []


def test_a_page_can_be_the_reason() -> None:
    last = page(
        "last", asked("yesno", "b"), {"kind": "text", "code": "t", "text": words("t")}, show_if=[">", "a", 5]
    )
    definition = from_plain(survey(page("first", RATING), last))
    assert codes(definition) == [("unreachable", "b"), ("unreachable", "t")]


def test_what_would_take_too_many_tries_counts_as_reachable() -> None:
    asked_before = [asked("nps", f"a{number}") for number in range(6)]
    never = ["and", *(["=", f"a{number}", 3] for number in range(6)), ["=", "a0", 4]]
    assert unreachable(*asked_before, target(*never)) == []
    definition = one_page(*asked_before, target(*never))
    assert Reaching(definition).way_to(definition.question("target")) is None


def test_conditions_and_repeated_answers_look_back() -> None:
    first = asked("yesno", "a", show_if=["=", "b", True], hint=words("{b} {b}"))
    definition = from_plain(
        survey(page("one", first, asked("yesno", "b"), title=words("{b}"), show_if=["answered", "a"]))
    )
    found = remarks(definition)
    assert [(remark.code, remark.subject) for remark in found if remark.blocks] == [
        ("condition_on_later", "one"),
        ("repeats_later", "one"),
        ("condition_on_later", "a"),
        ("repeats_later", "a"),
    ]
    assert ("unreachable", "a") in codes(definition)


# --- texts and phones -------------------------------------------------------------------------
def test_missing_translations_are_counted_by_part() -> None:
    data = everything()
    for text in (data["title"], data["pages"][0]["title"], data["quotas"][0]["text"]):
        del text["bg"]
    for option in data["pages"][0]["parts"][1]["options"]:
        del option["text"]["bg"]
    found = {remark.subject: remark.params for remark in remarks(from_plain(data))}
    assert {subject: params["count"] for subject, params in found.items()} == {
        "": 1,
        "about": 1,
        "service": 3,
        "full": 1,
    }
    assert {params["language"] for params in found.values()} == {"bg"}


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (asked("yesno", "a") | {"text": words("x" * 250)}, [("long_question", "a")]),
        (asked("single", "a", options=options("x" * 40, "y")), []),
        (asked("single", "a", options=options(*LETTERS)), [("many_options", "a")]),
        (MATRIX | {"options": options(*LETTERS[:8])}, [("many_columns", "a")]),
        (
            MATRIX | {"rows": [{"code": code, "text": words(code)} for code in LETTERS]},
            [("long_page", "first")],
        ),
    ],
)
def test_what_is_too_long_for_a_phone(part: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert codes(one_page(part)) == expected


def test_long_options_and_pages_one_question_at_a_time() -> None:
    part = asked("single", "a", options=[{"code": "x", "text": words("x" * 120)}])
    assert codes(one_page(part)) == [("long_option", "a")]
    many = [asked("yesno", letter) for letter in LETTERS]
    assert codes(one_page(*many, layout="questions")) == []


# --- people -----------------------------------------------------------------------------------
AGE = asked("single", "age", options=options("young", "middle", "old"), attribute=True)
SEX = asked("single", "sex", options=options("f", "m"))
UNIT = asked("single", "unit", options=options(*LETTERS[:7]), attribute=True)


def staff(*parts: dict[str, Any], **more: Any) -> list[tuple[str, str]]:
    return codes(one_page(*parts, audience="employees", **{"mode": "anonymous", "floor": 10, **more}))


@pytest.mark.parametrize(
    ("population", "named"),
    [(419, [("identifying", "")]), (420, [])],
)
def test_attributes_that_together_could_identify_somebody(
    population: int, named: list[tuple[str, str]]
) -> None:
    breakdowns = [{"question": "sex"}]
    assert staff(AGE, SEX, UNIT, breakdowns=breakdowns, population=population) == named
    assert staff(AGE, SEX, UNIT, breakdowns=breakdowns, population=population, mode="named") == []


def test_without_a_population_several_attributes_are_remarked() -> None:
    assert staff(AGE, UNIT) == [("population_unknown", "")]
    assert staff(AGE) == []


def test_an_attribute_that_everybody_words_alone_is_remarked() -> None:
    assert staff(asked("short", "job", attribute=True), population=500) == [("open_attribute", "job")]


def test_a_floor_below_the_usual_is_remarked() -> None:
    assert staff(AGE, floor=9) == [("low_floor", "")]


@pytest.mark.parametrize(
    ("part", "number"),
    [
        (AGE, 3),
        (SEVERAL, 16),
        (MATRIX, 4),
        (RATING, 5),
        (asked("nps", "a", unknown=words("?")), 12),
        (asked("yesno", "a"), 2),
        (NUMBER | {"decimals": 1}, 101),
        (asked("number", "a", least=0), None),
        (DATE, 365),
        (asked("date", "a"), None),
        (asked("long", "a"), None),
    ],
)
def test_how_many_different_answers_a_question_has(part: dict[str, Any], number: int | None) -> None:
    question = next(one_page(part).questions())
    assert answers_of(question) == number
