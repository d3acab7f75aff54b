"""The measures of a plan: one list as a table, on the calendar, in the matrix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from merilo.improvement import permissions, words
from merilo.improvement.forms.measures import DatesForm
from merilo.improvement.models import MeasureKind, MeasureState, Plan, Signal
from merilo.improvement.queries import board, criteria
from merilo.improvement.queries.board import Asked, Row
from merilo.improvement.rules.priorities import LEAST, MOST
from merilo.improvement.rules.priorities import Placed as Place
from merilo.improvement.views.base import page, plan_or_404
from merilo.organisations.api import OrgRequest, address
from merilo.web import charts, drawings
from merilo.web.items import Cell, CellRow, Link, Placed
from merilo.web.templatetags.components import render_component

VIEWS = ("measures", "calendar", "matrix")


@dataclass(frozen=True, slots=True)
class Line:
    """One measure of the list as the page shows it."""

    row: Row
    url: str
    standing: str
    own_signal: bool
    state_tag: SafeString
    signal_tag: SafeString
    one_tag: SafeString  # the one that says most
    progress: SafeString


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with the address of the rows it is made of."""

    value: Any
    label: str
    url: str
    status: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column that sorts: where the link leads and which way the column is sorted."""

    text: str
    url: str
    way: str = ""
    right: bool = False


class Board:
    """What the three views of one plan share: the rows, what is wanted of them, their figures."""

    def __init__(self, request: OrgRequest, plan: Plan) -> None:
        self.request, self.plan = request, plan
        self._kept: dict[tuple[Any, ...], SafeString] = {}
        self.today = timezone.localdate(timezone=request.viewer.organisation.zone)
        self.framework = criteria.framework_for(plan)
        self.rows = board.rows_of(plan, on=self.today)
        self.asked = asked(request.GET)
        self.wanted = board.wanted(self.rows, self.asked, self.criterion_of)

    def criterion_of(self, code: str) -> str:
        return criteria.criterion_of(self.framework, code)

    def at(self, name: str, **wanted: Any) -> str:
        """The address of one of the views with what is wanted there."""
        query = urlencode({key: value for key, value in wanted.items() if value})
        path = address(self.request.viewer, f"improvement:{name}", plan=self.plan.pk)
        return f"{path}?{query}" if query else path

    def measure(self, row: Row) -> str:
        return address(self.request.viewer, "improvement:measure", plan=self.plan.pk, measure=row.measure.pk)

    def lines(self) -> list[Line]:
        return [self._line(row) for row in self.wanted]

    def _line(self, row: Row) -> Line:
        standing, shape = words.standing(row), words.shape_of(row)
        state = MeasureState(row.measure.state)
        one_tag = self._drawn("tag", status=shape, text=standing)
        done = _("%(percent)s %%") % {"percent": row.percent}
        return Line(
            row=row,
            url=self.measure(row),
            standing=standing,
            own_signal=bool(row.signal) and row.signal != row.by_rule,
            state_tag=self._drawn("tag", status=words.STATE_SHAPES[state], text=str(state.label)),
            signal_tag=one_tag if row.signal else SafeString(""),
            one_tag=one_tag,
            progress=self._drawn("progress", value=row.percent, total=100, text=done),
        )

    def _drawn(self, name: str, **values: Any) -> SafeString:
        """A component, drawn once for all rows in which it is the same: a plan has 150 of them."""
        key = (name, *values.values())
        if key not in self._kept:
            self._kept[key] = render_component(name, values)
        return self._kept[key]

    def context(self, name: str) -> dict[str, Any]:
        """What stands above each of the views."""
        filters = {key: value for key, value in asdict(self.asked).items() if key not in {"sort", "down"}}
        titles = (_("Table"), pgettext("view", "Schedule"), pgettext("view", "Matrix"))
        kept = filters | ({"sort": self.asked.sort, "down": self.asked.down} if name == "measures" else {})
        return {
            "plan": self.plan,
            "lines": self.lines(),
            "count": len(self.rows),
            "asked": self.asked,
            "filtered": any(filters.values()),
            "all_url": self.at(name),
            "figures": list(self._figures(name)),
            "told": self._told(name),
            "choices": self._choices(),
            "rule": words.rule(board.rule_of(self.plan)),
            "may_edit": permissions.may_edit(self.request.viewer, self.plan),
            "views": [
                Link(text, self.at(one, **(kept if one == name else filters)), one == name)
                for one, text in zip(VIEWS, titles, strict=True)
            ],
        }

    def standing(self) -> dict[str, Any]:
        """The figures alone, for pages that show no list; they lead to the rows of the table."""
        return {"figures": list(self._figures("measures")), "told": self._told("measures")}

    def _figures(self, name: str) -> Iterator[Figure]:
        """Worst first: signals of what is live, then states that have none."""
        found = board.figures(self.rows)
        for signal in (Signal.LATE, Signal.AT_RISK, Signal.ON_TIME):
            if count := found.signals.get(signal.value, 0):
                shape = words.SIGNAL_SHAPES[signal]
                yield Figure(count, str(signal.label), self.at(name, signal=signal.value), shape)
        for state in (MeasureState.STOPPED, MeasureState.DONE):
            if count := found.states.get(state.value, 0):
                shape = words.STATE_SHAPES[state]
                yield Figure(count, str(state.label), self.at(name, state=state.value), shape)

    def _told(self, name: str) -> dict[str, Any]:
        """The line of the two named percentages, and what is said beside it."""
        found = board.figures(self.rows)
        count = ngettext("%(count)s measure", "%(count)s measures", found.count) % {"count": found.count}
        activities = address(self.request.viewer, "improvement:activities", plan=self.plan.pk)
        dropped = found.measures.dropped
        return {
            "count": Figure(found.count, count, self.at(name)),
            "done": Figure(words.share(found.measures), "", self.at(name, state=MeasureState.DONE.value)),
            "carried": Figure(words.share(found.activities), "", f"{activities}?done=yes"),
            "dropped": _dropped(dropped),
            "dropped_url": self.at(name, state=MeasureState.DROPPED.value),
            "ownerless": ", ".join(map(str, found.ownerless)),
            "ownerless_url": self.at(name, owner=board.NOBODY),
            "overloads": len(board.overloads(self.rows)),
            "calendar_url": self.at("calendar"),
        }

    def _choices(self) -> dict[str, list[tuple[str, str]]]:
        """What the filters offer: only what occurs."""
        owners = {str(row.owner.pk): row.owner.on_record for row in self.rows if row.owner}
        named = sorted(owners.items(), key=lambda pair: pair[1].casefold())
        nobody = [(board.NOBODY, _("Nobody"))] if any(row.owner is None for row in self.rows) else []
        return {
            "state": [(key, str(label)) for key, label in MeasureState.choices],
            "signal": [(key, str(label)) for key, label in Signal.choices],
            "kind": [(key, str(label)) for key, label in MeasureKind.choices],
            "owner": [*named, *nobody],
            "criterion": self._criteria(),
        }

    def _criteria(self) -> list[tuple[str, str]]:
        there = {self.criterion_of(code) for row in self.rows for code in row.measure.codes}
        return [
            (one.code, f"{one.code} {one.short.in_language(words.language())}")
            for one in self.framework.criteria
            if one.code in there
        ]


def _dropped(count: int) -> str:
    words_ = ngettext(
        "%(count)s measure was dropped and is not counted.",
        "%(count)s measures were dropped and are not counted.",
        count,
    )
    return words_ % {"count": count} if count else ""


def asked(sent: Mapping[str, str]) -> Asked:
    """What the address asks for; what it cannot ask for is left out."""
    choices = {"state": MeasureState.values, "signal": Signal.values, "kind": MeasureKind.values}
    found = {name: sent[name] for name, known in choices.items() if sent.get(name) in known}
    found |= {name: sent.get(name, "")[:40] for name in ("owner", "criterion")}
    sort = sent.get("sort", "number")
    return Asked(**found, sort=sort if sort in board.SORTS else "number", down=bool(sent.get("down")))


# --- the table ------------------------------------------------------------------------------------
@require_safe
def table(request: OrgRequest, plan: UUID) -> HttpResponse:
    """The measures as a table that sorts and filters by links and a form."""
    shown = Board(request, plan_or_404(request, plan))
    return page(request, "measures/table", shown.context("measures") | {"heads": _heads(shown)})


def _heads(shown: Board) -> list[Head]:
    texts = {
        "number": "№",
        "text": pgettext("plan", "Measure"),
        "state": _("State"),
        "signal": _("Signal"),
        "owner": _("Owner"),
        "last": _("Ends"),
        "percent": _("Done so far"),
    }
    return [_head(shown, sort, text) for sort, text in texts.items()]


def _head(shown: Board, sort: str, text: str) -> Head:
    wanted, here = asdict(shown.asked), shown.asked.sort == sort
    way = ("descending" if shown.asked.down else "ascending") if here else ""
    down = here and not shown.asked.down
    return Head(text, shown.at("measures", **(wanted | {"sort": sort, "down": 1 if down else ""})), way)


# --- the calendar ---------------------------------------------------------------------------------
@require_safe
def calendar(request: OrgRequest, plan: UUID) -> HttpResponse:
    """The measures on the calendar; of a chosen one the dates can be changed beside it."""
    shown = Board(request, plan_or_404(request, plan))
    context = shown.context("calendar")
    chosen = next((row for row in shown.rows if str(row.measure.pk) == request.GET.get("choose")), None)
    if chosen is not None and context["may_edit"]:
        dates = {"first": chosen.measure.first, "last": chosen.measure.last}
        context |= {"chosen": chosen, "dates": DatesForm(initial=dates)}
    context |= {
        "drawing": charts.schedule(_schedule(shown)) if shown.wanted else None,
        "overloads": board.overloads(shown.rows),
    }
    return page(request, "measures/calendar", context)


def _schedule(shown: Board) -> charts.Schedule:
    today = shown.today
    label = _("today, %(day)s") % {"day": date_format(today, "MONTH_DAY_FORMAT").lower()}
    return charts.Schedule(
        title=_("Measures on the calendar"),
        rows=[_stretch(row, today) for row in shown.wanted],
        months=[_short_month(number) for number in range(1, 13)],
        today=today,
        today_label=label,
        head=(pgettext("plan", "Measure"), _("Begins"), _("Ends"), _("Done so far")),
        description=_("The same stands in the table below."),
    )


def _short_month(number: int) -> str:
    return date_format(date(2026, number, 1), "F").lower()[:3]


def _stretch(row: Row, today: date) -> charts.Stretch:
    measure = row.measure
    return charts.Stretch(
        number=str(measure.number),
        label=measure.text,
        first=measure.first,
        last=measure.last,
        percent=row.percent,
        late_until=today if row.late_by else None,
        told=(str(measure), words.day(measure.first), words.day(measure.last), f"{row.percent} %"),
    )


# --- the matrix -----------------------------------------------------------------------------------
@require_safe
def matrix(request: OrgRequest, plan: UUID) -> HttpResponse:
    """The measures where the group's agreed points put them."""
    shown = Board(request, plan_or_404(request, plan))
    context = shown.context("matrix")
    places = [(line, board.placed(shown.plan, line.row)) for line in context["lines"]]
    grid: dict[tuple[int, int], list[Placed]] = {}
    for line, place in places:
        if place is not None and place.impact is not None and place.feasibility is not None:
            grid.setdefault((_cell(place.impact), _cell(place.feasibility)), []).append(_thing(line))
    context |= {
        "places": [(line, *_points(place)) for line, place in places],
        "heads": [str(number) for number in range(LEAST, MOST + 1)],
        "cells": list(_grid(grid)),
        "any_place": bool(grid),
    }
    return page(request, "measures/matrix", context)


def _points(place: Place | None) -> tuple[str, str]:
    """Impact and ease as people read them."""
    number = drawings.words().number
    return (number(place.impact), number(place.feasibility)) if place else (number(None), number(None))


def _cell(value: Fraction) -> int:
    """The cell of a place: what lies between two goes to the upper one."""
    return int(value + Fraction(1, 2))


def _thing(line: Line) -> Placed:
    measure = line.row.measure
    return Placed(str(measure.number), f"{measure.text}, {line.standing}", line.url, words.shape_of(line.row))


def _grid(grid: Mapping[tuple[int, int], Sequence[Placed]]) -> Iterator[CellRow]:
    """From most impact down, ease from left to right; the corners are named."""
    corners = {
        (MOST, LEAST): _("Key measures"),
        (MOST, MOST - 1): _("Quick wins"),
        (LEAST, LEAST): pgettext("matrix", "Postponed"),
        (LEAST, MOST - 1): _("Further improvements"),
    }
    for impact in range(MOST, LEAST - 1, -1):
        cells = [
            Cell(grid.get((impact, ease), ()), corners.get((impact, ease), ""))
            for ease in range(LEAST, MOST + 1)
        ]
        yield CellRow(str(impact), cells)
