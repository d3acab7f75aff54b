"""What happened to a plan in a period and how it stood at its end, as plain values.

Days are ISO dates, numbers exact decimals as strings, names and words in the language it is collected in, so
that a report can be frozen and drawn again years later. Both percentages are made of its lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Prefetch
from django.utils import translation

from merilo.core.periods import Period
from merilo.improvement import effect_words
from merilo.improvement.models import CheckIn, Measure, MeasureIndicator, Plan
from merilo.improvement.queries.board import row_of, rule_of
from merilo.improvement.queries.effect import Since
from merilo.improvement.reporting import content as contents
from merilo.improvement.reporting.content import Content
from merilo.improvement.rules import progress
from merilo.improvement.rules.progress import WHOLE, Carried, RiskRule, Share, Work
from merilo.improvement.rules.standing import Said, done_until, said_until
from merilo.improvement.rules.states import MeasureState
from merilo.indicators.api import Value, plain, reached

FORMAT = 1
GROUPS = ("late", "at_risk", "on_time", "stopped", "done", "dropped")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is told of: the days, and the day it is told on, which is the last of them or later."""

    period: Period
    today: date


def collect(plan: Plan, asked: Asked, *, language: str, since: Sequence[Since] = ()) -> Content:
    """The report of a plan for a period that ends today or earlier. A fixed number of queries.

    `since` are the points of self-assessments before and after the plan, as far as they are approved today.
    """
    with translation.override(language):
        return {
            "format": FORMAT,
            "language": language,
            "on": asked.today.isoformat(),
            "first": asked.period.first.isoformat(),
            "last": asked.period.last.isoformat(),
            "organisation": {"name": contents.name_of(plan.organisation)},
            "plan": {"title": plan.title},
            "lines": [_line(measure, plan, asked) for measure in _measures(plan)],
            "since": [told for one in since if (told := _since(one))],
        }


def _measures(plan: Plan) -> Iterator[Measure]:
    reports = CheckIn.objects.select_related("by").order_by("at", "id")
    values = Value.objects.filter(replaced_at=None).order_by("last", "first", "id")
    yield from contents.measures_of(plan).prefetch_related(
        Prefetch("check_ins", reports), Prefetch("indicators__indicator__values", values, to_attr="current")
    )


# --- one measure ------------------------------------------------------------------------------
def _line(measure: Measure, plan: Plan, asked: Asked) -> Row:
    """How a measure stood before the period and at its end, and what happened between."""
    period = asked.period
    before, after = _stood_around(measure, plan, asked)
    carried_out = [{"on": on.isoformat(), "text": text} for on, text in _carried_out(measure, period)]
    reports = list(_reports(measure, period, plan.organisation.zone))
    waited_for = bool(before["signal"] or after["signal"])
    moved = bool(reports or carried_out or before["state"] != after["state"])
    return {
        "id": str(measure.pk),
        "number": measure.number,
        "text": measure.text,
        "withheld": measure.withheld,
        "owner": contents.person(measure.owner),
        "first": measure.first.isoformat(),
        "last": measure.last.isoformat(),
        "before": before,
        "after": after,
        "activities": [work.percent for work in _works(measure, period.last)],
        "carried_out": carried_out,
        "reports": reports,
        "quiet": waited_for and not moved,
        "indicators": [_indicator(row, period.last) for row in measure.indicators.all()],
    }


def _stood_around(measure: Measure, plan: Plan, asked: Asked) -> tuple[Row, Row]:
    """How it stood on the eve of the period and at its end; a person's own signal is known for today only."""
    zone, rule, today = plan.organisation.zone, rule_of(plan), asked.today
    said = [Said(_day(row, zone), MeasureState(row.state), row.percent) for row in measure.check_ins.all()]
    row = row_of(measure, on=today, rule=rule)
    now = Said(measure.state_on or date.min, MeasureState(measure.state), row.percent)

    def stood(on: date) -> Row:
        if on >= today:
            return {"state": now.state.value, "percent": now.percent, "signal": row.signal}
        return _stood(measure, said_until(now, said, on), on, rule)

    return stood(date.fromordinal(asked.period.first.toordinal() - 1)), stood(asked.period.last)


