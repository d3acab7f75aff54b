"""Official documents of a self-assessment, and drafts to download."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from merilo.assessment import drafts
from merilo.assessment.actions import documents as actions
from merilo.assessment.forms.documents import DocumentForm
from merilo.assessment.models import Assessment
from merilo.assessment.queries import planning
from merilo.assessment.views.acting import act, crumbs, page, sent
from merilo.assessment.views.base import assessment_or_404
from merilo.core import files
from merilo.core.errors import Refused
from merilo.organisations.api import OfficialDocument, OrgRequest, address
from merilo.web.items import Link

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def places() -> dict[str, dict[str, str]]:
    """What stands at each place, in words."""
    return {
        "order": {
            "title": _("Order"),
            "empty": _("The order begins the self-assessment and names the group."),
            "record": _("Record the order"),
        },
        "centre_agreement": {
            "title": _("Agreement with the resource centre"),
            "empty": _("The resource centre at the Institute of Public Administration supports the work."),
            "record": _("Record the agreement"),
        },
        "report_sending": {
            "title": _("Sending of the report"),
            "empty": _("When the report is approved it is sent to the resource centre."),
            "record": _("Record the sending"),
        },
    }


@require_safe
def documents(request: OrgRequest, pk: UUID) -> HttpResponse:
    """The three documents with their files and checksums, and the drafts."""
    assessment = assessment_or_404(request, pk)
    found = planning.documents_of(assessment)
    rows = [{"place": place, "document": found[place], **told} for place, told in places().items()]
    context = {
        "assessment": assessment,
        "crumbs": crumbs(request, assessment),
        "rows": rows,
        "drafts": drafts.listed(),
        "languages": drafts.LANGUAGES,
        "may_plan": request.viewer.can("assessment.plan"),
    }
    return page(request, "documents", context)


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: OrgRequest, pk: UUID, place: str) -> HttpResponse:
    """Record or correct one document."""
    assessment = assessment_or_404(request, pk)
    if place not in actions.PLACES:
        raise Http404
    request.viewer.require("assessment.plan")
    stored = planning.documents_of(assessment)[place]
    form = DocumentForm(
        sent(request), request.FILES or None, place=place, initial=_initial(assessment, place, stored)
    )
    if request.method == "POST" and form.is_valid():
        done = act(request, form, lambda: _record(request, assessment, place, form))
        if done is not None:
            return done
    overview = address(request.viewer, "assessment:documents", pk=pk)
    context = {
        "assessment": assessment,
        "crumbs": crumbs(request, assessment, Link(_("Documents"), overview)),
        "title": places()[place]["record"],
        "stored": stored,
        "form": form,
    }
    return page(request, "document", context, form)


def _initial(assessment: Assessment, place: str, stored: OfficialDocument | None) -> dict[str, Any]:
    if stored is not None:
        return {name: getattr(stored, name) for name in ("number", "date", "title", "way")}
    subject = {
        "order": _("Carrying out a self-assessment and composing the group"),
        "centre_agreement": _("Cooperation in applying the model"),
        "report_sending": _("Report of the self-assessment “%(title)s”") % {"title": assessment.title},
    }
    return {"title": subject[place]}


def _record(request: OrgRequest, assessment: Assessment, place: str, form: DocumentForm) -> str:
    actions.record_document(
        viewer=request.viewer, assessment=assessment, place=place, facts=form.facts(), at=timezone.now()
    )
    messages.success(request, _("The document is recorded."))
    return address(request.viewer, "assessment:documents", pk=assessment.pk)


@require_safe
def file(request: OrgRequest, pk: UUID, document: UUID) -> FileResponse:
    """The signed file of a document."""
    assessment = assessment_or_404(request, pk)
    try:
        found = planning.document_of(assessment, document)
    except planning.NotHere as error:
        raise Http404 from error
    if found.file is None:
        raise Http404
    return files.response(found.file)


@require_safe
def draft(request: OrgRequest, pk: UUID, kind: str) -> HttpResponseBase:
    """A draft as Word document, filled with what is known."""
    assessment = assessment_or_404(request, pk)
    if not request.viewer.can("assessment.read"):
        raise Refused(_("Drafts are for the members of the organisation."))
    language = request.GET.get("language", "")
    try:
        made = drafts.make(kind, request.viewer, assessment, language=language, on=timezone.localdate())
    except drafts.UnknownDraft as error:
        raise Http404 from error
    return word(made)


def word(made: drafts.Draft) -> HttpResponse:
    """A Word document to download."""
    return files.attachment(made.content, name=made.name, content_type=WORD)
