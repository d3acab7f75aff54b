"""The CAF procedure and a scheme of another kind: both are only data to the same rules."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merilo.core.periods import Period
from merilo.feedback import schemes
from merilo.feedback.rules.checking import check
from merilo.feedback.rules.lifecycle import MOVES, OVER, Move, State, moved
from merilo.feedback.rules.readiness import (
    Fact,
    Moment,
    Standing,
    missing,
    moment_of,
    readiness,
    window_of,
)
from merilo.feedback.rules.scheme import build
from merilo.feedback.rules.scoring import (
    all_points,
    awarded,
    open_questions,
    points_of,
    range_of,
    valid_until,
    verdicts,
)
from merilo.framework.findings import FrameworkInvalid

CAF = schemes.scheme("caf-effective-user")
THREE_LEVELS = Path(__file__).with_name("three_levels.yaml")
OTHER = build(schemes.read(THREE_LEVELS))


def marks(scheme, **points: int) -> dict[str, int]:
    """The same points for all questions of a pillar."""
    return {
        question.code: points[pillar.code]
        for pillar, item in scheme.items()
        for question in item.questions
        if pillar.code in points
    }


# --- what the CAF procedure asks ----------------------------------------------------------------
def test_the_procedure_has_nine_steps_and_eight_principles_in_three_pillars():
    assert [len(pillar.items) for pillar in CAF.pillars] == [6, 3, 8]
    assert [item.code for _pillar, item in CAF.items()][:9] == [str(n) for n in range(1, 10)]
    assert CAF.awards[0].title.in_language("bg") == "Ефективен CAF потребител"
    assert CAF.award("none") is None
    assert CAF.scale_of(CAF.pillars[0]).degree(9) is None


def test_the_thresholds_are_28_points_in_nine_steps_four_in_step_nine_and_initiation_everywhere():
    threes = marks(CAF, process=3, improvement=3, maturity=1)
    assert awarded(CAF, all_points(CAF, threes)) is None  # 27 points, step 9 has three
    enough = threes | dict.fromkeys(("9.1", "9.2", "9.3"), 4)
    assert awarded(CAF, all_points(CAF, enough)) == CAF.awards[0]  # 28 points
    assert awarded(CAF, all_points(CAF, enough | {"p8.1": 0})) is None
    told = [(one.reached, one.is_met) for one in verdicts(CAF.awards[0], all_points(CAF, enough))]
    assert told == [(Fraction(28), True), (Fraction(4), True), (Fraction(1), True)]


def test_a_threshold_is_compared_exactly_not_rounded():
    nearly = marks(CAF, process=3, improvement=3, maturity=1) | {"9.1": 4, "9.2": 4, "9.3": 4, "8.1": 2}
    points = all_points(CAF, nearly)
    assert points["8"] == Fraction(5, 2)
    assert awarded(CAF, points) is None  # 27.5


def test_what_is_not_complete_is_never_met():
    some = marks(CAF, process=5)
    assert open_questions(CAF, some) == len(list(CAF.questions())) - len(some)
    assert points_of(CAF.pillars[1].items[0], some) is None
    assert [one.is_met for one in verdicts(CAF.awards[0], all_points(CAF, some))] == [False] * 3


# --- a scheme of another kind --------------------------------------------------------------------
@pytest.mark.parametrize(
    ("points", "award"),
    [
        ((0, 0, 0), ""),
        ((50, 50, 50), "one-star"),
        ((100, 50, 50), "two-stars"),
        ((100, 100, 50), "two-stars"),
    ],
)
def test_recognition_in_three_levels_is_only_data(points: tuple[int, int, int], award: str):
    given_points = dict(zip(("A.1", "A.2", "B.1"), points, strict=True))
    found = awarded(OTHER, all_points(OTHER, given_points))
    assert (found.code if found else "") == award


@given(st.lists(st.sampled_from([0, 50, 100]), min_size=3, max_size=3))
def test_more_points_never_lead_to_less(points: list[int]):
    order = [None, *OTHER.awards]
    lower = dict(zip(("A.1", "A.2", "B.1"), points, strict=True))
    higher = lower | {"A.1": 100}
    before, after = (awarded(OTHER, all_points(OTHER, one)) for one in (lower, higher))
    assert order.index(after) >= order.index(before)


# --- readiness -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("done", "of", "standing"),
    [(0, 0, "missing"), (0, 5, "missing"), (2, 5, "begun"), (5, 5, "done"), (1, 0, "begun")],
)
def test_standing_of_a_fact(done: int, of: int, standing: str):
    assert Fact("told", done, of).standing == Standing(standing)


def test_what_nobody_can_tell_is_missing_and_what_runs_over_time_need_only_have_begun():
    facts = {"report": Fact("report", 1), "started": Fact("started", 2, 9)}
    assert [one.code for one in missing(CAF, facts)] == ["plan"]
    facts["plan"] = Fact("plan", 1)
    assert missing(CAF, facts) == []
    rows = readiness(CAF, facts)
    assert len(rows) == 17
    assert [fact.done for fact in rows[5].facts] == [1, 0]
    half = {"plan": Fact("plan", 1, 2), "report": Fact("report", 1), "started": Fact("started", 1, 9)}
    assert [one.code for one in missing(CAF, half)] == ["plan"]


def test_one_may_apply_from_six_to_twelve_months_after_the_approval():
    window = CAF.window
    assert window is not None
    period = window_of(window, date(2026, 8, 31))
    assert period == Period(date(2027, 2, 28), date(2027, 8, 31))
    days = (date(2027, 2, 27), date(2027, 2, 28), date(2027, 8, 31), date(2027, 9, 1))
    assert [moment_of(period, day) for day in days] == [
        Moment.BEFORE,
        Moment.OPEN,
        Moment.OPEN,
        Moment.OVER,
    ]


def test_a_label_holds_two_years():
    until = valid_until(CAF.awards[0], date(2022, 11, 25))
    assert until == date(2024, 11, 25)


def test_range_of_points():
    assert range_of([]) is None
    assert range_of([4, 2, 3]) == (2, 4)


def test_moves():
    assert all(moved(state, move) is None for state in OVER for move in Move)
    assert moved(State.APPLIED, Move.HAND_IN) is None
    assert {state for state, _move in MOVES} == set(State) - OVER


# --- mistakes in a file ------------------------------------------------------------------------
def broken(old: str, new: str, tmp_path: Path) -> list[str]:
    """What is said of the three levels with a mistake in them."""
    text = THREE_LEVELS.read_text("utf-8")
    assert old in text
    path = tmp_path / "scheme.yaml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    return schemes.mistakes(path)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("scale: hundred", "scale: thousand", "There is no scale “thousand”"),
        ("items: [A, B], least: 75", "items: [A, C], least: 75", "“C” is not possible here"),
        ("known: [order]", "known: [ordre]", "“ordre” is not possible here"),
        ("points: 50", "points: 0", "This number must be greater than 0; it is 0."),
        ("points: 50", "points: half", "This should be a whole number"),
        ("kind: sum", "kind: product", "“product” is not possible here"),
        ("years: 3", "years: 0", "must be greater than 0"),
        ('code: "B"', 'code: "A"', "The code “A” is used twice"),
        ('{bg: "Посока", en: "Direction"}', '{bg: "Посока"}', "The text in “en” is missing."),
        ("scales:", "window: {first: 12, last: 6}\nscales:", "The maximum 6 must be greater than"),
        ("scales:", "colour: red\nscales:", "“colour” is not a key that belongs here"),
        ("rules: [{", "rules: [3, {", "should be a set of"),
        ("items: [A, B], least: 75", "items: A, least: 75", "should be a list"),
    ],
)
def test_every_mistake_is_named_with_its_line(old: str, new: str, said: str, tmp_path: Path):
    found = broken(old, new, tmp_path)
    assert any(said in one and "line" in one for one in found), found


def test_something_else_than_a_scheme_is_refused(tmp_path: Path):
    path = tmp_path / "scheme.yaml"
    path.write_text("- 1", "utf-8")
    with pytest.raises(FrameworkInvalid):
        schemes.read(path)
    assert check("nothing")
    with pytest.raises(KeyError):
        schemes.document("nothing")
    assert schemes.mistakes(THREE_LEVELS) == []
