"""Writes on accounts: keyword-only, one transaction, audited on the platform's chain."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from merilo.accounts.models import Person
from merilo.core import audit
from merilo.core.models import KeptForm, OutgoingMail


@transaction.atomic
def make_person(
    *, email: str, name: str, password: str, language: str, verified: bool, at: datetime
) -> Person:
    """An account; `verified` says that the address was proven to be the person's own, by a mail to it."""
    person = Person.objects.create_user(email, password, name=name, language=language, joined_at=at)
    EmailAddress.objects.create(user=person, email=person.email, verified=verified, primary=True)
    audit.record("account.made", actor=person.pk, target=person, at=at)
    return person


@transaction.atomic
def change_profile(*, person: Person, name: str, language: str, at: datetime) -> None:
    """Store name and language of the person; nothing is recorded when nothing changed."""
    changed = [
        field for field, value in (("name", name), ("language", language)) if getattr(person, field) != value
    ]
    if not changed:
        return
    Person.objects.filter(pk=person.pk).update(name=name, language=language)
    audit.record("account.changed", actor=person.pk, target=person, payload={"changed": changed}, at=at)


@transaction.atomic
def anonymise(*, person: Person, by: object, at: datetime) -> None:
    """Take name, address and password from an account for good; its id stays, it can never sign in again."""
    address = person.email
    OutgoingMail.objects.filter(recipient__iexact=address).delete()
    KeptForm.objects.filter(owner=str(person.pk)).delete()
    EmailAddress.objects.filter(user=person).delete()
    person.email, person.name, person.language = f"erased-{person.pk}@erased.invalid", "", ""
    person.is_active, person.is_operator, person.erased_at = False, False, at
    person.set_unusable_password()
    person.save()
    audit.erase_payloads(mentioning=str(person.pk), by=by, at=at)
    audit.erase_payloads(mentioning=address, by=by, at=at)
    audit.record("account.erased", actor=by, target=person, at=at)
