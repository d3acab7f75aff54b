"""The measures of a plan in Excel: download, upload, every difference, take what is ticked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_safe

from merilo.core import files, once, workbooks
from merilo.core.cells import Problem
from merilo.core.errors import Conflict, MeriloError
from merilo.core.workbooks import where
from merilo.improvement.actions.plans import require_edit
from merilo.improvement.actions.workbook import Work, take_workbook
from merilo.improvement.forms.importing import WorkbookForm
from merilo.improvement.interchange import comparing
from merilo.improvement.interchange import messages as told
from merilo.improvement.interchange.comparing import Change, Filled, Typed, tick
from merilo.improvement.interchange.fields import BEGIN, PARTS, title, words_for
from merilo.improvement.interchange.noting import reaching, tied, twins
from merilo.improvement.interchange.stored import Stored, Whole, whole
from merilo.improvement.interchange.tables import cleaned
from merilo.improvement.interchange.working import work_of
from merilo.improvement.interchange.writing import workbook as written
from merilo.improvement.models import Plan, PlanState
from merilo.improvement.queries.criteria import framework_for
from merilo.improvement.rules.filling import Field, Sort, Words
from merilo.improvement.rules.filling import told as in_words
from merilo.improvement.rules.merging import Difference
from merilo.improvement.views.base import page, plan_or_404
from merilo.improvement.views.measures import way
from merilo.improvement.words import day
from merilo.organisations.api import OrgRequest, address, do, sent
from merilo.web.items import Link

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PARTS = {part.key: part for part in PARTS}
_FIELDS = {(part.key, one.name): one for part in PARTS for one in (*BEGIN, *part.fields)}


def _plan(request: OrgRequest, pk: UUID) -> Plan:
    found = plan_or_404(request, pk)
    require_edit(request.viewer, found)
    return found


@require_safe
def download(request: OrgRequest, plan: UUID) -> HttpResponse:
    """The workbook with everything as it stands now."""
    found = _plan(request, plan)
    language = translation.get_language() or "bg"
    content = written(request.viewer, found, language=language, at=timezone.now())
    name = _("measures")
    name = f"{name}-{found.first.year}-{found.last.year}.xlsx"
    return files.attachment(content, name=name, content_type=EXCEL)


@require_http_methods(["GET", "HEAD", "POST"])
def workbook(request: OrgRequest, plan: UUID) -> HttpResponse:
    """Download and upload; what an upload would change is shown, and nothing is stored yet."""
    found = _plan(request, plan)
    form = WorkbookForm(sent(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        now = whole(request.viewer, found)
        try:
            grids = [cleaned(grid) for grid in workbooks.read(form.cleaned_data["file"])]
            filled = comparing.read(found, grids, _words(found, now))
            filled = replace(filled, rows=tied(filled.rows, now))
            return _Differences(request, found, filled).page()
        except MeriloError as error:
            form.add_error("file", error.sentence)
    return _workbook_page(request, found, form)


def _words(plan: Plan, now: Whole) -> Words:
    return words_for(now.names, (item.code for item in framework_for(plan).items))


def _workbook_page(request: OrgRequest, plan: Plan, form: WorkbookForm) -> HttpResponse:
    context = {"plan": plan, "form": form, "crumbs": way(request, plan)}
    return page(request, "importing/workbook", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
def take(request: OrgRequest, plan: UUID) -> HttpResponse:
    """Take what is ticked; where something was changed since, show it again. Else lead to the first page."""
    found = _plan(request, plan)
    if request.method != "POST":
        return redirect(address(request.viewer, "improvement:workbook", plan=found.pk))
    try:
        filled, versions = comparing.unseal(request.viewer, found, request.POST.get("differences", ""))
    except MeriloError as error:
        form = WorkbookForm({})
        form.full_clean()
        form.errors.clear()
        form.add_error("file", error.sentence)
        return _workbook_page(request, found, form)
    ticked = frozenset(request.POST.getlist("take"))
    now = whole(request.viewer, found)

    def effect() -> str:
        return _take(request, found, work_of(comparing.changes(filled.rows, now), ticked, versions, now))

    try:
        return do(request, effect)
    except Conflict:
        return _Differences(request, found, filled, ticked).page(status=409, changed_since=True)
    except MeriloError as error:
        if error.status != 422:
            raise
        errors = [Link(error.sentence, "")]
        return _Differences(request, found, filled, ticked).page(status=422, errors=errors, has_errors=True)


def _take(request: OrgRequest, plan: Plan, work: Work) -> str:
    count = take_workbook(viewer=request.viewer, plan=plan, work=work, at=timezone.now())
    sentence = ngettext(
        "%(count)s row was taken from the file.", "%(count)s rows were taken from the file.", count
    )
    messages.success(request, sentence % {"count": count})
    return address(request.viewer, "improvement:measures", plan=plan.pk)


# --- the differences ------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Line:
    """One field: what it is called, both values, whether it was changed here meanwhile, too."""

    tick: str
    name: str
    before: str
    after: str
    clash: bool
    ticked: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One row of the file that would change something; a new one is ticked as a whole.

    `same` says what in the plan says the same already, `warning` what its days reach out of.
    """

    title: str
    tick: str
    is_new: bool
    ticked: bool
    lines: list[Line]
    same: str
    warning: str


