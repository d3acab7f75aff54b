"""People of the organisation: the list, one member, leaving, former members, roles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from merilo.core import once
from merilo.organisations import handing, queries
from merilo.organisations.actions import people as actions
from merilo.organisations.actions.verification import record_download
from merilo.organisations.forms.people import LeaveForm, MemberForm, RolesForm
from merilo.organisations.http import OrgRequest, address
from merilo.organisations.models import Membership
from merilo.organisations.roles import PERMISSIONS, ROLES
from merilo.organisations.views.base import crumbs, member_or_404, shown, stored
from merilo.web import tables
from merilo.web.tables import Column

BOTH = ["GET", "HEAD", "POST"]
PAGE = 50
MOST_SEARCHED = 100
COLUMNS = [
    Column("name", gettext_lazy("Name")),
    Column("email", gettext_lazy("E-mail")),
    Column("unit", gettext_lazy("Unit")),
    Column("position", gettext_lazy("Position")),
    Column("roles", gettext_lazy("Roles")),
    Column("state", gettext_lazy("State")),
    Column("since", gettext_lazy("Since")),
]


def state_of(member: Membership) -> tuple[str, str]:
    """Status and words: here, invited, invitation expired."""
    if member.person_id is not None:
        return "done", _("Signs in")
    last = next(iter(member.by_date), None)  # type: ignore[attr-defined]
    if last is None or last.voided_at or last.expires_at <= timezone.now():
        return "problem", _("Invitation expired")
    return "waiting", _("Invited")


def role_names(member: Membership) -> str:
    """The member's roles in words."""
    return ", ".join(str(ROLES[code].name) for code in member.roles if code in ROLES)


@require_safe
def people(request: OrgRequest) -> HttpResponse:
    """Everybody who is a member or invited."""
    viewer = request.viewer
    viewer.require("organisation.read")
    text = request.GET.get("q", "").strip()[:MOST_SEARCHED]
    page = Paginator(queries.listed_members(viewer, text=text), PAGE).get_page(request.GET.get("page"))
    rows = [_row(member) for member in page]
    context = {
        "rows": rows,
        "listing": page,
        "text": text,
        "query": urlencode({"q": text}) if text else "",
        "formats": tables.FORMATS,
        "may_manage": viewer.can("people.manage"),
        "has_deputy": queries.has_deputy(viewer),
        "crumbs": crumbs(viewer),
    }
    return shown(request, "people", context)


def _row(member: Membership) -> dict[str, Any]:
    status, words = state_of(member)
    return {"member": member, "roles": role_names(member), "status": status, "words": words}


@require_safe
def export(request: OrgRequest, kind: str) -> HttpResponse:
    """The list of people to take away."""
    viewer = request.viewer
    viewer.require("people.manage")
    answer = tables.export(_exported(request), COLUMNS, kind, f"{viewer.organisation.slug}-people")
    record_download(viewer=viewer, verb="people.exported", kind=kind, at=timezone.now())
    return answer


def _exported(request: OrgRequest) -> Iterator[list[Any]]:
    for member in queries.listed_members(request.viewer):
        yield [
            member.name,
            member.email,
            member.unit.name if member.unit else "",
            member.position,
            role_names(member),
            state_of(member)[1],
            timezone.localdate(member.joined_at),
        ]


@require_safe
def former(request: OrgRequest) -> HttpResponse:
    """Those who left."""
    viewer = request.viewer
    viewer.require("people.manage")
    page = Paginator(queries.former_members(viewer), PAGE).get_page(request.GET.get("page"))
    context = {"listing": page, "crumbs": crumbs(viewer, (_("People"), "organisations:people"))}
    return shown(request, "former", context)


