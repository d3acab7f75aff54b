from __future__ import annotations

import statistics
from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from merilo.surveys.rules.figures import (
    Estimate,
    Median,
    mean,
    mean_difference,
    mean_from,
    median,
    net_promoter_score,
    share,
    share_difference,
    shares,
    top_share,
    welch_freedom,
)
from merilo.surveys.rules.student import t_quantile


def interval(estimate: Estimate | None, digits: int = 4) -> tuple[float, float]:
    assert estimate is not None
    assert estimate.low is not None
    assert estimate.high is not None
    return round(estimate.low, digits), round(estimate.high, digits)


def people(scores: dict[int, int]) -> list[int]:
    return [value for value, count in scores.items() for _ in range(count)]


# Table I, method 3 (Wilson's) of R. G. Newcombe, "Two-Sided Confidence Intervals for the Single Proportion:
# Comparison of Seven Methods", Statistics in Medicine 17 (1998).
@pytest.mark.parametrize(
    ("count", "base", "expected"),
    [
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ],
)
def test_shares_have_the_published_intervals(count: int, base: int, expected: tuple[float, float]) -> None:
    assert interval(share(count, base)) == expected


# The same author's paper on differences, table II, example (a), method 10.
def test_differences_of_shares_have_the_published_interval() -> None:
    found = share_difference(56, 70, 48, 80)
    assert interval(found) == (0.0524, 0.3339)
    assert found is not None
    assert found.is_more_than_chance


# Two-sided 95 % and 99 % points as in every printed table of Student's t.
@pytest.mark.parametrize(
    ("freedom", "expected", "wide"),
    [
        (1, 12.706, 63.657),
        (2, 4.303, 9.925),
        (5, 2.571, 4.032),
        (10, 2.228, 3.169),
        (30, 2.042, 2.750),
        (60, 2.000, 2.660),
        (120, 1.980, 2.617),
        (1_000, 1.962, 2.581),
    ],
)
def test_students_t_is_that_of_the_printed_tables(freedom: int, expected: float, wide: float) -> None:
    assert round(t_quantile(0.95, freedom), 3) == expected
    assert round(t_quantile(0.99, freedom), 3) == wide


def test_half_of_the_distribution_too() -> None:
    assert round(t_quantile(0.5, 60), 3) == 0.679
    assert round(t_quantile(0.5, 100), 3) == 0.677


# NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.5.2, data set ZARR13.DAT.
def test_a_mean_has_the_published_interval() -> None:
    found = mean_from(9.261460, 0.022789, 195)
    assert (found.low, found.high) == pytest.approx((9.258242, 9.264679), abs=1e-6)


# The same handbook, 1.3.5.3, data set AUTO83B.DAT: miles per gallon of American and Japanese cars.
def test_welchs_degrees_of_freedom_are_the_published_ones() -> None:
    one, other = 6.414700**2 / 249, 6.107710**2 / 79
    assert welch_freedom(one, 249, other, 79) == pytest.approx(136.8750, abs=1e-4)
    assert (20.14458 - 30.48101) / sqrt(one + other) == pytest.approx(-12.94627, abs=1e-5)


SCORES = st.dictionaries(st.integers(0, 10), st.integers(0, 40), min_size=1).filter(
    lambda s: sum(s.values()) > 1
)


@settings(max_examples=25)
@given(SCORES)
def test_figures_from_counts_are_those_of_the_people(scores: dict[int, int]) -> None:
    found, values = mean(scores), people(scores)
    assert found is not None
    assert found.value == pytest.approx(statistics.fmean(values))
    width = t_quantile(0.95, len(values) - 1) * statistics.stdev(values) / sqrt(len(values))
    assert (found.low, found.high) == pytest.approx((found.value - width, found.value + width))
    assert median(scores) == Median(statistics.median_low(values), statistics.median_high(values))


def test_figures_of_nobody_and_of_one() -> None:
    nobody: dict[int, int] = {3: 0}
    assert [mean(nobody), median(nobody), top_share(nobody, (4, 5)), net_promoter_score(nobody)] == [None] * 4
    assert share(0, 0) is None
    assert share_difference(1, 2, 0, 0) is None
    assert mean({4: 1}) == Estimate(4.0, None, None, 1)
    assert mean_difference({4: 1}, {4: 9}) is None
    assert not Estimate(4.0, None, None, 1).is_more_than_chance


def test_people_who_all_say_the_same_have_no_spread() -> None:
    assert mean({4: 9}) == Estimate(4.0, 4.0, 4.0, 9)
    found = mean_difference({4: 9}, {3: 5})
    assert found == Estimate(1.0, 1.0, 1.0, 14)
    assert found is not None
    assert found.is_more_than_chance


def test_a_difference_of_means_is_more_than_chance_or_not() -> None:
    low, high, between = {1: 30, 2: 40, 3: 30}, {3: 30, 4: 40, 5: 30}, {1: 30, 2: 38, 3: 32}
    far, near = mean_difference(high, low), mean_difference(between, low)
    assert far is not None
    assert near is not None
    assert (far.value, far.is_more_than_chance, near.is_more_than_chance) == (2.0, True, False)


def test_the_top_two_and_shares_of_people() -> None:
    found = top_share({1: 5, 2: 5, 3: 10, 4: 20, 5: 10}, (4, 5))
    assert found is not None
    assert (found.value, found.base) == (0.6, 50)
    several = shares({"desk": 30, "post": 40}, 50)
    assert [estimate.value for estimate in several.values() if estimate] == [0.6, 0.8]


@settings(max_examples=25)
@given(SCORES)
def test_the_promoter_score_is_that_of_three_people_more(scores: dict[int, int]) -> None:
    """Rocks (2016): ¾ of three more people are promoters and ¾ detractors; counted here in quarters."""
    values = [1 if value > 8 else -1 if value < 7 else 0 for value in people(scores)]
    quarters = 4 * values + 3 * [1] + 3 * [-1] + 6 * [0]
    width = 1.959964 * sqrt(statistics.pvariance(quarters) / (len(values) + 3))
    middle = statistics.fmean(quarters)
    expected = (100 * max(middle - width, -1), 100 * min(middle + width, 1))
    found = net_promoter_score(scores)
    assert found is not None
    assert found.value == pytest.approx(100 * statistics.fmean(values))
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-4)


@settings(max_examples=25)
@given(st.integers(1, 500).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base))))
def test_intervals_hold_their_figure_and_stay_in_range(case: tuple[int, int]) -> None:
    count, base = case
    found = share(count, base)
    assert found is not None
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1


# W. G. Cochran, "Sampling Techniques" (1977), 2.6: of a population of which everybody was asked nothing is
# left to chance; of one much larger than the sample, the correction is none.
def test_of_a_known_population_intervals_are_narrower() -> None:
    scores = {3: 5, 6: 5, 8: 10, 9: 20, 10: 10}
    for figure in (mean, net_promoter_score, lambda s, **how: top_share(s, (9, 10), **how)):
        wide, close, none = (figure(scores, population=people) for people in (None, 60, 50))
        assert wide is not None
        assert close is not None
        assert none is not None
        (low, high), (closer, nearer), (lowest, highest) = map(interval, (wide, close, none))
        assert low < closer < nearer < high
        assert lowest == highest == pytest.approx(wide.value, abs=1e-4)
