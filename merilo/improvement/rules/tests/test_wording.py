from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from merilo.improvement.rules.wording import MOST, as_line, as_runs


def test_a_text_becomes_one_line_up_to_a_whole_word() -> None:
    assert as_line("Няма  анкета\nсред бизнеса") == "Няма анкета сред бизнеса"
    assert as_line("Няма анкета, сред бизнеса", 15) == "Няма анкета…"
    assert as_line("непрекъснато", 5) == "непр…"


@given(st.text(max_size=3 * MOST))
def test_it_is_never_longer_than_a_proposal(text: str) -> None:
    assert len(as_line(text)) <= MOST


def test_numbers_that_follow_each_other_are_drawn_together() -> None:
    assert as_runs([9, 2, 3, 4, 6, 7]) == "2–4, 6, 7, 9"
    assert as_runs(range(2, 26)) == "2–25"
    assert as_runs([]) == ""


@given(st.sets(st.integers(1, 60)))
def test_no_number_is_lost_or_added(numbers: set[int]) -> None:
    parts = [part.split("–") for part in as_runs(numbers).split(", ") if part]
    assert [n for part in parts for n in range(int(part[0]), int(part[-1]) + 1)] == sorted(numbers)
