"""What a self-assessment found: areas for improvement and ideas, for those who plan what to do about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from merilo.assessment import permissions
from merilo.assessment.catalogue import framework_of
from merilo.assessment.models import Assessment, LineKind, Statement
from merilo.assessment.queries.comparing import settled
from merilo.organisations.api import Viewer


@dataclass(frozen=True, slots=True)
class Found:
    """One agreed area for improvement or idea; `kind` is "area" or "idea"."""

    statement: UUID
    code: str
    kind: str
    text: str


def settled_assessments(viewer: Viewer, *, on: date) -> list[Assessment]:
    """The approved self-assessments that the viewer may see, the latest first. One query."""
    return settled(viewer, on=on)


def found_in(viewer: Viewer, assessment: Assessment) -> list[Found]:
    """Areas and ideas of an approved self-assessment, in the order of the model; of a foreign one nothing."""
    if not permissions.is_own(viewer, assessment) or assessment.state not in permissions.SETTLED:
        return []
    rows = Statement.objects.filter(assessment=assessment, kind__in=(LineKind.AREA, LineKind.IDEA))
    place = {item.code: number for number, item in enumerate(framework_of(assessment).items)}
    ordered = sorted(rows.order_by("position", "id"), key=lambda row: (place.get(row.code, 0), row.kind))
    return [Found(row.pk, row.code, row.kind, row.text) for row in ordered]
