from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from merilo.surveys.rules.answers import Fault, Form, Reading, carried
from merilo.surveys.rules.conditions import Answers
from merilo.surveys.rules.tests.examples import asked, complete, one_page, options, words

FORM = Form(complete())
HASH = "0123456789abcdef" * 4
SCALE = {"least": 1, "most": 5, "unknown": words("?")}
ROWS = [{"code": "r", "text": words("r")}, {"code": "s", "text": words("s")}]
SINGLE = asked("single", "q", options=options("x", "y", o="other"))
SEVERAL = asked("multiple", "q", options=options("x", "y", "z", o="other", n="none"), least=2, most=3)
MATRIX = asked("matrix", "q", rows=ROWS, options=options("x", "y"))
RANKING = asked("ranking", "q", options=options("x", "y", "z"), most=2)
NUMBER = asked("number", "q", least=-5, most=1000)
EXACT = asked("number", "q", decimals=2)
DAY = asked("date", "q", least="2026-01-01", most="2026-12-31")


def read(part: dict[str, Any], **raw: str | list[str]) -> Reading:
    sent = {
        key.replace("__", "."): [value] if isinstance(value, str) else value for key, value in raw.items()
    }
    return Form(one_page(part)).read("first", sent, {})


@pytest.mark.parametrize(
    ("part", "raw", "expected"),
    [
        (SINGLE, {"q": "x"}, {"q": "x"}),
        (SINGLE, {"q": ""}, {}),
        (SINGLE, {"q": "o", "q__o": " Bank "}, {"q": "o", "q.o": "Bank"}),
        (SINGLE, {"q": "o"}, {"q": "o"}),
        (SINGLE, {"q__o": "Bank"}, {"q": "o", "q.o": "Bank"}),
        (SINGLE, {"q": "x", "q__o": "Bank"}, {"q": "x"}),
        (SEVERAL, {"q": ["y", "x", "y"]}, {"q": ("x", "y")}),
        (SEVERAL, {"q": ["y"], "q__o": "z"}, {"q": ("y", "o"), "q.o": "z"}),
        (SEVERAL, {"q": ["n"]}, {"q": ("n",)}),
        (SEVERAL, {"q": []}, {}),
        (MATRIX, {"q__r": "x"}, {"q.r": "x"}),
        (MATRIX | {"required": True}, {"q__r": "x", "q__s": "x"}, {"q.r": "x", "q.s": "x"}),
        (RANKING, {"q__y": "1", "q__x": "2", "q__z": ""}, {"q": ("y", "x")}),
        (RANKING, {"q__y": "1"}, {"q": ("y",)}),
        (asked("rating", "q", **SCALE), {"q": "5"}, {"q": 5}),
        (asked("rating", "q", **SCALE), {"q": "unknown"}, {"q": "unknown"}),
        (asked("nps", "q"), {"q": "0"}, {"q": 0}),
        (NUMBER, {"q": "-5"}, {"q": Decimal(-5)}),
        (NUMBER, {"q": "1\u00a0000"}, {"q": Decimal(1000)}),
        (NUMBER, {"q": "5.0"}, {"q": Decimal(5)}),
        (EXACT, {"q": "1234,5"}, {"q": Decimal("1234.5")}),
        (EXACT, {"q": "1.500"}, {"q": Decimal("1.5")}),
        (DAY, {"q": "31.12.2026"}, {"q": date(2026, 12, 31)}),
        (DAY, {"q": "2026-01-01"}, {"q": date(2026, 1, 1)}),
        (asked("short", "q"), {"q": " Гр.\tСофия\n"}, {"q": "Гр. София"}),
        (asked("long", "q"), {"q": "a\r\nb\rc"}, {"q": "a\nb\nc"}),
        (asked("long", "q", most=1), {"q": "и\u0306"}, {"q": "й"}),
        (asked("yesno", "q"), {"q": "no"}, {"q": False}),
        (asked("yesno", "q"), {"q": "yes", "csrf": ["a", "b"]}, {"q": True}),
        (asked("file", "q"), {"q": HASH}, {"q": HASH}),
    ],
)
def test_what_was_sent_becomes_typed_answers(
    part: dict[str, Any], raw: Any, expected: dict[str, Any]
) -> None:
    assert read(part, **raw) == Reading(expected, {})


