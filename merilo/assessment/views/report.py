"""Pages of the report: results, texts, revisions, approval, publication."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from merilo.assessment import messages, permissions
from merilo.assessment.actions import approvals
from merilo.assessment.actions import report as actions
from merilo.assessment.catalogue import framework_of
from merilo.assessment.forms.report import ApprovalForm, PublishForm, ReturnForm, RevisionForm, SectionForm
from merilo.assessment.models import Assessment, ReportRevision, RevisionState, State
from merilo.assessment.queries import referring, results, revisions
from merilo.assessment.reporting.document import blocks_of
from merilo.assessment.reporting.texts import PARTS, Section, sections
from merilo.assessment.rules.lifecycle import AGREED
from merilo.assessment.views.base import any_cycle_or_404, assessment_or_404
from merilo.core import files, once
from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.organisations.api import OrgRequest, address
from merilo.web.documents.page import chapters, html
from merilo.web.items import Link
from merilo.web.referring import standing_words


def _crumbs(request: OrgRequest, assessment: Assessment, *more: Link) -> list[Link]:
    return [Link(assessment.title, address(request.viewer, "assessment:overview", pk=assessment.pk)), *more]


def _report_link(request: OrgRequest, assessment: Assessment) -> Link:
    return Link(_("Self-assessment report"), address(request.viewer, "assessment:report", pk=assessment.pk))


@require_safe
def report(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Results with drawings, the texts to write, the revisions and what to do next."""
    assessment = any_cycle_or_404(request, pk)
    if assessment.is_entered:
        return redirect(address(request.viewer, "assessment:entered", pk=pk))
    if assessment.state not in AGREED or not permissions.may_read_report(request.viewer, assessment):
        context = {"assessment": assessment, "crumbs": _crumbs(request, assessment)}
        return render(request, "assessment/report/waiting.html", context)
    found = results.results_of(request.viewer, assessment, language=translation.get_language() or "bg")
    context = {
        "assessment": assessment,
        "crumbs": _crumbs(request, assessment),
        "results": found,
        "sections": results.section_rows(assessment, framework_of(assessment)),
        "revisions": list(revisions.revisions_of(assessment)),
        "is_settled": assessment.state in permissions.SETTLED,
        "revision_form": RevisionForm(initial={"language": translation.get_language()}),
        "may_edit": permissions.may_edit_report(request.viewer, assessment)
        and assessment.state == State.REPORTING,
    }
    return render(request, "assessment/report/report.html", context)


# --- texts --------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def section(request: OrgRequest, pk: UUID, key: str) -> HttpResponse:
    """Write one text of the report; saves itself, and tells when somebody else was faster."""
    assessment = assessment_or_404(request, pk)
    described = _described(assessment, key)
    if not permissions.may_read_report(request.viewer, assessment):
        raise Refused(_("The report is being written: the group and those who write it read along."))
    if request.method == "POST":
        actions.require(permissions.may_edit_report(request.viewer, assessment))
        return _save_section(request, assessment, described)
    return _section_page(request, assessment, described, None)


def _described(assessment: Assessment, key: str) -> Section:
    known = sections()
    if key in known:
        return known[key]
    for criterion in framework_of(assessment).criteria:
        if key == f"criterion-{criterion.code.lower()}":
            title = criterion.title.in_language(translation.get_language() or "bg")
            return Section(
                key, f"{criterion.code}. {title}", _("What stands out in this criterion."), "findings"
            )
    raise Http404


def _save_section(request: OrgRequest, assessment: Assessment, described: Section) -> HttpResponse:
    form = SectionForm(request.POST)
    if not form.is_valid():
        return _section_page(request, assessment, described, form, status=422)
    try:
        saved = actions.save_section(
            viewer=request.viewer,
            assessment=assessment,
            key=described.key,
            text=form.cleaned_data["text"],
            version=form.cleaned_data["version"],
            at=timezone.now(),
        )
    except Conflict as conflict:
        return _conflict(request, assessment, described, conflict)
    except MeriloError as error:
        form.add_error("text", error.sentence)
        if request.headers.get("X-Autosave"):
            return JsonResponse({"saved": error.sentence, "errors": {"id_text": error.sentence}}, status=422)
        return _section_page(request, assessment, described, form, status=error.status)
    if request.headers.get("X-Autosave"):
        words = _("Saved at %(time)s") % {"time": time_format(timezone.localtime(saved.saved_at))}
        return JsonResponse({"saved": words, "version": saved.version})
    return redirect(f"{address(request.viewer, 'assessment:report', pk=assessment.pk)}#texts")


