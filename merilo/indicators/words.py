"""Indicators and values in words and drawings of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from merilo.core.periods import Period
from merilo.core.references import Reference
from merilo.indicators.models import Indicator, Value
from merilo.indicators.rules.change import Point, comparable, plain, reached, verdict
from merilo.web import drawings, referring
from merilo.web.charts import Drawing, Line, Year, line
from merilo.web.referring import period_in_words


def with_unit(value: Decimal, unit: str) -> str:
    """The value with its unit, without zeros that say nothing."""
    return referring.with_unit(_drawn(value), unit)


def period_of(value: Value) -> Period:
    return Period(value.first, value.last)


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator of the list: its latest value and what changed since the one before."""

    indicator: Indicator
    value: str
    period: str
    change: str
    status: str
    target: str


def rows_of(indicators: Sequence[Indicator]) -> list[Row]:
    """The indicators with their latest values (`current` as queries.indicators_of gives them)."""
    return [_row(indicator, indicator.current) for indicator in indicators]  # type: ignore[attr-defined]


def _row(indicator: Indicator, values: Sequence[Value]) -> Row:
    points = comparable(Point(period_of(value), value.value) for value in values)
    last, before = (points[-1] if points else None), (points[-2] if len(points) > 1 else None)
    target = with_unit(indicator.target, indicator.unit) if indicator.target is not None else ""
    if last is None:
        return Row(indicator, "", "", "", "", target)
    change = status = ""
    if before is not None:
        found = verdict(before.value, last.value, indicator.direction)
        change, status = _change(last.value - before.value, found), _STATUS[found]
    return Row(
        indicator, with_unit(last.value, indicator.unit), period_in_words(last.period), change, status, target
    )


_STATUS = {"better": "ontime", "worse": "risk", "same": "idle", "changed": "idle"}


def _change(difference: Decimal, found: str) -> str:
    words = {
        "better": _("better: %(difference)s"),
        "worse": _("worse: %(difference)s"),
        "changed": _("changed: %(difference)s"),
        "same": _("unchanged"),
    }[found]
    sign = "+" if difference > 0 else ""
    return words % {"difference": f"{sign}{with_unit(difference, '')}"}


def drawing_of(indicator: Indicator, values: Sequence[Value]) -> Drawing | None:
    """The line of the comparable values with the target; None before the second value."""
    points = comparable(Point(period_of(value), value.value) for value in values)
    if len(points) < 2:
        return None
    years = [Year(period_in_words(point.period), _drawn(point.value)) for point in points]
    target = _drawn(indicator.target) if indicator.target is not None else None
    chart = Line(indicator.name, years, indicator.unit, target, _described(indicator, points))
    return line(chart, words=drawings.words())


def _drawn(value: Decimal) -> Decimal:
    return Decimal(plain(value))


def _described(indicator: Indicator, points: Sequence[Point]) -> str:
    first, last = points[0], points[-1]
    return _("From %(before)s in %(since)s to %(after)s in %(until)s.") % {
        "before": with_unit(first.value, indicator.unit),
        "since": period_in_words(first.period),
        "after": with_unit(last.value, indicator.unit),
        "until": period_in_words(last.period),
    }


def value_rows(indicator: Indicator, values: Sequence[Value]) -> list[dict[str, Any]]:
    """Values as the table shows them."""
    return [
        {
            "value": value,
            "period": period_in_words(period_of(value)),
            "figure": with_unit(value.value, indicator.unit),
            "source": value.reference.get("snapshot", {}).get("title", ""),
            "reached": reached(value.value, indicator.target, indicator.direction),
        }
        for value in values
    ]


def source_facts(source: Reference) -> list[tuple[str, str]]:
    """What another room's figure says, as terms and values."""
    seen = source.snapshot
    told = [
        (_("Taken from"), seen.source or seen.title),
        (_("Result"), seen.title),
        (seen.measure or _("Value"), referring.figure_words(seen)),
        (_("Number of cases"), "" if seen.n is None else str(seen.n)),
        (_("When"), referring.when_words(seen)),
        (_("How"), seen.method),
    ]
    return [(term, text) for term, text in told if text]
