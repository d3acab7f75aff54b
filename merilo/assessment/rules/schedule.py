"""The steps of a cycle on the calendar, planned backwards from the day the report must be ready."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from merilo.assessment.rules.findings import Finding

REPORT_STEP = 6
DAY = timedelta(days=1)
SATURDAY = 5  # date.weekday()


@dataclass(frozen=True, slots=True)
class StepLength:
    """How long a step should take and at least takes, in working days."""

    number: int
    usual: int
    least: int


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """First and last working day of a step."""

    number: int
    begins: date
    ends: date


@dataclass(frozen=True, slots=True)
class Plan:
    """All steps in order; with a finding that there is too little time, the plan begins too early."""

    steps: tuple[PlannedStep, ...]
    findings: tuple[Finding, ...]

    def step(self, number: int) -> PlannedStep:
        """One planned step. Errors: KeyError."""
        return {step.number: step for step in self.steps}[number]


# Four months from the order to the report are usual in published cycles; the group's own work in
# step 5 is what must not be hurried. Step 9 is a year until the first review of the measures.
TEN_STEPS = (
    StepLength(1, 10, 3),
    StepLength(2, 5, 2),
    StepLength(3, 5, 2),
    StepLength(4, 5, 2),
    StepLength(5, 30, 10),
    StepLength(6, 15, 5),
    StepLength(7, 20, 10),
    StepLength(8, 5, 2),
    StepLength(9, 250, 60),
    StepLength(10, 10, 3),
)
OTHER_STEP = (10, 3)  # usual and least length of a step of another framework's cycle


def lengths_for(numbers: Collection[int]) -> tuple[StepLength, ...]:
    """Lengths for the steps of a framework: the usual ones of the ten, 10 working days for any other."""
    known = {step.number: step for step in TEN_STEPS}
    return tuple(known.get(number, StepLength(number, *OTHER_STEP)) for number in sorted(numbers))


def plan_backwards(
    report_due: date,
    steps: Sequence[StepLength] = TEN_STEPS,
    *,
    earliest: date | None = None,
    report_step: int = REPORT_STEP,
    holidays: Collection[date] = (),
) -> Plan:
    """Dates for all steps, so that the report's step ends on the working day on or before `report_due`.

    Steps up to the report are set before it and the others after it, one following the other on working
    days (no Saturdays, Sundays, holidays). Where their usual lengths would begin before `earliest`, they
    are shortened evenly down to their least lengths; where even these do not fit, the plan with the least
    lengths comes with the finding "too_little_time" (working days needed and there are).
    """
    free = frozenset(holidays)
    last = _working_day(report_due, free, -DAY)
    before = [step for step in steps if step.number <= report_step]
    after = [step for step in steps if step.number > report_step]
    room = _working_days(earliest, last, free) if earliest else None
    lengths = _shortened(before, room)
    planned = [*_backwards(before, lengths, last, free), *_forwards(after, last, free)]
    return Plan(tuple(planned), _time_findings(before, room))


def _time_findings(steps: Sequence[StepLength], room: int | None) -> tuple[Finding, ...]:
    needed = sum(step.least for step in steps)
    if room is None or room >= needed:
        return ()
    return (Finding("too_little_time", params={"needed": needed, "available": room}),)


def _shortened(steps: Sequence[StepLength], room: int | None) -> list[int]:
    """Lengths that fit into `room` working days if the least ones do, taken evenly from what can be given."""
    usual, least = sum(step.usual for step in steps), sum(step.least for step in steps)
    if room is None or room >= usual:
        return [step.usual for step in steps]
    if room <= least:
        return [step.least for step in steps]
    spare = room - least
    return [step.least + (step.usual - step.least) * spare // (usual - least) for step in steps]


def _backwards(
    steps: Sequence[StepLength], lengths: Sequence[int], last: date, free: frozenset[date]
) -> list[PlannedStep]:
    planned: list[PlannedStep] = []
    ends = last
    for step, length in zip(reversed(steps), reversed(lengths), strict=True):
        begins = _moved(ends, length - 1, free, -DAY)
        planned.insert(0, PlannedStep(step.number, begins, ends))
        ends = _working_day(begins - DAY, free, -DAY)
    return planned


def _forwards(steps: Sequence[StepLength], last: date, free: frozenset[date]) -> list[PlannedStep]:
    planned: list[PlannedStep] = []
    begins = _working_day(last + DAY, free, DAY)
    for step in steps:
        ends = _moved(begins, step.usual - 1, free, DAY)
        planned.append(PlannedStep(step.number, begins, ends))
        begins = _working_day(ends + DAY, free, DAY)
    return planned


def _is_working(day: date, free: frozenset[date]) -> bool:
    return day.weekday() < SATURDAY and day not in free


def _working_day(day: date, free: frozenset[date], direction: timedelta) -> date:
    """The day itself, or the next working day in the direction."""
    while not _is_working(day, free):
        day += direction
    return day


def _moved(day: date, days: int, free: frozenset[date], direction: timedelta) -> date:
    for _ in range(days):
        day = _working_day(day + direction, free, direction)
    return day


def _working_days(first: date, last: date, free: frozenset[date]) -> int:
    """Working days from first to last, both included."""
    length = (last - first).days + 1
    return sum(_is_working(first + DAY * place, free) for place in range(length))
