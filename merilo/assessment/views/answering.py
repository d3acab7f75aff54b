"""The page of a colleague without an account: one request, opened by its link and by nothing else.

No session is needed, and reading changes nothing. The address holds the secret, so the page is neither kept
nor indexed, and no other page learns where its visitor comes from.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from merilo.assessment import messages
from merilo.assessment.actions import answering as actions
from merilo.assessment.catalogue import framework_of
from merilo.assessment.forms.requests import AnswerForm, NoneForm
from merilo.assessment.models import EvidenceRequest, RequestState
from merilo.assessment.queries import requests as queries
from merilo.assessment.rules.requests import last_day
from merilo.assessment.views.sheet_pages import say
from merilo.core.errors import MeriloError
from merilo.core.once import run_once
from merilo.organisations.api import opened_by_link
from merilo.web import forms

by_link = opened_by_link(queries.by_token, lambda found: found.assessment.organisation, limit="evidence-link")


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def page(request: HttpRequest, found: EvidenceRequest, token: str) -> HttpResponse:
    """What is needed, and the form to send it with."""
    if request.method != "POST" or not _is_open(found):
        return _page(request, found, token)
    actions.count_sending(request=found, at=timezone.now())
    form = AnswerForm(request.POST, request.FILES)

    def effect() -> None:
        actions.send(request=found, sent=form.sent(), at=timezone.now())

    return _done(request, found, token, form, effect) or _page(request, found, token, form=form)


@require_POST
@by_link
def none(request: HttpRequest, found: EvidenceRequest, token: str) -> HttpResponse:
    """There is no such evidence here."""
    if not _is_open(found):
        return _page(request, found, token)
    actions.count_sending(request=found, at=timezone.now())
    form = NoneForm(request.POST)

    def effect() -> None:
        actions.answer_none(request=found, note=form.cleaned_data["note"], at=timezone.now())

    return _done(request, found, token, form, effect) or _page(request, found, token, none=form)


def _is_open(found: EvidenceRequest) -> bool:
    return queries.takes_answers(found, on=timezone.localdate())


def _done(
    request: HttpRequest, found: EvidenceRequest, token: str, form: forms.Form, effect: Callable[[], None]
) -> HttpResponse | None:
    """Do it once and show the page again; None when it was refused on the form."""
    if not form.is_valid():
        return None

    def once() -> str:
        effect()
        return "done"  # the address holds the secret: it is not kept

    try:
        run_once(form.cleaned_data["once"], owner=found.pk, effect=once)
    except actions.Closed:
        now = queries.by_token(token)
        if now is None:
            raise Http404 from None
        return _page(request, now, token)
    except MeriloError as error:
        field = str(error.details.get("field", ""))
        form.add_error(field if field in form.fields else None, error.sentence)
        return None
    return redirect("rooms:request", token=token)


def _page(
    request: HttpRequest,
    found: EvidenceRequest,
    token: str,
    form: AnswerForm | None = None,
    none: NoneForm | None = None,
) -> HttpResponse:
    """The page; why it takes nothing any more, with 410."""
    refused = form or none
    context: dict[str, Any] = {
        "ask": found,
        "organisation": found.assessment.organisation,
        "assessment": found.assessment,
    }
    if not _is_open(found):
        standing = queries.standing_of(found, on=timezone.localdate())
        context["sentence"] = messages.request_over(standing)
        return render(request, "assessment/requests/closed.html", context, status=410)
    framework = framework_of(found.assessment)
    context |= {
        "here": reverse("rooms:request", args=[token]),
        "here_none": reverse("rooms:request_none", args=[token]),
        "codes": [f"{code} {say(framework.item(code).short)}" for code in found.codes],
        "last_day": last_day(found.due),
        "sendings": queries.sendings(found),
        "form": form or AnswerForm(),
        "none": none or NoneForm(),
        "may_say_none": none is not None or found.state != RequestState.RECEIVED,
        "had_files": form is not None and bool(request.FILES),
        "errors": refused.error_links if refused else [],
        "has_errors": refused is not None,
    }
    return render(request, "assessment/requests/answer.html", context, status=422 if refused else 200)
