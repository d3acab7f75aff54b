from __future__ import annotations

from decimal import Decimal

import pytest

from merilo.surveys.rules.conditions import Answers
from merilo.surveys.rules.piping import filled
from merilo.surveys.rules.tests.examples import complete

ANSWERS: Answers = {
    "service": "else_",
    "service.else_": "Bank <b>",
    "reasons": ("tax", "permit"),
    "staff.fast": "good",
    "wait": Decimal("2.5"),
    "town": "desk",
    "visited": True,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{service}: {service.else_}", "Bank <b>: Bank <b>"),
        ("{reasons}", "tax (bg), permit (bg)"),
        ("{staff.fast}", "good (bg)"),
        ("{town} {wait} {visited}", "desk 2.5 True"),
        ("{overall} { wait } {", "… { wait } {"),
    ],
)
def test_answers_stand_in_later_texts(text: str, expected: str) -> None:
    assert filled(text, ANSWERS, complete(), "bg") == expected


def test_numbers_are_written_in_the_readers_way() -> None:
    shown = filled("{wait}", ANSWERS, complete(), "bg", show=lambda value: str(value).replace(".", ","))
    assert shown == "2,5"
