from __future__ import annotations

from merilo.surveys.rules.effort import minutes
from merilo.surveys.rules.tests import examples


def test_minutes_are_whole_and_at_least_one() -> None:
    assert minutes(examples.one_page(examples.asked("yesno", "visited"))) == 1
    assert minutes(examples.complete()) == 4  # 220 seconds


def test_each_row_of_a_matrix_takes_its_time() -> None:
    rows = [{"code": f"r{n}", "text": examples.words(str(n))} for n in range(20)]
    matrix = examples.asked("matrix", "m", rows=rows, options=examples.scored("bad", "good"))
    assert minutes(examples.one_page(matrix)) == 2
