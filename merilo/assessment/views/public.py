"""What everybody may read: published reports, and only their published parts."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from merilo.assessment.models import ReportRevision
from merilo.assessment.queries import results, revisions
from merilo.assessment.reporting import drawings
from merilo.assessment.reporting.document import bars_caption, blocks_of, subtitle
from merilo.assessment.reporting.public import filtered
from merilo.assessment.views.report import document_response, downloads
from merilo.web.charts import WEB
from merilo.web.documents.page import chapters, html


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
        blocks = tuple(blocks_of(content, parts=row.published_parts, with_bars=False))
        told = {"title": _("Self-assessment report"), "subtitle": subtitle(content), "text": html(blocks)}
        if "results" in row.published_parts:
            told |= _result(content)
    context = {
        "revision": row,
        "content": content,
        "told": told,
        "chapters": chapters(blocks),
        "downloads": downloads(
            row, public=True, url_of=lambda format_: reverse("reports:document", args=[slug, format_])
        ),
    }
    return render(request, "assessment/public/report.html", context)


def _result(content: dict[str, Any]) -> dict[str, Any]:
    """What the hurried reader looks for: the figures and the bars."""
    return {
        "figures": results.figures_of(content),
        "bars": drawings.bars(content, WEB),
        "caption": bars_caption(content),
    }


@require_safe
def document(request: HttpRequest, slug: str, format_: str) -> HttpResponseBase:
    """A document of the published parts."""
    return document_response(request, _published_or_404(slug), format_, public=True)
