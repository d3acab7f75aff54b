"""The group's shared shelf: find, add, change, remove, use for a sub-criterion, download."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from merilo.assessment import permissions
from merilo.assessment.actions import evidence as actions
from merilo.assessment.catalogue import framework_of
from merilo.assessment.forms.evidence import FORMS, EvidenceForm, ReferredForm, Uses, pages_sent, pages_shown
from merilo.assessment.models import Assessment, Evidence, EvidenceKind
from merilo.assessment.queries import evidence as queries
from merilo.assessment.queries.referring import reference_of
from merilo.assessment.views import evidence_pages as pages
from merilo.assessment.views.base import assessment_or_404
from merilo.core import files
from merilo.core.errors import Conflict
from merilo.core.once import new_key, run_once
from merilo.core.texts import BadText
from merilo.framework.catalogue import UnknownCode
from merilo.organisations.api import OrgRequest, address, units
from merilo.web.tables import export

PER_PAGE = 50


@require_safe
def shelf(request: OrgRequest, pk: UUID) -> HttpResponse:
    """The whole shelf with search and filters; also as CSV, XLSX and JSON."""
    assessment = assessment_or_404(request, pk)
    filters = _filters(request)
    rows = queries.found(request.viewer, assessment, filters, on=timezone.localdate())
    if kind := request.GET.get("format", ""):
        return export(pages.table(rows), pages.columns(), kind, "evidence")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = pages.shelf(request, assessment, page, filters)
    context["removed"] = queries.removed(request.viewer, assessment, at=timezone.now()).count()
    return render(request, "assessment/evidence/shelf.html", context)


def _filters(request: OrgRequest) -> queries.Filters:
    kind = request.GET.get("kind", "")
    return queries.Filters(
        text=request.GET.get("q", "").strip()[:200],
        kind=kind if kind in EvidenceKind.values else "",
        code=request.GET.get("code", "")[:20],
        state=request.GET.get("state", ""),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Put something on the shelf: first its kind, then what the kind asks."""
    assessment = _open_shelf(request, pk)
    kind = request.GET.get("kind", "")
    code = _known_code(assessment, request.GET.get("for", ""))
    if kind not in FORMS:
        context = pages.kinds(request, assessment, code)
        return render(request, "assessment/evidence/kinds.html", context)
    if request.method != "POST":
        uses = Uses(framework_of(assessment), None, {code: ""} if code else {})
        return _form_page(request, assessment, _form(request, kind), uses)
    form = _form(request, kind, bound=True)
    uses = Uses(framework_of(assessment), request.POST, {})
    pages_of_uses = uses.clean()
    if not form.is_valid() or uses.error:
        return _form_page(request, assessment, form, uses)

    def effect() -> str:
        actions.add(
            viewer=request.viewer,
            assessment=assessment,
            kind=kind,
            content=form.content(),
            uses=pages_of_uses,
            at=timezone.now(),
        )
        return pages.back(request, assessment, code)

    target = run_once(form.cleaned_data["once"], owner=request.viewer.person_id, effect=effect)
    messages.success(request, _("“%(title)s” is on the shelf.") % {"title": form.cleaned_data["title"]})
    return redirect(target)


def _form(
    request: OrgRequest, kind: str, evidence: Evidence | None = None, *, bound: bool = False
) -> EvidenceForm:
    sent: dict[str, Any] = {"data": request.POST, "files": request.FILES} if bound else {}
    if evidence is not None and reference_of(evidence) is not None:
        return ReferredForm(
            units=units(request.viewer), today=timezone.localdate(), evidence=evidence, **sent
        )
    return FORMS[kind](units=units(request.viewer), today=timezone.localdate(), evidence=evidence, **sent)


def _form_page(
    request: OrgRequest,
    assessment: Assessment,
    form: EvidenceForm,
    uses: Uses,
    stored: Evidence | None = None,
) -> HttpResponse:
    context = pages.form(request, assessment, form, uses, stored)
    wrong = form.is_bound and (form.errors or uses.error)
    status = 409 if stored else 422 if wrong else 200
    return render(request, "assessment/evidence/form.html", context, status=status)


def _open_shelf(request: OrgRequest, pk: UUID) -> Assessment:
    """The assessment, if its shelf may be changed by the viewer now."""
    assessment = assessment_or_404(request, pk)
    actions.require_shelf(request.viewer, assessment)
    return assessment


def _known_code(assessment: Assessment, code: str) -> str:
    try:
        return framework_of(assessment).item(code).code
    except UnknownCode:
        return ""


