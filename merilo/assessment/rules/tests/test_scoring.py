from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merilo.assessment.rules.scoring import (
    SINGLE,
    ScoreIncomplete,
    ScoreOutOfRange,
    UnknownComponent,
    components_of,
    is_complete,
    score_of,
    score_or_none,
)
from merilo.assessment.rules.tests.caf import CLASSICAL, ENABLER, RESULT, three_parts
from merilo.framework.catalogue import Scale


@pytest.mark.parametrize(
    ("scale", "values", "score"),
    [
        (CLASSICAL, {"score": 0}, "0"),
        (CLASSICAL, {"score": 47}, "47"),
        (CLASSICAL, {"score": 100}, "100"),
        (ENABLER, {"plan": 60, "do": 45, "check": 20, "act": 5}, "32.5"),
        (ENABLER, {"plan": 61, "do": 45, "check": 20, "act": 5}, "32.75"),
        (ENABLER, {"plan": 0, "do": 0, "check": 0, "act": 0}, "0"),
        (RESULT, {"trend": 35, "target": 60}, "47.5"),
        (RESULT, {"trend": 100, "target": 100}, "100"),
    ],
)
def test_score_is_the_exact_mean_of_its_components(scale: Scale, values: dict[str, int], score: str) -> None:
    assert score_of(scale, values) == Decimal(score)


def test_score_of_three_components_is_not_rounded() -> None:
    assert score_of(three_parts(), {"plan": 10, "do": 10, "check": 11}) == Decimal("10." + "3" * 48)


@pytest.mark.parametrize("value", [-1, 101, 10**30, True, 47.0, "47", Decimal(47)])
def test_score_refuses_what_is_no_whole_number_on_the_scale(value: object) -> None:
    with pytest.raises(ScoreOutOfRange) as caught:
        score_of(CLASSICAL, {SINGLE: value})  # type: ignore[dict-item]
    assert (caught.value.component, caught.value.value) == (SINGLE, value)
    assert (caught.value.minimum, caught.value.maximum) == (0, 100)


def test_score_names_what_is_missing_in_the_order_of_the_scale() -> None:
    with pytest.raises(ScoreIncomplete) as caught:
        score_of(ENABLER, {"act": 5, "plan": None})
    assert caught.value.missing == ("plan", "do", "check")


def test_values_of_another_method_are_refused_and_not_taken_for_missing() -> None:
    with pytest.raises(UnknownComponent) as caught:
        score_of(ENABLER, {"score": 40})
    assert caught.value.unknown == ("score",)


def test_a_score_that_is_not_complete_is_none_and_not_zero() -> None:
    assert score_or_none(ENABLER, {"plan": 0}) is None
    assert score_or_none(CLASSICAL, {}) is None
    assert score_or_none(CLASSICAL, {SINGLE: 0}) == 0


def test_complete_means_every_component_has_a_value() -> None:
    assert is_complete(RESULT, {"trend": 0, "target": 0})
    assert not is_complete(RESULT, {"trend": 0, "target": None})


def test_components_of_each_scale() -> None:
    assert components_of(CLASSICAL) == ("score",)
    assert components_of(RESULT) == ("trend", "target")


@given(st.lists(st.integers(0, 100), min_size=4, max_size=4))
def test_score_stays_between_lowest_and_highest_component(points: list[int]) -> None:
    score = score_of(ENABLER, dict(zip(components_of(ENABLER), points, strict=True)))
    assert min(points) <= score <= max(points)
    assert score * 4 == sum(points)
