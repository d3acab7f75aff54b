"""The organisations of the platform as the operator sees them: from outside."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from merilo.core import once
from merilo.ops.actions import record_reading
from merilo.ops.forms import FirstForm, OrganisationForm
from merilo.ops.views.base import PAGE, acted, button, crumb, office, searched, shown
from merilo.organisations.api import (
    InvitationLink,
    Organisation,
    PersonRequest,
    all_organisations,
    any_organisation,
    close,
    found_for,
    has_begun,
    invite_first,
    reopen,
    send_first_invitation,
)


@office()
def listed(request: PersonRequest) -> HttpResponse:
    """Every organisation; that somebody looked is recorded."""
    text = searched(request)
    page = Paginator(all_organisations(text=text), PAGE).get_page(request.GET.get("page"))
    record_reading(person=request.user, verb="platform.listed", at=timezone.now())
    context = {
        "listing": page,
        "rows": [(organisation, _languages(organisation)) for organisation in page],
        "text": text,
        "query": urlencode({"q": text}) if text else "",
        "lead": _("That you opened this list is recorded. What organisations work on cannot be seen here."),
    }
    return shown(request, "organisations", _("Organisations"), context)


@office("POST")
def new(request: PersonRequest) -> HttpResponse:
    """Make an organisation for others, and invite its first coordinator."""
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        return _invited(
            request,
            lambda: found_for(
                person=request.user,
                first=form.first,
                name=given["name"],
                kind=given["kind"],
                country=given["country"],
                languages=given["languages"],
                time_zone=given["time_zone"],
                at=timezone.now(),
            ),
        )
    context = {"form": form, "submit": _("Make the organisation"), "crumbs": _crumbs()}
    return shown(request, "form", _("New organisation"), context, refused=bool(form.errors))


@office("POST")
def one(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One organisation from outside: its facts, and closing or opening it."""
    organisation = _organisation(pk)
    if request.method == "POST":
        given: dict[str, Any] = {
            "person": request.user,
            "organisation": organisation,
            "at": timezone.now(),
        }
        name = {"name": organisation.name}

        def closed() -> str:
            close(**given)
            return _("%(name)s is closed.") % name

        def reopened() -> str:
            reopen(**given)
            return _("%(name)s is open again.") % name

        return acted(request, {"close": closed, "reopen": reopened}, to=request.path)
    verb = "platform.organisation_read"
    record_reading(person=request.user, verb=verb, target=organisation, at=timezone.now())
    context = {
        "organisation": organisation,
        "languages": _languages(organisation),
        "has_begun": has_begun(organisation),
        "buttons": {"close": button("close"), "reopen": button("reopen")},
        "crumbs": _crumbs(),
    }
    return shown(request, "organisation", organisation.name, context)


@office("POST")
def coordinator(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Invite the first coordinator again, as long as nobody has come."""
    organisation = _organisation(pk)
    if has_begun(organisation):
        messages.info(request, _("People work here already; its coordinator invites further ones."))
        return redirect("operator:organisation", pk=pk)
    form = FirstForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _invited(
            request,
            lambda: invite_first(
                person=request.user, organisation=organisation, first=form.first, at=timezone.now()
            ),
        )
    context = {"form": form, "submit": _("Invite"), "crumbs": _crumbs(), "lead": organisation.name}
    return shown(request, "form", _("Invite the first coordinator"), context, refused=bool(form.errors))


def _invited(request: PersonRequest, make: Any) -> HttpResponse:
    """Invite once. The link is shown only where no mail brings it, and only now."""
    made: list[InvitationLink] = []

    def effect() -> str:
        link = make()
        send_first_invitation(inviter=str(request.user), link=link)
        made.append(link)
        return reverse("operator:organisation", kwargs={"pk": link.invitation.organisation_id})

    to = once.run_once(request.POST.get("once", ""), owner=request.user.pk, effect=effect)
    if not made or not made[0].to_show():
        messages.success(request, _("The first coordinator is invited by mail."))
        return redirect(to)
    context = {"link": made[0], "invitation": made[0].invitation, "to": to, "crumbs": _crumbs()}
    return shown(request, "link", _("Hand over this link"), context)


def _languages(organisation: Organisation) -> str:
    names = dict(settings.LANGUAGES)
    return ", ".join(str(names.get(code, code)) for code in organisation.languages)


def _organisation(pk: UUID) -> Organisation:
    try:
        return any_organisation(pk)
    except Organisation.DoesNotExist as error:
        raise Http404 from error


def _crumbs() -> Any:
    return crumb(_("Organisations"), "organisations")
