"""The minutes of an ended meeting: on a page, as PDF, as Word file."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from merilo.assessment.models import Assessment, Meeting
from merilo.assessment.queries import agreement, sittings
from merilo.assessment.reporting.minutes import document_of, front_of
from merilo.assessment.views.base import assessment_or_404
from merilo.assessment.views.meeting import way_to
from merilo.core import files
from merilo.organisations.api import OrgRequest, palette_for
from merilo.web.documents import FORMATS
from merilo.web.documents.model import Document
from merilo.web.documents.page import html
from merilo.web.documents.pdf import pdf, png
from merilo.web.documents.word import docx


def _ended_or_404(request: OrgRequest, pk: UUID, meeting: UUID) -> Meeting:
    assessment: Assessment = assessment_or_404(request, pk)
    agreement.require_readable(request.viewer, assessment, on=timezone.localdate())
    found = sittings.ended(request.viewer, assessment).filter(pk=meeting).first()
    if found is None:
        raise Http404
    found.assessment = assessment
    return found


@require_safe
def minutes(request: OrgRequest, pk: UUID, meeting: UUID) -> HttpResponse:
    """The minutes as a page."""
    found = _ended_or_404(request, pk, meeting)
    names = sittings.names_in(found)
    document = document_of(found, names)
    context = {
        "assessment": found.assessment,
        "meeting": found,
        "document": document,
        "front": list(front_of(found, names)),
        "text": html(document.blocks),
        "crumbs": way_to(request, found.assessment),
    }
    return render(request, "assessment/meeting/minutes.html", context)


@require_safe
def document(request: OrgRequest, pk: UUID, meeting: UUID, format_: str) -> HttpResponse:
    """The minutes as a file."""
    found = _ended_or_404(request, pk, meeting)
    if format_ not in {"pdf", "docx"}:
        raise Http404
    palette = palette_for(request.viewer.organisation)
    made = document_of(found, sittings.names_in(found), palette=palette)
    kind, day = _("meeting-minutes"), timezone.localdate(found.opened_at).isoformat()
    name = f"{kind}-{day}.{format_}"
    return files.attachment(_drawn(made, format_, found), name=name, content_type=FORMATS[format_])


def _drawn(made: Document, format_: str, meeting: Meeting) -> bytes:
    at = meeting.ended_at or meeting.opened_at
    if format_ == "pdf":
        return pdf(made, fonts=settings.PDF_FONTS_DIR, at=at)
    return docx(made, picture=lambda svg: png(svg, fonts=settings.PDF_FONTS_DIR), at=at)
