"""The list of surveys, the overview of one, its settings, and its opening, closing and removal."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from merilo.core.errors import Conflict
from merilo.organisations.api import OrgRequest, act, address, do, sent
from merilo.surveys import permissions, steps, words
from merilo.surveys.actions import running
from merilo.surveys.forms.running import Confirmation, TermsForm
from merilo.surveys.models import State, Survey
from merilo.surveys.queries import standing
from merilo.surveys.queries.surveys import version_of
from merilo.surveys.views.base import crumbs, page, survey_or_404


@require_safe
def listing(request: OrgRequest) -> HttpResponse:
    """The organisation's surveys."""
    request.viewer.require("organisation.read")
    context = {
        "rows": [
            (row, words.STATUS[State(row.survey.state)], words.AUDIENCES.get(row.survey.audience, ""))
            for row in standing.listed(request.viewer)
        ],
        "modes": words.MODES,
        "may_edit": request.viewer.can("survey.edit"),
    }
    return page(request, "list", context)


@require_safe
def overview(request: OrgRequest, survey: UUID) -> HttpResponse:
    """How a survey stands and what is to do next."""
    found = survey_or_404(request, survey)
    draft = standing.checked(found)
    context = {
        **_about(found),
        "tasks": steps.tasks(request.viewer, found, draft, unread=standing.texts_waiting(found)),
        "answered": standing.answered(found),
        "number": sum(1 for _question in draft.definition.questions()) if draft.definition else None,
        "earlier": found.earlier,
        "later": list(found.later.all()),
        "may_edit": permissions.may_edit(request.viewer, found),
        "may_reword": permissions.may_edit(request.viewer, found)
        and found.state == State.OPEN
        and standing.is_reworded(found, draft),
    }
    return page(request, "overview", context)


def _about(survey: Survey) -> dict[str, Any]:
    """What stands on several pages of one survey."""
    return {
        "survey": survey,
        "status": words.STATUS[State(survey.state)],
        "audience": words.AUDIENCES.get(survey.audience, survey.audience),
        "mode": words.MODES.get(survey.mode, survey.mode),
    }


# --- settings -------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: OrgRequest, survey: UUID) -> HttpResponse:
    """Who may answer, when, and what is kept how long."""
    found = survey_or_404(request, survey)
    running.require_writing(request.viewer, found)
    form = _terms(found, sent(request))
    try:
        done = act(request, form, lambda: _change(request, found, form)) if form.is_valid() else None
    except Conflict as conflict:
        return _settings_twice(request, form, survey_or_404(request, survey), conflict)
    return done or page(
        request, "settings", {**_about(found), "crumbs": crumbs(request, found), "form": form}, form
    )


def _terms(survey: Survey, data: QueryDict | None) -> TermsForm:
    today = running.day_of(survey, timezone.now())
    return TermsForm(data, survey=survey, languages=standing.languages_of(survey), today=today)


def _change(request: OrgRequest, survey: Survey, form: TermsForm) -> str:
    version = form.cleaned_data["version"]
    running.change_terms(
        viewer=request.viewer, survey=survey, terms=form.terms(), version=version, at=timezone.now()
    )
    messages.success(request, _("The settings are saved."))
    return address(request.viewer, "surveys:overview", survey=survey.pk)


def _settings_twice(request: OrgRequest, form: TermsForm, survey: Survey, conflict: Conflict) -> HttpResponse:
    """Somebody was faster: what was typed stands in the form, beside what is stored by now."""
    running.require_writing(request.viewer, survey)
    data = request.POST.copy()
    data["version"] = str(survey.settled)
    data.pop("once", None)
    again = _terms(survey, data)
    mine, theirs = again.both(form)
    context = {
        **_about(survey),
        "crumbs": crumbs(request, survey),
        "form": again,
        "conflict": conflict.sentence,
        "mine": mine,
        "theirs": theirs,
    }
    return page(request, "settings", context, status=409)


# --- opening, a new version, closing, removing -------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def open_(request: OrgRequest, survey: UUID) -> HttpResponse:
    """What stands in the way, what becomes fixed; then the survey is opened."""
    found = _edited(request, survey)
    if found.state != State.DRAFT:
        return redirect(address(request.viewer, "surveys:overview", survey=survey))
    effect = partial(_done, request, found, running.open_survey, _("The survey is open."))
    return _put(request, found, "open", effect)


@require_http_methods(["GET", "HEAD", "POST"])
def reword(request: OrgRequest, survey: UUID) -> HttpResponse:
    """Put the changed questions of an open survey to people."""
    found = _edited(request, survey)
    if found.state != State.OPEN:
        return redirect(address(request.viewer, "surveys:overview", survey=survey))
    told = _("The changed questionnaire is what people see from now on.")
    return _put(request, found, "reword", partial(_done, request, found, running.reword, told))


def _put(request: OrgRequest, survey: Survey, name: str, effect: Callable[[], str]) -> HttpResponse:
    """Ask before the questionnaire is put to people, and do it."""
    draft = standing.checked(survey)
    form = Confirmation(sent(request))
    if request.method == "POST" and form.is_valid():
        done = act(request, form, effect)
        if done is not None:
            return done
    version, altered = version_of(survey), standing.altered_in(survey, draft)
    asked = json.loads(version.definition) if version else {}
    context = {
        **_about(survey),
        "crumbs": crumbs(request, survey),
        "form": form,
        "in_the_way": [*words.in_the_way(draft), *words.not_wording(altered, asked, draft)],
        "is_altered": bool(altered),
        "worth_a_look": words.worth_a_look(draft),
        "is_reworded": standing.is_reworded(survey, draft),
        "version": version,
    }
    return page(request, name, context, form)


def _done(request: OrgRequest, survey: Survey, action: Callable[..., object], told: str) -> str:
    action(viewer=request.viewer, survey=survey, at=timezone.now())
    messages.success(request, told)
    return address(request.viewer, "surveys:overview", survey=survey.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: OrgRequest, survey: UUID) -> HttpResponse:
    """Ask before a survey is closed for good."""
    found = _edited(request, survey)
    if found.state != State.OPEN:
        return redirect(address(request.viewer, "surveys:overview", survey=survey))
    if request.method == "POST":
        told = _("The survey is closed. The results are being prepared.")
        return do(request, lambda: _done(request, found, running.close_survey, told))
    context = {**_about(found), "crumbs": crumbs(request, found), "answered": standing.answered(found)}
    return page(request, "close", context)


@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: OrgRequest, survey: UUID) -> HttpResponse:
    """Ask before a draft is removed."""
    found = _edited(request, survey)
    if found.state != State.DRAFT:
        return redirect(address(request.viewer, "surveys:overview", survey=survey))
    if request.method == "POST":
        return do(request, lambda: _discard(request, found))
    return page(request, "discard", {**_about(found), "crumbs": crumbs(request, found)})


def _discard(request: OrgRequest, survey: Survey) -> str:
    running.discard(viewer=request.viewer, survey=survey, at=timezone.now())
    messages.success(request, _("The draft is removed."))
    return address(request.viewer, "surveys:list")


def _edited(request: OrgRequest, pk: UUID) -> Survey:
    """A survey that the viewer runs. Errors: Refused."""
    survey = survey_or_404(request, pk)
    request.viewer.require("survey.edit")
    return survey
