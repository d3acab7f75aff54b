"""Trainings and meetings of the group, briefings of the staff: the record of each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from merilo.assessment import drafts
from merilo.assessment.actions import gatherings as actions
from merilo.assessment.actions.planning import require_records
from merilo.assessment.forms.gatherings import AttendanceForm, GatheringForm, MaterialForm
from merilo.assessment.models import Assessment
from merilo.assessment.permissions import may_see_calibration
from merilo.assessment.queries import planning
from merilo.assessment.views.acting import act, crumbs, do, page, sent
from merilo.assessment.views.base import assessment_or_404
from merilo.assessment.views.documents import word
from merilo.core import files
from merilo.core.errors import Refused
from merilo.groups.api import (
    Attendance,
    Gathering,
    GatheringKind,
    Material,
    attendances_of,
    gathering_in,
    gatherings_of,
    material_in,
    materials_of,
)
from merilo.organisations.api import Membership, OrgRequest, address, units
from merilo.web.items import Link

PAGES = {
    GatheringKind.TRAINING: "training",
    GatheringKind.MEETING: "training",
    GatheringKind.BRIEFING: "briefings",
}


@require_safe
def trainings(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Trainings and meetings of the group."""
    assessment = assessment_or_404(request, pk)
    rows = gatherings_of(assessment.group, GatheringKind.TRAINING, GatheringKind.MEETING)
    return page(request, "training", _list_context(request, assessment, list(rows)))


@require_safe
def briefings(request: OrgRequest, pk: UUID) -> HttpResponse:
    """How the staff was acquainted: date, way, unit, list."""
    assessment = assessment_or_404(request, pk)
    rows = gatherings_of(assessment.group, GatheringKind.BRIEFING)
    return page(request, "briefings", _list_context(request, assessment, list(rows)))


def _list_context(request: OrgRequest, assessment: Assessment, rows: list[Gathering]) -> dict[str, Any]:
    return {
        "assessment": assessment,
        "crumbs": crumbs(request, assessment),
        "gatherings": rows,
        "may_plan": request.viewer.can("assessment.plan"),
        "may_practise": may_see_calibration(request.viewer, assessment, on=timezone.localdate()),
    }


def _new_title(kind: str) -> str:
    return {
        GatheringKind.TRAINING: _("Record a training"),
        GatheringKind.MEETING: _("Record a meeting"),
        GatheringKind.BRIEFING: _("Record a briefing"),
    }[GatheringKind(kind)]


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OrgRequest, pk: UUID, kind: str) -> HttpResponse:
    """Record a training, a meeting or a briefing."""
    assessment = assessment_or_404(request, pk)
    if kind not in GatheringKind.values:
        raise Http404
    require_records(request.viewer, assessment)
    form = GatheringForm(
        sent(request),
        kind=kind,
        units=units(request.viewer),
        initial={"from_date": timezone.localdate()},
    )

    def effect() -> str:
        made = actions.record_gathering(
            viewer=request.viewer, assessment=assessment, facts=form.facts(), at=timezone.now()
        )
        messages.success(request, _("It is recorded. Add the participants and the materials."))
        return address(request.viewer, "assessment:gathering", pk=pk, gathering=made.pk)

    if request.method == "POST" and form.is_valid():
        done = act(request, form, effect)
        if done is not None:
            return done
    context = {
        "assessment": assessment,
        "crumbs": crumbs(request, assessment, _list_link(request, assessment, kind)),
        "title": _new_title(kind),
        "form": form,
    }
    return page(request, "gathering_facts", context, form)


def _list_link(request: OrgRequest, assessment: Assessment, kind: str) -> Link:
    name = PAGES[GatheringKind(kind)]
    text = _("Training and meetings") if name == "training" else _("Briefings of the staff")
    return Link(text, address(request.viewer, f"assessment:{name}", pk=assessment.pk))


# --- one gathering ----------------------------------------------------------------------------------
@require_safe
def gathering(request: OrgRequest, pk: UUID, gathering: UUID) -> HttpResponse:
    """The record of one gathering: facts, participants, materials."""
    assessment = assessment_or_404(request, pk)
    return _gathering_page(request, assessment, _gathering_or_404(assessment, gathering), MaterialForm())


