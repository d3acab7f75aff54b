"""When and from where a person was last seen in a session, noted every few minutes; ending sessions."""

from __future__ import annotations

import time

from allauth.usersessions.models import UserSession
from django.http import HttpRequest

from merilo.accounts.models import Person

MARK = "seen_at"
EVERY_SECONDS = 5 * 60


def is_due(request: HttpRequest) -> bool:
    """Whether it is time to note once more that the session is used."""
    return bool(time.time() - request.session.get(MARK, 0) >= EVERY_SECONDS)


def note(request: HttpRequest, person: Person) -> None:
    """Keep the device, the neighbourhood of its network and the time."""
    request.session[MARK] = int(time.time())
    request.user = person
    UserSession.objects.create_from_request(request)


def end(person: Person, **which: int) -> int:
    """End sessions of the person: their cookie opens nothing any more. Answers how many there were."""
    found = list(UserSession.objects.filter(user=person, **which))
    for row in found:
        row.end()
    return len(found)
