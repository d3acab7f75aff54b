from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merilo.improvement.rules.priorities import (
    LEAST,
    MOST,
    Axis,
    Criterion,
    Placed,
    Quadrant,
    Shifted,
    Spread,
    ordered,
    place,
    sensitivity,
    spread,
)

CITIZENS = Criterion("citizens", Axis.IMPACT, 2)
PEOPLE = Criterion("people", Axis.IMPACT, 1)
EASE = Criterion("ease", Axis.FEASIBILITY, 1)
SCHEME = [CITIZENS, PEOPLE, EASE]

codes = st.sampled_from(["a", "b", "c", "d"])
points = st.dictionaries(codes, st.integers(LEAST, MOST))
schemes = st.dictionaries(codes, st.tuples(st.sampled_from(list(Axis)), st.integers(0, 9))).map(
    lambda found: [Criterion(code, axis, weight) for code, (axis, weight) in found.items()]
)


def test_axes_are_means_by_weight() -> None:
    assert place(SCHEME, {"citizens": 5, "people": 2, "ease": 3}) == Placed(Fraction(4), Fraction(3))


def test_what_was_not_scored_does_not_count() -> None:
    assert place(SCHEME, {"people": 2, "ease": 3}).impact == 2
    assert place(SCHEME, {"citizens": 5}) == Placed(Fraction(5), None)
    assert place([Criterion("citizens", Axis.IMPACT, 0)], {"citizens": 5}).impact is None


@pytest.mark.parametrize(
    ("impact", "feasibility", "quadrant"),
    [
        (3, 3, Quadrant.QUICK_WIN),
        (5, 2, Quadrant.KEY_PROJECT),
        (2, 5, Quadrant.FILL_IN),
        (2, 2, Quadrant.POSTPONE),
        (None, 2, None),
        (2, None, None),
    ],
)
def test_quadrants(impact: int | None, feasibility: int | None, quadrant: Quadrant | None) -> None:
    placed = Placed(*(Fraction(one) if one is not None else None for one in (impact, feasibility)))
    assert placed.quadrant == quadrant


@given(schemes, points)
def test_axes_stay_on_the_scale_and_do_not_depend_on_the_size_of_weights(
    scheme: list[Criterion], given_points: dict[str, int]
) -> None:
    placed = place(scheme, given_points)
    assert all(LEAST <= axis <= MOST for axis in (placed.impact, placed.feasibility) if axis is not None)
    thrice = [Criterion(one.code, one.axis, 3 * one.weight) for one in scheme]
    assert place(thrice, given_points) == placed


@given(schemes, st.lists(points, max_size=8))
def test_order_keeps_all_and_falls(scheme: list[Criterion], given_points: list[dict[str, int]]) -> None:
    proposals = dict(enumerate(given_points))
    rows = ordered(scheme, proposals)
    assert sorted(key for key, _ in rows) == list(proposals)
    ranks = [placed.rank for _, placed in rows]
    assert ranks == sorted(ranks, reverse=True)


def test_equal_ones_lie_by_impact_and_then_as_they_came() -> None:
    scheme = [Criterion("i", Axis.IMPACT, 1), Criterion("f", Axis.FEASIBILITY, 1)]
    rows = ordered(scheme, {"easy": {"i": 2, "f": 4}, "big": {"i": 4, "f": 2}, "again": {"i": 4, "f": 2}})
    assert [key for key, _ in rows] == ["big", "again", "easy"]


def test_a_moved_weight_changes_who_is_first() -> None:
    """By hand: citizens 2 × 1.2 makes A (5·2.4 + 1)/3.4 = 3.82 of B's 3.7; before, 11/3 = 3.67 of 3.7."""
    a, b = {"citizens": 5, "people": 1, "ease": 3}, {"citizens": 4, "people": 3, "ease": 3}
    assert place(SCHEME, a).impact == place(SCHEME, b).impact == Fraction(11, 3)
    assert sensitivity(SCHEME, {"a": a, "b": b}, first=1) == [
        Shifted("citizens", grows=False, came=("b",), went=("a",)),
        Shifted("people", grows=True, came=("b",), went=("a",)),
    ]


@given(schemes, st.lists(points, max_size=12))
def test_nobody_comes_without_somebody_going(
    scheme: list[Criterion], given_points: list[dict[str, int]]
) -> None:
    for one in sensitivity(scheme, dict(enumerate(given_points)), first=3):
        assert one.came
        assert len(one.came) == len(one.went)


def test_what_members_gave() -> None:
    assert spread([]) is None
    assert spread([4, 2, 5]) == Spread((4, 4), 2, 5, 3)
    even = spread([1, 2, 2, 3])
    assert even == Spread((2, 2), 1, 3, 4)
    assert even.wide
    assert not Spread((3, 4), 3, 4, 2).wide
