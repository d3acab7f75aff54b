"""Reads of one's own sign-in: second factors and open sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession

from merilo.accounts import devices, services
from merilo.accounts.models import Person
from merilo.accounts.services import Service

KINDS = Authenticator.Type


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person can prove beyond the password."""

    app: Authenticator | None
    passkeys: list[Authenticator]
    codes_left: int

    @property
    def is_set_up(self) -> bool:
        """Whether signing in asks for one."""
        return bool(self.app or self.passkeys)


@dataclass(frozen=True, slots=True)
class Session:
    """One place where a person is signed in."""

    pk: int
    device: str
    network: str
    since: datetime
    seen_at: datetime
    is_here: bool


def factors_of(person: Person) -> Factors:
    """The person's second factors. One query."""
    found = list(Authenticator.objects.filter(user=person).order_by("pk"))
    codes = [len(one.wrap().get_unused_codes()) for one in found if one.type == KINDS.RECOVERY_CODES]
    return Factors(
        app=next((one for one in found if one.type == KINDS.TOTP), None),
        passkeys=[one for one in found if one.type == KINDS.WEBAUTHN],
        codes_left=sum(codes),
    )


def has_factor(person: Person) -> bool:
    """Whether signing in asks the person for more than the password."""
    return bool(Authenticator.objects.filter(user=person).exclude(type=KINDS.RECOVERY_CODES).exists())


def has_app(person: Person) -> bool:
    return bool(Authenticator.objects.filter(user=person, type=KINDS.TOTP).exists())


def has_codes(person: Person) -> bool:
    return bool(Authenticator.objects.filter(user=person, type=KINDS.RECOVERY_CODES).exists())


def has_passkey(person: Person, pk: int) -> bool:
    return bool(Authenticator.objects.filter(user=person, type=KINDS.WEBAUTHN, pk=pk).exists())


def sessions_of(person: Person, here: str | None) -> list[Session]:
    """Where the person is signed in, this session first, then the last seen; what has ended is forgotten."""
    found = UserSession.objects.purge_and_list(person)
    return sorted(
        (_told(row, here) for row in found), key=lambda one: (not one.is_here, -one.seen_at.timestamp())
    )


def _told(row: UserSession, here: str | None) -> Session:
    return Session(
        pk=row.pk,
        device=devices.device(row.user_agent),
        network=devices.network(row.ip),
        since=row.created_at,
        seen_at=row.last_seen_at,
        is_here=row.session_key == here,
    )


def connections_of(person: Person) -> list[tuple[Service, bool]]:
    """The services of the person's organisations, each with whether it is connected."""
    connected = set(SocialAccount.objects.filter(user=person).values_list("provider", flat=True))
    known = services.all_services()
    return [
        (one, one.key in connected) for one in known if one.key in connected or services.belongs(one, person)
    ]


def person_by_address(email: str) -> Person | None:
    """The person of an address, whatever its case."""
    return Person.objects.filter(email__iexact=email).first()
