"""The private address of a person's calendar: made, made anew, withdrawn."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from merilo.accounts.api import Person
from merilo.core import audit, limits
from merilo.core.limits import Rate
from merilo.core.secret import digest_of, new_token
from merilo.organisations.erasing import Erased
from merilo.organisations.models import CalendarLink
from merilo.organisations.queries import CALENDAR

MADE: Rate = {"most": 20, "seconds": 3600}


def make_calendar(*, person: Person, at: datetime) -> str:
    """Answer the token of a new address; one made before ends. Errors: TooMany."""
    limits.hit("calendar-made", str(person.pk), **MADE, at=at)
    token = new_token()
    with transaction.atomic():
        CalendarLink.objects.update_or_create(
            person=person, defaults={"digest": digest_of(CALENDAR, token), "made_at": at}
        )
        audit.record("calendar.made", actor=person.pk, target=person, at=at)
    return token


def forget(erased: Erased) -> None:
    """End the address of an erased person."""
    if erased.member.person_id is not None:
        CalendarLink.objects.filter(person=erased.member.person_id).delete()


@transaction.atomic
def withdraw_calendar(*, person: Person, at: datetime) -> None:
    """End the address; nothing happens where there is none."""
    if CalendarLink.objects.filter(person=person).delete()[0]:
        audit.record("calendar.withdrawn", actor=person.pk, target=person, at=at)
