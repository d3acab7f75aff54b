from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merilo.core.periods import Period
from merilo.improvement.rules.progress import (
    Carried,
    RiskRule,
    Share,
    Signal,
    Work,
    activities_done,
    counted,
    elapsed,
    measures_done,
    percent_of,
    signal,
)
from merilo.improvement.rules.states import FREE, REASONED, MeasureState, needs_reason, targets

MAY = Period(date(2026, 5, 1), date(2026, 5, 10))
S = MeasureState


def test_time_that_has_passed() -> None:
    assert elapsed(MAY, date(2026, 4, 1)) == 0
    assert elapsed(MAY, date(2026, 5, 1)) == Fraction(1, 10)
    assert elapsed(MAY, date(2026, 6, 1)) == 1


@pytest.mark.parametrize(
    ("on", "percent", "expected"),
    [
        (date(2026, 4, 30), 0, Signal.ON_TIME),
        (date(2026, 5, 6), 0, Signal.ON_TIME),
        (date(2026, 5, 7), 49, Signal.AT_RISK),
        (date(2026, 5, 7), 50, Signal.ON_TIME),
        (date(2026, 5, 10), 99, Signal.ON_TIME),
        (date(2026, 5, 11), 99, Signal.LATE),
    ],
)
def test_the_signal_by_the_rule(on: date, percent: int, expected: Signal) -> None:
    assert signal(S.UNDER_WAY, MAY, Carried(), percent, on=on) == expected


def test_a_rule_of_ones_own() -> None:
    assert signal(S.NOT_STARTED, MAY, Carried(), 0, on=MAY.first, rule=RiskRule(10, 1)) == Signal.AT_RISK


def test_one_late_activity_is_a_risk() -> None:
    early = Period(date(2026, 5, 1), date(2026, 5, 2))
    found = counted([Work(early, 90), Work(MAY, 90)])
    assert found == Carried(2, 180, 0, due=early.last)
    assert signal(S.UNDER_WAY, MAY, found, 90, on=date(2026, 5, 2)) == Signal.ON_TIME
    assert signal(S.UNDER_WAY, MAY, found, 90, on=date(2026, 5, 3)) == Signal.AT_RISK
    assert not counted([Work(early, 100)]).is_late(date(2027, 1, 1))


@pytest.mark.parametrize("state", [S.DONE, S.STOPPED, S.DROPPED])
def test_nothing_is_waited_for(state: MeasureState) -> None:
    assert signal(state, MAY, Carried(), 0, on=date(2027, 1, 1)) is None


@given(st.integers(0, 100), st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(0, 60))
def test_a_signal_never_gets_better_by_waiting(percent: int, day: date, more: int) -> None:
    order = [Signal.ON_TIME, Signal.AT_RISK, Signal.LATE]
    later = date.fromordinal(day.toordinal() + more)
    before, after = (signal(S.UNDER_WAY, MAY, Carried(), percent, on=one) for one in (day, later))
    assert before is not None
    assert after is not None
    assert order.index(after) >= order.index(before)


def test_how_far_a_measure_is() -> None:
    assert percent_of(counted([]), 40) == 40
    assert percent_of(counted([Work(MAY, 100), Work(MAY, 99)]), 0) == 99
    assert percent_of(counted([Work(MAY, 100), Work(MAY, 100)]), 0) == 100


def test_two_percentages_of_a_real_report() -> None:
    """A municipality's report says 11 of 15 (73 %) and 58 of 74 (78 %)."""
    states = [S.DONE] * 11 + [S.UNDER_WAY] * 3 + [S.STOPPED] + [S.DROPPED] * 2
    assert measures_done(states) == Share(11, 15, dropped=2)
    assert measures_done(states).percent == 73
    done = activities_done({S.UNDER_WAY: [100] * 58 + [99] * 16, S.DROPPED: [100, 0, 0]})
    assert done == Share(58, 74, dropped=3)
    assert done.percent == 78


@given(st.integers(0, 500), st.integers(0, 500))
def test_shares_are_rounded_half_up(done: int, more: int) -> None:
    share = Share(done, done + more)
    if share.of:
        exact = Fraction(100 * done, share.of)
        assert share.percent is not None
        assert share.percent - Fraction(1, 2) <= exact < share.percent + Fraction(1, 2)
    else:
        assert share.percent is None


def test_turning_back_and_giving_up_say_why() -> None:
    assert not FREE & REASONED
    assert targets(S.UNDER_WAY) == [S.NOT_STARTED, S.DONE, S.STOPPED, S.DROPPED]
    assert not needs_reason(S.UNDER_WAY, S.DONE)
    assert needs_reason(S.DONE, S.UNDER_WAY)
    assert S.DONE not in targets(S.DROPPED)