class _Differences:
    """The page of differences of one file, over what is stored now. Errors: BadFile."""

    def __init__(
        self, request: OrgRequest, plan: Plan, filled: Filled, ticked: frozenset[str] | None = None
    ) -> None:
        self.request, self.plan, self.filled, self.ticked = request, plan, filled, ticked
        self.now = whole(request.viewer, plan)
        self.signed = comparing.seal(request.viewer, plan, filled, self.now)
        self.words = replace(_words(plan, self.now), steps=self.now.steps(with_text=True))
        self.changes = list(comparing.changes(filled.rows, self.now))
        self.twins = twins((change.typed for change in self.changes), self.now)
        self.reaching = reaching(plan, self.changes, self.now)

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        cards = [self._card(change) for change in self.changes]
        url = address(self.request.viewer, "improvement:workbook", plan=self.plan.pk)
        values = {
            "plan": self.plan,
            "crumbs": [*way(self.request, self.plan), Link(_("Edit in Excel"), url)],
            "once": once.new_key(),
            "signed": self.signed,
            "cards": cards,
            "heading": _heading(cards),
            "clashes": sum(line.clash for card in cards for line in card.lines),
            "is_running": self.plan.state == PlanState.RUNNING,
            **self._passed(),
            **context,
        }
        return page(self.request, "importing/differences", values, status=status)

    def _passed(self) -> dict[str, Any]:
        """What of the file is not taken, and what the file lacks."""
        missing = [self._missing(part, id_) for part, id_ in self.filled.missing]
        found = {
            "problems": [_told(one) for one in self.filled.problems],
            "remarks": [_told(one) for one in self.filled.remarks],
            "missing": [text for text in missing if text],
            "gone": [self._title(typed) for typed in comparing.gone(self.filled, self.now)],
        }
        return {**found, "is_passed": any(found.values())}

    def _missing(self, part: str, id_: str) -> str:
        """A row that the file had and has no more; of what is gone here, too, nothing is said."""
        stored = self.now.rows.get((part, id_))
        return self._named(part, stored.key, _text_of(stored.row)) if stored else ""

    def _is_ticked(self, name: str, *, usual: bool) -> bool:
        return usual if self.ticked is None else name in self.ticked

    def _card(self, change: Change) -> Card:
        typed = change.typed
        lines = [self._line(typed, one) for one in change.fields]
        name = tick(typed)
        twin = self.twins.get(name)
        return Card(
            self._title(typed),
            name,
            change.is_new,
            self._is_ticked(name, usual=twin is None),
            lines,
            self._same(twin) if twin else "",
            self._reaching(typed, name),
        )

    def _same(self, twin: Stored) -> str:
        words = {
            "measure": _("says the same as measure %(number)s"),
            "activity": _("says the same as activity %(number)s"),
            "indicator": _("measure %(number)s has it already"),
        }
        return words[twin.part] % {"number": twin.key.partition("/")[0]}

    def _reaching(self, typed: Typed, name: str) -> str:
        if name not in self.reaching:
            return ""
        days = {"term": " – ".join(map(day, self.reaching[name]))}
        if typed.part == "measure":
            return _("The term reaches out of the plan’s (%(term)s).") % days
        return _("The days reach out of the term of the measure (%(term)s).") % days

    def _line(self, typed: Typed, one: Difference) -> Line:
        name = tick(typed, one.name)
        known = _FIELDS[typed.part, one.name]
        return Line(
            tick=name,
            name=title(typed.part, one.name),
            before=self._shown(known, one.before),
            after=self._shown(known, one.after),
            clash=one.clash,
            ticked=self._is_ticked(name, usual=not one.clash),
        )

    def _shown(self, known: Field, value: str) -> str:
        if value and known.sort in {Sort.WHOLE, Sort.NUMBER, Sort.MONEY}:
            decimals = 2 if known.sort is Sort.MONEY else None
            return number_format(Decimal(value), decimals, force_grouping=True)
        return in_words(known, value, self.words)

    def _title(self, typed: Typed) -> str:
        """Which row it is, by what is stored; of a new one by what it says."""
        stored = self.now.rows.get((typed.part, typed.id))
        if stored:
            return self._named(typed.part, typed.key, _text_of(stored.row))
        said = typed.values.get("text") or typed.values.get("name", "") or typed.values.get("code", "")
        if typed.id:
            return self._named(typed.part, typed.key, said)
        words = {
            "measure": pgettext("new", "Measure: %(text)s"),
            "activity": _("Activity of measure %(measure)s: %(text)s"),
            "indicator": _("Indicator of measure %(measure)s: %(text)s"),
        }
        return words[typed.part] % {"text": said, "measure": typed.of}

    def _named(self, part: str, key: str, text: str) -> str:
        words = {
            "measure": _("Measure %(key)s: %(text)s"),
            "activity": _("Activity %(key)s: %(text)s"),
            "indicator": _("Indicator of measure %(measure)s: %(text)s"),
        }
        return words[part] % {"key": key, "text": text, "measure": key.partition("/")[0]}


def _heading(cards: Sequence[Card]) -> str:
    """How many rows change and how many come."""
    new = sum(card.is_new for card in cards)
    old = len(cards) - new
    if new and old:
        return _("Rows that change: %(old)s, new ones: %(new)s") % {"old": old, "new": new}
    if new:
        return ngettext("%(counter)s new row", "%(counter)s new rows", new) % {"counter": new}
    return ngettext("%(counter)s row changes", "%(counter)s rows change", old) % {"counter": old}


def _text_of(row: Any) -> str:
    return str(row.indicator.name if hasattr(row, "indicator") else row.text)


def _told(problem: Problem) -> tuple[str, str]:
    return where(problem), told.of_edit(problem)
