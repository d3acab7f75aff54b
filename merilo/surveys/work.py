"""What surveys ask of people on "My work": days that come near, open answers that nobody has read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from merilo.core.navigation import WorkItem
from merilo.organisations.api import Viewer, address
from merilo.surveys.models import State, Survey
from merilo.surveys.queries import standing

NEAR = timedelta(days=14)
LONG = timedelta(days=60)  # an open survey without a last day is asked about then


def days_work(viewer: Viewer) -> Iterator[WorkItem]:
    """Drafts that open by themselves soon, open surveys whose last day is near or not set. One query."""
    today = timezone.localdate(timezone=viewer.organisation.zone)
    for survey in standing.running(viewer):
        if survey.state == State.DRAFT and survey.opens_on and survey.opens_on <= today + NEAR:
            yield _item(viewer, survey, "open", _("Check the questionnaire before it opens"), survey.opens_on)
        elif survey.state == State.OPEN and survey.closes_on and survey.closes_on <= today + NEAR:
            yield _item(viewer, survey, "overview", _("Remind people before the last day"), survey.closes_on)
        elif survey.state == State.OPEN and not survey.closes_on and _is_long(survey):
            yield _item(viewer, survey, "close", _("Close the survey, or set a last day"))


def texts_work(viewer: Viewer) -> Iterator[WorkItem]:
    """Open answers to read. One query, none for who may not."""
    for survey, count in standing.unread(viewer):
        words = ngettext("%(count)s not read yet", "%(count)s not read yet", count)
        yield WorkItem(
            title=_("Read the open answers"),
            url=address(viewer, "surveys:texts", survey=survey.pk),
            help=survey.named,
            status_text=words % {"count": count},
            order=45,
        )


def _is_long(survey: Survey) -> bool:
    return survey.opened_at is not None and survey.opened_at < timezone.now() - LONG


def _item(viewer: Viewer, survey: Survey, name: str, title: str, day: date | None = None) -> WorkItem:
    return WorkItem(
        title=title,
        url=address(viewer, f"surveys:{name}", survey=survey.pk),
        help=survey.named,
        due=datetime.combine(day, time.max, viewer.organisation.zone) if day else None,
        order=45,
    )