@pytest.mark.parametrize(
    ("part", "raw", "fault"),
    [
        (SINGLE, {"q": "w"}, Fault("unknown_option")),
        (SINGLE, {"q": ["x", "y"]}, Fault("given_twice")),
        (SINGLE, {"q": "o", "q__o": "x" * 201}, Fault("text_too_long", {"length": 201, "limit": 200})),
        (SINGLE | {"required": True}, {"q": " "}, Fault("required")),
        (SINGLE | {"required": True}, {}, Fault("required")),
        (SEVERAL, {"q": ["x"]}, Fault("too_few", {"least": 2})),
        (SEVERAL, {"q": ["x", "y", "z", "o"]}, Fault("too_many", {"most": 3})),
        (SEVERAL, {"q": ["x", "n"]}, Fault("none_and_others")),
        (SEVERAL, {"q": ["x", "w"]}, Fault("unknown_option")),
        (MATRIX | {"required": True}, {}, Fault("required")),
        (MATRIX, {"q__s": ["x", "x"]}, Fault("given_twice")),
        (RANKING, {"q__x": "1", "q__y": "1"}, Fault("place_twice")),
        (RANKING, {"q__x": "2"}, Fault("place_left_out")),
        (RANKING, {"q__x": "3"}, Fault("not_place", {"most": 2})),
        (RANKING, {"q__x": "first"}, Fault("not_place", {"most": 2})),
        (RANKING | {"required": True}, {"q__x": "1"}, Fault("places_missing", {"most": 2})),
        (asked("rating", "q", **SCALE), {"q": "6"}, Fault("unknown_option")),
        (asked("rating", "q", **SCALE), {"q": "٣"}, Fault("unknown_option")),
        (asked("nps", "q"), {"q": "unknown"}, Fault("unknown_option")),
        (NUMBER, {"q": "many"}, Fault("not_number")),
        (NUMBER, {"q": "1e3"}, Fault("not_number")),
        (NUMBER, {"q": "9" * 5_000}, Fault("not_number")),
        (NUMBER, {"q": "1,234"}, Fault("not_whole")),
        (NUMBER, {"q": "1,000"}, Fault("not_whole")),
        (NUMBER, {"q": "-6"}, Fault("below_least", {"least": Decimal(-5)})),
        (NUMBER, {"q": "1001"}, Fault("above_most", {"most": Decimal(1000)})),
        (EXACT, {"q": "0.125"}, Fault("too_many_decimals", {"decimals": 2})),
        (DAY, {"q": "30.2.2026"}, Fault("not_date")),
        (DAY, {"q": "2025-12-31"}, Fault("too_early", {"first": date(2026, 1, 1)})),
        (DAY, {"q": "1.1.2027"}, Fault("too_late", {"last": date(2026, 12, 31)})),
        (asked("short", "q", most=3), {"q": "four"}, Fault("text_too_long", {"length": 4, "limit": 3})),
        (asked("short", "q", most=3), {"q": "x" * 100}, Fault("text_too_long", {"length": 100, "limit": 3})),
        (asked("short", "q"), {"q": "a\x00b"}, Fault("control_character")),
        (asked("long", "q"), {"q": "a\ud800"}, Fault("control_character")),
        (asked("yesno", "q"), {"q": "true"}, Fault("unknown_option")),
        (asked("file", "q"), {"q": "../../etc"}, Fault("not_file")),
    ],
)
def test_what_is_no_answer_is_refused_by_question(part: dict[str, Any], raw: Any, fault: Fault) -> None:
    reading = read(part, **raw)
    assert reading == Reading({}, {"q": fault})
    assert not reading.complete


def test_rows_that_were_answered_stay_though_others_are_missing() -> None:
    reading = read(MATRIX | {"required": True}, q__s="x")
    assert reading == Reading({"q.s": "x"}, {"q": Fault("rows_missing", {"rows": ["r"]})})
    assert not reading.complete


