"""The measures of a plan as one list: how each stands, what was asked for, and the figures of the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q, Sum

from merilo.core.periods import Period
from merilo.improvement.models import Activity, Measure, MeasureState, Plan, PlanState
from merilo.improvement.rules import calendar, priorities, progress
from merilo.improvement.rules.states import LIVE
from merilo.improvement.rules.states import MeasureState as State
from merilo.organisations.api import Membership

NOBODY = "none"  # in filters: measures without an owner


@dataclass(frozen=True, slots=True)
class Row:
    """One measure with how it stands on a day. `by_rule` is what the rule says, `signal` what is shown."""

    measure: Measure
    carried: progress.Carried
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


def row_of(measure: Measure, *, on: date, rule: progress.RiskRule | None) -> Row:
    """How one measure stands; its activities are expected to be loaded, else one query."""
    works = (progress.Work(Period(one.first, one.last), one.percent) for one in measure.activities.all())
    return _row(measure, progress.counted(works), on=on, rule=rule)


def _row(measure: Measure, carried: progress.Carried, *, on: date, rule: progress.RiskRule | None) -> Row:
    percent = progress.percent_of(carried, measure.percent)
    state, period = State(measure.state), Period(measure.first, measure.last)
    if rule is None or state not in LIVE:
        return Row(measure, carried, percent, "", "", 0)
    found = progress.signal(state, period, carried, percent, on=on, rule=rule)
    by_rule = found.value if found else ""
    return Row(
        measure, carried, percent, by_rule, measure.signal or by_rule, max((on - measure.last).days, 0)
    )


def rule_of(plan: Plan) -> progress.RiskRule | None:
    """When a measure of the plan is at risk; None while it is drafted, for nothing is waited for yet."""
    if plan.state == PlanState.DRAFT:
        return None
    return progress.RiskRule(**plan.risk) if plan.risk else progress.RiskRule()


# What a list of measures says of each; its long texts stay in the database.
_LISTED = (
    "number",
    "text",
    "kind",
    "codes",
    "first",
    "last",
    "state",
    "percent",
    "signal",
    "version",
    "plan_id",
    "owner_id",
    "deputy_id",
)


def rows_of(plan: Plan, *, on: date) -> list[Row]:
    """All measures of a plan as they stand, by number, without their long texts. Three queries."""
    rule, carried = rule_of(plan), _carried_in(plan)
    own = list(Measure.objects.filter(plan=plan).only(*_LISTED).order_by("number"))
    _with_people(own)
    return [_row(one, carried.get(one.pk, progress.Carried()), on=on, rule=rule) for one in own]


def _with_people(measures: Iterable[Measure]) -> None:
    """Owners and deputies; a few people answer for many measures, so each is read once."""
    keys = {key for one in measures for key in (one.owner_id, one.deputy_id) if key}
    people = Membership.objects.in_bulk(keys)
    for one in measures:
        one.owner = people[one.owner_id] if one.owner_id else None
        one.deputy = people[one.deputy_id] if one.deputy_id else None


def _carried_in(plan: Plan) -> dict[UUID, progress.Carried]:
    """The activities of a plan counted by measure, in the database: there are many of them."""
    done = Q(percent__gte=progress.WHOLE)
    own = Activity.objects.filter(measure__plan=plan).order_by("measure_id").values_list("measure_id")
    counts = own.annotate(
        count=Count("pk"),
        percents=Sum("percent"),
        done=Count("pk", filter=done),
        due=Min("last", filter=~done),
    )
    return {measure: progress.Carried(*counted) for measure, *counted in counts}


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
    states = [State(row.measure.state) for row in rows]
    return Figures(
        count=len(rows),
        measures=progress.measures_done(states),
        activities=progress.carried_out(zip(states, (row.carried for row in rows), strict=True)),
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
def place_of(measure: Measure) -> priorities.Placed | None:
    """Where the group's agreed points put a measure; None where it came from no proposal."""
    proposal = measure.proposal
    return priorities.place(_scheme(measure.plan), proposal.points) if proposal else None


def places_in(plan: Plan) -> dict[UUID, priorities.Placed]:
    """The same of all measures of a plan that came from a proposal. One query."""
    scheme = _scheme(plan)
    own = Measure.objects.filter(plan=plan, proposal__isnull=False).order_by("number")
    points = own.values_list("pk", "proposal__points")
    return {measure: priorities.place(scheme, given) for measure, given in points}


def _scheme(plan: Plan) -> list[priorities.Criterion]:
    return [
        priorities.Criterion(one["code"], priorities.Axis(one["axis"]), one["weight"]) for one in plan.scheme
    ]


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
