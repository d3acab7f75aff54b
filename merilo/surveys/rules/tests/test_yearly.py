"""What the yearly report lacks, and what it says of results."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from merilo.surveys.rules.yearly import Measured, changed, comparable, due_of, extremes, missing

FULL = {
    "texts": dict.fromkeys(("introduction", "service", "analysis", "conclusion"), "текст"),
    "methods": {"survey": {"used": True}},
    "measures": [{"text": "Второ гише"}],
}
figures = st.lists(st.floats(1, 5), max_size=12).map(
    lambda found: [Measured(f"q{n}", f"Въпрос {n}", value, "mean", 40) for n, value in enumerate(found)]
)


def test_a_full_report_lacks_nothing() -> None:
    assert missing(FULL, 1) == ()
    assert missing(FULL, 0) == ("results",)
    assert missing(FULL | {"methods": {"box": {"used": True}}}, 0) == ()
    assert missing({}, 0) == ("introduction", "service", "analysis", "conclusion", "methods", "measures")


def test_the_report_is_due_on_the_first_of_april_after() -> None:
    assert due_of(2025) == date(2026, 4, 1)


@given(figures)
def test_nothing_is_among_the_best_and_the_worst_at_once(results: list[Measured]) -> None:
    best, worst = extremes(results)
    assert len(best) == len(worst) <= 3
    assert not {row.item for row in best} & {row.item for row in worst}
    if best:
        assert min(row.figure for row in best) >= max(row.figure for row in worst)


def test_only_means_of_one_scale_are_ranked_together() -> None:
    rows = [
        Measured("a", "a", 3.9, "mean", 40, scale=(1, 5)),
        Measured("b", "b", 0.1, "mean", 40, scale=[-1, 1]),
        Measured("c", "c", 15.4, "amount", 40),
        Measured("d", "d", 2.1, "mean", 40, scale=(1, 5)),
        Measured("e", "e", 80.0, "share", 40),
    ]
    assert [row.item for row in comparable(rows, "mean")] == ["a", "d"]
    assert [row.item for row in comparable(rows, "share")] == ["e"]


def test_small_changes_and_first_waves_are_no_news() -> None:
    rows = [
        Measured("a", "a", 4.0, "mean", 40, earlier=3.5),
        Measured("b", "b", 4.0, "mean", 40, earlier=3.95),
        Measured("c", "c", 3.0, "mean", 40, earlier=3.9),
        Measured("d", "d", 3.0, "mean", 40),
    ]
    rose, fell = changed(rows, 0.2)
    assert ([row.item for row in rose], [row.item for row in fell]) == (["a"], ["c"])