def _gathering_page(
    request: OrgRequest, assessment: Assessment, found: Gathering, form: MaterialForm
) -> HttpResponse:
    context = {
        "assessment": assessment,
        "crumbs": crumbs(request, assessment, _list_link(request, assessment, found.kind)),
        "gathering": found,
        "people": attendances_of(found),
        "materials": materials_of(found),
        "form": form,
        "may_plan": request.viewer.can("assessment.plan"),
        "languages": drafts.LANGUAGES,
    }
    return page(request, "gathering", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
def facts(request: OrgRequest, pk: UUID, gathering: UUID) -> HttpResponse:
    """Correct when, about what, led by whom."""
    assessment = assessment_or_404(request, pk)
    require_records(request.viewer, assessment)
    found = _gathering_or_404(assessment, gathering)
    names = ("title", "from_date", "until_date", "place", "lecturer", "way", "notes")
    initial = {name: getattr(found, name) for name in names} | {"unit": str(found.unit_id or "")}
    form = GatheringForm(sent(request), kind=found.kind, units=units(request.viewer), initial=initial)

    def effect() -> str:
        actions.change_gathering(
            viewer=request.viewer,
            assessment=assessment,
            gathering=found,
            facts=form.facts(),
            at=timezone.now(),
        )
        return _back(request, assessment, found)

    if request.method == "POST" and form.is_valid():
        done = act(request, form, effect)
        if done is not None:
            return done
    context = {
        "assessment": assessment,
        "crumbs": _gathering_crumbs(request, assessment, found),
        "title": _("Change the record"),
        "gathering": found,
        "form": form,
    }
    return page(request, "gathering_facts", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: OrgRequest, pk: UUID, gathering: UUID) -> HttpResponse:
    """Who took part."""
    assessment = assessment_or_404(request, pk)
    require_records(request.viewer, assessment)
    found = _gathering_or_404(assessment, gathering)
    present = list(attendances_of(found))
    initial = {
        "members": [str(row.member_id) for row in present if row.member_id],
        "names": "\n".join(row.name for row in present if not row.member_id),
    }
    form = AttendanceForm(sent(request), people=_could_take_part(request, present), initial=initial)

    def effect() -> str:
        actions.set_attendance(
            viewer=request.viewer,
            assessment=assessment,
            gathering=found,
            members=form.chosen(),
            names=form.cleaned_data["names"],
            at=timezone.now(),
        )
        messages.success(request, _("The list of participants is saved."))
        return _back(request, assessment, found)

    if request.method == "POST" and form.is_valid():
        done = act(request, form, effect)
        if done is not None:
            return done
    context = {
        "assessment": assessment,
        "crumbs": _gathering_crumbs(request, assessment, found),
        "gathering": found,
        "form": form,
    }
    return page(request, "attendance", context, form)


def _could_take_part(request: OrgRequest, present: list[Attendance]) -> list[Membership]:
    """The organisation's people, and those on the list who have left since."""
    people = list(planning.candidates(request.viewer))
    return people + [row.member for row in present if row.member and row.member not in people]


@require_POST
def remove(request: OrgRequest, pk: UUID, gathering: UUID) -> HttpResponse:
    """Remove a record made by mistake."""
    assessment = assessment_or_404(request, pk)
    found = _gathering_or_404(assessment, gathering)

    def effect() -> str:
        actions.remove_gathering(
            viewer=request.viewer, assessment=assessment, gathering=found, at=timezone.now()
        )
        messages.success(request, _("The record is removed."))
        return _list_link(request, assessment, found.kind).url

    return do(request, effect)


# --- materials --------------------------------------------------------------------------------------
@require_POST
def material(request: OrgRequest, pk: UUID, gathering: UUID) -> HttpResponse:
    """Add a file."""
    assessment = assessment_or_404(request, pk)
    require_records(request.viewer, assessment)
    found = _gathering_or_404(assessment, gathering)
    form = MaterialForm(request.POST, request.FILES)

    def effect() -> str:
        actions.add_material(
            viewer=request.viewer,
            assessment=assessment,
            gathering=found,
            title=form.cleaned_data["title"],
            upload=form.cleaned_data["file"],
            at=timezone.now(),
        )
        return _back(request, assessment, found)

    if form.is_valid():
        done = act(request, form, effect)
        if done is not None:
            return done
    return _gathering_page(request, assessment, found, form)


@require_safe
def material_file(request: OrgRequest, pk: UUID, gathering: UUID, material: UUID) -> FileResponse:
    """A file of a gathering."""
    assessment = assessment_or_404(request, pk)
    found = _gathering_or_404(assessment, gathering)
    return files.response(_material_or_404(found, material).file)


@require_POST
def remove_material(request: OrgRequest, pk: UUID, gathering: UUID, material: UUID) -> HttpResponse:
    """Take a file off a gathering."""
    assessment = assessment_or_404(request, pk)
    found = _gathering_or_404(assessment, gathering)
    row = _material_or_404(found, material)

    def effect() -> str:
        actions.remove_material(viewer=request.viewer, assessment=assessment, material=row, at=timezone.now())
        return _back(request, assessment, found)

    return do(request, effect)


@require_safe
def draft(request: OrgRequest, pk: UUID, gathering: UUID, kind: str) -> HttpResponse:
    """Invitation, attendance list or minutes of this gathering as Word document."""
    assessment = assessment_or_404(request, pk)
    if not request.viewer.can("assessment.read"):
        raise Refused(_("Drafts are for the members of the organisation."))
    found = _gathering_or_404(assessment, gathering)
    language = request.GET.get("language", "")
    try:
        made = drafts.make(
            kind, request.viewer, assessment, language=language, on=timezone.localdate(), gathering=found
        )
    except drafts.UnknownDraft as error:
        raise Http404 from error
    return word(made)


# --- parts ------------------------------------------------------------------------------------------
def _gathering_crumbs(request: OrgRequest, assessment: Assessment, found: Gathering) -> list[Link]:
    here = Link(found.title, _back(request, assessment, found))
    return crumbs(request, assessment, _list_link(request, assessment, found.kind), here)


def _back(request: OrgRequest, assessment: Assessment, found: Gathering) -> str:
    return address(request.viewer, "assessment:gathering", pk=assessment.pk, gathering=found.pk)


def _gathering_or_404(assessment: Assessment, pk: UUID) -> Gathering:
    try:
        return gathering_in(assessment.group, pk)
    except Gathering.DoesNotExist as error:
        raise Http404 from error


def _material_or_404(found: Gathering, pk: UUID) -> Material:
    try:
        return material_in(found, pk)
    except Material.DoesNotExist as error:
        raise Http404 from error
