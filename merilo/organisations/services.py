"""Organisations' own sign-ins, as the room of accounts asks for them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from merilo.accounts.api import Person, Service, service_alone
from merilo.organisations import queries
from merilo.organisations.actions import invitations
from merilo.organisations.actions.services import PURPOSE
from merilo.organisations.models import SignInService


def is_open_to(request: HttpRequest, organisation: UUID) -> bool:
    """Whether the sign-in reaches the organisation: a service opens its own, an own proof opens all."""
    service = service_alone(request)
    return not service or queries.opens(service, organisation)


class Source:
    """The services, who belongs to one, and who may come in through it for the first time."""

    def services(self) -> list[Service]:
        return [_told(row) for row in queries.sign_in_services()]

    def belongs(self, service: Service, person: Person) -> bool:
        return queries.is_member(person, service.key, on=timezone.localdate())

    def admit(self, service: Service, *, name: str, email: str, at: datetime) -> Person | None:
        invitation = queries.open_invitation(service.key, email, at=at)
        if invitation is None:
            return None
        return invitations.accept_through_service(invitation=invitation, name=name, at=at)


def _told(row: SignInService) -> Service:
    return Service(
        key=row.key,
        name=row.name,
        issuer=row.issuer,
        client_id=row.client_id,
        sealed_secret=row.sealed_secret,
        purpose=PURPOSE,
    )