def _conflict(
    request: OrgRequest, assessment: Assessment, described: Section, conflict: Conflict
) -> HttpResponse:
    context = {
        "assessment": assessment,
        "section": described,
        "mine": conflict.details["mine"],
        "theirs": conflict.details["theirs"],
        "sentence": conflict.sentence,
        "crumbs": _crumbs(request, assessment, _report_link(request, assessment)),
    }
    template = "assessment/report/conflict.html"
    if request.headers.get("X-Autosave"):
        template += "#versions"
    return render(request, template, context, status=409)


def _section_page(
    request: OrgRequest,
    assessment: Assessment,
    described: Section,
    form: SectionForm | None,
    status: int = 200,
) -> HttpResponse:
    row = results.section_row(assessment, framework_of(assessment), described)
    if form is None:
        form = SectionForm(initial={"text": row.text, "version": row.version})
    context = {
        "assessment": assessment,
        "section": described,
        "row": row,
        "form": form,
        "may_edit": permissions.may_edit_report(request.viewer, assessment)
        and assessment.state == State.REPORTING,
        "crumbs": _crumbs(request, assessment, _report_link(request, assessment)),
    }
    return render(request, "assessment/report/section.html", context, status=status)


# --- revisions ----------------------------------------------------------------------------------------


@require_POST
def make_revision(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Freeze the report as it stands."""
    assessment = assessment_or_404(request, pk)
    form = RevisionForm(request.POST)
    language = form.cleaned_data["language"] if form.is_valid() else translation.get_language() or "bg"

    def effect() -> str:
        made = actions.make_revision(
            viewer=request.viewer, assessment=assessment, language=language, at=timezone.now()
        )
        return address(request.viewer, "assessment:revision", pk=assessment.pk, number=made.number)

    return redirect(
        once.run_once(request.POST.get("once", ""), owner=request.viewer.person_id, effect=effect)
    )


def _revision_or_404(request: OrgRequest, pk: UUID, number: int) -> ReportRevision:
    assessment = assessment_or_404(request, pk)
    try:
        found = revisions.revision(assessment, number)
    except ReportRevision.DoesNotExist as error:
        raise Http404 from error
    if not permissions.may_read_revision(request.viewer, assessment, found):
        raise Http404
    return found


@require_safe
def revision(request: OrgRequest, pk: UUID, number: int) -> HttpResponse:
    """One frozen revision: its documents, its state, what may be done with it, and its text."""
    return _revision_page(request, _revision_or_404(request, pk, number))


def _revision_page(
    request: OrgRequest, row: ReportRevision, status: int = 200, **forms_with_errors: Any
) -> HttpResponse:
    assessment, viewer = row.report.assessment, request.viewer
    content = revisions.content_of(row)
    with translation.override(row.language):
        blocks = tuple(blocks_of(content))
        text = html(blocks)
    made, failed = revisions.files_of(row), revisions.failed_of(row)
    context = {
        "assessment": assessment,
        "revision": row,
        "downloads": downloads(
            row,
            public=False,
            url_of=lambda format_: address(
                viewer, "assessment:revision_file", pk=assessment.pk, number=row.number, format_=format_
            ),
        ),
        "chapters": chapters(blocks),
        "failed": failed,
        "waiting": {*made, *(file.format for file in failed if file.is_whole)} < {"pdf", "docx", "xlsx"},
        "text": text,
        "crumbs": _crumbs(request, assessment, _report_link(request, assessment)),
        "may": {
            "submit": permissions.may_edit_report(viewer, assessment),
            "approve": permissions.may_approve(viewer, assessment),
            "record": permissions.may_record_approval(viewer, assessment),
            "publish": permissions.may_publish(viewer, assessment),
        },
        "open": assessment.state == State.REPORTING,
        "since": [
            (number, title, words)
            for number, title, found in referring.since_revision(viewer, content)
            if (words := standing_words(found))
        ],
        "outdated": messages.outdated() if _is_outdated(row) else "",
        "parts": [PARTS[part] for part in row.published_parts],
        "return_form": ReturnForm(),
        "approval_form": ApprovalForm(),
        "publish_form": PublishForm(initial={"parts": row.published_parts} if row.published_parts else None),
        **forms_with_errors,
    }
    return render(request, "assessment/report/revision.html", context, status=status)


def _is_outdated(row: ReportRevision) -> bool:
    """Whether a revision still to be decided on says something else than what the group agreed on since."""
    being_written = row.report.assessment.state == State.REPORTING
    return being_written and row.state != RevisionState.APPROVED and not revisions.is_current(row)


def _back(request: OrgRequest, row: ReportRevision) -> HttpResponse:
    return redirect(
        address(request.viewer, "assessment:revision", pk=row.report.assessment.pk, number=row.number)
    )


@require_POST
def submit(request: OrgRequest, pk: UUID, number: int) -> HttpResponse:
    """Ask the sponsor for approval."""
    row = _revision_or_404(request, pk, number)
    actions.submit(viewer=request.viewer, revision=row, at=timezone.now())
    return _back(request, row)


@require_POST
def approve(request: OrgRequest, pk: UUID, number: int) -> HttpResponse:
    """The signed-in sponsor approves."""
    row = _revision_or_404(request, pk, number)
    actions.approve(viewer=request.viewer, revision=row, at=timezone.now())
    return _back(request, row)


@require_POST
def send_back(request: OrgRequest, pk: UUID, number: int) -> HttpResponse:
    """The sponsor wants changes first."""
    row = _revision_or_404(request, pk, number)
    actions.require(permissions.may_approve(request.viewer, row.report.assessment))
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _revision_page(request, row, 422, return_form=form, has_errors=True)
    actions.send_back(viewer=request.viewer, revision=row, note=form.cleaned_data["note"], at=timezone.now())
    return _back(request, row)


@require_POST
def record_approval(request: OrgRequest, pk: UUID, number: int) -> HttpResponse:
    """The coordinator records an approval signed on paper."""
    row = _revision_or_404(request, pk, number)
    actions.require(permissions.may_record_approval(request.viewer, row.report.assessment))
    form = ApprovalForm(request.POST, request.FILES)
    if not form.is_valid():
        return _revision_page(request, row, 422, approval_form=form, has_errors=True)
    facts = {key: form.cleaned_data[key] for key in ("number", "date", "printed", "file")}
    try:
        approvals.record(viewer=request.viewer, revision=row, at=timezone.now(), **facts)
    except Conflict:
        raise
    except MeriloError as error:
        form.add_error(error.details.get("field", "file"), error.sentence)
        return _revision_page(request, row, error.status, approval_form=form, has_errors=True)
    return _back(request, row)


@require_POST
def publish(request: OrgRequest, pk: UUID, number: int) -> HttpResponse:
    """Show chosen parts to everybody."""
    row = _revision_or_404(request, pk, number)
    form = PublishForm(request.POST)
    try:
        chosen = form.cleaned_data["parts"] if form.is_valid() else []
        actions.publish(viewer=request.viewer, revision=row, parts=chosen, at=timezone.now())
    except Conflict:
        raise
    except MeriloError as error:
        if error.status != 422:
            raise
        form.add_error("parts", error.sentence)
        return _revision_page(request, row, 422, publish_form=form, has_errors=True)
    return _back(request, row)


@require_POST
def withdraw(request: OrgRequest, pk: UUID, number: int) -> HttpResponse:
    """Take the public page away."""
    row = _revision_or_404(request, pk, number)
    actions.withdraw(viewer=request.viewer, revision=row, at=timezone.now())
    return _back(request, row)


@require_POST
def make_documents_again(request: OrgRequest, pk: UUID, number: int) -> HttpResponse:
    """Try again to make the documents that failed."""
    row = _revision_or_404(request, pk, number)
    actions.make_documents_again(viewer=request.viewer, revision=row, at=timezone.now())
    return _back(request, row)


@require_safe
def document(request: OrgRequest, pk: UUID, number: int, format_: str) -> HttpResponseBase:
    """One document of a revision; JSON is the frozen content itself."""
    row = _revision_or_404(request, pk, number)
    return document_response(request, row, format_, public=False)


@dataclass(frozen=True, slots=True)
class Download:
    """A document that can be taken away: its name, address and size in bytes."""

    name: str
    url: str
    size: int


def downloads(row: ReportRevision, *, public: bool, url_of: Callable[[str], str]) -> list[Download]:
    """The finished documents of a revision, and its data, which are always there."""
    names = {"pdf": _("Report (PDF)"), "docx": "Word", "xlsx": _("Spreadsheet (Excel)")}
    made = revisions.files_of(row, public=public)
    found = [
        Download(name, url_of(format_), file.size)
        for format_, name in names.items()
        if format_ in made and (file := made[format_].file)
    ]
    size = len(revisions.json_of(row, public=public).encode())
    return [*found, Download(_("Data (JSON)"), url_of("json"), size)]


def document_response(
    request: HttpRequest, row: ReportRevision, format_: str, *, public: bool
) -> HttpResponseBase:
    """The file of a revision, or 404 where the worker has not made it yet."""
    if format_ == "json":
        content, name = revisions.json_of(row, public=public), f"report-{row.number}.json"
        return files.attachment(content, name=name, content_type="application/json")
    made = revisions.files_of(row, public=public).get(format_)
    if made is None or made.file is None:
        raise Http404
    return files.response(made.file)
