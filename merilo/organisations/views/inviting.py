"""Inviting people from a pasted list: paste, look, confirm, hand out the links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from merilo.core import mail, once
from merilo.core.errors import MeriloError
from merilo.organisations import queries
from merilo.organisations.actions import invitations as actions
from merilo.organisations.actions.invitations import Invited, Link
from merilo.organisations.forms.people import InviteForm
from merilo.organisations.http import OrgRequest, address
from merilo.organisations.mails import send_invitations
from merilo.organisations.messages import PASTED
from merilo.organisations.models import Membership
from merilo.organisations.roles import ROLES
from merilo.organisations.rules import pasting
from merilo.organisations.rules.pasting import MOST_LINES, Pasted
from merilo.organisations.views.base import crumbs, member_or_404, shown


@dataclass(frozen=True, slots=True)
class Slip:
    """One invitation; its address only where no mail brings it: to copy or print, this one time."""

    member: Membership
    address: str
    until: Any


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: OrgRequest) -> HttpResponse:
    """Paste the list; when all of it is understood, look at it; nothing is stored here."""
    viewer = request.viewer
    viewer.require("people.manage")
    form = InviteForm(request.POST or None)
    if request.method != "POST" or request.POST.get("what") == "again" or not form.is_valid():
        refused = request.method == "POST" and request.POST.get("what") != "again"
        if not refused and request.method == "POST":
            form = InviteForm(initial=_typed(request))
        return _paste_page(request, form, Pasted(), refused=refused)
    pasted = _read(request, form)
    if pasted.mistakes or pasted.too_long or not pasted.rows:
        form.add_error("people", _what_is_wrong(pasted))
        return _paste_page(request, form, pasted, refused=True)
    known = list(queries.units(viewer).values_list("name", flat=True))
    context = {
        "rows": pasted.rows,
        "unknown": pasted.unknown_units(known),
        "people": form.cleaned_data["people"],
        "chosen": form.cleaned_data["roles"],
        "roles": [ROLES[code].name for code in form.cleaned_data["roles"]],
        "once": once.new_key(),
        "has_server": mail.has_server(),
        "count_words": _count(len(pasted.rows)),
        "crumbs": crumbs(viewer, (_("People"), "organisations:people")),
    }
    return shown(request, "invite_preview", context)


def _typed(request: OrgRequest) -> dict[str, Any]:
    return {"people": request.POST.get("people", ""), "roles": request.POST.getlist("roles")}


def _paste_page(request: OrgRequest, form: InviteForm, pasted: Pasted, *, refused: bool) -> HttpResponse:
    context = {
        "form": form,
        "mistakes": [(mistake, PASTED[mistake.code]) for mistake in pasted.mistakes],
        "crumbs": crumbs(request.viewer, (_("People"), "organisations:people")),
    }
    return shown(request, "invite", context, refused=refused)


def _read(request: OrgRequest, form: InviteForm) -> Pasted:
    members = queries.addresses(request.viewer, on=timezone.localdate())
    return pasting.read(form.cleaned_data["people"], members=members)


def _what_is_wrong(pasted: Pasted) -> str:
    if pasted.too_long:
        return _("The list has more than %(most)s lines. Invite people in parts.") % {"most": MOST_LINES}
    if not pasted.mistakes:
        return _("The list is empty. Write one person a line.")
    count = len(pasted.mistakes)
    return ngettext(
        "%(count)s line could not be understood. Correct it below; nobody has been invited yet.",
        "%(count)s lines could not be understood. Correct them below; nobody has been invited yet.",
        count,
    ) % {"count": count}


def _count(count: int) -> str:
    return ngettext("Invite %(count)s person", "Invite %(count)s people", count) % {"count": count}


@require_POST
def confirm(request: OrgRequest) -> HttpResponse:
    """Invite everybody on the list that was looked at, and show the links, once."""
    viewer = request.viewer
    viewer.require("people.manage")
    form = InviteForm(request.POST)
    pasted = _read(request, form) if form.is_valid() else Pasted()
    if not form.is_valid() or pasted.too_long:
        return _paste_page(request, form, pasted, refused=True)
    made: list[Invited] = []

    def effect() -> str:
        made.append(_invited(request, form, pasted))
        return address(viewer, "organisations:people")

    try:
        # The key is asked before the list: a second sending finds everybody invited already.
        to = once.run_once(request.POST.get("once", ""), owner=viewer.person_id, effect=effect)
    except MeriloError as error:
        if error.status not in {422, 429}:
            raise
        form.add_error("people", error.sentence)
        return _paste_page(request, form, pasted, refused=True)
    if not made:
        messages.info(request, _("These invitations were made before; their links are shown only once."))
        return redirect(to)
    return _slips_page(request, made[0])


@transaction.atomic
def _invited(request: OrgRequest, form: InviteForm, pasted: Pasted) -> Invited:
    """Invite a list without mistakes; one that got some since it was looked at is refused as a whole."""
    if pasted.mistakes or not pasted.rows:
        raise MeriloError(_what_is_wrong(pasted))
    invited = actions.invite_people(
        viewer=request.viewer,
        rows=pasted.rows,
        roles=form.cleaned_data["roles"],
        create_units=form.cleaned_data["create_units"],
        at=timezone.now(),
    )
    send_invitations(viewer=request.viewer, links=invited.links)
    return invited


@require_POST
def renew(request: OrgRequest, pk: UUID) -> HttpResponse:
    """A new link for somebody who has not accepted; the old one becomes void."""
    viewer = request.viewer
    found = member_or_404(request, pk)
    made: list[Link] = []

    @transaction.atomic
    def effect() -> str:
        made.append(actions.renew_invitation(viewer=viewer, member=found, at=timezone.now()))
        send_invitations(viewer=viewer, links=made)
        return address(viewer, "organisations:member", pk=found.pk)

    to = once.run_once(request.POST.get("once", ""), owner=viewer.person_id, effect=effect)
    if not made:
        messages.info(request, _("This link was made before and is shown only once. You can make another."))
        return redirect(to)
    return _slips_page(request, Invited(links=tuple(made)))


def _slips_page(request: OrgRequest, invited: Invited) -> HttpResponse:
    slips = [
        Slip(link.invitation.membership, link.to_show(), link.invitation.expires_at) for link in invited.links
    ]
    context = {
        "slips": slips,
        "returned": invited.returned,
        "passed_over": invited.passed_over,
        "organisation": request.viewer.organisation,
        "has_server": mail.has_server(),
        "crumbs": crumbs(request.viewer, (_("People"), "organisations:people")),
    }
    answer = shown(request, "invite_links", context)
    answer["Cache-Control"] = "no-store"
    return answer
