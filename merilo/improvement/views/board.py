"""The measures of a plan: what its table, its calendar and its matrix share, and the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from merilo.improvement import permissions, words
from merilo.improvement.models import MeasureKind, MeasureState, Plan, PlanState, Signal
from merilo.improvement.queries import board, criteria
from merilo.improvement.queries.board import Asked, Row
from merilo.improvement.views.base import page, plan_or_404
from merilo.organisations.api import OrgRequest, address
from merilo.web.items import Link
from merilo.web.templatetags.components import render_component

VIEWS = ("measures", "calendar", "matrix")
PER_PAGE = 30
SOMEWHERE = UUID(int=0)  # stands in an address until a measure takes its place


@dataclass(frozen=True, slots=True)
class Line:
    """One measure of a list in words, ready to be written: a page shows many of them."""

    row: Row
    number: str
    text: str
    url: str
    about: str
    standing: str
    shape: str
    state_tag: SafeString
    signal_tag: SafeString
    one_tag: SafeString  # the one that says most
    is_own_signal: bool
    owner: str
    is_deputy: bool
    first: str
    last: str
    percent: str
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
    """The head of a column; one that sorts leads somewhere and says which way the column is sorted."""

    text: str
    url: str = ""
    way: str = ""
    is_right: bool = False
    is_hidden: bool = False


class Board:
    """What the three views of one plan share: the rows, what is wanted of them, their figures."""

    def __init__(self, request: OrgRequest, plan: Plan) -> None:
        self.request, self.plan = request, plan
        self._kept: dict[tuple[Any, ...], SafeString] = {}
        self._lines: dict[UUID, Line] = {}
        self._patterns: dict[str, str] = {}
        self.today = timezone.localdate(timezone=request.viewer.organisation.zone)
        self.framework = criteria.framework_for(plan)
        self.rows = board.rows_of(plan, on=self.today)
        self.asked = asked(request.GET)
        self.wanted = board.wanted(self.rows, self.asked, self.criterion_of)
        self.may_edit = permissions.may_edit(request.viewer, plan)

    def criterion_of(self, code: str) -> str:
        return criteria.criterion_of(self.framework, code)

    @cached_property
    def figures(self) -> board.Figures:
        return board.figures(self.rows)

    @cached_property
    def overloads(self) -> list[Any]:
        return board.overloads(self.rows)

    # --- addresses ---------------------------------------------------------------------------------
    def at(self, name: str, **wanted: Any) -> str:
        """The address of one of the views with what is wanted there."""
        query = urlencode({key: value for key, value in wanted.items() if value})
        path = address(self.request.viewer, f"improvement:{name}", plan=self.plan.pk)
        return f"{path}?{query}" if query else path

    def of(self, name: str, row: Row) -> str:
        """The address of a page of one measure; put together once, for a page leads to many of them."""
        if name not in self._patterns:
            place = {"plan": self.plan.pk, "measure": SOMEWHERE}
            self._patterns[name] = address(self.request.viewer, f"improvement:{name}", **place)
        return self._patterns[name].replace(str(SOMEWHERE), str(row.measure.pk))

    def query(self, *without: str) -> str:
        """What stands behind the question mark here, some names left out."""
        query = self.request.GET.copy()
        for name in without:
            query.pop(name, None)
        return query.urlencode(safe=",")

    @cached_property
    def filters(self) -> dict[str, str]:
        """What narrows the list, by name."""
        return {key: value for key, value in asdict(self.asked).items() if key not in {"sort", "down"}}

    @property
    def order(self) -> dict[str, Any]:
        """How the table is sorted."""
        return {"sort": self.asked.sort, "down": 1 if self.asked.down else ""}

    # --- a page of lines ---------------------------------------------------------------------------
    def listed(self, per_page: int = PER_PAGE) -> Page[Row]:
        """The page asked for of the measures wanted."""
        return Paginator(self.wanted, per_page).get_page(self.request.GET.get("page"))

    def line(self, row: Row) -> Line:
        """One measure in words, put together once."""
        if row.measure.pk not in self._lines:
            self._lines[row.measure.pk] = self._line(row)
        return self._lines[row.measure.pk]

    def _line(self, row: Row) -> Line:
        measure, state = row.measure, MeasureState(row.measure.state)
        standing, shape = words.standing(row), words.shape_of(row)
        done = _("%(percent)s %%") % {"percent": row.percent}
        one_tag = self.drawn("tag", status=shape, text=standing)
        return Line(
            row=row,
            number=str(measure.number),
            text=measure.text,
            url=self.of("measure", row),
            about=" · ".join(filter(None, (", ".join(measure.codes), str(MeasureKind(measure.kind).label)))),
            standing=standing,
            shape=shape,
            state_tag=self.drawn("tag", status=words.STATE_SHAPES[state], text=str(state.label)),
            signal_tag=one_tag if row.signal else SafeString(""),
            one_tag=one_tag,
            is_own_signal=bool(row.signal) and row.signal != row.by_rule,
            owner=row.owner.name if row.owner else _("Nobody"),
            is_deputy=row.owner is not None and row.owner.pk != measure.owner_id,
            first=words.day(measure.first),
            last=words.day(measure.last),
            percent=done,
            progress=self.drawn("progress", value=row.percent, total=100, text=done),
        )

    def drawn(self, name: str, **values: Any) -> SafeString:
        """A component, drawn once for all rows in which it is the same."""
        key = (name, *values.values())
        if key not in self._kept:
            self._kept[key] = render_component(name, values)
        return self._kept[key]

    # --- what stands around ------------------------------------------------------------------------
    def context(self, name: str, listed: Page[Row]) -> dict[str, Any]:
        """What stands above and below each of the views."""
        return {
            "plan": self.plan,
            "lines": [self.line(row) for row in listed],
            "listed": listed,
            "query": self.query("page"),
            "range": _range(listed),
            "count": len(self.rows),
            "asked": self.asked,
            "filtered": any(self.filters.values()),
            "all_url": self.at(name),
            "figures": list(self._figures(name)),
            "told": self._told(name),
            "choices": self._choices(),
            "rule": words.rule(board.rule_of(self.plan)),
            "may_edit": self.may_edit,
            "views": list(self._views(name)),
        }

    def _views(self, name: str) -> Iterator[Link]:
        titles = (_("Table"), pgettext("view", "Schedule"), pgettext("view", "Matrix"))
        for one, text in zip(VIEWS, titles, strict=True):
            kept = self.filters | (self.order if one == name == "measures" else {})
            yield Link(text, self.at(one, **kept), one == name)

    def standing(self) -> dict[str, Any]:
        """The figures alone, for pages that show no list; they lead to the rows of the table."""
        return {"figures": list(self._figures("measures")), "told": self._told("measures")}

    def _figures(self, name: str) -> Iterator[Figure]:
        """Worst first: signals of what is live, then states that have none."""
        found = self.figures
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
        found = self.figures
        count = ngettext("%(count)s measure", "%(count)s measures", found.count) % {"count": found.count}
        activities = address(self.request.viewer, "improvement:activities", plan=self.plan.pk)
        return {
            "count": Figure(found.count, count, self.at(name)),
            "done": Figure(words.share(found.measures), "", self.at(name, state=MeasureState.DONE.value)),
            "carried": Figure(words.share(found.activities), "", f"{activities}?done=yes"),
            "dropped": _dropped(found.measures.dropped),
            "dropped_url": self.at(name, state=MeasureState.DROPPED.value),
            "ownerless": ", ".join(map(str, found.ownerless)),
            "ownerless_url": self.at(name, owner=board.NOBODY),
            "overloads": len(self.overloads),
            "calendar_url": self.at("calendar"),
            "has_shares": self.plan.state != PlanState.DRAFT,
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
        codes = {code for row in self.rows for code in row.measure.codes}
        there = {self.criterion_of(code) for code in codes}
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


def _range(listed: Page[Row]) -> str:
    """Which measures stand on the page, where there is more than one page."""
    if not listed.has_other_pages():
        return ""
    numbers = {"first": listed.start_index(), "last": listed.end_index(), "count": listed.paginator.count}
    return _("Measures %(first)s to %(last)s of %(count)s.") % numbers


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
    context = shown.context("measures", shown.listed())
    return page(request, "measures/table", context | {"heads": _heads(shown)})


def _heads(shown: Board) -> Sequence[Head]:
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
    here = shown.asked.sort == sort
    way = ("descending" if shown.asked.down else "ascending") if here else ""
    down = 1 if here and not shown.asked.down else ""
    return Head(text, shown.at("measures", **shown.filters, sort=sort, down=down), way)
