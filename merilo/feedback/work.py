"""What external feedback asks of people on "My work"."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from merilo.core.navigation import WorkItem
from merilo.feedback import schemes, words
from merilo.feedback.models import Feedback
from merilo.feedback.permissions import actor_of
from merilo.feedback.queries.feedbacks import chance, feedbacks_of
from merilo.feedback.rules.lifecycle import State
from merilo.feedback.rules.readiness import Moment
from merilo.organisations.api import Viewer, address

AHEAD = timedelta(days=60)


def window_work(viewer: Viewer) -> Iterator[WorkItem]:
    """When the window for an application opens soon or is open. Five queries, none for who does not apply."""
    if not viewer.can("feedback.edit"):
        return
    today = timezone.localdate(timezone=viewer.organisation.zone)
    for code in schemes.shipped():
        found = chance(viewer, schemes.scheme(code), on=today)
        if found is None or found.window.first > today + AHEAD:
            continue
        is_open = found.moment == Moment.OPEN
        yield WorkItem(
            title=_("Apply for external feedback") if is_open else _("Prepare for external feedback"),
            url=address(viewer, "feedback:new"),
            help=_("%(title)s: one may apply on %(days)s")
            % {"title": found.assessment.title, "days": words.days(found.window)},
            due=_end_of(viewer, found.window.last if is_open else found.window.first),
            status="idle" if is_open else "waiting",
            order=60,
        )


def feedback_work(viewer: Viewer) -> Iterator[WorkItem]:
    """What waits in feedback that has begun, and labels that end. Three queries at most."""
    today = timezone.localdate(timezone=viewer.organisation.zone)
    if viewer.can("feedback.read") and not viewer.can("feedback.edit"):
        return
    for row in feedbacks_of(viewer, on=today).select_related("assessment", "label").defer("report", "scheme"):
        if viewer.can("feedback.edit"):
            yield from _managing(viewer, row, today)
        else:
            yield from _giving(viewer, row, today)


def _managing(viewer: Viewer, row: Feedback, today: date) -> Iterator[WorkItem]:
    title = {
        State.PREPARING.value: _("Prepare the application for external feedback"),
        State.REPORTED.value: _("Read the feedback report and respond"),
    }.get(row.state)
    if title:
        yield _item(viewer, row, title)
    label = getattr(row, "label", None)
    if label is not None and label.remind_on <= today <= label.valid_until:
        item = _item(viewer, row, _("Plan how to keep the label"))
        yield WorkItem(
            item.title, item.url, item.help, _end_of(viewer, label.valid_until), "problem", order=60
        )


def _giving(viewer: Viewer, row: Feedback, today: date) -> Iterator[WorkItem]:
    actor = actor_of(viewer, row, on=today)
    if actor is None:
        return
    agreeing = {
        State.AGREEING.value: _("Agree on points and write the feedback report"),
        State.REPORTED.value: _("Decide on the label"),
    }
    title = _("Give points as an external evaluator") if row.state == State.APPLIED else ""
    if actor.is_lead:
        title = title or agreeing.get(row.state, "")
    if title:
        item = _item(viewer, row, title)
        yield WorkItem(item.title, item.url, item.help, _end_of(viewer, actor.until), order=30)


def _item(viewer: Viewer, row: Feedback, title: str) -> WorkItem:
    url = address(viewer, "feedback:overview", feedback=row.pk)
    return WorkItem(title=title, url=url, help=row.assessment.title, order=45)


def _end_of(viewer: Viewer, day: date) -> datetime:
    return datetime.combine(day, time.max, viewer.organisation.zone)
