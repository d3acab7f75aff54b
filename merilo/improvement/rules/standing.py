"""How a measure stood on a day that has passed, from what was said of it since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from merilo.improvement.rules.progress import WHOLE, Work
from merilo.improvement.rules.states import MeasureState


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said of a measure on a day."""

    on: date
    state: MeasureState
    percent: int


def said_until(now: Said, reports: Sequence[Said], on: date) -> Said:
    """What held at the end of a day: the last report up to it, or `now` where nothing was said since.

    `now.on` is the day since which the measure is in its present state: from then on the state holds even
    where no report says so. Before the first report a measure is not started.
    """
    holds = now.on <= on
    if holds and all(one.on <= on for one in reports):
        return now
    earlier = [one for one in reports if one.on <= on]
    last = max(earlier, key=lambda one: one.on, default=Said(on, MeasureState.NOT_STARTED, 0))
    return replace(last, state=now.state) if holds else last


def done_until(work: Work, done_on: date | None, on: date) -> Work:
    """An activity as it was at the end of a day: what was carried out later was not carried out yet."""
    if work.percent >= WHOLE and done_on is not None and done_on > on:
        return Work(work.period, 0)
    return work
