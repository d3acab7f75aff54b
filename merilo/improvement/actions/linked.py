"""What an owner does by the link of a mail, without signing in: one report on one measure."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from merilo.core import limits
from merilo.core.errors import Conflict
from merilo.core.limits import Rate
from merilo.improvement.actions.running import Said, check_in
from merilo.improvement.models import CheckInLink
from merilo.improvement.queries.reporting import standing_of
from merilo.improvement.rules.reporting import Standing
from merilo.organisations.api import record, viewer_in

PER_LINK: Rate = {"most": 30, "seconds": 3600}


class Closed(Conflict):
    """The link takes nothing any more."""


def count_report(*, link: CheckInLink, at: datetime) -> None:
    """Count what comes by a link, whatever becomes of it. Errors: TooMany."""
    limits.hit("check-in-link", str(link.pk), **PER_LINK, at=at)


def report_by_link(*, link: CheckInLink, said: Said, version: int, at: datetime) -> None:
    """Say how the measure goes, as the holder of the link; it and others of the same measure end with it.

    Errors: Closed, Conflict, Refused, MeriloError (a reason is missing, no such move).
    """
    measure, holder = link.measure, link.holder
    with transaction.atomic():
        held = CheckInLink.objects.select_for_update().get(pk=link.pk)
        link.used_at = held.used_at
        day = timezone.localdate(at, measure.plan.organisation.zone)
        viewer = viewer_in(holder.person, holder.organisation.slug, on=day) if holder.person else None
        if viewer is None or standing_of(link, at=at) is not Standing.OPEN:
            raise Closed(_("This link takes nothing any more."))
        check_in(viewer=viewer, measure=measure, said=said, version=version, at=at)
        CheckInLink.objects.filter(measure=measure, holder=holder, used_at=None).update(used_at=at)
        record(viewer, "measure.reported_by_link", measure, {"number": measure.number}, at=at)


def forget_links(*, ended_before: datetime) -> int:
    """Delete links that ended before a moment; answers how many."""
    return CheckInLink.objects.filter(until__lt=ended_before).delete()[0]
