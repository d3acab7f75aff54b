"""Whom this room tells what has happened to an external feedback."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy

from merilo.feedback.models import Feedback, Label
from merilo.feedback.queries.feedbacks import present_actors
from merilo.organisations.api import Event, Membership, NotificationKind, Viewer, members_who_may, notify

NOTIFICATIONS = {
    "feedback.handed_in": gettext_lazy("%(organisation)s has applied: you can read and give points."),
    "feedback.withdrawn": gettext_lazy("%(organisation)s has withdrawn its application."),
    "feedback.own_closed": gettext_lazy("The evaluators’ points about %(organisation)s are closed: agree."),
    "feedback.reported": gettext_lazy("The feedback report on “%(title)s” is there."),
    "feedback.decided": gettext_lazy("It is decided on the label after the feedback on “%(title)s”."),
    "feedback.responded": gettext_lazy("%(organisation)s has responded to the feedback report."),
    "label.ends": gettext_lazy("The label after “%(title)s” holds until %(day)s."),
}


def kinds() -> Iterator[NotificationKind]:
    """The kinds of notifications of this room."""
    yield from (NotificationKind(code, sentence) for code, sentence in NOTIFICATIONS.items())


def to_actors(viewer: Viewer, feedback: Feedback, verb: str, *, at: datetime) -> None:
    """Tell the evaluators whose access holds."""
    on = at.astimezone(feedback.organisation.zone).date()
    notify(viewer=viewer, event=_event(feedback, verb, at), to=present_actors(feedback, on=on))


def to_managers(viewer: Viewer, feedback: Feedback, verb: str, *, at: datetime) -> None:
    """Tell those who prepare external feedback."""
    notify(viewer=viewer, event=_event(feedback, verb, at), to=members_who_may(viewer, "feedback.edit"))


def label_ends(label: Label, to: list[Membership], *, at: datetime) -> None:
    """Remind that a label ends."""
    event = _event(label.feedback, "label.ends", at, day=label.valid_until)
    notify(viewer=None, event=event, to=to)


def _event(feedback: Feedback, verb: str, at: datetime, *, day: date | None = None) -> Event:
    parts = {"org": feedback.organisation.slug, "feedback": feedback.pk}
    facts = {"title": feedback.assessment.title, "organisation": feedback.organisation.name}
    if day is not None:
        facts["day"] = day.isoformat()
    return Event(verb, reverse("feedback:overview", kwargs=parts), at, facts)
