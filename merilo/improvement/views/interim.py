"""The report of any period while a plan is carried out: page, files, and what of it everybody may read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from merilo.core import files
from merilo.core.errors import MeriloError, Refused
from merilo.core.periods import Period
from merilo.improvement import permissions
from merilo.improvement.actions import reports as actions
from merilo.improvement.forms.interim import ChoiceForm, PeriodForm, PublishForm, usual_period
from merilo.improvement.models import Plan, PlanReport
from merilo.improvement.queries.effect import since_sources
from merilo.improvement.reporting import interim_document as told
from merilo.improvement.reporting import reports
from merilo.improvement.reporting.content import Content
from merilo.improvement.reporting.interim import Asked, collect, grouped
from merilo.improvement.reporting.public import status_of
from merilo.improvement.tasks import drawn
from merilo.improvement.views.base import carried_out_or_404, crumbs, page
from merilo.improvement.views.revisions import Download
from merilo.organisations.api import OrgRequest, act, address, do, palette_for, sent
from merilo.web.documents import FORMATS
from merilo.web.documents.page import chapters, html
from merilo.web.items import Link
from merilo.web.referring import period_in_words

SIGNALS = {"late", "at_risk", "on_time"}


@require_safe
def report(request: OrgRequest, plan: UUID) -> HttpResponse:
    """The report of a period, the last six months where none is asked for."""
    found = carried_out_or_404(request, plan)
    form = PeriodForm(request.GET or None, initial=_usual(found))
    if form.is_bound and not form.is_valid():
        return page(request, "interim/report", {"plan": found, "form": form}, form)
    period = form.period() if form.is_bound else usual_period(found, timezone.localdate())
    context = {
        "plan": found,
        "crumbs": crumbs(request, found),
        "form": form,
        **shown(_collected(request, found, period)),
        "downloads": [
            Download(name, f"{_file(request, found, format_)}?{_query(period)}")
            for format_, name in names_of_formats()
        ],
        "published": published(found),
        "is_public": reports.published_revision(found) is not None,
        "may_publish": permissions.may_publish(request.viewer, found),
        "publish_query": _query(period),
    }
    return page(request, "interim/report", context)


def _usual(plan: Plan) -> dict[str, Any]:
    period = usual_period(plan, timezone.localdate())
    return {"first": period.first, "last": period.last}


def _collected(request: OrgRequest, plan: Plan, period: Period) -> Content:
    """The whole report in the language of the page."""
    today = timezone.localdate()
    since = since_sources(request.viewer, plan, on=today)
    language = translation.get_language() or "bg"
    return collect(plan, Asked(period, today), language=language, since=since)


def shown(content: Content) -> dict[str, Any]:
    """What pages show of a report, in its language."""
    with translation.override(content["language"]):
        blocks = tuple(told.blocks_of(content, with_summary=False))
        return {
            "title": told.title_of(content),
            "shares": told.shares_of(content),
            "notes": list(told.notes_of(content)),
            "groups": list(_groups(content)),
            "text": html(blocks),
            "chapters": chapters(blocks),
        }


def published(plan: Plan) -> list[dict[str, Any]]:
    """The reports of a plan that everybody may read, with their days in words."""
    return [
        {"row": row, "days": period_in_words(Period(row.first, row.last))} for row in reports.standing(plan)
    ]


def _groups(content: Content) -> Iterator[dict[str, Any]]:
    for key, lines in grouped(content["lines"]).items():
        status = status_of("under_way", key) if key in SIGNALS else status_of(key, "")
        yield {"name": told.group_name(key), "count": len(lines), "url": f"#group-{key}", "status": status}


def names_of_formats() -> tuple[tuple[str, str], ...]:
    """The formats of a report with their names."""
    return (("pdf", "PDF"), ("docx", "Word"), ("xlsx", _("Spreadsheet (Excel)")))


def _file(request: OrgRequest, plan: Plan, format_: str) -> str:
    return address(request.viewer, "improvement:interim_file", plan=plan.pk, format_=format_)


def _query(period: Period) -> str:
    return urlencode({"first": period.first.isoformat(), "last": period.last.isoformat()})


@require_safe
def document(request: OrgRequest, plan: UUID, format_: str) -> HttpResponse:
    """The report of a period as a file."""
    found = carried_out_or_404(request, plan)
    form = PeriodForm(request.GET or _usual(found))
    if format_ not in FORMATS or not form.is_valid():
        raise Http404
    content = _collected(request, found, form.period())
    if format_ == "xlsx":
        made = told.xlsx(content, at=timezone.now())
    else:
        palette = palette_for(request.viewer.organisation)
        made = drawn(told.document_of(content, palette=palette), format_, at=timezone.now())
    kind = _("interim-report")
    name = f"{kind}-{form.period().last.isoformat()}.{format_}"
    return files.attachment(made, name=name, content_type=FORMATS[format_])


# --- for everybody ----------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: OrgRequest, plan: UUID) -> HttpResponse:
    """What everybody would read of a period, to be looked at and then published."""
    found = carried_out_or_404(request, plan)
    if not permissions.may_publish(request.viewer, found):
        raise Refused(_("Your role does not allow this. Ask the coordinator of your organisation."))
    choice = ChoiceForm(request.GET or None, initial=_usual(found))
    wish = _wished(found, choice)
    form = PublishForm(sent(request))

    if wish and form.is_valid():
        effect = partial(_published, request, found, wish, form)
        if done := act(request, form, effect):
            return done
    return _publishing(request, found, choice, form, wish)


def _wished(plan: Plan, choice: ChoiceForm) -> actions.Wish | None:
    """What is to be looked at; None where the days are wrong."""
    today = timezone.localdate()
    if not choice.is_bound:
        return actions.Wish(Asked(usual_period(plan, today), today))
    if not choice.is_valid():
        return None
    return actions.Wish(Asked(choice.period(), today), with_reports=choice.cleaned_data["reports"])


def _published(request: OrgRequest, plan: Plan, wish: actions.Wish, form: PublishForm) -> str:
    said = form.cleaned_data
    made = actions.publish(
        viewer=request.viewer,
        plan=plan,
        wish=replace(wish, foreword=said["foreword"]),
        seen=said["seen"],
        at=timezone.now(),
    )
    messages.success(request, _("Everybody can read the report now."))
    here = address(request.viewer, "improvement:interim", plan=plan.pk)
    return f"{here}?{_query(Period(made.first, made.last))}"


def _publishing(
    request: OrgRequest, plan: Plan, choice: ChoiceForm, form: PublishForm, wish: actions.Wish | None
) -> HttpResponse:
    """The page; without a wish only the days to be mended."""
    link = Link(_("Interim report"), address(request.viewer, "improvement:interim", plan=plan.pk))
    context: dict[str, Any] = {
        "plan": plan,
        "crumbs": crumbs(request, plan, link),
        "choice": choice,
        "form": form,
        "back": link.url,
        "approval": address(request.viewer, "improvement:revisions", plan=plan.pk),
    }
    if wish:
        context |= _looked_at(plan, wish)
    return page(request, "interim/publish", context, choice, form)


def _looked_at(plan: Plan, wish: actions.Wish) -> dict[str, Any]:
    try:
        content = reports.to_publish(plan, wish.asked, with_reports=wish.with_reports)
    except MeriloError as error:
        return {"refusal": error.sentence}
    return {"language": content["language"], "seen": actions.print_of(content), **shown(content)}


def _report_or_404(plan: Plan, number: int) -> PlanReport:
    try:
        return reports.report_of(plan, number)
    except PlanReport.DoesNotExist as error:
        raise Http404 from error


@require_POST
def withdraw(request: OrgRequest, plan: UUID, number: int) -> HttpResponse:
    """Take a published report away."""
    found = carried_out_or_404(request, plan)
    row = _report_or_404(found, number)

    def effect() -> str:
        actions.withdraw(viewer=request.viewer, report=row, at=timezone.now())
        messages.success(request, _("The report is not public any more."))
        return address(request.viewer, "improvement:interim", plan=found.pk)

    return do(request, effect)


@require_POST
def make_documents_again(request: OrgRequest, plan: UUID, number: int) -> HttpResponse:
    """Try again to make the documents that failed."""
    found = carried_out_or_404(request, plan)
    row = _report_or_404(found, number)

    def effect() -> str:
        actions.make_documents_again(viewer=request.viewer, report=row, at=timezone.now())
        return address(request.viewer, "improvement:interim", plan=found.pk)

    return do(request, effect)
