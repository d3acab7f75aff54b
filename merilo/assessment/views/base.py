"""What the views of self-assessments share."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.utils import timezone

from merilo.assessment.models import Assessment
from merilo.assessment.queries import assessments
from merilo.organisations.api import OrgRequest


def assessment_or_404(request: OrgRequest, pk: UUID) -> Assessment:
    """The assessment if the viewer may see it; strangers get 404.

    A cycle that was entered afterwards has none of the pages about group work: they are 404, too.
    """
    found = any_cycle_or_404(request, pk)
    if found.is_entered:
        raise Http404
    return found


def any_cycle_or_404(request: OrgRequest, pk: UUID) -> Assessment:
    """The same for the pages that also know cycles entered afterwards."""
    try:
        return assessments.assessment(request.viewer, pk, on=timezone.localdate())
    except Assessment.DoesNotExist as error:
        raise Http404 from error