def test_a_page_is_read_together_with_the_answers_before() -> None:
    reading = FORM.read("about", {"service": ["desk"], "visited": ["no"]}, {"visited": True, "overall": 3})
    assert reading.answers == {"service": "desk", "visited": False, "overall": 3}
    assert reading.complete


def test_going_back_and_changing_an_answer_drops_what_is_hidden_now() -> None:
    earlier: Answers = {
        "service": "desk",
        "visited": True,
        "wait": Decimal(90),
        "when": date(2026, 5, 1),
        "overall": 3,
    }
    reading = FORM.read("about", {"service": ["desk"], "visited": ["no"]}, earlier)
    assert reading.answers == {"service": "desk", "visited": False, "overall": 3}


def test_an_answer_that_is_taken_away_is_gone() -> None:
    reading = FORM.read("end", {"overall": [""]}, {"overall": 3, "town": "Primerovo"})
    assert reading.answers == {}
    assert reading.complete


def test_questions_of_a_hidden_page_are_not_read() -> None:
    sent = {"wait": ["90"], "staff.polite": ["good"]}
    assert FORM.read("visit", sent, {"visited": False}) == Reading({"visited": False}, {})


def test_a_hidden_question_of_the_page_is_neither_read_nor_required() -> None:
    sent = {"wait": ["30"], "when": ["never"], "staff.polite": ["good"], "staff.fast": ["dk"]}
    reading = FORM.read("visit", sent, {"service": "desk", "visited": True})
    assert reading.complete
    assert "when" not in reading.answers
    assert reading.answers["staff.fast"] == "dk"


def test_a_question_that_appears_by_the_answers_of_its_page_is_shown_before_it_is_required() -> None:
    sent = {"wait": ["90"], "staff.polite": ["good"], "staff.fast": ["dk"]}
    shown = {"reasons", "staff", "wait", "order"}
    reading = FORM.read("visit", sent, {"service": "desk", "visited": True}, shown=shown)
    assert reading.opened == ("when",)
    assert not reading.faults
    assert not reading.complete


def test_an_unknown_page_is_refused() -> None:
    with pytest.raises(KeyError):
        FORM.read("nowhere", {}, {})


def test_what_is_still_missing_before_sending() -> None:
    assert FORM.missing({}) == ("service", "visited")
    assert FORM.missing({"service": "desk", "visited": True, "staff.fast": "good"}) == ("staff",)
    assert FORM.missing({"service": "desk", "visited": False}) == ()


def test_answers_are_the_same_after_being_carried() -> None:
    answers: Answers = {
        "service": "else_",
        "service.else_": "1",
        "visited": True,
        "reasons": ("tax", "permit"),
        "wait": Decimal("2.50"),
        "when": date(2026, 5, 1),
        "overall": 4,
        "staff.fast": "good",
    }
    plain = json.loads(json.dumps(carried(answers)))
    assert FORM.restored(plain | {"gone": 1}) == answers


RAW = st.dictionaries(
    st.sampled_from([name for names in FORM.fields.values() for name in names] + ["x"]),
    st.lists(
        st.sampled_from(
            ["1", "2", "3", "90", "yes", "no", "desk", "else_", "good", "permit", HASH, "1.5.2026"]
        )
        | st.text(),
        max_size=3,
    ),
)


@settings(max_examples=40)
@given(st.sampled_from(["about", "visit", "end"]), RAW)
def test_no_form_stops_the_reading_and_each_question_is_answered_or_refused(screen: str, raw: Any) -> None:
    earlier: Answers = {"service": "desk", "visited": True}
    reading = FORM.read(screen, raw, earlier)
    assert FORM.restored(json.loads(json.dumps(carried(reading.answers)))) == reading.answers
    faulty = (code for code, fault in reading.faults.items() if fault.code != "rows_missing")
    refused = map(FORM.paths.definition.question, faulty)
    assert not any(key in question.keys for question in refused for key in reading.answers)
    again = FORM.read(screen, raw, reading.answers)
    assert again == reading
