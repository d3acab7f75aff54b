"""Founding an organisation, by its coordinator or for one; closing it and opening it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from merilo.accounts.api import Person, require_operator
from merilo.core import audit
from merilo.core.errors import Refused
from merilo.core.models import PLATFORM
from merilo.core.romanisation import slug as romanised
from merilo.organisations.actions.invitations import Link, new_link
from merilo.organisations.actions.people import lock_members
from merilo.organisations.models import Membership, Organisation
from merilo.organisations.queries import has_begun

_LONGEST = Organisation._meta.get_field("slug").max_length or 60


@dataclass(frozen=True, slots=True)
class First:
    """Who is to coordinate an organisation that the operator makes."""

    name: str
    email: str


def may_found(person: Person) -> bool:
    """Whether this person may found an organisation here: everybody where it is open, else operators."""
    return bool(settings.FOUNDING == "open" or person.is_operator)


def found_organisation(
    *, person: Person, name: str, kind: str, country: str, languages: list[str], time_zone: str, at: datetime
) -> Organisation:
    """Make an organisation with the person as its coordinator. Raises Refused where founding is closed."""
    if not may_found(person):
        raise Refused(_("Organisations are founded by the operator of this platform. Write to them."))
    with transaction.atomic():
        organisation = _with_free_slug(
            name=name,
            kind=kind,
            country=country,
            languages=languages,
            time_zone=time_zone,
            founded_at=at,
        )
        _record_in_both("organisation.founded", organisation, person, at)
        Membership.objects.create(
            organisation=organisation,
            person=person,
            name=person.name or person.email,
            email=person.email,
            roles=["coordinator"],
            joined_at=at,
        )
    return organisation


@transaction.atomic
def found_for(
    *,
    person: Person,
    first: First,
    name: str,
    kind: str,
    country: str,
    languages: list[str],
    time_zone: str,
    at: datetime,
) -> Link:
    """Make an organisation for others, and invite its first coordinator. Errors: Refused (no operator)."""
    require_operator(person)
    organisation = _with_free_slug(
        name=name, kind=kind, country=country, languages=languages, time_zone=time_zone, founded_at=at
    )
    _record_in_both("organisation.founded", organisation, person, at)
    return _invite(organisation, first, person, at)


@transaction.atomic
def invite_first(*, person: Person, organisation: Organisation, first: First, at: datetime) -> Link:
    """Invite the first coordinator again, perhaps somebody else; an older link becomes void.

    Errors: Refused: whoever is no operator, and as soon as anybody has come: from then on the organisation
    invites by itself, and no operator has a way into it.
    """
    require_operator(person)
    lock_members(organisation.pk)
    if has_begun(organisation):
        raise Refused(_("People work here already; its coordinator invites further ones."))
    return _invite(organisation, first, person, at)


def _invite(organisation: Organisation, first: First, person: Person, at: datetime) -> Link:
    pending = Membership.objects.filter(organisation=organisation, person=None, left_at=None)
    member = pending.order_by("joined_at", "pk").first() or Membership(organisation=organisation)
    member.name, member.email = first.name, first.email
    member.roles, member.joined_at = ["coordinator"], at
    member.save()
    member.invitations.filter(accepted_at=None, voided_at=None).update(voided_at=at)
    audit.record("coordinator.invited", organisation=organisation.pk, actor=person.pk, target=member, at=at)
    audit.record("coordinator.invited", actor=person.pk, target=organisation, at=at)
    return new_link(member, person, at)


# --- closing ------------------------------------------------------------------------------------------
@transaction.atomic
def close(*, person: Person, organisation: Organisation, at: datetime) -> None:
    """Let nobody in any more; everything stays as it is. Errors: Refused (no operator)."""
    require_operator(person)
    if Organisation.objects.filter(pk=organisation.pk, closed_at=None).update(closed_at=at):
        _record_in_both("organisation.closed", organisation, person, at)


@transaction.atomic
def reopen(*, person: Person, organisation: Organisation, at: datetime) -> None:
    """Let the members of a closed organisation in again. Errors: Refused (no operator)."""
    require_operator(person)
    if Organisation.objects.filter(pk=organisation.pk).exclude(closed_at=None).update(closed_at=None):
        _record_in_both("organisation.reopened", organisation, person, at)


def _record_in_both(verb: str, organisation: Organisation, person: Person, at: datetime) -> None:
    """What the operator and the organisation both have to know stands in both chains."""
    for chain in (organisation.pk, PLATFORM):
        audit.record(verb, organisation=chain, actor=person.pk, target=organisation, at=at)


def _with_free_slug(*, name: str, **values: Any) -> Organisation:
    """Make the organisation under the first free address ("burgas", "burgas-2", …)."""
    base = romanised(name, limit=_LONGEST - 6) or "organisation"
    taken = set(Organisation.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number = 1
    while True:
        candidate = base if number == 1 else f"{base}-{number}"
        number += 1
        if candidate in taken:
            continue
        try:
            with transaction.atomic():
                return Organisation.objects.create(slug=candidate, name=name, **values)
        except IntegrityError:
            # Somebody else took it in this moment.
            taken.add(candidate)
