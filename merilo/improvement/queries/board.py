"""The measures of a plan as one list: how each stands, what was asked for, and the figures of the whole."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from merilo.core.periods import Period
from merilo.improvement.models import Activity, Measure, MeasureState, Plan
from merilo.improvement.rules import calendar, priorities, progress
from merilo.improvement.rules.states import LIVE
from merilo.improvement.rules.states import MeasureState as State
from merilo.organisations.api import Membership

NOBODY = "none"  # in filters: measures without an owner


@dataclass(frozen=True, slots=True)
class Row:
    """One measure with how it stands on a day. `by_rule` is what the rule says, `signal` what is shown."""

    measure: Measure
    works: Sequence[progress.Work]
    percent: int
    by_rule: str
    signal: str
    late_by: int

    @property
    def period(self) -> Period:
        """From its first to its last day."""
        return Period(self.measure.first, self.measure.last)

    @property
    def owner(self) -> Membership | None:
        """Who answers for it: the owner, the deputy once the owner has left."""
        return answering(self.measure)


def answering(measure: Measure) -> Membership | None:
    """Who answers for a measure: the owner, or the deputy where there is none or the owner has left."""
    here = (one for one in (measure.owner, measure.deputy) if one is not None and one.left_at is None)
    return next(here, None)


def row_of(measure: Measure, *, on: date, rule: progress.RiskRule) -> Row:
    """How one measure stands; its activities are expected to be loaded, else one query."""
    works = [progress.Work(Period(one.first, one.last), one.percent) for one in measure.activities.all()]
    return _row(measure, works, on=on, rule=rule)


def _row(measure: Measure, works: Sequence[progress.Work], *, on: date, rule: progress.RiskRule) -> Row:
    percent = progress.percent_of(works, measure.percent)
    state, period = State(measure.state), Period(measure.first, measure.last)
    found = progress.signal(state, period, works, percent, on=on, rule=rule)
    by_rule = found.value if found else ""
    shown = (measure.signal or by_rule) if state in LIVE else ""
    late_by = max((on - measure.last).days, 0) if state in LIVE else 0
    return Row(measure, works, percent, by_rule, shown, late_by)


def rule_of(plan: Plan) -> progress.RiskRule:
    """When a measure of the plan is at risk."""
    return progress.RiskRule(**plan.risk) if plan.risk else progress.RiskRule()


def rows_of(plan: Plan, *, on: date) -> list[Row]:
    """All measures of a plan as they stand, by number. Two queries."""
    rule, works = rule_of(plan), _works_in(plan)
    own = Measure.objects.filter(plan=plan).select_related("owner", "deputy", "proposal")
    return [_row(measure, works[measure.pk], on=on, rule=rule) for measure in own.order_by("number")]


def _works_in(plan: Plan) -> dict[UUID, list[progress.Work]]:
    """The activities of a plan by measure, only what is counted: there are many of them."""
    found: dict[UUID, list[progress.Work]] = defaultdict(list)
    own = Activity.objects.filter(measure__plan=plan).order_by("first", "last", "id")
    for measure, first, last, percent in own.values_list("measure_id", "first", "last", "percent"):
        found[measure].append(progress.Work(Period(first, last), percent))
    return found


# --- figures of the whole ---------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Figures:
    """How a plan stands: two named shares, signals of what is live, states of the rest, who is missing."""

    count: int
    measures: progress.Share
    activities: progress.Share
    signals: Mapping[str, int]
    states: Mapping[str, int]
    ownerless: Sequence[int]


def figures(rows: Sequence[Row]) -> Figures:
    """The figures of all measures of a plan."""
    percents: dict[State, list[int]] = defaultdict(list)
    for row in rows:
        percents[State(row.measure.state)] += [one.percent for one in row.works]
    return Figures(
        count=len(rows),
        measures=progress.measures_done(State(row.measure.state) for row in rows),
        activities=progress.activities_done(percents),
        signals=Counter(row.signal for row in rows if row.signal),
        states=Counter(row.measure.state for row in rows),
        ownerless=[row.measure.number for row in rows if _open(row) and row.owner is None],
    )


def _open(row: Row) -> bool:
    return row.measure.state not in {MeasureState.DONE, MeasureState.DROPPED}


# --- what was asked for -----------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Asked:
    """What of the list is wanted, and in which order; empty is all."""

    state: str = ""
    signal: str = ""
    owner: str = ""
    kind: str = ""
    criterion: str = ""
    sort: str = "number"
    down: bool = False

    def matches(self, row: Row, criterion_of: Callable[[str], str]) -> bool:
        """Whether a measure is wanted."""
        measure, owner = row.measure, row.owner
        return (
            self.state in {"", measure.state}
            and self.signal in {"", row.signal}
            and self.kind in {"", measure.kind}
            and self.owner in {"", str(owner.pk) if owner else NOBODY}
            and (not self.criterion or self.criterion in {criterion_of(code) for code in measure.codes})
        )


SIGNAL_ORDER = ("late", "at_risk", "on_time", "")
SORTS: dict[str, Callable[[Row], Any]] = {
    "number": lambda row: row.measure.number,
    "text": lambda row: row.measure.text.casefold(),
    "state": lambda row: MeasureState.values.index(row.measure.state),
    "signal": lambda row: SIGNAL_ORDER.index(row.signal),
    "owner": lambda row: (row.owner is None, row.owner.name.casefold() if row.owner else ""),
    "last": lambda row: row.measure.last,
    "percent": lambda row: row.percent,
}


def wanted(rows: Iterable[Row], asked: Asked, criterion_of: Callable[[str], str]) -> list[Row]:
    """The measures asked for, in their order; equal ones by number."""
    found = sorted((row for row in rows if asked.matches(row, criterion_of)), key=SORTS["number"])
    return sorted(found, key=SORTS[asked.sort], reverse=asked.down)


# --- the matrix -------------------------------------------------------------------------------
def placed(plan: Plan, row: Row) -> priorities.Placed | None:
    """Where the group's agreed points put a measure; None where it came from no proposal."""
    if row.measure.proposal is None:
        return None
    scheme = [
        priorities.Criterion(one["code"], priorities.Axis(one["axis"]), one["weight"]) for one in plan.scheme
    ]
    return priorities.place(scheme, row.measure.proposal.points)


# --- who has too much at once -----------------------------------------------------------------
def overloads(rows: Iterable[Row]) -> list[calendar.Overload[Membership, Row]]:
    """Who answers for more measures at once than a person can, when, and for which."""
    loads = [
        calendar.Load(row.owner, row.measure.pk, row.period)
        for row in rows
        if row.owner is not None and _open(row)
    ]
    by_key = {row.measure.pk: row for row in rows}
    return [
        calendar.Overload(found.who, found.period, tuple(by_key[key] for key in found.keys))
        for found in calendar.overloads(loads)
    ]
