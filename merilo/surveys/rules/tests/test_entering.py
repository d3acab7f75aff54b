"""A sheet of paper, typed by numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from merilo.surveys.rules.asking import UNKNOWN
from merilo.surveys.rules.entering import Desk, numbered
from merilo.surveys.rules.tests.examples import asked, complete, one_page, options, words

VISITED = {
    "service": "1",
    "visited": "1",
    "reasons": "1 2",
    "staff.polite": "3",
    "staff.fast": "4",
    "wait": "12,5",
    "order.price": "1",
    "order.speed": "2",
    "overall": "5",
    "recommend": "10",
    "town": "Примерово",
}


def read(**changed: str):
    return Desk(complete()).read(VISITED | {key.replace("__", "."): text for key, text in changed.items()})


def test_numbers_become_answers() -> None:
    sheet = read()
    assert (sheet.faults, sheet.blank, sheet.astray) == ({}, (), ())
    assert sheet.answers == {
        "service": "desk",
        "visited": True,
        "reasons": ("permit", "tax"),
        "staff.polite": "good",
        "staff.fast": "dk",
        "wait": Decimal("12.5"),
        "order": ("price", "speed"),
        "overall": 5,
        "recommend": 10,
        "town": "Примерово",
    }


def test_what_cannot_be_said_beside_a_scale_has_a_number_of_its_own() -> None:
    assert read(overall="99").answers["overall"] == UNKNOWN
    wide = one_page(asked("rating", "share", least=0, most=100, unknown=words("?")))
    assert Desk(wide).read({"share": "999"}).answers == {"share": UNKNOWN}
    assert Desk(wide).read({"share": "99"}).answers == {"share": 99}


@pytest.mark.parametrize("text", ["1 2", "1,2", "12", "2;1", "01 02", "1.2", "1 1 2"])
def test_several_numbers_are_parted_by_anything(text: str) -> None:
    assert read(reasons=text).answers["reasons"] == ("permit", "tax")


def test_a_wrong_number_is_named_beside_its_field() -> None:
    sheet = read(service="7", staff__fast="9", recommend="11")
    assert {field: fault.code for field, fault in sheet.faults.items()} == {
        "service": "unknown_number",
        "staff.fast": "unknown_number",
        "recommend": "unknown_number",
    }
    assert sheet.faults["staff.fast"].params == {"numbers": "1–4"}
    assert sheet.blank == ()


def test_other_mistakes_stand_beside_the_first_field_of_their_question() -> None:
    sheet = read(order__price="1", order__speed="1", wait="much")
    assert {field: fault.code for field, fault in sheet.faults.items()} == {
        "order.speed": "place_twice",
        "wait": "not_number",
    }
    assert read(reasons="1 2 3").faults["reasons"].code == "none_and_others"


def test_what_is_off_the_way_is_asked_about_and_does_not_count() -> None:
    sheet = read(visited="2")
    assert set(sheet.astray) == {
        "reasons",
        "staff.polite",
        "staff.fast",
        "wait",
        "order.price",
        "order.speed",
    }
    assert set(sheet.answers) == {"service", "visited", "overall", "recommend", "town"}
    assert read(visited="2", reasons="77").astray[0] == "reasons"  # wrong, but nobody needs it


def test_words_beside_another_option_are_asked_about() -> None:
    sheet = read(service__else_="по телефона")
    assert sheet.astray == ("service.else_",)
    assert read(service="3", service__else_="по телефона").answers["service.else_"] == "по телефона"
    assert read(service="", service__else_="по телефона").answers["service"] == "else_"


def test_what_is_required_and_blank_is_asked_about_and_may_stay_blank() -> None:
    sheet = read(service="", staff__fast="")
    assert sheet.blank == ("service", "staff")
    assert "staff.polite" in sheet.answers


def test_an_empty_sheet_has_no_answers() -> None:
    assert Desk(complete()).read({}).answers == {}


def test_ten_options_are_never_typed_together() -> None:
    many = one_page(asked("multiple", "q", options=options(*(f"o{n}" for n in range(1, 11)))))
    assert Desk(many).read({"q": "10"}).answers == {"q": ("o10",)}
    assert Desk(many).read({"q": "123"}).faults["q"].params == {"numbers": "1–10"}


def test_every_field_has_its_name() -> None:
    questions = {question.code: question for question in complete().questions()}
    assert questions["order"].fields == ("order.speed", "order.price", "order.place")
    assert questions["service"].fields == ("service", "service.else_")
    assert numbered(questions["visited"]) == {"1": "yes", "2": "no"}
    assert numbered(questions["order"]) == {}
