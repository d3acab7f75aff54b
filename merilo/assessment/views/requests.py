"""Requests of evidence to colleagues outside the group: ask, remind, and settle what came."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from merilo.assessment.actions import requests as actions
from merilo.assessment.catalogue import framework_of
from merilo.assessment.forms.evidence import Uses
from merilo.assessment.forms.requests import AcceptForm, DeadlineForm, RequestForm, ReturnForm
from merilo.assessment.models import Assessment, EvidenceRequest, Received
from merilo.assessment.queries import requests as queries
from merilo.assessment.views import request_pages as pages
from merilo.assessment.views.acting import act, do, sent
from merilo.assessment.views.base import assessment_or_404
from merilo.core import files, mail
from merilo.core.errors import Conflict
from merilo.organisations.api import OrgRequest, address
from merilo.web import forms


@require_safe
def listed(request: OrgRequest, pk: UUID) -> HttpResponse:
    """What was asked of colleagues, and where each request is."""
    assessment = assessment_or_404(request, pk)
    rows = queries.requests_of(request.viewer, assessment)
    return _shown(request, "list", pages.listed(request, assessment, rows))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Ask a colleague."""
    assessment = assessment_or_404(request, pk)
    actions.require_request(request.viewer, assessment)
    form = RequestForm(sent(request), today=timezone.localdate())
    uses = Uses(framework_of(assessment), sent(request), {})
    made: list[tuple[EvidenceRequest, str]] = []

    def effect() -> str:
        asked = form.asked(list(uses.clean()))
        made.append(actions.ask(viewer=request.viewer, assessment=assessment, asked=asked, at=timezone.now()))
        return address(request.viewer, "assessment:requests", pk=pk)

    answer = act(request, form, effect) if request.method == "POST" and form.is_valid() else None
    if answer is None:
        return _shown(request, "new", pages.new(request, assessment, form, uses), form)
    return _told(request, answer, *made[0]) if made else answer


@require_safe
def one(request: OrgRequest, pk: UUID, ask: UUID) -> HttpResponse:
    """One request: what came, and what can be done now."""
    found = _request_or_404(request, assessment_or_404(request, pk), ask)
    return _shown(request, "request", pages.one(request, found))


@require_POST
def remind(request: OrgRequest, pk: UUID, ask: UUID) -> HttpResponse:
    """Write to the colleague again."""
    found = _request_or_404(request, assessment_or_404(request, pk), ask)
    links: list[str] = []

    def effect() -> str:
        links.append(actions.remind(viewer=request.viewer, request=found, at=timezone.now()))
        return _address_of(request, found)

    answer = do(request, effect)
    return _told(request, answer, found, links[0]) if links else answer


@require_http_methods(["GET", "HEAD", "POST"])
def lengthen(request: OrgRequest, pk: UUID, ask: UUID) -> HttpResponse:
    """Give the colleague more time."""
    found = _settled_by_viewer(request, pk, ask)
    form = DeadlineForm(sent(request), today=timezone.localdate())

    def write() -> str:
        due = form.cleaned_data["due"]
        return actions.lengthen(viewer=request.viewer, request=found, due=due, at=timezone.now())

    return _with_form(request, found, "lengthen", form, write)


@require_http_methods(["GET", "HEAD", "POST"])
def give_back(request: OrgRequest, pk: UUID, ask: UUID) -> HttpResponse:
    """Return what came with a note."""
    found = _settled_by_viewer(request, pk, ask)
    today = timezone.localdate()
    form = ReturnForm(sent(request), today=today, initial={"due": max(found.due, today)})

    def write() -> str:
        data = form.cleaned_data
        return actions.give_back(
            viewer=request.viewer, request=found, note=data["note"], due=data["due"], at=timezone.now()
        )

    return _with_form(request, found, "return", form, write)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: OrgRequest, pk: UUID, ask: UUID) -> HttpResponse:
    """Ask, then take the request back."""
    found = _settled_by_viewer(request, pk, ask)
    if request.method != "POST":
        return _shown(request, "withdraw", pages.one(request, found))
    actions.withdraw(viewer=request.viewer, request=found, at=timezone.now())
    messages.success(request, _("The request is withdrawn."))
    return redirect(_list_of(request, found))


