"""The measures of a plan on the calendar, with the activities of those that are opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from merilo.core.periods import Period
from merilo.improvement import words
from merilo.improvement.forms.measures import DatesForm
from merilo.improvement.queries.board import Row
from merilo.improvement.queries.steps import Followed, Hurried, Step, hurried_in, steps_in
from merilo.improvement.rules.calendar import Overload
from merilo.improvement.views.base import page, plan_or_404
from merilo.improvement.views.board import Board, Head
from merilo.organisations.api import Membership, OrgRequest, address
from merilo.web import charts
from merilo.web.items import Link

PER_PAGE = 20  # measures: about as many bars as a screen shows
ROWS_OPEN = 56  # measures and activities together, where all measures show theirs
MOST_HURRIED = 20
WHOLE = 100
WIDE, LABELS = 1120.0, 400.0  # units of the wide drawing
EVERY = "all"


@dataclass(frozen=True, slots=True)
class Opened:
    """Which measures show their activities: every one, or those with these numbers."""

    every: bool
    numbers: frozenset[int]

    def has(self, row: Row) -> bool:
        return self.every or row.measure.number in self.numbers

    def turned(self, row: Row) -> str:
        """What the address says when one measure is opened or closed."""
        return ",".join(map(str, sorted(self.numbers ^ {row.measure.number})))


def opened(sent: str) -> Opened:
    """What the address asks to show; anything else is left out."""
    numbers = [one for one in sent.split(",")[:PER_PAGE] if one.isdecimal() and len(one) < 6]
    return Opened(sent == EVERY, frozenset(map(int, numbers)))


@dataclass(frozen=True)
class Bar:
    """One row of the calendar in words: a measure, or one of its activities.

    Templates take it as its `vars`: names in mappings are found in half the time.
    """

    name: str
    number: str
    url: str
    first: str
    last: str
    percent: str
    tag: SafeString
    is_step: bool = False
    after: Sequence[str] = ()
    dates_url: str = ""
    turn: Link | None = None


@require_safe
def calendar(request: OrgRequest, plan: UUID) -> HttpResponse:
    """The measures on the calendar; bars are moved by a form, and by a script that sends the same form."""
    shown = Board(request, plan_or_404(request, plan))
    gantt = Gantt(shown)
    context = shown.context("calendar", gantt.listed)
    hurried = list(hurried_in(shown.plan, most=MOST_HURRIED + 1))
    context |= {
        "drawing": charts.schedule(gantt.schedule()) if shown.wanted else None,
        "bars": [vars(bar) for bar, _stretch in gantt.rows],
        "every": gantt.every(),
        "heads": _heads(may_edit=shown.may_edit),
        "moving": DatesForm(),
        "overloads": [_overload(shown, one) for one in shown.overloads],
        "hurried": [_hurried(shown, one) for one in hurried[:MOST_HURRIED]],
        "more_hurried": len(hurried) > MOST_HURRIED,
    }
    return page(request, "measures/calendar", context)


def _heads(*, may_edit: bool) -> Iterator[Head]:
    yield Head("№")
    yield Head(pgettext("plan", "Measure"))
    yield Head(_("Begins"))
    yield Head(_("Ends"))
    yield Head(_("Done so far"), is_right=True)
    yield Head(_("How it stands"))
    if may_edit:
        yield Head(_("Change the dates"), is_hidden=True)


class Gantt:
    """One page of the calendar: rows of its drawing and of its table, made in one pass."""

    def __init__(self, shown: Board) -> None:
        self.shown = shown
        self.open = opened(shown.request.GET.get("open", ""))
        self.listed = shown.listed(_per_open_page(shown.wanted) if self.open.every else PER_PAGE)
        self.crowded, self.path = _crowded(shown), shown.at("calendar")
        self.kept, self.filtered = shown.query(), shown.query("open", "page")
        here = [row.measure.pk for row in self.listed if self.open.has(row)]
        self.steps = steps_in(shown.plan, here)
        self.rows = [pair for row in self.listed for pair in self._pairs(row)]

    # --- addresses ---------------------------------------------------------------------------------
    def opening(self, value: str) -> str:
        """The calendar with other activities shown, its filters kept."""
        return f"{self.path}?{'&'.join(filter(None, (self.filtered, value and f'open={value}')))}"

    def every(self) -> Link:
        """Show the activities of all measures, or of none."""
        if self.open.every or self.open.numbers:
            return Link(_("Hide all activities"), self.opening(""))
        return Link(_("Show all activities"), self.opening(EVERY))

    def _dates(self, url: str) -> str:
        """Where the dates of a bar are changed; the way back keeps what is shown here."""
        if not self.shown.may_edit:
            return ""
        return f"{url}?{self.kept}" if self.kept else url

    def _turn(self, row: Row) -> Link | None:
        """What opens or closes a measure; nothing where it has no activities or all are shown."""
        if self.open.every or not row.carried.count:
            return None
        is_open = self.open.has(row)
        text = _("Hide the activities") if is_open else _("Show the activities")
        page_ = f"&page={self.listed.number}" if self.listed.number > 1 else ""
        return Link(text, self.opening(self.open.turned(row)) + page_, current=is_open)

    # --- rows --------------------------------------------------------------------------------------
    def _pairs(self, row: Row) -> Iterator[tuple[Bar, charts.Stretch]]:
        yield self._measure(row)
        for step in self.steps.get(row.measure.pk, ()):
            yield self._step(row, step)

    def _measure(self, row: Row) -> tuple[Bar, charts.Stretch]:
        line, measure, turn = self.shown.line(row), row.measure, self._turn(row)
        bar = Bar(
            name=line.text,
            number=line.number,
            url=line.url,
            first=line.first,
            last=line.last,
            percent=line.percent,
            tag=line.one_tag,
            dates_url=self._dates(self.shown.of("measure_dates", row)),
            turn=turn,
        )
        stretch = charts.Stretch(
            number=line.number,
            label=line.text,
            first=measure.first,
            last=measure.last,
            percent=row.percent,
            late_until=self.shown.today if row.late_by else None,
            crowded=self.crowded.get(measure.pk, ()),
            is_open=turn.current if turn else None,
            label_link=_label_link(turn),
            bar_link=_bar_link(bar, measure.pk, row.period, measure.version),
        )
        return bar, stretch

    def _step(self, row: Row, step: Step) -> tuple[Bar, charts.Stretch]:
        today, period = self.shown.today, step.period
        is_late = bool(row.signal) and step.percent < WHOLE and period.last < today
        bar = Bar(
            name=step.text,
            number="",
            url="",
            first=words.day(period.first),
            last=words.day(period.last),
            percent=_("%(percent)s %%") % {"percent": step.percent},
            tag=self._step_tag(step, is_late=is_late),
            is_step=True,
            after=[_("after “%(after)s”") % {"after": _named(one, row)} for one in step.after],
            dates_url=self._dates(_step_url(self.shown, row.measure.pk, step.key)),
        )
        stretch = charts.Stretch(
            number="",
            label=step.text,
            first=period.first,
            last=period.last,
            percent=step.percent,
            late_until=today if is_late else None,
            is_step=True,
            key=str(step.key),
            after=[str(one.key) for one in step.after],
            bar_link=_bar_link(bar, step.key, period, step.version),
        )
        return bar, stretch

    def _step_tag(self, step: Step, *, is_late: bool) -> SafeString:
        """What is to be said of an activity first: that it begins too early, or is late."""
        if step.waits_for is not None:
            text = _("too early: possible from %(day)s") % {"day": words.day(step.waits_for.earliest)}
            return self.shown.drawn("tag", status="risk", text=text)
        return self.shown.drawn("tag", status="late", text="") if is_late else SafeString("")

    def schedule(self) -> charts.Schedule:
        today = self.shown.today
        label = _("today, %(day)s") % {"day": date_format(today, "MONTH_DAY_FORMAT").lower()}
        return charts.Schedule(
            title=_("Measures on the calendar"),
            rows=[stretch for _bar, stretch in self.rows],
            months=words.short_months(),
            today=today,
            today_label=label,
            description=_("The same stands in the table below."),
            wide=WIDE,
            labels=LABELS,
        )


def _per_open_page(rows: Sequence[Row]) -> int:
    """How many measures stand on a page with all their activities, so that it has about as many rows."""
    activities = sum(row.carried.count for row in rows)
    fitting = ROWS_OPEN * len(rows) // (len(rows) + activities) if rows else 1
    return max(min(fitting, PER_PAGE), 1)


def _step_url(shown: Board, measure: UUID, key: UUID) -> str:
    """Where the dates of an activity are changed."""
    place = {"plan": shown.plan.pk, "measure": measure, "activity": key}
    return address(shown.request.viewer, "improvement:activity_dates", **place)


def _crowded(shown: Board) -> Mapping[UUID, Sequence[Period]]:
    """On which days the owner of a measure has too much at once."""
    found: dict[UUID, list[Period]] = {}
    for one in shown.overloads:
        for row in one.keys:
            found.setdefault(row.measure.pk, []).append(one.period)
    return found


def _label_link(turn: Link | None) -> Mapping[str, str]:
    """What makes the name of a measure a link; it is called what is seen, and told what it does."""
    return {"href": turn.url, "aria-description": turn.text} if turn else {}


def _bar_link(bar: Bar, key: UUID, period: Period, version: int) -> Mapping[str, str]:
    """What makes a bar a link to its dates; a script reads the same to move it."""
    if not bar.dates_url:
        return {}
    name = f"{bar.number}. {bar.name}" if bar.number else bar.name
    told = _("Change the dates: %(name)s, %(first)s – %(last)s")
    return {
        "href": bar.dates_url,
        "aria-label": told % {"name": name, "first": bar.first, "last": bar.last},
        "data-bar": str(key),
        "data-from": period.first.isoformat(),
        "data-to": period.last.isoformat(),
        "data-version": str(version),
    }


def _named(one: Followed, row: Row) -> str:
    """What an activity comes after; of another measure with its number."""
    return one.text if one.number == row.measure.number else f"{one.number}. {one.text}"


def _overload(shown: Board, found: Overload[Membership, Row]) -> Mapping[str, Any]:
    """Who has too much at once, in words, with links to the measures."""
    return {
        "who": found.who.name,
        "first": words.day(found.period.first),
        "last": words.day(found.period.last),
        "measures": [
            (str(row.measure.number), row.measure.text, shown.of("measure", row)) for row in found.keys
        ],
    }


def _hurried(shown: Board, one: Hurried) -> Mapping[str, Any]:
    """An activity that begins too early, in words."""
    return {
        "measure": _("Measure %(number)s") % {"number": one.number},
        "text": one.text,
        "first": words.day(one.first),
        "after": f"{one.after.number}. {one.after.text}",
        "earliest": words.day(one.after.earliest),
        "dates_url": _step_url(shown, one.measure, one.key) if shown.may_edit else "",
    }
