"""How a survey begins: from a ready questionnaire, as the next wave of an earlier one, or empty."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from merilo.organisations.api import OrgRequest, act, address, sent
from merilo.surveys import library, words
from merilo.surveys.actions import starting
from merilo.surveys.forms.running import EmptyForm, TitleForm
from merilo.surveys.models import State, Survey
from merilo.surveys.queries import standing
from merilo.surveys.views.base import crumbs, page, survey_or_404
from merilo.web.items import Link


@require_safe
def new(request: OrgRequest) -> HttpResponse:
    """Choose what to begin with."""
    request.viewer.require("survey.edit")
    context = {
        "crumbs": _crumbs(request),
        "ready": [_card(ready) for ready in library.ready()],
        "earlier": list(standing.earlier_ones(request.viewer)),
    }
    return page(request, "new", context)


def _card(ready: library.Ready) -> dict[str, object]:
    """A ready questionnaire in the reader's language."""
    language = words.language()
    return {
        "code": ready.code,
        "title": ready.definition.title.in_language(language),
        "whom": ready.whom.in_language(language),
        "asks": ready.asks.in_language(language),
        "questions": ready.questions,
        "minutes": ready.minutes,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def new_from(request: OrgRequest, code: str) -> HttpResponse:
    """Read a ready questionnaire, and begin from it."""
    request.viewer.require("survey.edit")
    try:
        ready = library.found(code)
    except library.UnknownQuestionnaire as error:
        raise Http404 from error
    definition = ready.definition
    form = _titled(request, dict(definition.title))
    done = _begin(request, form, lambda: _from(request, code, form))
    if done is not None:
        return done
    context = {
        "crumbs": _crumbs(request),
        "form": form,
        "card": _card(ready),
        "definition": definition,
        "read": words.read(definition),
        "audience": words.AUDIENCES[definition.audience],
        "mode": words.MODES[definition.mode],
    }
    return page(request, "new_from", context, form)


def _from(request: OrgRequest, code: str, form: TitleForm) -> Survey:
    return starting.start_ready(viewer=request.viewer, code=code, titles=form.titles(), at=timezone.now())


@require_http_methods(["GET", "HEAD", "POST"])
def new_empty(request: OrgRequest) -> HttpResponse:
    """Begin with an empty questionnaire."""
    request.viewer.require("survey.edit")
    form = EmptyForm(sent(request), languages=request.viewer.organisation.languages)
    done = _begin(request, form, lambda: _empty(request, form))
    if done is not None:
        return done
    return page(request, "new_empty", {"crumbs": _crumbs(request), "form": form}, form)


def _empty(request: OrgRequest, form: EmptyForm) -> Survey:
    data = form.cleaned_data
    return starting.start_empty(
        viewer=request.viewer,
        audience=data["audience"],
        mode=data["mode"],
        titles=form.titles(),
        at=timezone.now(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def again(request: OrgRequest, survey: UUID) -> HttpResponse:
    """Ask once more what an earlier survey asked: its next wave."""
    earlier = survey_or_404(request, survey)
    request.viewer.require("survey.edit")
    if earlier.state == State.DRAFT:
        raise Http404
    titles = standing.titles_of(earlier)
    form = _titled(request, titles)
    done = _begin(request, form, lambda: _wave(request, earlier, form))
    if done is not None:
        return done
    return page(request, "again", {"survey": earlier, "crumbs": crumbs(request, earlier), "form": form}, form)


def _wave(request: OrgRequest, earlier: Survey, form: TitleForm) -> Survey:
    return starting.start_wave(
        viewer=request.viewer, earlier=earlier, titles=form.titles(), at=timezone.now()
    )


# --- what they share ------------------------------------------------------------------------------
def _crumbs(request: OrgRequest) -> list[Link]:
    return [Link(_("Surveys"), address(request.viewer, "surveys:list"))]


def _titled(request: OrgRequest, titles: dict[str, str]) -> TitleForm:
    """The form with the organisation's own language first."""
    own = request.viewer.organisation.language
    ordered = sorted(titles, key=lambda language: language != own)
    return TitleForm(sent(request), languages=ordered, titles=titles)


def _begin(request: OrgRequest, form: TitleForm, start: Callable[[], Survey]) -> HttpResponse | None:
    """Start the survey once and go to it; None while the form is read or was refused."""

    def effect() -> str:
        survey = start()
        messages.success(request, _("The survey has begun as a draft. Nobody can see it yet."))
        return address(request.viewer, "surveys:overview", survey=survey.pk)

    return act(request, form, effect) if request.method == "POST" and form.is_valid() else None