@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: OrgRequest, pk: UUID, ask: UUID) -> HttpResponse:
    """Put what came on the shelf: titles, year and sub-criteria are proposed."""
    found = _settled_by_viewer(request, pk, ask)
    things = list(queries.received(found))
    form = AcceptForm(sent(request), request=found, things=things, today=timezone.localdate())
    uses = Uses(framework_of(found.assessment), sent(request), dict.fromkeys(found.codes, ""))
    pages_of_uses = uses.clean()

    def effect() -> str:
        actions.accept(
            viewer=request.viewer,
            request=found,
            version=form.cleaned_data["version"] or 0,
            taken=form.taken(),
            shelved=form.shelved(pages_of_uses),
            at=timezone.now(),
        )
        messages.success(request, _("Accepted. What you chose is on the shelf."))
        return _list_of(request, found)

    answer, status = None, 200
    if request.method == "POST" and form.is_valid() and not uses.error:
        try:
            answer = act(request, form, effect)
        except Conflict:
            status = 409
    context = pages.accept(request, found, form, uses, is_stale=status == 409)
    return answer or _shown(request, "accept", context, form, status=status)


@require_safe
def thing_file(request: OrgRequest, pk: UUID, ask: UUID, thing: int) -> HttpResponse:
    """A file that came, for those who decide about it."""
    found = _request_or_404(request, assessment_or_404(request, pk), ask)
    try:
        stored = queries.thing_of(found, thing).file
    except Received.DoesNotExist as error:
        raise Http404 from error
    if stored is None:
        raise Http404
    answer: HttpResponse = files.response(stored)  # type: ignore[assignment]
    return answer


# --- what they share ----------------------------------------------------------------------------------
def _request_or_404(request: OrgRequest, assessment: Assessment, pk: UUID) -> EvidenceRequest:
    try:
        return queries.request_of(request.viewer, assessment, pk)
    except EvidenceRequest.DoesNotExist as error:
        raise Http404 from error


def _settled_by_viewer(request: OrgRequest, pk: UUID, ask: UUID) -> EvidenceRequest:
    """The request, if the viewer may settle it now."""
    found = _request_or_404(request, assessment_or_404(request, pk), ask)
    actions.require_settling(request.viewer, found)
    return found


def _list_of(request: OrgRequest, found: EvidenceRequest) -> str:
    return address(request.viewer, "assessment:requests", pk=found.assessment_id)


def _address_of(request: OrgRequest, found: EvidenceRequest) -> str:
    return address(request.viewer, "assessment:request", pk=found.assessment_id, ask=found.pk)


def _with_form(
    request: OrgRequest, found: EvidenceRequest, name: str, form: forms.Form, write: Callable[[], str]
) -> HttpResponse:
    """A page with one form that ends in a mail to the colleague."""
    links: list[str] = []

    def effect() -> str:
        links.append(write())
        return _address_of(request, found)

    answer = act(request, form, effect) if request.method == "POST" and form.is_valid() else None
    if answer is None:
        return _shown(request, name, pages.one(request, found) | {"form": form}, form)
    return _told(request, answer, found, links[0]) if links else answer


def _told(request: OrgRequest, answer: HttpResponse, found: EvidenceRequest, link: str) -> HttpResponse:
    """Onward, with a word that the mail is on its way; without a mail server the link is shown, once."""
    if mail.has_server():
        messages.success(request, _("A mail to %(name)s is on its way.") % {"name": found.name})
        return answer
    shown = _shown(request, "link", pages.one(request, found) | {"link": link})
    shown["Cache-Control"] = "no-store"
    return shown


def _shown(
    request: OrgRequest, name: str, context: dict[str, Any], form: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    """A page of requests; 422 when its form was refused."""
    wrong = form is not None and form.is_bound and bool(form.errors)
    values = {"has_errors": wrong, **context}
    if values["has_errors"] and status == 200:
        status = 422
    return render(request, f"assessment/requests/{name}.html", values, status=status)
