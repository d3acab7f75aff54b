"""Invitations: one-time links that make somebody a member. The secret of a link is never stored."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from merilo.accounts.api import Person, make_person
from merilo.core import audit
from merilo.core.errors import Refused
from merilo.organisations.actions.people import lock_members
from merilo.organisations.models import Invitation, Membership, Unit
from merilo.organisations.recording import record
from merilo.organisations.roles import GRANTABLE
from merilo.organisations.rules.pasting import Row
from merilo.organisations.viewers import Viewer

VALID_FOR = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Link:
    """A fresh invitation with its secret: the only moment at which it is known."""

    invitation: Invitation
    token: str

    @property
    def address(self) -> str:
        """The page that the link opens."""
        return f"{settings.BASE_URL}{reverse('site:invitation', kwargs={'token': self.token})}"

    def to_show(self) -> str:
        """The address for the inviter to hand over; empty when a mail brings it to its person alone."""
        return "" if self.invitation.mailed else self.address


@dataclass(frozen=True, slots=True)
class Invited:
    """What came of a list: new links, former members who are back without one, lines passed over."""

    links: tuple[Link, ...] = ()
    returned: tuple[Membership, ...] = ()
    passed_over: tuple[Row, ...] = ()


def hash_of(token: str) -> str:
    """What is stored of a link's secret."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite_people(
    *, viewer: Viewer, rows: Sequence[Row], roles: Sequence[str], create_units: bool, at: datetime
) -> Invited:
    """Make everybody on the list a member who has still to accept; answers the links, once.

    A former member of the same address, or a guest whose time is over, is taken back. Somebody who is a
    member already is passed over.
    """
    viewer.require("people.manage")
    if not roles or set(roles) - set(GRANTABLE):
        raise Refused(_("Choose at least one of the roles."))
    lock_members(viewer.organisation_id)
    units = _units(viewer, rows, create=create_units, at=at)
    known = known_by_address(viewer)
    links, returned, passed_over = [], [], []
    for row in rows:
        member = known.get(row.email.casefold())
        if member is not None and member.is_here(timezone.localdate(at)):
            passed_over.append(row)
            continue
        fresh = member or Membership(organisation=viewer.organisation, email=row.email)
        fresh.unit = units.get(row.unit.casefold())
        _store(fresh, row, roles, at)
        known[row.email.casefold()] = fresh
        if fresh.person_id is None:
            links.append(new_link(fresh, viewer.person, at))
        else:
            returned.append(fresh)
    _record_all(viewer, links, returned, roles, at)
    return Invited(tuple(links), tuple(returned), tuple(passed_over))


def known_by_address(viewer: Viewer) -> dict[str, Membership]:
    """Members of the organisation by folded address, present ones before those who left. One query."""
    found = Membership.objects.filter(organisation=viewer.organisation).exclude(email="").order_by("pk")
    last = sorted(found, key=lambda member: (member.left_at is None, member.person_id is not None))
    return {member.email.casefold(): member for member in last}


def _units(viewer: Viewer, rows: Sequence[Row], *, create: bool, at: datetime) -> dict[str, Unit]:
    """Units of the organisation by folded name, with the list's new ones when they shall be created."""
    units = {unit.name.casefold(): unit for unit in Unit.objects.filter(organisation=viewer.organisation)}
    for name in dict.fromkeys(row.unit for row in rows if row.unit) if create else ():
        if name.casefold() not in units:
            unit = Unit.objects.create(organisation=viewer.organisation, name=name, position=len(units))
            units[name.casefold()] = unit
            record(viewer, "unit.added", unit, {"name": name}, at=at)
    return units


def _store(member: Membership, row: Row, roles: Sequence[str], at: datetime) -> None:
    member.name, member.position = row.name, row.position
    member.roles = [code for code in GRANTABLE if code in roles]
    member.joined_at, member.left_at, member.left_reason, member.valid_until = at, None, "", None
    member.save()


def new_link(member: Membership, by: Person, at: datetime) -> Link:
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organisation=member.organisation,
        membership=member,
        token_hash=hash_of(token),
        made_at=at,
        made_by=by,
        expires_at=at + VALID_FOR,
    )
    return Link(invitation, token)


