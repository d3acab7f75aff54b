"""Whom this room tells what has happened to a plan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy

from merilo.improvement.models import PlanRevision
from merilo.organisations.api import Event, NotificationKind, Viewer, address, members_who_may, notify

NOTIFICATIONS = {
    "plan.submitted": gettext_lazy("“%(title)s” waits for your approval."),
    "plan.returned": gettext_lazy("%(who)s has sent “%(title)s” back: %(note)s"),
    "plan.approved": gettext_lazy("“%(title)s” is approved."),
}


def kinds() -> Iterator[NotificationKind]:
    """The kinds of notifications of this room."""
    yield from (NotificationKind(code, sentence) for code, sentence in NOTIFICATIONS.items())


def plan_moved(viewer: Viewer, revision: PlanRevision, verb: str, *, to: str, at: datetime) -> None:
    """Tell those whose roles give the permission `to` what has become of a revision."""
    path = address(viewer, "improvement:revision", plan=revision.plan_id, number=revision.number)
    facts = {"title": revision.plan.title, "who": str(viewer.membership.pk), "note": revision.decision_note}
    notify(viewer=viewer, event=Event(verb, path, at, facts), to=members_who_may(viewer, to))
