from __future__ import annotations

from decimal import Decimal, localcontext
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merilo.assessment.rules.statistics import (
    ItemScores,
    Median,
    by_disagreement,
    is_close,
    krippendorff_alpha,
    outside_iqr,
    spread,
)

# The reliability data of Krippendorff (2011): four observers, twelve units, missing values.
OBSERVERS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3),
    (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None),
)


@pytest.mark.parametrize(
    ("scores", "low", "high", "first", "third"),
    [
        ([50], "50", "50", "50", "50"),
        ([40, 60], "40", "60", "45", "55"),
        ([10, 20, 30], "20", "20", "15", "25"),
        ([10, 20, 30, 40], "20", "30", "17.5", "32.5"),
        ([45, 40, 55, 35, 48, 60, 42, 38, 50], "45", "45", "40", "50"),
        ([7, 7, 7, 7], "7", "7", "7", "7"),
    ],
)
def test_median_and_quartiles(scores: list[int], low: str, high: str, first: str, third: str) -> None:
    found = spread(scores)
    assert found is not None
    assert found.median == Median(Decimal(low), Decimal(high))
    assert (found.first_quartile, found.third_quartile) == (Decimal(first), Decimal(third))


def test_an_even_number_of_scores_has_an_interval_and_no_invented_middle() -> None:
    found = spread([40, 60])
    assert found is not None
    assert found.median.is_interval
    assert found.count == 2
    assert found.range == 20
    assert found.interquartile_range == 10
    assert found.minimum == 40
    assert found.maximum == 60


def test_no_scores_have_no_spread() -> None:
    assert spread([]) is None


@pytest.mark.parametrize(
    ("scores", "cannot_judge", "span", "close"),
    [
        ([40, 50], 0, 100, True),
        ([40, 51], 0, 100, False),
        ([40, 50], 1, 100, False),
        ([40], 0, 100, False),
        ([], 0, 100, False),
        ([2, 2, 2], 0, 3, True),
        ([2, 3], 0, 3, False),
    ],
)
def test_close_scores(scores: list[int], cannot_judge: int, span: int, *, close: bool) -> None:
    assert is_close(scores, cannot_judge, span=span) is close


def item(code: str, *scores: int, cannot_judge: int = 0, span: int = 100) -> ItemScores:
    return ItemScores(code, tuple(map(Decimal, scores)), cannot_judge, span)


def test_items_are_ordered_by_disagreement() -> None:
    items = [
        item("narrow", 40, 45),
        item("empty", cannot_judge=3),
        item("wide middle", 10, 20, 40, 50),
        item("narrow middle", 10, 30, 30, 50),
        item("short scale", 1, 4, span=3),
        item("narrow but unsure", 40, 45, cannot_judge=1),
        item("narrow again", 50, 55),
    ]
    assert [entry.code for entry in by_disagreement(items)] == [
        "short scale",
        "wide middle",
        "narrow middle",
        "narrow but unsure",
        "narrow",
        "narrow again",
        "empty",
    ]


@pytest.mark.parametrize(
    ("score", "outside"),
    [("39.75", True), ("40", False), ("47", False), ("50", False), ("50.25", True)],
)
def test_a_score_on_a_quartile_is_inside(score: str, *, outside: bool) -> None:
    scores = [45, 40, 55, 35, 48, 60, 42, 38, 50]
    assert outside_iqr(Decimal(score), scores) is outside


def test_an_agreed_score_that_nobody_gave_needs_a_reason() -> None:
    assert outside_iqr(40, [])


def test_alpha_of_the_published_example() -> None:
    units = [[row[place] for row in OBSERVERS if row[place] is not None] for place in range(12)]
    alpha = krippendorff_alpha(units)  # type: ignore[arg-type]
    assert alpha is not None
    assert round(alpha, 3) == Decimal("0.849")


def test_alpha_of_equal_scores_is_not_defined() -> None:
    assert krippendorff_alpha([[50, 50], [50, 50, 50]]) is None
    assert krippendorff_alpha([[50], [70], []]) is None
    assert krippendorff_alpha([]) is None


def test_alpha_is_negative_where_assessors_contradict_each_other() -> None:
    assert krippendorff_alpha([[0, 100], [100, 0]]) == Decimal("-0.5")


def test_statistics_do_not_depend_on_the_callers_decimal_context() -> None:
    expected = spread([33, 34, 66, 71])
    with localcontext() as context:
        context.prec = 1
        found = spread([33, 34, 66, 71])
        assert found == expected
        assert found is not None
        assert (found.range, found.interquartile_range) == (Decimal(38), Decimal("33.5"))


SCORES = st.lists(st.integers(0, 100), min_size=1, max_size=15)


@given(SCORES, st.randoms())
def test_the_order_of_assessors_never_matters(scores: list[int], random: Random) -> None:
    shuffled = random.sample(scores, len(scores))
    assert spread(shuffled) == spread(scores)
    assert is_close(shuffled, 0) == is_close(scores, 0)


@given(SCORES)
def test_the_five_numbers_stand_in_order(scores: list[int]) -> None:
    found = spread(scores)
    assert found is not None
    five = [found.minimum, found.first_quartile, found.median.low, found.third_quartile, found.maximum]
    assert five == sorted(five) or found.median.low < found.first_quartile
    assert found.first_quartile <= found.median.high
    assert found.median.low <= found.third_quartile
    assert 0 <= found.interquartile_range <= found.range


@given(st.lists(SCORES, max_size=6), st.randoms())
def test_alpha_is_at_most_one_and_ignores_order(units: list[list[int]], random: Random) -> None:
    alpha = krippendorff_alpha(units)
    shuffled = [random.sample(unit, len(unit)) for unit in random.sample(units, len(units))]
    assert krippendorff_alpha(shuffled) == alpha
    assert alpha is None or alpha <= 1


@given(st.lists(st.lists(st.integers(0, 50), min_size=2, max_size=5), min_size=2, max_size=5))
def test_alpha_does_not_change_when_all_scores_are_moved_and_stretched(units: list[list[int]]) -> None:
    moved = [[2 * score for score in unit] for unit in units]
    assert krippendorff_alpha(moved) == krippendorff_alpha(units)
