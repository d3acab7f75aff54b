"""Sign-in services of organisations (OpenID Connect): rooms above keep them and say who may come in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from merilo.accounts.models import Person
from merilo.core import secret


@dataclass(frozen=True, slots=True)
class Service:
    """One organisation's own sign-in; `key` names organisation and issuer together."""

    key: str
    name: str
    issuer: str
    client_id: str
    sealed_secret: str
    purpose: str

    @property
    def secret(self) -> str:
        """The client's secret, readable only while it is sent."""
        return secret.unseal(self.purpose, self.sealed_secret)


class ServiceSource(Protocol):
    """What the room that keeps services answers."""

    def services(self) -> list[Service]:
        """All services of this installation."""

    def belongs(self, service: Service, person: Person) -> bool:
        """Whether the person is a member of the service's organisation now."""

    def admit(self, service: Service, *, name: str, email: str, at: datetime) -> Person | None:
        """Make an account for somebody whom the service's organisation has invited; None for others."""


_sources: list[ServiceSource] = []


def contribute_services(source: ServiceSource) -> None:
    """Let an installation's services be known here."""
    _sources.append(source)


def all_services() -> list[Service]:
    """All services, in the order of their names."""
    return [service for source in _sources for service in source.services()]


def by_key(key: str) -> Service | None:
    return next((service for service in all_services() if service.key == key), None)


def belongs(service: Service, person: Person) -> bool:
    """Whether the person is a member of the service's organisation now."""
    return any(source.belongs(service, person) for source in _sources)


def admit(service: Service, *, name: str, email: str, at: datetime) -> Person | None:
    """Make an account for somebody whom the service's organisation has invited; None for others."""
    found = (source.admit(service, name=name, email=email, at=at) for source in _sources)
    return next(filter(None, found), None)