def _day(row: CheckIn, zone: ZoneInfo) -> date:
    return row.at.astimezone(zone).date()


def _stood(measure: Measure, said: Said, on: date, rule: RiskRule | None) -> Row:
    """By the rule."""
    term = Period(measure.first, measure.last)
    carried = progress.counted(_works(measure, on))
    found = progress.signal(said.state, term, carried, said.percent, on=on, rule=rule) if rule else None
    return {"state": said.state.value, "percent": said.percent, "signal": found.value if found else ""}


def _works(measure: Measure, on: date) -> list[Work]:
    return [
        done_until(Work(Period(one.first, one.last), one.percent), one.done_on, on)
        for one in measure.activities.all()
    ]


def _carried_out(measure: Measure, period: Period) -> list[tuple[date, str]]:
    """The activities carried out in the period, in the order of their days."""
    dated = [(one.done_on, one.text) for one in measure.activities.all() if one.done_on]
    return [row for row in sorted(dated, key=lambda row: row[0]) if period.contains(row[0])]


def _reports(measure: Measure, period: Period, zone: ZoneInfo) -> Iterator[Row]:
    """What was said in the period; of one activity with its name in front."""
    for one in measure.check_ins.all():
        if period.contains(on := _day(one, zone)):
            text = ": ".join(filter(None, (one.about, one.text)))
            yield {"on": on.isoformat(), "who": one.by.on_record if one.by else "", "text": text}


def _indicator(row: MeasureIndicator, on: date) -> Row:
    """From where, where at the end of the period, to where."""
    known: Sequence[Value] = row.indicator.current  # type: ignore[attr-defined]
    latest = next((value for value in reversed(known) if value.last <= on), None)
    target = row.target if row.target is not None else row.indicator.target
    return {
        "name": row.indicator.name,
        "unit": row.indicator.unit,
        "baseline": _plain(row.baseline),
        "target": _plain(target),
        "value": _plain(latest.value) if latest else None,
        "first": latest.first.isoformat() if latest else None,
        "last": latest.last.isoformat() if latest else None,
        "reached": reached(latest.value, target, row.indicator.direction) if latest else None,
    }


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


# --- the points of self-assessments -----------------------------------------------------------
def _since(since: Since) -> Row | None:
    """The points of sub-criteria with measures, where a later self-assessment can be compared."""
    if since.found is None or not since.aimed:
        return None
    return {
        "before": since.found.before.title,
        "after": since.found.after.title,
        "rows": [
            {
                "code": row.code,
                "name": effect_words.name_of(since, row.code),
                "measures": [one.number for one in row.measures],
                **{name: _exact(getattr(row, name)) for name in ("before", "after", "difference")},
            }
            for row in since.aimed
        ],
        "means": list(effect_words.means(since)),
    }


def _exact(value: Any) -> str | None:
    return None if value is None else str(effect_words.exact(value))


# --- what the lines come to -------------------------------------------------------------------
def period_of(content: Mapping[str, Any]) -> Period:
    """The days that the report is about."""
    return Period(date.fromisoformat(content["first"]), date.fromisoformat(content["last"]))


def measures_done(lines: Iterable[Row]) -> Share:
    """Measures that were done at the end."""
    return progress.measures_done(MeasureState(line["after"]["state"]) for line in lines)


def activities_done(lines: Iterable[Row]) -> Share:
    """Planned activities that were carried out at the end."""
    return progress.carried_out(
        (MeasureState(line["after"]["state"]), Carried(len(line["activities"]), done=done_in(line)))
        for line in lines
    )


def done_in(line: Row) -> int:
    """How many activities of a measure were carried out at the end."""
    return sum(one >= WHOLE for one in line["activities"])


def group_of(line: Row) -> str:
    """Under what a measure is listed: its signal, else its state."""
    return str(line["after"]["signal"] or line["after"]["state"])


def grouped(lines: Iterable[Row]) -> dict[str, list[Row]]:
    """The measures by signal, then by state, what is late first."""
    found: dict[str, list[Row]] = {key: [] for key in GROUPS}
    for line in lines:
        found[group_of(line)].append(line)
    return {key: rows for key, rows in found.items() if rows}
