"""What everybody may read: published plans and how they stand, without what is withheld."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from merilo.core import files
from merilo.improvement import dates
from merilo.improvement.models import PlanReport, PlanRevision
from merilo.improvement.reporting import interim_document, public, reports, revisions
from merilo.improvement.reporting.content import Content
from merilo.improvement.reporting.document import hidden_words, subtitle
from merilo.improvement.reporting.workbook import csv_of
from merilo.improvement.views.interim import names_of_formats, published, shown
from merilo.improvement.views.revisions import DATA, Download, downloads, made_or_404
from merilo.web.calendar_file import CONTENT_TYPE, calendar_file, subscription
from merilo.web.items import Link

MOST_LISTED = 200


def _published_or_404(slug: str) -> PlanRevision:
    try:
        return revisions.published_plan(slug)
    except PlanRevision.DoesNotExist as error:
        raise Http404 from error


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All published plans of this installation."""
    rows = list(revisions.published()[:MOST_LISTED])
    return render(request, "improvement/public/index.html", {"rows": rows})


@require_safe
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """One published plan with how it stands today."""
    row = _published_or_404(slug)
    request.organisation = row.plan.organisation  # type: ignore[attr-defined]
    content = _living(row)
    with translation.override(row.language):
        lead = subtitle(content)
        hidden = hidden_words(content["hidden"]) if content["hidden"] else ""
    context = {
        "revision": row,
        "content": content,
        "lead": lead,
        "hidden": hidden,
        "rows": public.rows_for_page(content),
        "reports": published(row.plan),
        "calendar": subscription(f"{settings.BASE_URL}{reverse('plans:calendar', args=[slug])}"),
        "downloads": downloads(
            row, public=True, url_of=lambda format_: reverse("plans:document", args=[slug, format_])
        ),
    }
    return render(request, "improvement/public/plan.html", context)


def _living(row: PlanRevision) -> Content:
    today = timezone.localdate(timezone=row.plan.organisation.zone)
    return public.living(revisions.content_of(row), row.plan, on=today)


@require_safe
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The days of the published plan for calendar programs, as the page shows them today."""
    row = _published_or_404(slug)
    path = reverse("plans:plan", args=[slug])
    with translation.override(row.language):
        days = list(dates.public_days(row, _living(row), path))
    name = f"{row.plan.organisation.name}: {row.plan.title}"
    content = calendar_file(name, days, language=row.language, base=settings.BASE_URL)
    return files.attachment(content, name=f"{slug}.ics", content_type=CONTENT_TYPE)


@require_safe
def document(request: HttpRequest, slug: str, format_: str) -> HttpResponseBase:
    """A document of the published plan; CSV and JSON say how it stands today."""
    row = _published_or_404(slug)
    if format_ not in DATA:
        return made_or_404(row, format_, public=True)
    content = _living(row)
    told = csv_of(content) if format_ == "csv" else json.dumps(content, ensure_ascii=False, indent=1)
    return files.attachment(told, name=f"{slug}.{format_}", content_type=DATA[format_])


# --- interim reports --------------------------------------------------------------------------
def _report_or_404(slug: str, number: int) -> PlanReport:
    try:
        return reports.published_report(slug, number)
    except PlanReport.DoesNotExist as error:
        raise Http404 from error


@require_safe
def report(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One published report: how the plan stood at the end of its days, and what happened in them."""
    row = _report_or_404(slug, number)
    request.organisation = row.plan.organisation  # type: ignore[attr-defined]
    content = reports.content_of(row)
    context = {
        "report": row,
        "crumbs": [Link(row.plan.title, reverse("plans:plan", args=[slug]))],
        "content": content,
        "downloads": list(_downloads(row)),
        **shown(content),
    }
    return render(request, "improvement/public/report.html", context)


def _downloads(row: PlanReport) -> Iterator[Download]:
    """The finished documents of a report, and its data, which are always there."""
    made, slug = reports.files_of(row), row.plan.public_slug

    def url(format_: str) -> str:
        return reverse("plans:report_document", args=[slug, row.number, format_])

    for format_, name in names_of_formats():
        if format_ in made and (file := made[format_].file):
            yield Download(name, url(format_), file.size)
    yield Download(_("Data (JSON)"), url("json"))


@require_safe
def report_document(request: HttpRequest, slug: str, number: int, format_: str) -> HttpResponseBase:
    """A document of a published report, or its data."""
    row = _report_or_404(slug, number)
    if format_ == "json":
        told = interim_document.json_of(reports.content_of(row))
        return files.attachment(told, name=f"{reports.file_name(row)}.json", content_type=DATA["json"])
    made = reports.files_of(row).get(format_)
    if made is None or made.file is None:
        raise Http404
    return files.response(made.file)