def _record_all(
    viewer: Viewer, links: Sequence[Link], returned: Sequence[Membership], roles: Sequence[str], at: datetime
) -> None:
    if links:
        members = [str(link.invitation.membership_id) for link in links]
        record(
            viewer, "people.invited", viewer.organisation, {"members": members, "roles": list(roles)}, at=at
        )
    for member in returned:
        record(viewer, "member.returned", member, {"roles": list(roles)}, at=at)


@transaction.atomic
def renew_invitation(*, viewer: Viewer, member: Membership, at: datetime) -> Link:
    """A new link for somebody who has not accepted yet; every older one becomes void."""
    viewer.require("people.manage")
    current = Membership.objects.select_for_update(of=("self",)).get(pk=member.pk)
    if current.person_id is not None or current.left_at is not None:
        raise Refused(_("This person has accepted the invitation already or has left."))
    current.invitations.filter(accepted_at=None, voided_at=None).update(voided_at=at)
    link = new_link(current, viewer.person, at)
    record(viewer, "invitation.renewed", current, {}, at=at)
    return link


@transaction.atomic
def accept_as_new(*, invitation: Invitation, name: str, password: str, language: str, at: datetime) -> Person:
    """Make the account that the invitation was for and the person a member.

    The address counts as verified only when the link was mailed to it: a link that was shown could have
    been opened by whoever invited.
    """
    _claim(invitation, at)
    if Person.objects.filter(email__iexact=invitation.membership.email).exists():
        raise Refused(_("There is an account with this address. Sign in to accept the invitation."))
    person = make_person(
        email=invitation.membership.email,
        name=name,
        password=password,
        language=language,
        verified=invitation.mailed,
        at=at,
    )
    _join(invitation.membership, person, at)
    return person


@transaction.atomic
def accept_through_service(*, invitation: Invitation, name: str, at: datetime) -> Person:
    """Make the account of somebody whom the organisation's own sign-in has named, without a password.

    Whether an account of this address exists has been asked before: it is never taken over. The address stays
    unconfirmed, because only the service has vouched for it.
    """
    _claim(invitation, at)
    member = invitation.membership
    person = make_person(
        email=member.email,
        name=name or member.name,
        password=None,
        language=invitation.organisation.language,
        verified=False,
        at=at,
    )
    _join(member, person, at)
    return person


@transaction.atomic
def accept_as(*, invitation: Invitation, person: Person, at: datetime) -> None:
    """Make somebody who has an account a member; a former member of the organisation is taken back.

    Errors: Refused (the link is used up, a member already, or both places stand in the same group).
    """
    _claim(invitation, at)
    member = invitation.membership
    earlier = Membership.objects.filter(organisation=invitation.organisation_id, person=person).first()
    if earlier is None:
        _join(member, person, at)
        return
    if earlier.is_here(timezone.localdate(at)):
        raise Refused(_("You are a member of this organisation already."))
    try:
        with transaction.atomic():
            _take_place(earlier, member)
    except IntegrityError as error:
        sentence = _("You are known here as %(email)s. Ask the coordinator to invite you by this address.")
        raise Refused(sentence % {"email": earlier.email}) from error
    _join(earlier, person, at)


def _claim(invitation: Invitation, at: datetime) -> None:
    """Use the invitation up, whoever comes second is refused."""
    usable = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, voided_at=None, expires_at__gt=at)
    if invitation.organisation.closed_at is not None or not usable.update(accepted_at=at):
        raise Refused(_("This invitation cannot be used any more."))


def _join(member: Membership, person: Person, at: datetime) -> None:
    member.person, member.joined_at = person, at
    member.save(update_fields=["person", "joined_at"])
    audit.record(
        "invitation.accepted", organisation=member.organisation_id, actor=person.pk, target=member, at=at
    )


def _take_place(earlier: Membership, kept: Membership) -> None:
    """Give the earlier membership all that was kept for the person: roles, and the seats that wait.

    Errors: IntegrityError where both are in one place, for example in the same group.
    """
    for relation in Membership._meta.related_objects:
        name = relation.field.name
        rows = relation.related_model._default_manager.filter(**{name: kept})  # noqa: SLF001  Django's name
        rows.update(**{name: earlier})
    kept.delete()
    for name in ("roles", "unit", "position", "valid_until"):
        setattr(earlier, name, getattr(kept, name))
    earlier.left_at, earlier.left_reason = None, ""
    earlier.save()
