"""Writes on accounts: keyword-only, one transaction, audited on the platform's chain."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from merilo.accounts import services, sessions
from merilo.accounts.models import Person
from merilo.accounts.services import Service
from merilo.core import audit
from merilo.core.models import KeptForm, OutgoingMail


@transaction.atomic
def make_person(
    *, email: str, name: str, password: str | None, language: str, verified: bool, at: datetime
) -> Person:
    """An account; `verified` says that the address was proven to be the person's own.

    Without a password it is entered through a sign-in service only, until a password is set by mail.
    """
    person = Person.objects.create_user(email, password, name=name, language=language, joined_at=at)
    EmailAddress.objects.create(user=person, email=person.email, verified=verified, primary=True)
    audit.record("account.made", actor=person.pk, target=person, at=at)
    return person


@transaction.atomic
def change_profile(*, person: Person, name: str, language: str, daily_mail: bool, at: datetime) -> None:
    """Store what the person says about themselves; nothing is recorded when nothing changed."""
    wanted = {"name": name, "language": language, "daily_mail": daily_mail}
    changed = [field for field, value in wanted.items() if getattr(person, field) != value]
    if not changed:
        return
    Person.objects.filter(pk=person.pk).update(**wanted)
    audit.record("account.changed", actor=person.pk, target=person, payload={"changed": changed}, at=at)


def want_daily(*, person: Person, at: datetime) -> None:
    """Have what happens in one mail a day."""
    change_profile(person=person, name=person.name, language=person.language, daily_mail=True, at=at)
    person.daily_mail = True


@transaction.atomic
def anonymise(*, person: Person, by: object, at: datetime) -> None:
    """Take name, address and password from an account for good; its id stays, it can never sign in again."""
    address = person.email
    OutgoingMail.objects.filter(recipient__iexact=address).delete()
    KeptForm.objects.filter(owner=str(person.pk)).delete()
    EmailAddress.objects.filter(user=person).delete()
    Authenticator.objects.filter(user=person).delete()
    SocialAccount.objects.filter(user=person).delete()
    sessions.end(person)
    person.email, person.name, person.language = f"erased-{person.pk}@erased.invalid", "", ""
    person.is_active, person.is_operator, person.erased_at = False, False, at
    person.set_unusable_password()
    person.save()
    audit.erase_payloads(mentioning=str(person.pk), by=by, at=at)
    audit.erase_payloads(mentioning=address, by=by, at=at)
    audit.record("account.erased", actor=by, target=person, at=at)


@transaction.atomic
def end_session(*, person: Person, pk: int, at: datetime) -> bool:
    """Sign the person out in one place; False when that had ended already."""
    ended = sessions.end(person, pk=pk)
    if ended:
        audit.record("account.session_ended", actor=person.pk, target=person, at=at)
    return bool(ended)


@transaction.atomic
def end_sessions(*, person: Person, at: datetime) -> int:
    """Sign the person out everywhere, here too; answers in how many places."""
    ended = sessions.end(person)
    audit.record("account.sessions_ended", actor=person.pk, target=person, payload={"sessions": ended}, at=at)
    return ended


@transaction.atomic
def record_factor(*, verb: str, person: Person, at: datetime) -> None:
    """Record what the library has just done with a second factor of the person, in the same transaction."""
    audit.record(verb, actor=person.pk, target=person, at=at)


@transaction.atomic
def remove_factors(*, person: Person, by: object, at: datetime) -> int:
    """Take all second factors from somebody who lost them, and end every session; answers how many went."""
    removed, _tables = Authenticator.objects.filter(user=person).delete()
    sessions.end(person)
    audit.record("account.factors_removed", actor=by, target=person, payload={"factors": removed}, at=at)
    return int(removed)


@transaction.atomic
def connect_service(*, person: Person, service: Service, subject: str, at: datetime) -> bool:
    """Let the person come in through a service too; False when another account is connected there."""
    row, _made = SocialAccount.objects.get_or_create(
        provider=service.key, uid=subject, defaults={"user": person}
    )
    if row.user_id != person.pk:
        return False
    audit.record("account.service_connected", actor=person.pk, target=person, at=at)
    return True


@transaction.atomic
def disconnect_service(*, person: Person, key: str, at: datetime) -> bool:
    """Let the person come in through a service no more; False where that was not so."""
    removed, _tables = SocialAccount.objects.filter(user=person, provider=key).delete()
    if removed:
        audit.record("account.service_disconnected", actor=person.pk, target=person, at=at)
    return bool(removed)


@transaction.atomic
def disconnect_services(*, person: Person, at: datetime) -> None:
    """Who had to choose a new password by mail trusts no service any more, until it is connected again."""
    for row in list(SocialAccount.objects.filter(user=person)):
        disconnect_service(person=person, key=row.provider, at=at)


@transaction.atomic
def enter_by_service(*, service: Service, subject: str, name: str, email: str, at: datetime) -> Person | None:
    """Make the account of somebody whom the service's organisation has invited; None for anybody else."""
    person = services.admit(service, name=name, email=email, at=at)
    if person is not None:
        connect_service(person=person, service=service, subject=subject, at=at)
    return person
