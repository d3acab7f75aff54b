from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from merilo.surveys.rules.asking import UNKNOWN
from merilo.surveys.rules.conditions import (
    Answered,
    Answers,
    Compared,
    Condition,
    Contains,
    Every,
    Not,
    Some,
    holds,
    leaves,
)

ANSWERS: Answers = {
    "service": "desk",
    "wait": Decimal("12.5"),
    "overall": 4,
    "visited": False,
    "when": date(2026, 5, 1),
    "reasons": ("tax", "permit"),
    "recommend": UNKNOWN,
}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Compared("service", "=", "desk"), True),
        (Compared("service", "!=", "desk"), False),
        (Compared("service", "!=", "post"), True),
        (Compared("town", "!=", "post"), False),
        (Compared("wait", "<", Decimal(13)), True),
        (Compared("wait", ">", 13), False),
        (Compared("overall", ">=", 4), True),
        (Compared("visited", "=", False), True),
        (Compared("when", "<=", date(2026, 4, 30)), False),
        (Compared("recommend", ">", 6), False),
        (Compared("recommend", "<", 6), False),
        (Compared("reasons", ">", "a"), False),
        (Contains("reasons", "tax"), True),
        (Contains("reasons", "other"), False),
        (Contains("service", "desk"), False),
        (Answered("visited"), True),
        (Not(Answered("town")), True),
        (Every((Answered("wait"), Answered("town"))), False),
        (Some((Answered("town"), Answered("wait"))), True),
    ],
)
def test_when_a_condition_holds(condition: Condition, expected: bool) -> None:  # noqa: FBT001
    assert condition.holds(ANSWERS) is expected
    assert holds(condition, ANSWERS) is expected


def test_no_condition_always_holds() -> None:
    assert holds(None, {})


def test_a_condition_names_its_items_and_tests() -> None:
    condition = Every((Answered("a"), Not(Some((Contains("b", "x"), Compared("c", "=", 1))))))
    assert list(condition.items()) == ["a", "b", "c"]
    assert list(leaves(condition)) == [Answered("a"), Contains("b", "x"), Compared("c", "=", 1)]
