"""Assessments as a viewer may see them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Case, IntegerField, Prefetch, Q, QuerySet, Value, When

from merilo.assessment import permissions
from merilo.assessment.models import Assessment, State, StepPlan
from merilo.organisations.api import Organisation, Viewer


def assessments_of(viewer: Viewer, *, on: date) -> QuerySet[Assessment]:
    """All of the acting organisation for its members; a guest's own ones, after the lock."""
    own = Assessment.objects.filter(organisation=viewer.organisation).select_related("group")
    if viewer.can("assessment.read"):
        return own
    seat = Q(group__seats__holder=viewer.membership)
    valid = Q(group__seats__until=None) | Q(group__seats__until__gte=on)
    return own.filter(seat & valid, state__in=permissions.AFTER_LOCK)


def most_relevant(rows: QuerySet[Assessment]) -> Assessment | None:
    """The running self-assessment of an organisation, else the latest published one. One query."""
    return _by_relevance(rows).first()


def most_relevant_of(organisations: Iterable[Organisation]) -> dict[UUID, Assessment]:
    """The same for many organisations, with the steps, by the id of the organisation. Two queries."""
    rows = Assessment.objects.filter(organisation__in=organisations)
    steps = Prefetch("steps", StepPlan.objects.select_related("owner"))
    found: dict[UUID, Assessment] = {}
    for row in _by_relevance(rows).defer("edition__content").prefetch_related(steps):
        found.setdefault(row.organisation_id, row)
    return found


def _by_relevance(rows: QuerySet[Assessment]) -> QuerySet[Assessment]:
    over = Case(When(state=State.PUBLISHED, then=Value(1)), default=Value(0), output_field=IntegerField())
    found = rows.filter(is_entered=False).select_related("edition", "group")
    return found.order_by(over, "-period_until", "-created_at")


def assessment(viewer: Viewer, pk: UUID, *, on: date) -> Assessment:
    """One assessment with its edition and group; raises Assessment.DoesNotExist. One query for members."""
    # The framework's text is long and kept parsed (catalogue): it is not read with every page.
    rows = (
        assessments_of(viewer, on=on)
        .select_related("edition", "communication", "archive_origin")
        .defer("edition__content")
    )
    return rows.get(pk=pk)
