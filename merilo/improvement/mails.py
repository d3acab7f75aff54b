"""Whom this room tells what has happened to a plan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merilo.core.secret import digest_of, new_token
from merilo.improvement.models import CheckInLink, Draft, DraftState, Measure, PlanRevision
from merilo.improvement.queries import reporting
from merilo.improvement.queries.board import answering
from merilo.improvement.queries.reporting import LATE, PURPOSE, REPORT, STEP_LATE, Reminder
from merilo.organisations.api import (
    Event,
    Notification,
    NotificationKind,
    NotificationWay,
    Viewer,
    address,
    members_who_may,
    notify,
)

NOTIFICATIONS = {
    "plan.submitted": gettext_lazy("“%(title)s” waits for your approval."),
    "plan.returned": gettext_lazy("%(who)s has sent “%(title)s” back: %(note)s"),
    "plan.approved": gettext_lazy("“%(title)s” is approved."),
    "draft.accepted": gettext_lazy("What you offered has become a measure of “%(title)s”: %(text)s"),
    "draft.declined": gettext_lazy("What you offered to “%(title)s” is not followed: %(text)s. %(note)s"),
}
REMINDERS = {
    REPORT: gettext_lazy("How does measure %(number)s go? %(text)s"),
    LATE: gettext_lazy("Measure %(number)s is late: %(text)s"),
    STEP_LATE: gettext_lazy("An activity of yours is late: %(text)s"),
}
LINK_LIVES = timedelta(days=14)


def kinds() -> Iterator[NotificationKind]:
    """The kinds of notifications of this room."""
    yield from (NotificationKind(code, sentence) for code, sentence in NOTIFICATIONS.items())
    for code, sentence in REMINDERS.items():
        yield NotificationKind(code, sentence, still=_still, way=_nowhere if code == STEP_LATE else _link)


def plan_moved(viewer: Viewer, revision: PlanRevision, verb: str, *, to: str, at: datetime) -> None:
    """Tell those whose roles give the permission `to` what has become of a revision."""
    path = address(viewer, "improvement:revision", plan=revision.plan_id, number=revision.number)
    facts = {"title": revision.plan.title, "who": str(viewer.membership.pk), "note": revision.decision_note}
    notify(viewer=viewer, event=Event(verb, path, at, facts), to=members_who_may(viewer, to))


def draft_decided(viewer: Viewer, draft: Draft, *, at: datetime) -> None:
    """Tell who offered a measure what has become of it."""
    if draft.offered_by is None:
        return
    if draft.measure is not None:
        path = address(viewer, "improvement:measure", plan=draft.plan_id, measure=draft.measure.pk)
    else:
        path = address(viewer, "improvement:list")
    facts = {"title": draft.plan.title, "text": draft.text, "note": draft.reason}
    kind = "draft.accepted" if draft.state == DraftState.ACCEPTED else "draft.declined"
    notify(viewer=viewer, event=Event(kind, path, at, facts), to=[draft.offered_by])


# --- reminders ------------------------------------------------------------------------------------
def event_of(one: Reminder, at: datetime) -> Event:
    """What somebody is reminded of."""
    measure, activity = one.measure, one.activity
    where = {"org": measure.plan.organisation.slug, "plan": measure.plan_id, "measure": measure.pk}
    if activity is not None:
        path = reverse("improvement:activity_report", kwargs=where | {"activity": activity.pk})
        text = activity.text
    else:
        path, text = reverse("improvement:check_in", kwargs=where), measure.text
    facts = {"number": str(measure.number), "text": text, "about": str(one.about)}
    return Event(one.kind, path, at, facts)


def _still(row: Notification) -> bool:
    return reporting.still_due(row.kind, row.facts["about"], row.person_id)


def _nowhere(_row: Notification) -> None:
    """No other way than the page inside."""


def _link(row: Notification) -> NotificationWay | None:
    """A personal address for one report on the measure, which needs no sign-in."""
    measure = Measure.objects.select_related("owner", "deputy").get(pk=row.facts["about"])
    holder = answering(measure)
    if holder is None or holder.person_id != row.person_id:
        return None
    token, now = new_token(), timezone.now()
    link = CheckInLink.objects.create(
        measure=measure, holder=holder, digest=digest_of(PURPOSE, token), made_at=now, until=now + LINK_LIVES
    )
    until = date_format(timezone.localtime(link.until, row.organisation.zone), "SHORT_DATE_FORMAT")
    note = _("Until %(day)s, for you alone and without signing in: one report.") % {"day": until}
    return NotificationWay(f"{settings.BASE_URL}{reverse('checkin:by_link', args=[token])}", note)
