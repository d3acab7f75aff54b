"""Guests: somebody from another organisation who is invited to one undertaking, for a limited time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from merilo.core import audit
from merilo.core.errors import MeriloError
from merilo.organisations.actions.invitations import Link, _new_link
from merilo.organisations.models import Membership
from merilo.organisations.viewers import Viewer


@dataclass(frozen=True, slots=True)
class Guest:
    """Who is invited, what they are elsewhere, and the last day on which they may read."""

    name: str
    email: str
    position: str
    valid_until: date


@transaction.atomic
def invite_guest(*, viewer: Viewer, guest: Guest, at: datetime) -> Link:
    """Make a guest of the organisation who has still to accept; answers the one-time link.

    A guest has no rights of their own; what they may read follows from their seat. Errors: Refused,
    MeriloError when somebody of this address belongs to the organisation already.
    """
    viewer.require("people.manage")
    present = Membership.objects.filter(organisation=viewer.organisation, left_at=None)
    if present.filter(email__iexact=guest.email).exists():
        raise MeriloError(_("Somebody of this address belongs to the organisation already."), field="email")
    member = Membership.objects.create(
        organisation=viewer.organisation,
        name=guest.name,
        email=guest.email,
        position=guest.position,
        roles=["guest"],
        joined_at=at,
        valid_until=guest.valid_until,
    )
    link = _new_link(viewer, member, at)
    audit.record(
        "guest.invited",
        organisation=viewer.organisation_id,
        actor=viewer.person_id,
        target=member,
        payload={"valid_until": guest.valid_until},
        at=at,
    )
    return link