def _evidence(request: OrgRequest, assessment: Assessment, pk: UUID) -> Evidence:
    try:
        return queries.evidence(request.viewer, assessment, pk, on=timezone.localdate())
    except Evidence.DoesNotExist as error:
        raise Http404 from error


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: OrgRequest, pk: UUID, evidence: UUID) -> HttpResponse:
    """One thing on the shelf: to read, and to change for those who may."""
    assessment = assessment_or_404(request, pk)
    row = _evidence(request, assessment, evidence)
    if request.method != "POST" and not permissions.may_use_shelf(request.viewer, assessment):
        return render(request, "assessment/evidence/read.html", pages.read(request, assessment, row))
    framework = framework_of(assessment)
    if request.method != "POST":
        uses = Uses(framework, None, {use.code: use.page for use in row.uses.all()})
        return _form_page(request, assessment, _form(request, row.kind, row), uses)
    actions.require_shelf(request.viewer, assessment)
    form, uses = _form(request, row.kind, row, bound=True), Uses(framework, request.POST, {})
    pages_of_uses = uses.clean()
    if not form.is_valid() or uses.error:
        return _form_page(request, assessment, form, uses)
    try:
        actions.change(
            viewer=request.viewer,
            evidence=row,
            version=form.cleaned_data["version"] or 0,
            content=form.content(),
            shown=uses.shown,
            uses=pages_of_uses,
            at=timezone.now(),
        )
    except Conflict as conflict:
        return _form_page(request, assessment, form, uses, conflict.details["stored"])
    messages.success(request, _("Saved."))
    return redirect(address(request.viewer, "assessment:evidence", pk=assessment.pk))


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: OrgRequest, pk: UUID, evidence: UUID) -> HttpResponse:
    """Ask, then take something off the shelf."""
    assessment = _open_shelf(request, pk)
    row = _evidence(request, assessment, evidence)
    if request.method == "POST":
        actions.remove(viewer=request.viewer, evidence=row, at=timezone.now())
        messages.success(request, _("“%(title)s” is no longer on the shelf.") % {"title": row.title})
        return redirect(address(request.viewer, "assessment:evidence", pk=assessment.pk))
    context = pages.read(request, assessment, row)
    return render(request, "assessment/evidence/remove.html", context)


@require_safe
def removed(request: OrgRequest, pk: UUID) -> HttpResponse:
    """What was taken off the shelf in the last 30 days."""
    assessment = _open_shelf(request, pk)
    rows = queries.removed(request.viewer, assessment, at=timezone.now())
    return render(request, "assessment/evidence/removed.html", pages.removed(request, assessment, rows))


@require_POST
def put_back(request: OrgRequest, pk: UUID, evidence: UUID) -> HttpResponse:
    """Put something removed on the shelf again."""
    assessment = _open_shelf(request, pk)
    row = queries.removed(request.viewer, assessment, at=timezone.now()).filter(pk=evidence).first()
    if row is None:
        row = _evidence(request, assessment, evidence)  # it stands on the shelf: somebody was faster
    else:
        actions.put_back(viewer=request.viewer, evidence=row, at=timezone.now())
    messages.success(request, _("“%(title)s” is on the shelf again.") % {"title": row.title})
    return redirect(address(request.viewer, "assessment:evidence", pk=assessment.pk))


@require_http_methods(["GET", "HEAD", "POST"])
def for_item(request: OrgRequest, pk: UUID, code: str) -> HttpResponse:
    """Choose from the shelf what stands behind one sub-criterion, with the page."""
    assessment = _open_shelf(request, pk)
    if not _known_code(assessment, code):
        raise Http404
    shown = list(queries.shelf(request.viewer, assessment, on=timezone.localdate()))
    error = ""
    if request.method == "POST":
        try:
            actions.use_for_item(
                viewer=request.viewer,
                assessment=assessment,
                code=code,
                shown=pages_shown(request.POST, shown),
                pages=pages_sent(request.POST, shown),
                at=timezone.now(),
            )
            return redirect(pages.back(request, assessment, code))
        except BadText as bad:
            error = bad.sentence
    context = pages.chooser(request, assessment, code, shown, error)
    return render(request, "assessment/evidence/for_item.html", context, status=422 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def last_cycle(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Bring over from the last cycle what still holds, one tick per thing."""
    assessment = _open_shelf(request, pk)
    rows = queries.from_last_cycle(request.viewer, assessment, on=timezone.localdate())
    if request.method != "POST":
        context = pages.last_cycle(request, assessment, rows, new_key())
        return render(request, "assessment/evidence/last_cycle.html", context)
    ticked = set(request.POST.getlist("use"))

    def effect() -> str:
        chosen = [row for row in rows if str(row.pk) in ticked]
        actions.bring_over(viewer=request.viewer, assessment=assessment, chosen=chosen, at=timezone.now())
        return address(request.viewer, "assessment:evidence", pk=assessment.pk)

    return redirect(run_once(request.POST.get("once", ""), owner=request.viewer.person_id, effect=effect))


@require_safe
def file(request: OrgRequest, pk: UUID, evidence: UUID) -> HttpResponse:
    """The file of a document, for those who may see it."""
    assessment = assessment_or_404(request, pk)
    row = _evidence(request, assessment, evidence)
    if row.file is None:
        raise Http404
    answer: HttpResponse = files.response(row.file)  # type: ignore[assignment]
    return answer
