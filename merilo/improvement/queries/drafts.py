"""Measures offered to a plan, and what they are offered because of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from merilo.core import references
from merilo.core.references import Reference, Resolved
from merilo.improvement.models import Draft, DraftState, Measure, Plan, PlanState
from merilo.improvement.queries.plans import plans_of
from merilo.organisations.api import Viewer


@dataclass(frozen=True, slots=True)
class Source:
    """What somebody saw when they offered a measure, and what the viewer may see of it now."""

    reference: Reference
    now: Resolved


def drafts_of(plan: Plan) -> QuerySet[Draft]:
    """All drafts of a plan obtained through its viewer, the earliest first. One query."""
    return plan.drafts.select_related("offered_by", "decided_by", "measure")


def draft(plan: Plan, pk: UUID) -> Draft:
    """One of them. Errors: Draft.DoesNotExist."""
    found = drafts_of(plan).get(pk=pk)
    found.plan = plan
    return found


def draft_behind(measure: Measure) -> Draft | None:
    """The draft that became a measure obtained through its viewer; None where it was none. One query."""
    return Draft.objects.filter(measure=measure).first()


def sources_of(viewer: Viewer, drafts: Iterable[Draft]) -> dict[UUID, list[Source]]:
    """What drafts are offered because of, by draft; each kind is asked once."""
    kept = [(one.pk, found) for one in drafts for found in _references(one)]
    resolved = references.resolve_all([found for _pk, found in kept], viewer)
    told: dict[UUID, list[Source]] = {}
    for (pk, found), now in zip(kept, resolved, strict=True):
        told.setdefault(pk, []).append(Source(found, now))
    return told


def _references(one: Draft) -> Sequence[Reference]:
    return [found for plain in one.sources if (found := references.reference_in(plain))]


def open_plans(viewer: Viewer) -> list[Plan]:
    """Plans that still take measures, the one that ends last first. One query."""
    return list(plans_of(viewer).exclude(state=PlanState.CLOSED))


def waiting(viewer: Viewer) -> dict[Plan, int]:
    """Plans with drafts that wait for the viewer, and how many. One query, none for readers."""
    if not viewer.can("plan.edit"):
        return {}
    count = Count("drafts", filter=Q(drafts__state=DraftState.WAITING))
    rows = plans_of(viewer).exclude(state=PlanState.CLOSED).annotate(waiting_count=count)
    return {plan: plan.waiting_count for plan in rows.filter(waiting_count__gt=0)}
