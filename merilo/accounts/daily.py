"""The address in a mail with which its reader has all further ones once a day, without signing in."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.urls import reverse

from merilo.accounts.models import Person
from merilo.core import secret
from merilo.core.errors import Conflict

PURPOSE = "mails-daily"


def daily_address(person: Person) -> str:
    """Where mail programs and people go; it can do nothing else."""
    key = secret.seal(PURPOSE, str(person.pk))
    return f"{settings.BASE_URL}{reverse('accounts:mails_daily', kwargs={'key': key})}"


def reader_of(key: str) -> Person | None:
    """Whose mails the address is about; None when it was made up or the account is closed."""
    try:
        found = UUID(secret.unseal(PURPOSE, key))
    except (Conflict, ValueError):
        return None
    return Person.objects.filter(pk=found, is_active=True).first()
