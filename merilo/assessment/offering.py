"""What a self-assessment takes from other rooms: results and values, as evidence on its shelf."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext_lazy

from merilo.assessment import permissions
from merilo.assessment.models import EvidenceKind
from merilo.assessment.queries.assessments import assessments_of
from merilo.core.offers import Receiver, Target
from merilo.organisations.api import Viewer, address


def targets(viewer: Viewer, kind: str, place: str) -> Iterator[Target]:
    """The self-assessments whose shelf the viewer may change, the latest first."""
    rows = assessments_of(viewer, on=timezone.localdate()).order_by("-period_until", "-created_at")
    for one in rows:
        if permissions.may_use_shelf(viewer, one):
            page = address(viewer, "assessment:evidence_from", pk=one.pk, kind=kind)
            yield Target(str(one.pk), one.title, f"{page}?{urlencode({'place': place})}")


RECEIVER = Receiver(
    "assessment",
    gettext_lazy("As evidence in a self-assessment"),
    frozenset({EvidenceKind.SURVEY.value, EvidenceKind.INDICATOR.value}),
    targets,
)
