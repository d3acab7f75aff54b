"""What everybody may read: published reports, and only their published parts."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from merilo.assessment.models import ReportRevision
from merilo.assessment.queries import revisions
from merilo.assessment.reporting.document import blocks_of, period
from merilo.assessment.reporting.public import filtered
from merilo.assessment.views.report import document_response
from merilo.web.documents.page import html


def _published_or_404(slug: str) -> ReportRevision:
    try:
        return revisions.published_report(slug)
    except ReportRevision.DoesNotExist as error:
        raise Http404 from error


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All published reports of this installation."""
    rows = list(revisions.published()[:200])
    return render(request, "assessment/public/index.html", {"rows": rows})


@require_safe
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """One published report."""
    row = _published_or_404(slug)
    request.organisation = row.report.assessment.organisation  # type: ignore[attr-defined]
    content = filtered(revisions.content_of(row), row.published_parts)
    with translation.override(row.language):
        text = html(tuple(blocks_of(content, parts=row.published_parts)))
    context = {
        "revision": row,
        "content": content,
        "period": period(content),
        "files": revisions.files_of(row, public=True),
        "text": text,
        "slug": slug,
    }
    return render(request, "assessment/public/report.html", context)


@require_safe
def document(request: HttpRequest, slug: str, format_: str) -> HttpResponseBase:
    """A document of the published parts."""
    return document_response(request, _published_or_404(slug), format_, public=True)
