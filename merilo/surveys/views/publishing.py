"""Choosing what everybody may see of a survey, and taking it back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from merilo.core.errors import Refused
from merilo.organisations.api import OrgRequest, act, address, do, sent
from merilo.surveys import permissions
from merilo.surveys.actions import publishing as actions
from merilo.surveys.actions.publishing import Chosen
from merilo.surveys.analysis.contents import said
from merilo.surveys.forms.publishing import PublishForm
from merilo.surveys.models import Publication, Survey
from merilo.surveys.queries import publications
from merilo.surveys.queries import results as queries
from merilo.surveys.queries.results import Results
from merilo.surveys.rules.definition import Question
from merilo.surveys.views.base import crumbs, page, survey_or_404
from merilo.web.items import Link


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: OrgRequest, survey: UUID) -> HttpResponse:
    """Choose questions and breakdowns and show them to everybody."""
    found = survey_or_404(request, survey)
    if not permissions.may_publish(request.viewer, found):
        raise Refused(_("Closed surveys are published by who may do so; ask your coordinator."))
    results = queries.results_of(request.viewer, found)
    before = publications.publication_of(request.viewer, found)
    form = _form(request, results, before)
    if request.method == "POST" and form.is_valid():
        done = act(request, form, lambda: _publish(request, found, form))
        if done is not None:
            return done
    overview = Link(_("Results"), address(request.viewer, "surveys:results", survey=found.pk))
    context = {
        "survey": found,
        "crumbs": crumbs(request, found, overview),
        "form": form,
        "results": results,
        "publication": before if before and not before.withdrawn_at else None,
    }
    return page(request, "results/publish", context, form)


def _form(request: OrgRequest, results: Results, before: Publication | None) -> PublishForm:
    shown = results.tallies.get("all", {})
    asked = [question for question in results.definition.questions() if question.kind != "file"]
    closed = [
        question
        for question in asked
        if question.kind not in {"short", "long"} and any(item in shown for item in question.items)
    ]
    texts = publications.ready_texts(request.viewer, results.survey)
    written = [
        (item, f"{_wording(results.definition.owner(item))} ({count})")
        for item, count in texts.items()
        if count >= results.survey.floor
    ]
    content = before.content if before else {}
    initial = {
        "questions": [item["question"] for item in content.get("items", ())]
        or [question.code for question in closed if not question.attribute],
        "by": list({table["by"] for table in content.get("tables", ())}),
        "texts": [text["item"] for text in content.get("texts", ())],
        "open_data": bool(before and before.open_data),
    }
    return PublishForm(
        sent(request),
        questions=[(question.code, _wording(question)) for question in closed],
        by=[(code, _wording(results.definition.question(code))) for code in results.groupings],
        texts=written,
        initial=initial,
    )


def _wording(question: Question) -> str:
    return said(dict(question.text.entries), get_language() or "")


def _publish(request: OrgRequest, survey: Survey, form: PublishForm) -> str:
    told = form.cleaned_data
    chosen = Chosen(
        told.get("questions", ()), told.get("by", ()), told.get("texts", ()), open_data=told["open_data"]
    )
    actions.publish(viewer=request.viewer, survey=survey, chosen=chosen, at=timezone.now())
    messages.success(request, _("The results are published."))
    return address(request.viewer, "surveys:publish", survey=survey.pk)


@require_POST
def withdraw(request: OrgRequest, survey: UUID) -> HttpResponse:
    """Take the public page away."""
    found = survey_or_404(request, survey)

    def effect() -> str:
        actions.withdraw(viewer=request.viewer, survey=found, at=timezone.now())
        messages.success(request, _("The results are not public any more."))
        return address(request.viewer, "surveys:results", survey=found.pk)

    return do(request, effect)