@require_http_methods(BOTH)
def member(request: OrgRequest, pk: UUID) -> HttpResponse:
    """One member: details and roles, to be changed by those who manage people."""
    viewer = request.viewer
    viewer.require("organisation.read")
    found = member_or_404(request, pk)
    roles = RolesForm(initial={"roles": found.roles})
    what = request.POST.get("what", "details") if request.method == "POST" else ""
    if what:
        viewer.require("people.manage")
    if what == "roles":
        roles = RolesForm(request.POST)
        if answer := _store_roles(request, found, roles):
            return answer
    tree = queries.unit_tree(viewer)
    initial = {"name": found.name, "unit": str(found.unit_id or ""), "position": found.position}
    details = MemberForm(tree=tree, initial=initial)
    if what == "details":
        details = MemberForm(request.POST, tree=tree)
        if answer := _store_details(request, found, details):
            return answer
    refused = bool(details.errors or roles.errors)
    context = {
        "member": found,
        "details": details,
        "roles": roles,
        "roles_words": role_names(found),
        "is_guest": "guest" in found.roles,
        "is_pending": found.person_id is None and found.left_at is None,
        "renewing": {"once": once.new_key()},
        "is_me": found.pk == viewer.membership.pk,
        "may_manage": viewer.can("people.manage") and found.left_at is None,
        "may_know_reason": viewer.can("people.manage"),
        "may_take_back": viewer.can("people.manage") and actions.may_return(found),
        "has_errors": refused,
        "crumbs": crumbs(viewer, (_("People"), "organisations:people")),
    }
    return shown(request, "member", context, refused=refused)


def _store_details(request: OrgRequest, found: Membership, form: MemberForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    return stored(
        request,
        form,
        lambda: actions.change_member(
            viewer=request.viewer,
            member=found,
            name=form.cleaned_data["name"],
            unit=form.chosen_unit,
            position=form.cleaned_data["position"],
            at=timezone.now(),
        ),
        to=address(request.viewer, "organisations:member", pk=found.pk),
        said=_("The details are saved."),
    )


def _store_roles(request: OrgRequest, found: Membership, form: RolesForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    return stored(
        request,
        form,
        lambda: actions.change_roles(
            viewer=request.viewer, member=found, roles=form.cleaned_data["roles"], at=timezone.now()
        ),
        to=address(request.viewer, "organisations:member", pk=found.pk),
        said=_("The roles are saved."),
    )


@require_http_methods(BOTH)
def leave(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Record that a member left."""
    viewer = request.viewer
    found = member_or_404(request, pk)
    if viewer.membership.pk != found.pk:
        viewer.require("people.manage")
    may_hand_over = viewer.can("people.manage") and found.left_at is None
    form = LeaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        own = viewer.membership.pk == found.pk
        answer = stored(
            request,
            form,
            lambda: actions.leave(
                viewer=viewer, member=found, reason=form.cleaned_data["reason"], at=timezone.now()
            ),
            to="/" if own else address(viewer, "organisations:people"),
            said=_("%(name)s is a former member now.") % {"name": found.name},
        )
        if answer:
            return answer
    context = {
        "member": found,
        "form": form,
        "is_me": viewer.membership.pk == found.pk,
        "held": handing.held_by(viewer, found, {}, on=timezone.localdate()) if may_hand_over else [],
        "crumbs": crumbs(viewer, (_("People"), "organisations:people")),
    }
    return shown(request, "leave", context, refused=bool(form.errors))


@require_POST
def take_back(request: OrgRequest, pk: UUID) -> HttpResponse:
    """Open the membership of somebody who left again."""
    viewer = request.viewer
    found = member_or_404(request, pk)
    actions.take_back(viewer=viewer, member=found, at=timezone.now())
    said = _("%(name)s is a member again, as one who reads. Give the roles below.")
    messages.success(request, said % {"name": found.name})
    return redirect(address(viewer, "organisations:member", pk=found.pk))


@require_safe
def roles(request: OrgRequest) -> HttpResponse:
    """What each role may do, and who has it."""
    viewer = request.viewer
    viewer.require("organisation.read")
    holders = queries.holders(viewer)
    found = [
        {
            "role": role,
            "may": [words for code, words in PERMISSIONS.items() if code in role.may],
            "holders": holders.get(role.code, []),
        }
        for role in ROLES.values()
    ]
    context = {
        "roles": found,
        "has_deputy": "deputy" in holders,
        "may_manage": viewer.can("people.manage"),
        "crumbs": crumbs(viewer),
    }
    return shown(request, "roles", context)
