"""Members: details, roles, leaving."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from merilo.core.errors import MeriloError, Refused
from merilo.organisations.models import Membership, Organisation, Unit
from merilo.organisations.recording import record
from merilo.organisations.roles import GRANTABLE
from merilo.organisations.viewers import Viewer

COORDINATOR = "coordinator"


class LastCoordinator(MeriloError):
    """The organisation would be left without a coordinator."""

    def __init__(self) -> None:
        super().__init__(_("This is the only coordinator. Give the role to somebody else first."))


def change_member(
    *, viewer: Viewer, member: Membership, name: str, unit: Unit | None, position: str, at: datetime
) -> None:
    """Change how the organisation knows a member: name, unit, position."""
    viewer.require("people.manage")
    with transaction.atomic():
        current = _locked(member)
        if (current.name, current.unit_id, current.position) == (name, unit and unit.pk, position):
            return
        # Names stay out of the record: it says which fields changed, the page says what they are now.
        changed = [
            field
            for field, value in (("name", name), ("unit", unit), ("position", position))
            if getattr(current, field) != value
        ]
        current.name, current.unit, current.position = name, unit, position
        current.save(update_fields=changed)
        record(viewer, "member.changed", current, {"changed": changed}, at=at)


def change_roles(*, viewer: Viewer, member: Membership, roles: Sequence[str], at: datetime) -> None:
    """Give and take roles; raises LastCoordinator, and Refused for a guest or an unknown role."""
    viewer.require("people.manage")
    wanted = [code for code in GRANTABLE if code in set(roles)]
    if set(roles) - set(GRANTABLE) or "guest" in member.roles:
        raise Refused(_("Guests keep their role; it ends with the self-assessment they were asked for."))
    with transaction.atomic():
        lock_members(member.organisation_id)
        current = _locked(member)
        before = current.roles
        if set(before) == set(wanted):
            return
        if COORDINATOR not in wanted:
            require_another_coordinator(current)
        current.roles = wanted
        current.save(update_fields=["roles"])
        record(viewer, "member.roles_changed", current, {"before": before, "after": wanted}, at=at)


def leave(*, viewer: Viewer, member: Membership, reason: str, at: datetime) -> None:
    """Record that a member left, by the coordinator or the member; open invitations become void."""
    if viewer.membership.pk != member.pk:
        viewer.require("people.manage")
    with transaction.atomic():
        lock_members(member.organisation_id)
        current = _locked(member)
        if current.left_at is not None:
            return
        require_another_coordinator(current)
        current.left_at, current.left_reason = at, reason
        current.save(update_fields=["left_at", "left_reason"])
        current.invitations.filter(accepted_at=None, voided_at=None).update(voided_at=at)
        record(viewer, "member.left", current, {"reason": reason}, at=at)


def take_back(*, viewer: Viewer, member: Membership, at: datetime) -> None:
    """Open the membership of somebody who left again, as one who reads what is shared.

    Errors: Refused (an erased person, a guest), MeriloError (the address belongs to somebody else by now).
    """
    viewer.require("people.manage")
    with transaction.atomic():
        lock_members(member.organisation_id)
        current = _locked(member)
        if current.left_at is None:
            return
        if not may_return(current):
            raise Refused(_("This person comes back by a new invitation only."))
        same = Membership.objects.filter(
            organisation=current.organisation_id, left_at=None, email__iexact=current.email
        )
        if same.exists():
            raise MeriloError(_("Somebody of this address belongs to the organisation already."))
        current.left_at, current.left_reason, current.joined_at = None, "", at
        current.roles = ["viewer"]
        current.save(update_fields=["left_at", "left_reason", "joined_at", "roles"])
        record(viewer, "member.returned", current, {"roles": current.roles}, at=at)


def may_return(member: Membership) -> bool:
    """Whether a closed membership can be opened again: not of who was erased, a guest or never came."""
    has_left = member.left_at is not None
    return has_left and bool(member.person_id and member.email) and member.valid_until is None


def require_another_coordinator(member: Membership) -> None:
    """Raise LastCoordinator when the member is the only coordinator who can sign in."""
    if COORDINATOR not in member.roles or member.person_id is None:
        return
    others = Membership.objects.filter(
        organisation=member.organisation_id, left_at=None, person__is_active=True
    )
    if not any(
        COORDINATOR in roles for roles in others.exclude(pk=member.pk).values_list("roles", flat=True)
    ):
        raise LastCoordinator


def lock_members(organisation: UUID) -> None:
    """Who changes the members waits for whoever does so now, inside a transaction.

    Otherwise two coordinators could take each other's role at once, or invite the same address twice.
    """
    Organisation.objects.select_for_update().get(pk=organisation)


def _locked(member: Membership) -> Membership:
    return Membership.objects.select_for_update(of=("self",)).select_related("unit").get(pk=member.pk)
