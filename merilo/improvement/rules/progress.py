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

    def is_late(self, on: date) -> bool:
        """Past its last day and not carried out."""
        return self.percent < WHOLE and on > self.period.last


def percent_of(activities: Sequence[Work], own: int) -> int:
    """How far a measure is: the mean of its activities, its own percent where it has none; rounded down.

    Rounded down, so that 100 means all of it.
    """
    return sum(one.percent for one in activities) // len(activities) if activities else own


def elapsed(period: Period, on: date) -> Fraction:
    """Share of the time that has passed at the end of a day, from 0 before it to 1 after it."""
    passed = (on - period.first).days + 1
    return min(max(Fraction(passed, period.days), Fraction(0)), Fraction(1))


def signal(
    state: MeasureState,
    period: Period,
    activities: Sequence[Work],
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
    if behind or any(one.is_late(on) for one in activities):
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
    kept = [
        one for state, percents in activities.items() if state != MeasureState.DROPPED for one in percents
    ]
    dropped = len(activities.get(MeasureState.DROPPED, ()))
    return Share(sum(one >= WHOLE for one in kept), len(kept), dropped)
