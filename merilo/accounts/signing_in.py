"""Sign somebody in whose identity was just proven in another way than by password."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest

from merilo.accounts.models import Person
from merilo.core import audit


def sign_in(request: HttpRequest, person: Person) -> None:
    """Start a new session for the person, with a new key."""
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    with transaction.atomic():
        audit.record("account.signed_in", actor=person.pk, target=person)
