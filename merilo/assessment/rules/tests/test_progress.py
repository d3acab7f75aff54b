from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merilo.assessment.rules.findings import Finding
from merilo.assessment.rules.progress import completion, remaining_minutes, too_few_scores


@pytest.mark.parametrize(
    ("assigned", "finished", "done", "extra", "percent"),
    [
        (["1.1", "1.2", "1.3"], ["1.1"], 1, 0, 33),
        (["1.1", "1.2", "1.3"], ["1.1", "1.2", "1.3"], 3, 0, 100),
        (["1.1", "1.2"], ["6.1", "6.2", "1.1"], 1, 2, 50),
        ([], ["6.1"], 0, 1, 100),
    ],
)
def test_completion_counts_what_is_assigned(
    assigned: list[str], finished: list[str], done: int, extra: int, percent: int
) -> None:
    found = completion(assigned, finished)
    assert (found.done, found.extra, found.percent) == (done, extra, percent)
    assert found.left == len(assigned) - done
    assert found.is_complete is (found.left == 0)


@pytest.mark.parametrize(
    ("left", "seconds", "minutes"),
    [
        (28, [], 420),
        (0, [], 0),
        (2, [600], 20),
        (3, [60, 120], 5),
        (1, [60, 90, 36_000], 2),
    ],
)
def test_remaining_minutes_follow_the_persons_own_pace(left: int, seconds: list[int], minutes: int) -> None:
    assert remaining_minutes(left, seconds) == minutes


def test_fewer_than_three_scores_on_one_item_warn() -> None:
    found = too_few_scores({"1.1": 3, "1.2": 2, "1.3": 0})
    assert found == [
        Finding("too_few_scores", "1.2", params={"count": 2, "fewest": 3}),
        Finding("too_few_scores", "1.3", params={"count": 0, "fewest": 3}),
    ]


@given(st.sets(st.integers(1, 28)), st.sets(st.integers(1, 28)))
def test_hundred_percent_means_all(assigned: set[int], finished: set[int]) -> None:
    found = completion({str(code) for code in assigned}, {str(code) for code in finished})
    assert (found.percent == 100) is found.is_complete
    assert found.is_complete is (assigned <= finished)
