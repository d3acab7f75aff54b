"""Ways in: founding an organisation, accepting an invitation, and the logo at the door."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from merilo.accounts.api import Person, service_alone, sign_in
from merilo.core import files, limits, once, requests
from merilo.core.errors import MeriloError, Refused
from merilo.core.limits import Rate
from merilo.organisations import queries
from merilo.organisations.actions import founding, invitations
from merilo.organisations.forms.details import FoundingForm
from merilo.organisations.forms.people import NewAccountForm
from merilo.organisations.http import PersonRequest
from merilo.organisations.kept import asks_to_sign_in, keep_and_ask_for_proof
from merilo.organisations.messages import INVITATION_STATES
from merilo.organisations.models import Invitation
from merilo.organisations.views.base import shown

FOUNDED: Rate = {"most": 10, "seconds": 24 * 3600}
LINKS_TRIED: Rate = {"most": 60, "seconds": 3600}


@asks_to_sign_in
@require_http_methods(["GET", "HEAD", "POST"])
def found(request: PersonRequest) -> HttpResponse:
    """Three questions that make an organisation; its own page then lists what can be completed."""
    if service_alone(request):
        return keep_and_ask_for_proof(request)
    if not founding.may_found(request.user):
        return shown(request, "join_closed", {})
    form = FoundingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect(
            once.run_once(
                form.cleaned_data["once"], owner=request.user.pk, effect=lambda: _found(request, form)
            )
        )
    return shown(request, "join", {"form": form}, refused=bool(form.errors))


def _found(request: PersonRequest, form: FoundingForm) -> str:
    limits.hit("found", str(request.user.pk), **FOUNDED)
    language = translation.get_language() or settings.LANGUAGE_CODE
    organisation = founding.found_organisation(
        person=request.user,
        name=form.cleaned_data["name"],
        kind=form.cleaned_data["kind"],
        country=form.cleaned_data["country"],
        languages=[language],
        time_zone=settings.DEFAULT_TIME_ZONE,
        at=timezone.now(),
    )
    messages.success(request, _("%(name)s is founded.") % {"name": organisation.name})
    return reverse("organisations:settings", kwargs={"org": organisation.slug})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invitation; accept it with a new account, or with the one signed in."""
    found_one = queries.invitation_by_hash(invitations.hash_of(token))
    if found_one is None:
        # Only what nobody was given is counted: a whole town hall comes from one network.
        limits.hit("invitation", requests.origin(), **LINKS_TRIED)
        raise Http404
    if state := _state(found_one):
        context = {
            "organisation": found_one.organisation,
            "sentence": INVITATION_STATES[state],
            "state": state,
        }
        answer = shown(request, "invitation_closed", context)
        answer.status_code = 410
        return answer
    if request.user.is_authenticated:
        return _accept_as(request, found_one, request.user)
    return _accept_as_new(request, found_one, token)


def _state(found_one: Invitation) -> str:
    """Why the invitation cannot be used, or an empty text."""
    if found_one.accepted_at is not None:
        return "used"
    is_closed = found_one.organisation.closed_at is not None
    if is_closed or found_one.voided_at is not None or found_one.membership.left_at is not None:
        return "void"
    over = found_one.expires_at <= timezone.now() or not found_one.membership.is_here(timezone.localdate())
    return "expired" if over else ""


def _accept_as(request: HttpRequest, found_one: Invitation, person: Person) -> HttpResponse:
    error = ""
    if request.method == "POST":
        try:
            invitations.accept_as(invitation=found_one, person=person, at=timezone.now())
        except Refused as refused:
            error = refused.sentence
        else:
            return _welcome(request, found_one, redirect(_first_page(found_one)))
    other = person.email.casefold() != found_one.membership.email.casefold()
    context = {"invitation": found_one, "other": other, "person": person, "error": error, "has_errors": error}
    return shown(request, "invitation_join", context, refused=bool(error))


def _accept_as_new(request: HttpRequest, found_one: Invitation, token: str) -> HttpResponse:
    email = found_one.membership.email
    context: dict[str, Any] = {"invitation": found_one, "email": email}
    if queries.has_account(email):
        context["sign_in"] = f"{reverse('account_login')}?next={request.path}"
        return shown(request, "invitation_sign_in", context)
    form = NewAccountForm(request.POST or None, email=email, initial={"name": found_one.membership.name})
    if request.method == "POST" and form.is_valid():
        try:
            person = invitations.accept_as_new(
                invitation=found_one,
                name=form.cleaned_data["name"],
                password=form.cleaned_data["password"],
                language=translation.get_language() or "",
                at=timezone.now(),
            )
        except MeriloError as error:
            form.add_error(None, error.sentence)
        else:
            return _welcome(request, found_one, sign_in(request, person, to=_first_page(found_one)))
    return shown(request, "invitation_new", context | {"form": form}, refused=bool(form.errors))


def _welcome(request: HttpRequest, found_one: Invitation, answer: HttpResponse) -> HttpResponse:
    if request.user.is_authenticated:  # not yet, where the address has still to be confirmed
        messages.success(request, _("Welcome to %(name)s.") % {"name": found_one.organisation.name})
    return answer


def _first_page(found_one: Invitation) -> str:
    return reverse("site:work", kwargs={"org": found_one.organisation.slug})


@require_safe
def logo(request: HttpRequest, pk: UUID) -> FileResponse:
    """An organisation's logo; its address changes with the picture, so that it can be kept."""
    stored = queries.logo_of(pk)
    if stored is None:
        raise Http404
    answer = files.response(stored, inline=True)
    answer["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer
