"""Founding an organisation: the founder becomes its coordinator."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from merilo.accounts.api import Person
from merilo.core import audit
from merilo.core.errors import Refused
from merilo.core.models import PLATFORM
from merilo.core.romanisation import slug as romanised
from merilo.organisations.models import Membership, Organisation

_LONGEST = Organisation._meta.get_field("slug").max_length or 60


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
        Membership.objects.create(
            organisation=organisation,
            person=person,
            name=person.name or person.email,
            email=person.email,
            roles=["coordinator"],
            joined_at=at,
        )
        for chain in (organisation.pk, PLATFORM):
            audit.record(
                "organisation.founded", organisation=chain, actor=person.pk, target=organisation, at=at
            )
    return organisation


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


def record_operator_look(*, person: Person, at: datetime) -> None:
    """Record that a platform operator read the list of organisations."""
    with transaction.atomic():
        audit.record("platform.listed", actor=person.pk, at=at)
