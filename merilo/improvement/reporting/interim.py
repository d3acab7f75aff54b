"""What happened to a plan in a period, and how it stood at its end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Prefetch

from merilo.core.periods import Period
from merilo.improvement.models import Activity, CheckIn, Measure, Plan
from merilo.improvement.queries.board import row_of, rule_of
from merilo.improvement.queries.effect import Since
from merilo.improvement.reporting import content as contents
from merilo.improvement.rules import progress
from merilo.improvement.rules.progress import RiskRule, Share, Work
from merilo.improvement.rules.standing import Said, done_until, said_until
from merilo.improvement.rules.states import MeasureState
from merilo.indicators.api import Indicator, Value, reached


@dataclass(frozen=True, slots=True)
class Stood:
    """How a measure stood at the end of a day; `signal` is empty where nothing is waited for."""

    state: MeasureState
    percent: int
    signal: str


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody said of a measure in the period."""

    on: date
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One measure: how it stood before the period and at its end, and what happened between."""

    measure: Measure
    before: Stood
    after: Stood
    carried_out: Sequence[Activity]
    reports: Sequence[Report]

    @property
    def group(self) -> str:
        """Under what it is listed: its signal, else its state."""
        return self.after.signal or self.after.state.value

    @property
    def is_quiet(self) -> bool:
        """Nothing was said of it and nothing carried out in the period, though it was waited for."""
        waited_for = bool(self.before.signal or self.after.signal)
        return waited_for and not (self.reports or self.carried_out or self.before.state != self.after.state)


@dataclass(frozen=True, slots=True)
class Effect:
    """An indicator of a measure: from where, where at the end of the period, to where."""

    measure: Measure
    indicator: Indicator
    baseline: Decimal | None
    value: Value | None
    target: Decimal | None
    reached: bool | None

    @property
    def when(self) -> Period | None:
        """The period of the value."""
        return Period(self.value.first, self.value.last) if self.value else None


@dataclass(frozen=True, slots=True)
class Interim:
    """The report of one period; both percentages are those at its end.

    `since` are the points of self-assessments before and after the plan, as far as they are approved today.
    """

    plan: Plan
    period: Period
    measures: Share
    activities: Share
    lines: Sequence[Line]
    effects: Sequence[Effect]
    since: Sequence[Since] = ()

    def grouped(self) -> dict[str, list[Line]]:
        """The measures by signal, then by state, what is late first."""
        found: dict[str, list[Line]] = {key: [] for key in GROUPS}
        for line in self.lines:
            found[line.group].append(line)
        return {key: lines for key, lines in found.items() if lines}


GROUPS = ("late", "at_risk", "on_time", "stopped", "done", "dropped")


def interim(plan: Plan, period: Period, *, today: date, since: Sequence[Since] = ()) -> Interim:
    """The report of a plan for a period that ends today or earlier. A fixed number of queries."""
    zone = plan.organisation.zone
    lines = [_line(row, period, plan, zone, today) for row in _measures(plan)]
    percents: dict[MeasureState, list[int]] = defaultdict(list)
    for line in lines:
        percents[line.after.state] += [one.percent for one in _works(line.measure, period.last)]
    return Interim(
        plan=plan,
        period=period,
        measures=progress.measures_done(line.after.state for line in lines),
        activities=progress.activities_done(percents),
        lines=lines,
        effects=[effect for line in lines for effect in _effects(line.measure, period.last)],
        since=since,
    )


def _measures(plan: Plan) -> Iterator[Measure]:
    reports = CheckIn.objects.select_related("by").order_by("at", "id")
    values = Value.objects.filter(replaced_at=None).order_by("last", "first", "id")
    yield from contents.measures_of(plan).prefetch_related(
        Prefetch("check_ins", reports), Prefetch("indicators__indicator__values", values, to_attr="current")
    )


def _line(measure: Measure, period: Period, plan: Plan, zone: ZoneInfo, today: date) -> Line:
    said = [(row.at.astimezone(zone).date(), row) for row in measure.check_ins.all()]
    reports = [Said(on, MeasureState(row.state), row.percent) for on, row in said]
    row = row_of(measure, on=today, rule=rule_of(plan))
    now = Said(measure.state_on or date.min, MeasureState(measure.state), row.percent)

    def stood(on: date) -> Stood:
        if on >= today:
            return Stood(now.state, now.percent, row.signal)
        return _stood(measure, said_until(now, reports, on), on, rule_of(plan))

    inside = [(on, one) for on, one in said if period.contains(on)]
    return Line(
        measure=measure,
        before=stood(date.fromordinal(period.first.toordinal() - 1)),
        after=stood(period.last),
        carried_out=_carried_out(measure, period),
        reports=[Report(on, one.by.on_record if one.by else "", _text(one)) for on, one in inside],
    )


def _carried_out(measure: Measure, period: Period) -> list[Activity]:
    """The activities carried out in the period, in the order of their days."""
    dated = [(one.done_on, one) for one in measure.activities.all() if one.done_on]
    return [one for on, one in sorted(dated, key=lambda row: row[0]) if period.contains(on)]


def _text(one: CheckIn) -> str:
    """What was said; of one activity with its name in front."""
    return ": ".join(filter(None, (one.about, one.text)))


def _stood(measure: Measure, said: Said, on: date, rule: RiskRule) -> Stood:
    """By the rule: a person's own signal is known for today only."""
    term = Period(measure.first, measure.last)
    carried = progress.counted(_works(measure, on))
    found = progress.signal(said.state, term, carried, said.percent, on=on, rule=rule)
    return Stood(said.state, said.percent, found.value if found else "")


def _works(measure: Measure, on: date) -> list[Work]:
    return [
        done_until(Work(Period(one.first, one.last), one.percent), one.done_on, on)
        for one in measure.activities.all()
    ]


def _effects(measure: Measure, on: date) -> Iterator[Effect]:
    for row in measure.indicators.all():
        current: Sequence[Value] = row.indicator.current  # type: ignore[attr-defined]
        values = [value for value in current if value.last <= on]
        latest = values[-1] if values else None
        target = row.target if row.target is not None else row.indicator.target
        got = reached(latest.value, target, row.indicator.direction) if latest else None
        yield Effect(measure, row.indicator, row.baseline, latest, target, got)
