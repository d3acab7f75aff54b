"""What the pages of surveys share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from merilo.organisations.api import OrgRequest, address
from merilo.surveys import permissions
from merilo.surveys.models import Entry, State, Survey
from merilo.surveys.queries import surveys
from merilo.web import forms
from merilo.web.items import Link


def survey_or_404(request: OrgRequest, pk: UUID) -> Survey:
    """The survey if the viewer may see it; strangers get 404."""
    try:
        return surveys.survey(request.viewer, pk)
    except Survey.DoesNotExist as error:
        raise Http404 from error


def page(
    request: OrgRequest,
    name: str,
    context: Mapping[str, Any],
    *refused: forms.Form,
    status: int = 200,
) -> HttpResponse:
    """The page; 422 when one of the forms was refused. Of a survey it carries `sections`."""
    wrong = any(form.is_bound and form.errors for form in refused)
    values = {"has_errors": wrong, **context}
    if isinstance(survey := context.get("survey"), Survey):
        here = request.path
        values["sections"] = [replace(link, current=link.url == here) for link in sections(request, survey)]
    return render(request, f"surveys/{name}.html", values, status=422 if wrong else status)


def crumbs(request: OrgRequest, survey: Survey, *more: Link) -> list[Link]:
    """The way to a page of one survey."""
    return [Link(survey.named, address(request.viewer, "surveys:overview", survey=survey.pk)), *more]


def sections(request: OrgRequest, survey: Survey) -> Iterator[Link]:
    """The pages of one survey that the viewer may open, in the order of the work."""
    viewer, state = request.viewer, survey.state
    writes = permissions.may_write_questions(viewer, survey)
    reads = permissions.may_read(viewer, survey) or permissions.may_edit(viewer, survey)
    pages = (
        (True, "overview", _("Overview")),
        (reads, "questions", _("Questions")),
        (reads, "preview", _("Preview")),
        (writes, "settings", _("Settings")),
        (
            survey.entry == Entry.INVITED and permissions.may_edit(viewer, survey),
            "people",
            _("People"),
        ),
        (
            state != State.CLOSED and survey.entry == Entry.OPEN and permissions.may_read(viewer, survey),
            "share",
            _("Share"),
        ),
        (state != State.CLOSED and permissions.may_print(viewer, survey), "paper", _("Paper")),
        (
            permissions.may_enter(viewer, survey) and survey.entry == Entry.OPEN,
            "enter",
            _("Enter answers"),
        ),
        (
            state == State.OPEN and permissions.may_read(viewer, survey),
            "participation",
            _("Participation"),
        ),
        (permissions.may_see_results(viewer, survey), "results", _("Results")),
        (permissions.may_see_results(viewer, survey), "files", _("Files")),
        (permissions.may_read_texts(viewer, survey), "texts", _("Open answers")),
    )
    for may, name, text in pages:
        if may:
            yield Link(text, address(viewer, f"surveys:{name}", survey=survey.pk))
