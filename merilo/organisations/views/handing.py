"""Handing over what somebody has: look and choose, look at what will happen, confirm."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from merilo.core import once
from merilo.core.errors import MeriloError
from merilo.organisations import handing, queries
from merilo.organisations.actions.handing import hand_over
from merilo.organisations.forms.people import HandOverForm
from merilo.organisations.handing import Held
from merilo.organisations.http import OrgRequest, address
from merilo.organisations.mails import tell_handed_over
from merilo.organisations.models import Membership
from merilo.organisations.views.base import crumbs, member_or_404, shown
from merilo.web.items import Link


@require_safe
def choose(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Everything somebody has, and who shall get it."""
    viewer = request.viewer
    viewer.require("people.manage")
    member = member_or_404(request, pk)
    held = handing.held_by(viewer, member, {}, on=timezone.localdate())
    return _choosing(request, member, held, _form(request, member, held, data=None))


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: OrgRequest, pk: UUID) -> HttpResponse:
    """What will go to whom and what stays; handed over when confirmed."""
    viewer = request.viewer
    viewer.require("people.manage")
    member = member_or_404(request, pk)
    held = handing.held_by(viewer, member, {}, on=timezone.localdate())
    form = _form(request, member, held, data=request.POST or request.GET)
    if not form.is_valid():
        return _choosing(request, member, held, form)
    error = ""
    if request.method == "POST":
        try:
            return redirect(_done(request, member, form))
        except MeriloError as refused:
            if refused.status != 422:
                raise
            error = refused.sentence
    return _preview(request, member, form, error)


def _form(request: OrgRequest, member: Membership, held: list[Held], *, data: Any) -> HandOverForm:
    kinds = [(one.kind.code, one.kind.name) for one in held if one.kind.give is not None]
    return HandOverForm(data, kinds=kinds, people=queries.receivers(request.viewer, member))


def _done(request: OrgRequest, member: Membership, form: HandOverForm) -> str:
    viewer = request.viewer

    def effect() -> str:
        gone = hand_over(viewer=viewer, member=member, to=form.receivers(), at=timezone.now())
        tell_handed_over(viewer=viewer, member=member, gone=gone)
        said = _("What %(name)s had is handed over. Both sides are told. Now the membership can be closed.")
        messages.success(request, said % {"name": member.name})
        return address(viewer, "organisations:leave", pk=member.pk)

    return once.run_once(request.POST.get("once", ""), owner=viewer.person_id, effect=effect)


def _choosing(request: OrgRequest, member: Membership, held: list[Held], form: HandOverForm) -> HttpResponse:
    context = {
        "member": member,
        "form": form,
        "held": [(one, form[one.kind.code] if one.kind.code in form.fields else None) for one in held],
        "tasks": queries.open_tasks(request.viewer, member),
        "crumbs": _crumbs(request, member),
        "preview": address(request.viewer, "organisations:hand_over_confirm", pk=member.pk),
    }
    return shown(request, "hand_over", context, refused=bool(form.errors))


def _preview(request: OrgRequest, member: Membership, form: HandOverForm, error: str) -> HttpResponse:
    viewer = request.viewer
    held = handing.held_by(viewer, member, form.receivers(), on=timezone.localdate())
    chosen = {code: value for code, value in form.cleaned_data.items() if value}
    here = address(viewer, "organisations:hand_over", pk=member.pk)
    context = {
        "member": member,
        "going": [one for one in held if one.kind.give and one.to and one.going],
        "staying": [one for one in held if one.kind.give and (one.staying or not one.to)],
        "fields": chosen | {"once": once.new_key()},
        "error": error,
        "has_errors": bool(error),
        "back": here,
        "has_seats": any(one.kind.code == "seats" and one.to and one.going for one in held),
        "crumbs": [*_crumbs(request, member), Link(_("Handing over"), here)],
    }
    return shown(request, "hand_over_confirm", context, refused=bool(error))


def _crumbs(request: OrgRequest, member: Membership) -> list[Link]:
    own = address(request.viewer, "organisations:member", pk=member.pk)
    return [*crumbs(request.viewer, (_("People"), "organisations:people")), Link(member.name, own)]
