"""How a plan stands: shares carried out, and the signal of a measure by its rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from merilo.core.periods import Period
from merilo.improvement.rules.states import LIVE, MeasureState

WHOLE = 100


class Signal(StrEnum):
    """How a measure lies in time; set by the rule, or by a person with a reason."""

    ON_TIME = "on_time"
    AT_RISK = "at_risk"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class RiskRule:
    """At risk: less than `done` percent carried out when `elapsed` percent of the time have passed."""

    elapsed: int = 70
    done: int = 50


@dataclass(frozen=True, slots=True)
class Work:
    """One activity: its days, and how far it is in percent."""

    period: Period
    percent: int


@dataclass(frozen=True, slots=True)
class Carried:
    """The activities of a measure counted: how many, their percents together, how many are carried out.

    `due` is the earliest last day among those that are not; None where all are.
    """

    count: int = 0
    percents: int = 0
    done: int = 0
    due: date | None = None

    def is_late(self, on: date) -> bool:
        """At least one of them is past its last day and not carried out."""
        return self.due is not None and on > self.due


def counted(activities: Iterable[Work]) -> Carried:
    """Activities counted one by one; a database counts many faster."""
    found = list(activities)
    waiting = [one.period.last for one in found if one.percent < WHOLE]
    percents = sum(one.percent for one in found)
    return Carried(len(found), percents, len(found) - len(waiting), min(waiting, default=None))


def percent_of(activities: Carried, own: int) -> int:
    """How far a measure is: the mean of its activities, its own percent where it has none; rounded down.

    Rounded down, so that 100 means all of it.
    """
    return activities.percents // activities.count if activities.count else own


def elapsed(period: Period, on: date) -> Fraction:
    """Share of the time that has passed at the end of a day, from 0 before it to 1 after it."""
    passed = (on - period.first).days + 1
    return min(max(Fraction(passed, period.days), Fraction(0)), Fraction(1))


def signal(
    state: MeasureState,
    period: Period,
    activities: Carried,
    percent: int,
    *,
    on: date,
    rule: RiskRule = RiskRule(),
) -> Signal | None:
    """The signal by the rule; None where nothing is waited for: done, stopped, dropped.

    Late after the last day. At risk by the rule, and as soon as one activity is late.
    """
    if state not in LIVE:
        return None
    if on > period.last:
        return Signal.LATE
    behind = elapsed(period, on) * WHOLE >= rule.elapsed and percent < rule.done
    if behind or activities.is_late(on):
        return Signal.AT_RISK
    return Signal.ON_TIME


# --- two percentages, always named ------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many; `dropped` were taken out of the count and are said beside it."""

    done: int
    of: int
    dropped: int = 0

    @property
    def percent(self) -> int | None:
        """In whole percent, half up; None where there is nothing to count.

        >>> Share(11, 15).percent, Share(58, 74).percent, Share(0, 0).percent
        (73, 78, None)
        """
        return (2 * WHOLE * self.done + self.of) // (2 * self.of) if self.of else None


def measures_done(states: Iterable[MeasureState]) -> Share:
    """Measures that are done, of all that were not dropped."""
    found = list(states)
    dropped = found.count(MeasureState.DROPPED)
    return Share(found.count(MeasureState.DONE), len(found) - dropped, dropped)


def activities_done(activities: Mapping[MeasureState, Sequence[int]]) -> Share:
    """Activities carried out (100 %), of those planned in measures that were not dropped.

    `activities` are their percents by the state of the measure they belong to.
    """
    return carried_out(
        (state, Carried(len(percents), done=sum(one >= WHOLE for one in percents)))
        for state, percents in activities.items()
    )


def carried_out(measures: Iterable[tuple[MeasureState, Carried]]) -> Share:
    """The same share from the activities of each measure counted, beside its state."""
    done = of = dropped = 0
    for state, own in measures:
        if state == MeasureState.DROPPED:
            dropped += own.count
        else:
            done, of = done + own.done, of + own.count
    return Share(done, of, dropped)
