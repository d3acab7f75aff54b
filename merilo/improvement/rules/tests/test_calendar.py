from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from merilo.core.periods import Period
from merilo.improvement.rules.calendar import (
    Load,
    Overload,
    earliest_after,
    goes_round,
    is_too_early,
    overloads,
)

DAY_ONE = date(2026, 1, 1)


def days(first: int, last: int) -> Period:
    """From one day of January 2026 to another."""
    return Period(date(2026, 1, first), date(2026, 1, last))


def test_circles() -> None:
    follows = {"b": ["a"], "c": ["b"]}
    assert goes_round(follows, "a", "c")
    assert goes_round(follows, "a", "a")
    assert not goes_round(follows, "c", "a")
    assert not goes_round({"x": ["y", "z"], "y": ["z"]}, "q", "x")


def test_what_begins_before_it_can() -> None:
    before = date(2026, 1, 5)
    assert earliest_after(before) == date(2026, 1, 6)
    assert is_too_early(before, before)
    assert not is_too_early(date(2026, 1, 6), before)


def test_too_much_at_once() -> None:
    loads = [
        Load("Ivan", key, days(first, last)) for key, first, last in (("a", 1, 9), ("b", 2, 4), ("c", 4, 6))
    ]
    found = overloads([*loads, Load("Maria", "d", days(1, 9))], most=2)
    assert found == [Overload("Ivan", days(4, 4), ("a", "b", "c"))]
    assert overloads(loads) == []


loads = st.lists(
    st.tuples(st.sampled_from("xy"), st.integers(0, 20), st.integers(0, 10)).map(
        lambda one: (one[0], Period(DAY_ONE + timedelta(one[1]), DAY_ONE + timedelta(one[1] + one[2])))
    ),
    max_size=10,
)


@given(loads, st.integers(1, 3))
def test_overloads_are_exactly_the_crowded_days(given_loads: list[tuple[str, Period]], most: int) -> None:
    counted = Counter(
        (who, period.first + timedelta(n)) for who, period in given_loads for n in range(period.days)
    )
    found = overloads([Load(who, n, period) for n, (who, period) in enumerate(given_loads)], most=most)
    told = [(one.who, one.period.first + timedelta(n)) for one in found for n in range(one.period.days)]
    assert sorted(told) == sorted(key for key, count in counted.items() if count > most)
