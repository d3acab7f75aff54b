"""Measures from somebody's table: choose it, say what its columns hold, look, take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from merilo.core.cells import Problem
from merilo.core.errors import MeriloError
from merilo.core.workbooks import Grid, where
from merilo.improvement import words
from merilo.improvement.actions.importing import Origin, take_measures
from merilo.improvement.actions.plans import require_edit
from merilo.improvement.forms.importing import ColumnsForm, SheetForm, TableForm, chosen_columns
from merilo.improvement.interchange import knowing, tables
from merilo.improvement.interchange import messages as told
from merilo.improvement.models import MeasureKind, Plan
from merilo.improvement.rules.drafts import Draft
from merilo.improvement.rules.importing import Read, read
from merilo.improvement.views.base import page, plan_or_404
from merilo.improvement.views.measures import way
from merilo.organisations.api import OrgRequest, act, address, sent
from merilo.web.items import Link
from merilo.web.referring import with_unit


def _plan(request: OrgRequest, pk: UUID) -> Plan:
    found = plan_or_404(request, pk)
    require_edit(request.viewer, found)
    return found


def _way(request: OrgRequest, plan: Plan) -> list[Link]:
    here = address(request.viewer, "improvement:import", plan=plan.pk)
    return [*way(request, plan), Link(_("Measures from a table"), here)]


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: OrgRequest, plan: UUID) -> HttpResponse:
    """Choose a file or paste a list; then what it holds is shown, and nothing is stored yet."""
    found = _plan(request, plan)
    form = TableForm(sent(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            signed = tables.seal(request.viewer, found, form.name, form.cleaned_data["tables"])
        except MeriloError as error:
            form.add_error(None, error.sentence)
        else:
            looked = _Looked(request, found, signed, form.name, form.cleaned_data["tables"])
            return _looked_page(request, looked)
    return _choose_page(request, found, form)


def _choose_page(request: OrgRequest, plan: Plan, form: TableForm) -> HttpResponse:
    return page(request, "importing/choose", {"plan": plan, "form": form, "crumbs": way(request, plan)}, form)


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: OrgRequest, plan: UUID) -> HttpResponse:
    """Look again with other columns, or take what is ticked; without a table it leads to the first page."""
    found = _plan(request, plan)
    if request.method != "POST":
        return redirect(address(request.viewer, "improvement:import", plan=found.pk))
    signed = request.POST.get("table", "")
    try:
        name, grids = tables.unseal(request.viewer, found, signed)
    except MeriloError as error:
        form = TableForm({})
        form.full_clean()
        form.errors.clear()
        form.add_error("file", error.sentence)
        return _choose_page(request, found, form)
    looked = _Looked(request, found, signed, name, grids)
    if "take" in request.POST and looked.is_right and (done := _take(request, looked)):
        return done
    return _looked_page(request, looked)


class _Looked:
    """A table with what its columns are said to hold, and the drafts that come of it."""

    def __init__(
        self, request: OrgRequest, plan: Plan, signed: str, name: str, grids: Sequence[Grid]
    ) -> None:
        self.plan, self.signed, self.name = plan, signed, name
        data = request.POST if "table" in request.POST else None
        self.sheet = SheetForm(data, found=grids)
        at, head = self.sheet.chosen()
        self.seen = f"{at}.{head}"  # the columns sent are those of this sheet and head, or none are
        self.is_same = data is not None and data.get("seen") == self.seen
        kept = {} if data is None or self.is_same else _kept(data, grids, at)
        self.columns = ColumnsForm(data if self.is_same else None, grid=grids[at], head=head, kept=kept)
        self.is_right = self.is_same and self.sheet.is_valid() and self.columns.is_valid()
        names = knowing.names_of(request.viewer)
        self.names = names
        self.read: Read = read(grids[at], self.columns.layout(), knowing.known_of(plan, names))
        self.ticked = set(request.POST.getlist("rows")) if "take" in request.POST else None

    def is_ticked(self, draft: Draft) -> bool:
        """Whether the box of a draft is set: at first of all that are new here."""
        if self.ticked is not None:
            return str(draft.row) in self.ticked
        return draft.same_as is None

    def chosen(self) -> list[Draft]:
        return [draft for draft in self.read.drafts if self.is_ticked(draft) and not draft.is_blocked]


def _kept(data: QueryDict, grids: Sequence[Grid], at: int) -> dict[int, str]:
    """What was chosen for columns over another row of headings of the same sheet."""
    sheet, _point, head = data.get("seen", "").partition(".")
    if sheet != str(at) or not (head == "None" or head.isdecimal()):
        return {}
    return chosen_columns(data.dict(), grids[at], None if head == "None" else int(head))


def _take(request: OrgRequest, looked: _Looked) -> HttpResponse | None:
    def effect() -> str:
        made = take_measures(
            viewer=request.viewer,
            plan=looked.plan,
            drafts=looked.chosen(),
            origin=Origin(looked.name),
            at=timezone.now(),
        )
        count = len(made)
        sentence = ngettext(
            "%(count)s measure was taken from the table.",
            "%(count)s measures were taken from the table.",
            count,
        )
        messages.success(request, sentence % {"count": count})
        return address(request.viewer, "improvement:measures", plan=looked.plan.pk)

    return act(request, looked.columns, effect)


# --- what would be made ---------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Row:
    """One draft as the page shows it."""

    draft: Draft
    ticked: bool
    about: str
    facts: list[tuple[str, str]]
    remarks: list[tuple[str, str]]


def _looked_page(request: OrgRequest, looked: _Looked) -> HttpResponse:
    context = {
        "plan": looked.plan,
        "crumbs": _way(request, looked.plan),
        "name": looked.name,
        "signed": looked.signed,
        "sheet": looked.sheet,
        "form": looked.columns,
        "seen": looked.seen,
        "left": looked.columns.left(),
        "rows": [_row(looked, draft) for draft in looked.read.drafts],
        "passed": [_told(one) for one in looked.read.passed],
        "is_too_long": looked.read.is_too_long,
    }
    return page(request, "importing/look", context, looked.sheet, looked.columns)


def _told(problem: Problem) -> tuple[str, str]:
    return where(problem), told.of_import(problem)


def _row(looked: _Looked, draft: Draft) -> Row:
    owner = looked.names.people.get(draft.owner)
    term = f"{words.day(draft.first)} – {words.day(draft.last)}"
    about = [", ".join(draft.codes), owner.name if owner else _("Nobody yet"), term, *_counts(draft)]
    facts = [(name, text) for name, text in _facts(looked, draft) if text]
    return Row(
        draft,
        looked.is_ticked(draft) and not draft.is_blocked,
        " · ".join(filter(None, about)),
        facts,
        [_told(one) for one in draft.remarks],
    )


def _counts(draft: Draft) -> Iterator[str]:
    if steps := len(draft.steps):
        yield ngettext("%(count)s activity", "%(count)s activities", steps) % {"count": steps}
    if seen := len(draft.seen):
        yield ngettext("%(count)s indicator", "%(count)s indicators", seen) % {"count": seen}


def _facts(looked: _Looked, draft: Draft) -> Iterator[tuple[str, str]]:
    """All that would be stored, in the order of a measure's page."""
    people, units = looked.names.people, looked.names.units
    yield _("Kind"), str(MeasureKind(draft.kind or MeasureKind.OTHER).label)
    yield _("Area for improvement"), "\n".join(draft.areas)
    yield _("Objective"), draft.objective
    yield _("Goals of the organisation"), draft.goals
    yield _("Deputy"), people[draft.deputy].name if draft.deputy else ""
    yield _("Units that take part"), "\n".join(units[key].name for key in draft.units)
    yield _("Other participants"), draft.participants
    yield _("Activities"), "\n".join(_steps(looked, draft))
    yield _("Working hours"), "" if draft.hours is None else number_format(draft.hours, force_grouping=True)
    yield _("Money in euro"), "" if draft.euro is None else number_format(draft.euro, 2, force_grouping=True)
    yield _("Source of the money"), draft.funding
    yield _("Indicators"), "\n".join(_seen(draft))
    yield _("Risks and assumptions"), draft.risks
    yield _("Explanation"), draft.note


def _steps(looked: _Looked, draft: Draft) -> Iterator[str]:
    for step in draft.steps:
        owner = looked.names.people.get(step.owner)
        term = f"{words.day(step.first)} – {words.day(step.last)}"
        yield f"{step.text} ({term}{'; ' + owner.name if owner else ''})"


def _seen(draft: Draft) -> Iterator[str]:
    for one in draft.seen:
        yield _("%(name)s: from %(baseline)s to %(target)s") % {
            "name": one.name,
            "baseline": _valued(one.baseline, one.unit),
            "target": _valued(one.target, one.unit),
        }


def _valued(value: Decimal | None, unit: str) -> str:
    return "–" if value is None else with_unit(value, unit)
