"""Assessments as a viewer may see them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from merilo.assessment import permissions
from merilo.assessment.models import Assessment
from merilo.organisations.api import Viewer


def assessments_of(viewer: Viewer, *, on: date) -> QuerySet[Assessment]:
    """All of the acting organisation for its members; a guest's own ones, after the lock."""
    own = Assessment.objects.filter(organisation=viewer.organisation).select_related("group")
    if viewer.can("assessment.read"):
        return own
    seat = Q(group__seats__holder=viewer.membership)
    valid = Q(group__seats__until=None) | Q(group__seats__until__gte=on)
    return own.filter(seat & valid, state__in=permissions.AFTER_LOCK)


def assessment(viewer: Viewer, pk: UUID, *, on: date) -> Assessment:
    """One assessment with its edition and group; raises Assessment.DoesNotExist. One query for members."""
    # The framework's text is long and kept parsed (catalogue): it is not read with every page.
    rows = (
        assessments_of(viewer, on=on)
        .select_related("edition", "communication", "archive_origin")
        .defer("edition__content")
    )
    return rows.get(pk=pk)
