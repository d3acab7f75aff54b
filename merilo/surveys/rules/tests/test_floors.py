from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from merilo.surveys.rules.definition import Audience
from merilo.surveys.rules.floors import FloorTooLow, changed_floor, default_floor, in_steps, merged


def test_floors_by_audience() -> None:
    audiences: tuple[Audience, ...] = ("citizens", "businesses", "employees", "councillors")
    assert [default_floor(audience) for audience in audiences] == [5, 5, 10, 5]


@pytest.mark.parametrize(
    ("floor", "wanted", "opened", "least"),
    [(5, 3, False, None), (5, 2, False, 3), (5, 5, True, None), (5, 6, True, None), (5, 4, True, 5)],
)
def test_a_floor_may_be_raised_and_never_lowered(
    floor: int,
    wanted: int,
    opened: bool,  # noqa: FBT001
    least: int | None,
) -> None:
    if least is None:
        assert changed_floor(floor, wanted, opened=opened) == wanted
        return
    with pytest.raises(FloorTooLow) as error:
        changed_floor(floor, wanted, opened=opened)
    assert error.value.least == least


@pytest.mark.parametrize(
    ("counts", "ordered", "expected"),
    [
        ([40, 30], False, ((0,), (1,))),
        ([40, 3, 2, 50], False, ((0,), (1, 2), (3,))),
        ([3, 6], False, ((0, 1),)),
        ([40, 3, 0, 9], False, ((0,), (1, 3), (2,))),
        ([1, 1, 1], False, None),
        ([0, 0, 0], True, None),
        ([3, 9, 20], True, ((0, 1), (2,))),
        ([20, 3, 9, 20], True, ((0,), (1, 2), (3,))),
        ([20, 3, 1, 1], True, ((0,), (1, 2, 3))),
        ([20, 4], True, ((0, 1),)),
    ],
)
def test_small_groups_are_merged(
    counts: list[int],
    ordered: bool,  # noqa: FBT001
    expected: tuple[tuple[int, ...], ...] | None,
) -> None:
    assert merged(counts, 5, ordered=ordered) == expected


@settings(max_examples=25)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=12), st.integers(3, 10), st.booleans())
def test_no_merged_group_is_small_and_nobody_is_lost(counts: list[int], floor: int, ordered: bool) -> None:  # noqa: FBT001
    groups = merged(counts, floor, ordered=ordered)
    if groups is None:
        assert sum(counts) < floor
        return
    assert sorted(place for group in groups for place in group) == list(range(len(counts)))
    assert all(
        size == 0 or size >= floor for size in (sum(counts[place] for place in group) for group in groups)
    )
    if ordered:
        assert [place for group in groups for place in group] == list(range(len(counts)))


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.integers(3, 20))
def test_participation_is_told_in_steps(count: int, floor: int) -> None:
    told = in_steps(count, floor)
    assert told % floor == 0
    assert told <= count < told + floor
