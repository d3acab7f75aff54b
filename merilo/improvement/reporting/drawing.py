"""The calendar of a frozen plan as drawings for pages that lie on their side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from merilo.core.periods import Period
from merilo.improvement.models import Signal
from merilo.improvement.reporting.words import day
from merilo.improvement.words import short_months
from merilo.web import charts

Row = dict[str, Any]
WIDE, LABELS = 1120.0, 400.0
ROOM = 560.0  # units of rows on one page
MOST_ROWS = 150  # of more, only the measures are drawn


def calendars(content: Row, palette: charts.Palette) -> Iterator[charts.Drawing]:
    """Measures with their activities on as many drawings as they need, all on the same days."""
    dated = [row for row in content["measures"] if "first" in row]
    if not dated:
        return
    with_steps = sum(1 + len(row["activities"]) for row in dated) <= MOST_ROWS
    groups = [list(_stretches(row, content["on"], with_steps=with_steps)) for row in dated]
    days = _days([one for group in groups for one in group])
    for rows in _pages(groups):
        yield charts.schedule(_schedule(rows, days, date.fromisoformat(content["on"])), palette=palette)


def _stretches(row: Row, on: str, *, with_steps: bool) -> Iterator[charts.Stretch]:
    """A measure, and its activities if they are wanted; how far they are, where the content says so."""
    yield charts.Stretch(
        number=str(row["number"]),
        label=row["text"],
        first=date.fromisoformat(row["first"]),
        last=date.fromisoformat(row["last"]),
        percent=row.get("percent", 0),
        late_until=date.fromisoformat(on) if row.get("signal") == Signal.LATE else None,
    )
    for one in row["activities"] if with_steps else ():
        first, last = date.fromisoformat(one["first"]), date.fromisoformat(one["last"])
        yield charts.Stretch("", one["text"], first, last, one.get("percent", 0), is_step=True)


def _days(rows: Sequence[charts.Stretch]) -> Period:
    lasts = [one for row in rows for one in (row.last, row.late_until) if one is not None]
    return Period(min(row.first for row in rows), max(lasts))


def _pages(groups: Sequence[Sequence[charts.Stretch]]) -> Iterator[list[charts.Stretch]]:
    """Rows for one page after the other; a measure goes on to the next page only where it fits on none."""
    rows: list[charts.Stretch] = []
    for group in groups:
        if rows and charts.height_of([*rows, *group]) > ROOM:
            yield rows
            rows = []
        for row in group:
            if charts.height_of([*rows, row]) > ROOM:
                yield rows
                rows = []
            rows.append(row)
    yield rows


def _schedule(rows: Sequence[charts.Stretch], days: Period, on: date) -> charts.Schedule:
    return charts.Schedule(
        title=_("Measures on the calendar"),
        rows=rows,
        months=short_months(),
        today=on,
        today_label=day(on.isoformat()),
        days=days,
        wide=WIDE,
        labels=LABELS,
    )
