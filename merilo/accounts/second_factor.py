"""Who has to sign in with a second factor; rooms above say who coordinates."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

from merilo.accounts.models import Person

LEVELS = ("nobody", "operators", "coordinators", "everybody")

Leads = Callable[[Person], bool]
_leads: list[Leads] = []


def contribute_leads(leads: Leads) -> None:
    """`leads(person)` says whether somebody coordinates an organisation now."""
    _leads.append(leads)


def must_have(person: Person) -> bool:
    """Whether this installation demands a second factor of the person."""
    if settings.SECOND_FACTOR == "nobody":
        return False
    if settings.SECOND_FACTOR == "everybody" or person.is_operator:
        return True
    return settings.SECOND_FACTOR == "coordinators" and any(leads(person) for leads in _leads)
