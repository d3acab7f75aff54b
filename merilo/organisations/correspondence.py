"""The mails that gather notifications: reminders, one in 48 hours for each person, and the daily digest.

Both lock the person's row of `Correspondence` and mark in the same transaction what they mail. So each is
written once, whatever happens between two steps; the outbox hands it over.
"""

from __future__ import annotations

import logging
import zoneinfo
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from merilo.accounts.api import Person
from merilo.core import mail
from merilo.organisations.models import Correspondence, Membership, Notification, Waits
from merilo.organisations.notifying import Event, kind_of, may_be_told, write_to
from merilo.organisations.rules.reminding import PAUSE, may_remind

log = logging.getLogger("merilo.correspondence")
DIGEST_HOUR = 7  # in the zone of the platform


def work() -> None:
    """The worker's part: reminders whose time has come, then today's digests."""
    now = timezone.now()
    send_reminders(at=now)
    send_digests(at=now)


def _each(people: Iterable[UUID], send: Callable[[UUID], None]) -> None:
    """Send to one person after the other; what fails for one is logged and keeps nobody else from theirs."""
    for person in people:
        try:
            send(person)
        except Exception:
            log.exception("mail of notifications")


def _held(person: UUID) -> Correspondence:
    """The person's row, kept from others until the transaction ends."""
    return Correspondence.objects.select_for_update().get_or_create(person_id=person)[0]


def _waiting(*reasons: Waits) -> QuerySet[Notification]:
    return Notification.objects.filter(waits_for__in=reasons)


# --- reminders ------------------------------------------------------------------------------------
def remind(*, event: Event, to: Membership) -> None:
    """Remind a member, or keep the reminder for the next one where less than 48 hours have passed.

    Nobody is reminded more often, whoever reminds of what; the same reminder waits once.
    """
    remind_of(events=[event], to=to)


@transaction.atomic
def remind_of(*, events: Sequence[Event], to: Membership) -> None:
    """The same for several things at once, in one mail. The events are of one moment."""
    at = events[0].at
    if to.person_id is None or not may_be_told(to, at):
        return
    own = _held(to.person_id)
    waits = _waiting(Waits.REMINDER).filter(organisation=to.organisation_id, person=to.person_id)
    there = set(waits.values_list("kind", "path"))
    fresh = {(one.kind, one.path): one for one in events if (one.kind, one.path) not in there}
    Notification.objects.bulk_create(one.row(to, Waits.REMINDER) for one in fresh.values())
    if may_remind(own.reminded_at, at):
        _release(own, at)


def send_reminders(*, at: datetime) -> None:
    """Send what was held back, to everybody whose 48 hours are over."""
    recent = Correspondence.objects.filter(person=OuterRef("person"), reminded_at__gt=at - PAUSE)
    held = _waiting(Waits.REMINDER).filter(~Exists(recent))
    _each(_people(held), lambda person: _send_reminder(person, at))


@transaction.atomic
def _send_reminder(person: UUID, at: datetime) -> None:
    own = _held(person)
    if may_remind(own.reminded_at, at):
        _release(own, at)


def _release(own: Correspondence, at: datetime) -> None:
    """Send all that is held for the person in one reminder, or let it go with the next digest."""
    rows = _worth_mailing(own.person, _waiting(Waits.REMINDER), at)
    if not rows:
        return
    own.reminded_at = at
    own.save(update_fields=["reminded_at"])
    if mail.has_server() and own.person.daily_mail:
        _mark(rows, Waits.DIGEST)
        return
    _mark(rows, Waits.NOTHING)
    if mail.has_server():
        write_to(own.person, rows, lambda: _("Reminder: %(what)s") % {"what": _count(len(rows))})


def _count(number: int) -> str:
    return ngettext("%(count)s task waits for you", "%(count)s tasks wait for you", number) % {
        "count": number
    }


# --- digests --------------------------------------------------------------------------------------
def send_digests(*, at: datetime) -> None:
    """Write today's digest to everybody for whom something waits, from the morning on."""
    now = timezone.localtime(at, zoneinfo.ZoneInfo(settings.DEFAULT_TIME_ZONE))
    if now.hour < DIGEST_HOUR or not mail.has_server():
        return
    done = Correspondence.objects.filter(person=OuterRef("person"), digest_on__gte=now.date())
    rows = _waiting(Waits.DIGEST).filter(~Exists(done))
    _each(_people(rows), lambda person: send_digest(person, day=now.date(), at=at))


def _people(rows: QuerySet[Notification]) -> list[UUID]:
    return list(rows.order_by("person").values_list("person", flat=True).distinct())


@transaction.atomic
def send_digest(person: UUID, *, day: date, at: datetime) -> None:
    """Mail a person what waits for them, held reminders too; no more than one such mail a day."""
    own = _held(person)
    if own.digest_on is not None and own.digest_on >= day:
        return
    rows = _worth_mailing(own.person, _waiting(Waits.DIGEST, Waits.REMINDER), at)
    if not rows:
        return
    own.digest_on = day
    own.save(update_fields=["digest_on"])
    _mark(rows, Waits.NOTHING)
    write_to(own.person, rows, lambda: _subject(len(rows)))


def _subject(number: int) -> str:
    return ngettext("%(count)s new notification", "%(count)s new notifications", number) % {"count": number}


# --- both -----------------------------------------------------------------------------------------
def _worth_mailing(person: Person, waiting: QuerySet[Notification], at: datetime) -> Sequence[Notification]:
    """What is still worth a mail, oldest first; the rest waits no longer.

    Not what was read meanwhile, what has no reason any more, and what belongs to an organisation that was
    left or is closed; nothing for who is suspended.
    """
    here = Membership.objects.filter(person=person, organisation=OuterRef("organisation"), left_at=None)
    here = here.filter(person__is_active=True, organisation__closed_at=None)
    valid = here.filter(Q(valid_until=None) | Q(valid_until__gte=timezone.localdate(at)))
    rows = waiting.filter(person=person).annotate(is_member=Exists(valid))
    ordered = list(rows.select_related("organisation").order_by("organisation__name", "made_at", "pk"))
    worth = [row for row in ordered if row.is_member and row.read_at is None and kind_of(row).still(row)]
    _mark([row for row in ordered if row not in worth], Waits.NOTHING)
    return worth


def _mark(rows: Sequence[Notification], waits_for: Waits) -> None:
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(waits_for=waits_for)
