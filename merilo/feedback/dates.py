"""The days of external feedback in people's own calendars."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from merilo.core.calendars import Day
from merilo.feedback import schemes
from merilo.feedback.models import Feedback
from merilo.feedback.queries.feedbacks import chance, feedbacks_of
from merilo.organisations.api import Viewer, address


def own_days(viewer: Viewer, on: date) -> Iterator[Day]:
    """When one may apply, when evaluators come, and when a label ends. One query, nine for who applies."""
    if viewer.can("feedback.edit"):
        yield from _windows(viewer, on)
    for row in feedbacks_of(viewer, on=on).select_related("assessment", "label").defer("report", "scheme"):
        yield from _days(viewer, row)


def _windows(viewer: Viewer, on: date) -> Iterator[Day]:
    for code in schemes.shipped():
        found = chance(viewer, schemes.scheme(code), on=on)
        if found is not None:
            yield Day(
                f"feedback-window/{code}/{found.assessment.pk}",
                _("One may apply for external feedback: %(title)s") % {"title": found.assessment.title},
                found.window.first,
                found.assessment.created_at,
                last=found.window.last,
                path=address(viewer, "feedback:new"),
            )


def _days(viewer: Viewer, row: Feedback) -> Iterator[Day]:
    told, path = {"title": row.assessment.title}, address(viewer, "feedback:overview", feedback=row.pk)
    if row.visit_on is not None:
        title = _("Visit of the external evaluators: %(title)s") % told
        yield Day(
            f"feedback-visit/{row.pk}", title, row.visit_on, row.created_at, version=row.version, path=path
        )
    label = getattr(row, "label", None)
    if label is not None:
        title, version = _("The label ends: %(title)s") % told, row.version + label.version
        yield Day(
            f"label-ends/{row.pk}", title, label.valid_until, row.created_at, version=version, path=path
        )
