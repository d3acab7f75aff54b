"""Keys sort as they were made, and are what others take for a UUID."""

from __future__ import annotations

from itertools import pairwise
from unittest.mock import patch
from uuid import RFC_4122

from merilo.core.keys import in_order


def test_what_comes_later_sorts_later() -> None:
    moments = iter([1_790_000_000_000_000_000, 1_790_000_000_000_000_500, 1_790_000_000_001_000_000])
    with patch("time.time_ns", lambda: next(moments)):
        made = [in_order() for _ in range(3)]
    assert all(one.hex < other.hex for one, other in pairwise(made))
    assert {(one.version, one.variant) for one in made} == {(7, RFC_4122)}


def test_no_two_are_the_same() -> None:
    with patch("time.time_ns", lambda: 1_790_000_000_000_000_000):
        assert len({in_order() for _ in range(1000)}) == 1000
