"""Guests: somebody from another organisation who is invited to one undertaking, for a limited time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from merilo.core.errors import MeriloError
from merilo.organisations.actions.invitations import Link, known_by_address, new_link
from merilo.organisations.actions.people import lock_members
from merilo.organisations.models import Membership
from merilo.organisations.recording import record
from merilo.organisations.viewers import Viewer


@dataclass(frozen=True, slots=True)
class Guest:
    """Who is invited, what they are elsewhere, and the last day on which they may read."""

    name: str
    email: str
    position: str
    valid_until: date


@transaction.atomic
def invite_guest(*, viewer: Viewer, guest: Guest, at: datetime) -> tuple[Membership, Link | None]:
    """Make a guest of the organisation who has still to accept; answers the one-time link.

    A former member of the address, or a guest whose time is over, is taken back; whoever is a guest already
    stays at least as long as before. Who has an account needs no link. A guest has no rights of their own;
    what they may read follows from their seat.
    Errors: Refused, MeriloError when somebody of this address belongs to the organisation.
    """
    viewer.require("people.manage")
    lock_members(viewer.organisation_id)
    member = known_by_address(viewer).get(guest.email.casefold())
    if member is None:
        member = Membership(organisation=viewer.organisation, email=guest.email)
    elif member.is_here(timezone.localdate(at)):
        if member.roles != ["guest"]:
            told = _("Somebody of this address belongs to the organisation already.")
            raise MeriloError(told, field="email")
        until = max(guest.valid_until, member.valid_until or guest.valid_until)
        return _stays(viewer, member, until, at)
    member.name, member.position, member.valid_until = guest.name, guest.position, guest.valid_until
    member.roles, member.unit, member.joined_at = ["guest"], None, at
    member.left_at, member.left_reason = None, ""
    member.save()
    return _invited(viewer, member, at)


def _stays(viewer: Viewer, member: Membership, until: date, at: datetime) -> tuple[Membership, Link | None]:
    """A guest who is here is called as before and stays until another day."""
    member.valid_until = until
    member.save(update_fields=["valid_until"])
    return _invited(viewer, member, at)


def _invited(viewer: Viewer, member: Membership, at: datetime) -> tuple[Membership, Link | None]:
    record(viewer, "guest.invited", member, payload={"valid_until": member.valid_until}, at=at)
    return member, new_link(member, viewer.person, at) if member.person_id is None else None


@transaction.atomic
def keep_guest(*, viewer: Viewer, member: Membership, until: date, at: datetime) -> None:
    """Let a guest stay until another day, sooner or later; what they may read follows from their seat.

    Errors: Refused, MeriloError when the member is no guest.
    """
    viewer.require("people.manage")
    lock_members(viewer.organisation_id)
    row = Membership.objects.filter(organisation=viewer.organisation).get(pk=member.pk)
    if row.roles != ["guest"]:
        raise MeriloError(_("This person belongs to the organisation and is no guest."))
    row.valid_until = until
    row.save(update_fields=["valid_until"])
    record(viewer, "guest.kept", row, payload={"valid_until": until}, at=at)
