"""Pages of the yearly report on the satisfaction of users."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from merilo.core import files
from merilo.core.errors import Conflict
from merilo.organisations.api import OrgRequest, act, address, do, sent
from merilo.surveys.actions import yearly as actions
from merilo.surveys.forms.yearly import (
    MeasuresForm,
    MethodsForm,
    NewReportForm,
    SignalsForm,
    SurveysForm,
    TextsForm,
)
from merilo.surveys.models import YearlyReport, YearlyState
from merilo.surveys.queries import yearly as queries
from merilo.surveys.rules.yearly import due_of, missing
from merilo.surveys.views.base import page
from merilo.surveys.yearly import document, measuring, proposing
from merilo.surveys.yearly.words import MISSING
from merilo.web import forms
from merilo.web.charts import DOCUMENT, Palette
from merilo.web.documents.page import html
from merilo.web.documents.pdf import pdf, png
from merilo.web.documents.word import docx
from merilo.web.items import Link

FORMATS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the report that is written: its name, where its missing sentences belong, its form."""

    name: Any
    codes: tuple[str, ...]
    form: Callable[..., Any]


PARTS: dict[str, Part] = {
    "texts": Part(gettext_lazy("Texts"), ("introduction", "service", "analysis", "conclusion"), TextsForm),
    "methods": Part(gettext_lazy("Ways of hearing users"), ("methods",), MethodsForm),
    "surveys": Part(gettext_lazy("Surveys"), ("results",), SurveysForm),
    "signals": Part(gettext_lazy("Complaints, signals, proposals and praise"), (), SignalsForm),
    "measures": Part(gettext_lazy("Measures"), ("measures",), MeasuresForm),
}


def report_or_404(request: OrgRequest, pk: UUID) -> YearlyReport:
    """A report of the viewer's organisation."""
    try:
        return queries.report(request.viewer, pk)
    except YearlyReport.DoesNotExist as error:
        raise Http404 from error


# --- inside the organisation ----------------------------------------------------------------------
@require_safe
def listing(request: OrgRequest) -> HttpResponse:
    """The reports of all years."""
    request.viewer.require("survey.read")
    reports = list(queries.reports_of(request.viewer))
    return page(request, "yearly/list", {"reports": reports, "may_edit": request.viewer.can("survey.edit")})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OrgRequest) -> HttpResponse:
    """Begin the report for a year."""
    request.viewer.require("survey.edit")
    form = NewReportForm(sent(request), initial={"year": timezone.localdate().year - 1})

    def effect() -> str:
        made = actions.start_report(
            viewer=request.viewer,
            year=form.cleaned_data["year"],
            language=request.viewer.organisation.language,
            at=timezone.now(),
        )
        return address(request.viewer, "surveys:yearly_report", yearly=made.pk)

    if request.method == "POST" and form.is_valid() and (done := act(request, form, effect)):
        return done
    return page(request, "yearly/new", {"form": form, "crumbs": _crumbs(request)}, form)


@require_safe
def report(request: OrgRequest, yearly: UUID) -> HttpResponse:
    """How far the report is: its parts, what is missing, what comes next; below it as it reads now."""
    found = report_or_404(request, yearly)
    results = _results(request, found)
    lacking = missing(found.parts, len(queries.chosen_in(found)))
    context = {
        "report": found,
        "crumbs": _crumbs(request),
        "parts": [
            (key, part.name, [MISSING[code] for code in part.codes if code in lacking])
            for key, part in PARTS.items()
        ],
        "lacking": lacking,
        "due": due_of(found.year),
        "may_edit": request.viewer.can("survey.edit") and found.state == YearlyState.DRAFT,
        "may_publish": request.viewer.can("survey.publish"),
        "text": _text(found, results),
    }
    return page(request, "yearly/report", context)


@require_http_methods(["GET", "HEAD", "POST"])
def part(request: OrgRequest, yearly: UUID, part: str) -> HttpResponse:
    """Write one part."""
    found = report_or_404(request, yearly)
    request.viewer.require("survey.edit")
    if part not in PARTS or found.state != YearlyState.DRAFT:
        raise Http404
    form = _form(request, found, part)
    conflict = ""
    if request.method == "POST" and form.is_valid():
        try:
            if done := act(request, form, lambda: _store(request, found, part, form)):
                return done
        except Conflict as error:
            conflict = error.sentence
            found.refresh_from_db()
    context = {
        "report": found,
        "key": part,
        "name": PARTS[part].name,
        "form": form,
        "conflict": conflict,
        "theirs": _text(found, _results(request, found)) if conflict else "",
        "crumbs": _crumbs(request, found),
        "proposed": _proposed(request, found) if part == "texts" else {},
    }
    return page(request, "yearly/part", context, form, status=409 if conflict else 200)


def _form(request: OrgRequest, report: YearlyReport, part: str) -> forms.Form:
    kind = PARTS[part].form
    if part == "surveys":
        closed = queries.closed_surveys(request.viewer)
        form: forms.Form = kind(sent(request), closed=closed, chosen=queries.chosen_in(report))
    else:
        form = kind(sent(request), parts=report.parts)
    return form


