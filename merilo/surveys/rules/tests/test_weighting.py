from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from merilo.surveys.rules.weighting import CannotWeight, Combination, raked

# A table of four by four with new totals, the example most often printed for the method; those who print it
# stop after three rounds, so that its figures are met to a tenth.
TABLE = ((40, 30, 20, 10), (35, 50, 100, 75), (30, 80, 70, 120), (20, 30, 40, 50))
ROWS, COLUMNS = (150, 300, 400, 150), (200, 300, 400, 100)
PRINTED = (
    (64.61, 46.28, 35.42, 3.83),
    (49.95, 68.15, 156.49, 25.37),
    (56.70, 144.40, 145.06, 53.76),
    (28.74, 41.18, 63.03, 17.03),
)


def counted(table: tuple[tuple[int, ...], ...]) -> dict[Combination, int]:
    return {
        (str(row), str(column)): count for row, line in enumerate(table) for column, count in enumerate(line)
    }


def totals(values: tuple[int, ...]) -> dict[str, float]:
    return {str(place): float(value) for place, value in enumerate(values)}


def test_the_printed_example() -> None:
    counts = counted(TABLE)
    found = raked(counts, [totals(ROWS), totals(COLUMNS)], least=0, most=99)
    scale = sum(ROWS) / sum(counts.values())
    for row, line in enumerate(PRINTED):
        for column, expected in enumerate(line):
            key = (str(row), str(column))
            assert counts[key] * found.by_combination[key] * scale == pytest.approx(expected, abs=0.1)
    assert found.gap == pytest.approx(0, abs=1e-9)


def test_two_by_two_is_solved_exactly() -> None:
    """The cross-product ratio stays, the totals are the known ones: a quadratic equation."""
    found = raked(counted(((7, 9), (12, 7))), [totals((5, 15)), totals((10, 10))], least=0, most=99)
    ratio = 7 * 7 / (9 * 12)
    # x (5 + x) = ratio (5 - x) (10 - x), with x people in the first cell
    a, b, c = 1 - ratio, 5 + 15 * ratio, -50 * ratio
    first = (-b + sqrt(b * b - 4 * a * c)) / (2 * a)
    assert 7 * found.by_combination["0", "0"] * 20 / 35 == pytest.approx(first)


def test_without_a_difference_everybody_counts_once() -> None:
    found = raked(counted(((10, 20), (20, 40))), [totals((1, 2)), totals((1, 2))])
    assert set(found.by_combination.values()) == {1.0}
    assert found.effective == pytest.approx(90)


def test_limits_hold_weights_back_and_the_gap_says_so() -> None:
    found = raked({("old",): 95, ("young",): 5}, [{"old": 50, "young": 50}])
    assert found.by_combination["young",] == 3.0
    assert found.gap > 0.2
    assert found.effective < 100


def test_weights_cost_precision() -> None:
    found = raked({("f",): 150, ("m",): 50}, [{"f": 0.5, "m": 0.5}])
    assert found.by_combination == {("f",): pytest.approx(2 / 3), ("m",): pytest.approx(2.0)}
    assert found.effective == pytest.approx(200**2 / (150 * (2 / 3) ** 2 + 50 * 4))


@pytest.mark.parametrize(
    ("counts", "known", "answer"),
    [
        ({("f",): 5}, {"f": 1, "m": 1}, "m"),
        ({("f",): 5, ("m",): 0}, {"f": 1, "m": 1}, "m"),
        ({("f",): 5, ("x",): 1}, {"f": 1}, "x"),
        ({("f",): 5, ("x",): 1}, {"f": 1, "x": 0}, "x"),
    ],
)
def test_who_is_missing_cannot_be_weighted(
    counts: dict[Combination, int], known: dict[str, float], answer: str
) -> None:
    with pytest.raises(CannotWeight) as error:
        raked(counts, [known])
    assert (error.value.attribute, error.value.answer) == (0, answer)


def test_totals_that_nearly_contradict_the_sample_end_with_a_gap() -> None:
    counts: dict[Combination, int] = {("a", "x"): 30, ("a", "y"): 30, ("b", "y"): 30}
    found = raked(counts, [{"a": 1, "b": 1}, {"x": 1, "y": 1}], least=0, most=99)
    assert 0 < found.gap < 0.01


def test_nobody_has_no_weights() -> None:
    found = raked({}, [])
    assert (dict(found.by_combination), found.effective, found.gap) == ({}, 0.0, 0.0)


CELLS = st.lists(st.integers(3, 60), min_size=3, max_size=3).map(tuple)


@settings(max_examples=30)
@given(st.lists(CELLS, min_size=3, max_size=3).map(tuple), CELLS, CELLS)
def test_known_shares_are_met_and_ratios_kept(
    table: tuple[tuple[int, ...], ...], rows: tuple[int, ...], columns: tuple[int, ...]
) -> None:
    counts = counted(table)
    found = raked(counts, [totals(rows), totals(columns)], least=0, most=1_000)
    weights = found.by_combination
    assert found.gap < 1e-6
    assert sum(counts[key] * weights[key] for key in counts) == pytest.approx(sum(counts.values()))
    assert weights["0", "0"] * weights["1", "1"] == pytest.approx(
        weights["0", "1"] * weights["1", "0"], rel=1e-6
    )
    assert 0 < found.effective <= sum(counts.values()) + 1e-9
