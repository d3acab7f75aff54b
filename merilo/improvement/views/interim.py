"""The report of any period while a plan is carried out: page and files, made when asked for."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from merilo.core import files
from merilo.core.periods import Period
from merilo.improvement.forms.interim import PeriodForm, usual_period
from merilo.improvement.models import Plan
from merilo.improvement.queries.effect import since_sources
from merilo.improvement.reporting import interim_document as told
from merilo.improvement.reporting.interim import interim
from merilo.improvement.reporting.public import status_of
from merilo.improvement.tasks import drawn
from merilo.improvement.views.base import carried_out_or_404, crumbs, page
from merilo.improvement.views.revisions import Download
from merilo.organisations.api import OrgRequest, address, palette_for
from merilo.web.documents import FORMATS
from merilo.web.documents.page import chapters, html


@require_safe
def report(request: OrgRequest, plan: UUID) -> HttpResponse:
    """The report of a period, the last six months where none is asked for."""
    found = carried_out_or_404(request, plan)
    today = timezone.localdate()
    period = usual_period(found, today)
    shown = {"first": period.first, "last": period.last}
    form = PeriodForm(request.GET or None, initial=shown)
    if form.is_bound:
        if not form.is_valid():
            return page(request, "interim/report", {"plan": found, "form": form}, form)
        period = form.period()
    made = interim(found, period, today=today, since=since_sources(request.viewer, found, on=today))
    blocks = tuple(told.blocks_of(made, with_summary=False))
    context = {
        "plan": found,
        "crumbs": crumbs(request, found),
        "form": form,
        "title": told.title_of(made),
        "shares": told.shares_of(made),
        "dropped": told.dropped_words(made.measures),
        "groups": [
            {
                "name": told.group_name(key),
                "count": len(lines),
                "url": f"#group-{key}",
                "status": _status(key),
            }
            for key, lines in made.grouped().items()
        ],
        "text": html(blocks),
        "chapters": chapters(blocks),
        "downloads": [
            Download(name, f"{_file(request, found, format_)}?{_query(period)}")
            for format_, name in (("pdf", "PDF"), ("docx", "Word"), ("xlsx", _("Spreadsheet (Excel)")))
        ],
    }
    return page(request, "interim/report", context)


def _status(key: str) -> str:
    return status_of("under_way", key) if key in {"late", "at_risk", "on_time"} else status_of(key, "")


def _file(request: OrgRequest, plan: Plan, format_: str) -> str:
    return address(request.viewer, "improvement:interim_file", plan=plan.pk, format_=format_)


def _query(period: Period) -> str:
    return urlencode({"first": period.first.isoformat(), "last": period.last.isoformat()})


@require_safe
def document(request: OrgRequest, plan: UUID, format_: str) -> HttpResponse:
    """The report of a period as a file."""
    found = carried_out_or_404(request, plan)
    today = timezone.localdate()
    period = usual_period(found, today)
    form = PeriodForm(request.GET or {"first": period.first, "last": period.last})
    if format_ not in FORMATS or not form.is_valid():
        raise Http404
    since = since_sources(request.viewer, found, on=today)
    made = interim(found, form.period(), today=today, since=since)
    if format_ == "xlsx":
        content = told.xlsx(made, at=timezone.now())
    else:
        palette = palette_for(request.viewer.organisation)
        content = drawn(told.document_of(made, palette=palette), format_, at=timezone.now())
    kind = _("interim-report")
    name = f"{kind}-{form.period().last.isoformat()}.{format_}"
    return files.attachment(content, name=name, content_type=FORMATS[format_])
