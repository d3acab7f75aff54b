"""The worker's part: owners are reminded of reports that are due and of what is late, once of each occasion.

What somebody was reminded of is noted in the transaction that keeps the reminder; the outbox hands it over.
So a worker that dies between two steps neither loses nor repeats one.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from merilo.improvement import mails
from merilo.improvement.actions.linked import forget_links
from merilo.improvement.models import Plan, Reminded
from merilo.improvement.queries import reporting
from merilo.improvement.queries.reporting import Reminder
from merilo.organisations.api import Membership, Organisation, remind_of

log = logging.getLogger("merilo.correspondence")
LINKS_KEPT = timedelta(days=90)  # after their end, to say why they take nothing
FROM_HOUR = 7  # in the zone of the organisation


def work() -> None:
    """Look through the plans that were not looked through today."""
    now = timezone.now()
    remind_owners(at=now)
    forget_links(ended_before=now - LINKS_KEPT)


def remind_owners(*, at: datetime) -> None:
    """Remind everybody of what fell due, one organisation after the other, from its morning on."""
    waiting: dict[Organisation, list[Plan]] = defaultdict(list)
    for plan in reporting.plans_to_look_at(on=timezone.localdate(at)).order_by("organisation", "pk"):
        waiting[plan.organisation].append(plan)
    for organisation, plans in waiting.items():
        local = timezone.localtime(at, organisation.zone)
        if local.hour >= FROM_HOUR:
            _remind_in(plans, local.date(), at)


def _remind_in(plans: Sequence[Plan], today: date, at: datetime) -> None:
    """Everybody in turn; what fails for one keeps nobody else from theirs, and is tried again."""
    by_person: dict[Membership, list[Reminder]] = defaultdict(list)
    for one in reporting.reminders(list(plans), on=today):
        by_person[one.to].append(one)
    failed = [to for to, found in by_person.items() if not _told(to, found, at)]
    if not failed:
        Plan.objects.filter(pk__in=[plan.pk for plan in plans]).update(looked_on=today)


def _told(to: Membership, found: Sequence[Reminder], at: datetime) -> bool:
    try:
        remind_person(to=to, found=found, at=at)
    except Exception:
        log.exception("reminders of measures")
        return False
    return True


@transaction.atomic
def remind_person(*, to: Membership, found: Iterable[Reminder], at: datetime) -> None:
    """Remind one person of all that they were not reminded of on this occasion yet."""
    fresh = [one for one in found if _noted(one)]
    if fresh:
        remind_of(events=[mails.event_of(one, at) for one in fresh], to=to)


def _noted(one: Reminder) -> bool:
    """Note the occasion; whether it was not noted before."""
    return Reminded.objects.get_or_create(
        member=one.to, kind=one.kind, about=one.about, occasion=one.occasion
    )[1]
