"""Files of a closed survey: which there are, small ones at once, large ones made by the worker."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from merilo.core import files
from merilo.core.errors import Refused
from merilo.core.models import StoredFile
from merilo.organisations.api import OrgRequest, address, do
from merilo.surveys import permissions, tasks
from merilo.surveys.actions import exporting as actions
from merilo.surveys.analysis.contents import said
from merilo.surveys.exporting.dataset import dataset_of
from merilo.surveys.exporting.making import FORMATS, name_of
from merilo.surveys.models import Export, Survey
from merilo.surveys.queries import attached as sent_along
from merilo.surveys.queries import files as queries
from merilo.surveys.queries.results import NoTable, Results, results_of
from merilo.surveys.views.base import crumbs, page, survey_or_404
from merilo.web.items import Link

SHOWN = 50  # files that came with answers, on one page
OPTIONS = {"csv": ("labels", "semicolon", "unmarked"), "report-pdf": ("texts",), "report-docx": ("texts",)}


@require_safe
def listing(request: OrgRequest, survey: UUID) -> HttpResponse:
    """What may be taken away, and what is in it."""
    found = survey_or_404(request, survey)
    results = results_of(request.viewer, found)
    has_answers = queries.has_answers(results)
    may_take = permissions.may_take_answers(request.viewer, found)
    language = _language(results)
    context: dict[str, Any] = {
        "survey": found,
        "crumbs": crumbs(request, found),
        "results": results,
        "has_answers": has_answers,
        "may_take": may_take,
        "has_texts": bool(results.snapshot and queries.texts_of(results)),
        "files_of_results": [
            (kind, one, bool(results.snapshot) and _is_long(results, kind))
            for kind, one in FORMATS.items()
            if not one.has_answers
        ],
        "files_of_answers": [
            (kind, one, _is_long(results, kind)) for kind, one in FORMATS.items() if one.has_answers
        ],
        "has_attached": permissions.may_read_files(request.viewer, found)
        and sent_along.asks_for_files(found),
        "exports": [(one, FORMATS[one.format].title) for one in queries.exports_of(request.viewer, found)],
    }
    if results.snapshot and may_take and has_answers:
        dataset = dataset_of(results)
        context["left_out"] = [said(text, language) for text in dataset.left_out]
        context["fields"] = len(dataset.fields)
    return page(request, "files/files", context)


def _is_long(results: Results, kind: str) -> bool:
    """Whether the worker makes this file."""
    return queries.is_long(results, kind, with_answers=FORMATS[kind].has_answers)


def _language(results: Results) -> str:
    """The language of the page where the questionnaire has it, else its main one."""
    languages = results.definition.languages
    mine = (get_language() or "").partition("-")[0]
    return mine if mine in languages else languages[0]


def _known_or_404(format_: str) -> str:
    if format_ not in FORMATS:
        raise Http404
    return format_


def _options(sent: Any, format_: str) -> dict[str, bool]:
    """What was ticked, of what this file can be."""
    told = {name: name in sent for name in OPTIONS.get(format_, ())}
    return told | ({"mark": not told.pop("unmarked")} if "unmarked" in told else {})


@require_safe
def file(request: OrgRequest, survey: UUID, format_: str) -> HttpResponse:
    """A small file, made now."""
    found = survey_or_404(request, survey)
    kind = _known_or_404(format_)
    results = results_of(request.viewer, found)
    actions.require(request.viewer, found, kind)
    if results.snapshot is None or _is_long(results, kind):
        raise Http404
    try:
        pieces = actions.take(
            viewer=request.viewer,
            survey=found,
            kind=kind,
            options=_options(request.GET, kind),
            language=_language(results),
            at=timezone.now(),
        )
    except NoTable as error:
        raise Http404 from error
    return files.attachment(
        b"".join(pieces), name=name_of(results, kind), content_type=FORMATS[kind].content_type
    )


@require_POST
def ask(request: OrgRequest, survey: UUID, format_: str) -> HttpResponse:
    """Ask the worker for a large file."""
    found = survey_or_404(request, survey)
    kind = _known_or_404(format_)

    def effect() -> str:
        row = actions.ask(
            viewer=request.viewer,
            survey=found,
            kind=kind,
            options=_options(request.POST, kind),
            language=_language(results_of(request.viewer, found)),
            at=timezone.now(),
            start=tasks.start_export,
        )
        return address(request.viewer, "surveys:file_progress", survey=found.pk, export=row.pk)

    return do(request, effect)


def _export_or_404(request: OrgRequest, survey: Survey, pk: UUID) -> Export:
    try:
        return queries.export_of(request.viewer, survey, pk)
    except Export.DoesNotExist as error:
        raise Http404 from error


@require_safe
def progress(request: OrgRequest, survey: UUID, export: UUID) -> HttpResponse:
    """How far a file is; the page loads itself anew until it is ready."""
    found = survey_or_404(request, survey)
    row = _export_or_404(request, found, export)
    state = f"{row.done}-{bool(row.file_id)}-{row.failed}"
    live = request.GET.get("live")
    if live == state:
        return HttpResponse(status=204)
    place = Link(_("Files"), address(request.viewer, "surveys:files", survey=found.pk))
    context = {
        "survey": found,
        "crumbs": crumbs(request, found, place),
        "export": row,
        "title": FORMATS[row.format].title,
        "is_waiting": not row.file_id and not row.failed,
        "state": state,
        "percent": f"{row.done}\u00a0%",
    }
    response = page(request, "files/_progress" if live else "files/progress", context)
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def ready(request: OrgRequest, survey: UUID, export: UUID) -> HttpResponseBase:
    """The file that the worker made."""
    found = survey_or_404(request, survey)
    row = _export_or_404(request, found, export)
    if row.file is None:
        raise Http404
    actions.handed_over(viewer=request.viewer, survey=found, export=row, at=timezone.now())
    return files.response(row.file)


# --- files that came with answers -------------------------------------------------------------------
@require_safe
def attached(request: OrgRequest, survey: UUID) -> HttpResponse:
    """What people sent with their answers, where these have names."""
    found = survey_or_404(request, survey)
    if not permissions.may_read_files(request.viewer, found):
        raise Refused(_("Files that people sent are given only to who runs the survey, after the closing."))
    language = (get_language() or "").partition("-")[0]
    listing = Paginator(sent_along.attached(request.viewer, found), SHOWN).get_page(request.GET.get("page"))
    place = Link(_("Files"), address(request.viewer, "surveys:files", survey=found.pk))
    context = {
        "survey": found,
        "crumbs": crumbs(request, found, place),
        "listing": listing,
        "rows": [(row, row.question.text.in_language(language)) for row in listing],
    }
    return page(request, "files/attached", context)


@require_safe
def attached_file(request: OrgRequest, survey: UUID, response: UUID, item: str) -> HttpResponseBase:
    """One of them."""
    found = survey_or_404(request, survey)
    try:
        stored = actions.take_attached(
            viewer=request.viewer, survey=found, response=response, item=item, at=timezone.now()
        )
    except StoredFile.DoesNotExist as error:
        raise Http404 from error
    return files.response(stored)