def _store(request: OrgRequest, report: YearlyReport, part: str, form: Any) -> str:
    """Keep what was written; the version is the one the form was drawn with."""
    try:
        version = int(request.POST.get("version", ""))
    except ValueError:
        version = report.version
    common: dict[str, Any] = {
        "viewer": request.viewer,
        "report": report,
        "version": version,
        "at": timezone.now(),
    }
    if part == "surveys":
        actions.choose_surveys(surveys=form.value(), **common)
    else:
        actions.write_part(key=part, value=form.value(), **common)
    messages.success(request, _("Saved."))
    return address(request.viewer, "surveys:yearly_report", yearly=report.pk)


def _proposed(request: OrgRequest, report: YearlyReport) -> dict[str, str]:
    """Proposals for texts that are still empty."""
    texts = report.parts.get("texts", {})
    with translation.override(report.language):
        found = {
            "introduction": proposing.introduction(report.organisation, report.year),
            "analysis": proposing.analysis(_results(request, report)),
        }
    return {code: text for code, text in found.items() if text and not texts.get(code)}


@require_POST
def decide(request: OrgRequest, yearly: UUID, verb: str) -> HttpResponse:
    """Approve, publish, withdraw or make a draft again."""
    found = report_or_404(request, yearly)
    request.viewer.require("survey.publish")
    steps: dict[str, Callable[[], None]] = {
        "approve": lambda: actions.approve(
            viewer=request.viewer,
            report=found,
            frozen=_results(request, found),
            version=found.version,
            at=timezone.now(),
        ),
        "publish": lambda: actions.publish(viewer=request.viewer, report=found, at=timezone.now()),
        "withdraw": lambda: actions.withdraw(viewer=request.viewer, report=found, at=timezone.now()),
        "reopen": lambda: actions.reopen(viewer=request.viewer, report=found, at=timezone.now()),
    }
    if verb not in steps:
        raise Http404

    def effect() -> str:
        steps[verb]()
        return address(request.viewer, "surveys:yearly_report", yearly=found.pk)

    return do(request, effect)


@require_safe
def file(request: OrgRequest, yearly: UUID, format_: str) -> HttpResponse:
    """The report as PDF or Word file, also while it is a draft."""
    found = report_or_404(request, yearly)
    return _file(found, _results(request, found), format_)


# --- for everybody --------------------------------------------------------------------------------
@require_safe
def published(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """A published report."""
    found = _published_or_404(slug, year)
    request.organisation = found.organisation  # type: ignore[attr-defined]
    context = {"report": found, "text": _text(found, found.frozen), "formats": FORMATS}
    return render(request, "surveys/yearly/published.html", context)


@require_safe
def published_file(request: HttpRequest, slug: str, year: int, format_: str) -> HttpResponse:
    """A published report as a file."""
    found = _published_or_404(slug, year)
    return _file(found, found.frozen, format_)


def _published_or_404(slug: str, year: int) -> YearlyReport:
    try:
        return queries.published_report(slug, year)
    except YearlyReport.DoesNotExist as error:
        raise Http404 from error


# --- shared ---------------------------------------------------------------------------------------
def _results(request: OrgRequest, report: YearlyReport) -> list[dict[str, Any]]:
    """What the report tells of surveys: frozen once it is approved."""
    if report.state != YearlyState.DRAFT:
        return list(report.frozen)
    return measuring.told_of(request.viewer, queries.chosen_in(report), report.language)


def _text(report: YearlyReport, results: list[dict[str, Any]]) -> str:
    with translation.override(report.language):
        return html(tuple(document.blocks_of(report, results)))


def _file(report: YearlyReport, results: list[dict[str, Any]], format_: str) -> HttpResponse:
    if format_ not in FORMATS:
        raise Http404
    palette = Palette(own=report.organisation.accent.get("accent", DOCUMENT.own))
    with translation.override(report.language):
        made = document.document_of(report, results, palette=palette)
        kind = _("satisfaction-report")
    name = f"{kind}-{report.year}.{format_}"
    at = report.approved_at or report.made_at
    fonts = settings.PDF_FONTS_DIR
    if format_ == "pdf":
        content = pdf(made, fonts=fonts, at=at)
    else:
        content = docx(made, picture=lambda svg: png(svg, fonts=fonts), at=at)
    return files.attachment(content, name=name, content_type=FORMATS[format_])


def _crumbs(request: OrgRequest, report: YearlyReport | None = None) -> list[Link]:
    found = [
        Link(_("Surveys"), address(request.viewer, "surveys:list")),
        Link(_("Yearly reports"), address(request.viewer, "surveys:yearly")),
    ]
    if report is not None:
        found.append(
            Link(str(report.year), address(request.viewer, "surveys:yearly_report", yearly=report.pk))
        )
    return found
