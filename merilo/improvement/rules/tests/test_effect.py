from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merilo.improvement.rules.effect import (
    Outcome,
    Touched,
    Turn,
    mean_difference,
    outcome,
    tally,
    touched,
    way,
)

numbers = st.decimals(min_value=-1000, max_value=1000, places=2)


def rows() -> list[Touched[int]]:
    points = {
        "1.1": (Decimal(40), Decimal(52)),
        "1.2": (Decimal(40), Decimal(40)),
        "6.1": (Decimal(30), Decimal(25)),
        "6.2": (None, Decimal(25)),
    }
    return touched({1: ["1.1", "6.1"], 2: ["6.1", "9.9"]}, points)


@pytest.mark.parametrize(
    ("baseline", "latest", "target", "percent"),
    [
        (40, 60, 60, 100),
        (40, 70, 60, 150),
        (40, 40, 60, 0),
        (30, 21, 20, 90),
        (3, 4, 6, 33),
        (None, 4, 6, None),
        (3, None, 6, None),
        (3, 4, None, None),
        (5, 9, 5, None),
    ],
)
def test_the_way_gone(baseline: int | None, latest: int | None, target: int | None, percent: int) -> None:
    values = (None if one is None else Decimal(one) for one in (baseline, latest, target))
    assert way(*values) == percent


@given(numbers, numbers, numbers)
def test_a_hundred_percent_is_the_target_whichever_way_it_lies(
    baseline: Decimal, latest: Decimal, target: Decimal
) -> None:
    percent = way(baseline, latest, target)
    if percent is None:
        assert baseline == target
    else:
        there = latest >= target if target > baseline else latest <= target
        assert (percent >= 100) == there


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"reached": True, "verdict": "worse"}, Outcome.REACHED),
        ({"reached": False, "verdict": "better"}, Outcome.BETTER),
        ({"reached": None, "verdict": "same"}, Outcome.SAME),
        ({"reached": False, "verdict": "worse"}, Outcome.WORSE),
        ({"reached": None, "verdict": "changed"}, Outcome.UNKNOWN),
        ({"reached": None, "verdict": None}, Outcome.UNKNOWN),
    ],
)
def test_what_became_of_an_indicator(said: Any, found: Outcome) -> None:
    assert outcome(**said) is found


def test_points_are_joined_to_the_measures_that_were_to_improve_them() -> None:
    found = {row.code: (row.measures, row.difference, row.turn) for row in rows()}
    assert found == {
        "1.1": ((1,), Decimal(12), Turn.HIGHER),
        "1.2": ((), Decimal(0), Turn.SAME),
        "6.1": ((1, 2), Decimal(-5), Turn.LOWER),
        "6.2": ((), None, Turn.UNKNOWN),
    }


def test_turns_are_counted_and_unknown_ones_leave_the_mean() -> None:
    assert tally(rows()) == {Turn.HIGHER: 1, Turn.SAME: 1, Turn.LOWER: 1, Turn.UNKNOWN: 1}
    assert mean_difference(rows()) == Fraction(7, 3)
    assert mean_difference(rows()[3:]) is None
