"""Whom this room tells what has happened: those who run surveys."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy

from merilo.organisations.api import Event, NotificationKind, Viewer, notify, who_may
from merilo.surveys.models import Survey

NOTIFICATIONS = {
    "survey.opened": gettext_lazy("The survey “%(title)s” was opened, as planned."),
    "survey.not_opened": gettext_lazy(
        "The survey “%(title)s” should have opened, but something in it must be put right first. It stays a "
        "draft without a first day."
    ),
    "survey.closed": gettext_lazy("The survey “%(title)s” is closed."),
}


def kinds() -> Iterator[NotificationKind]:
    """The kinds of notifications of this room."""
    yield from (NotificationKind(code, sentence) for code, sentence in NOTIFICATIONS.items())


def opened(survey: Survey, *, at: datetime) -> None:
    """It opened by itself."""
    _tell(None, "survey.opened", survey, at)


def not_opened(survey: Survey, *, at: datetime) -> None:
    """It could not open by itself."""
    _tell(None, "survey.not_opened", survey, at)


def closed(viewer: Viewer | None, survey: Survey, *, at: datetime) -> None:
    """Nobody can answer any more; `viewer` is None where the last day was over."""
    _tell(viewer, "survey.closed", survey, at)


def _tell(viewer: Viewer | None, kind: str, survey: Survey, at: datetime) -> None:
    path = reverse("surveys:overview", kwargs={"org": survey.organisation.slug, "survey": survey.pk})
    event = Event(kind, path, at, {"title": survey.title})
    notify(viewer=viewer, event=event, to=who_may(survey.organisation, "survey.edit"))
