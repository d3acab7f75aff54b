"""Plans as a viewer may see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from merilo.assessment.api import Assessment, settled_assessments
from merilo.improvement.models import Item, Plan, PlanSource, PlanState
from merilo.organisations.api import Viewer


def plans_of(viewer: Viewer) -> QuerySet[Plan]:
    """The organisation's plans; drafts only for those who draft, approve or sit in the group."""
    if not viewer.can("plan.read"):
        return Plan.objects.none()
    own = Plan.objects.filter(organisation=viewer.organisation).select_related("group")
    if viewer.can("plan.edit") or viewer.can("plan.approve"):
        return own
    seated = Q(group__seats__holder=viewer.membership)
    return own.filter(~Q(state=PlanState.DRAFT) | seated).distinct()


def listed(viewer: Viewer) -> QuerySet[Plan]:
    """The same with the number of measures as `measure_count`. One query."""
    return plans_of(viewer).annotate(measure_count=Count("measures", distinct=True))


def plan(viewer: Viewer, pk: UUID) -> Plan:
    """One plan. Errors: Plan.DoesNotExist. One query."""
    return plans_of(viewer).select_related("communication", "order", "previous").get(pk=pk)


def possible_sources(viewer: Viewer, *, on: date) -> list[Assessment]:
    """Approved self-assessments from which a plan may start, the latest first. One query."""
    return settled_assessments(viewer, on=on)


def possible_previous(viewer: Viewer) -> list[Plan]:
    """Plans of which a new one may take over what was left. One query."""
    return list(plans_of(viewer).exclude(state=PlanState.DRAFT))


@dataclass(frozen=True, slots=True)
class Counts:
    """How far the gathering is: items in all, waiting for a proposal, proposals, measures."""

    items: int
    waiting: int
    proposals: int
    measures: int


def counts_of(plan: Plan) -> Counts:
    """Of a plan obtained through its viewer. Three queries."""
    waiting = Count("pk", filter=Q(proposal=None, aside=""))
    items = Item.objects.filter(plan=plan).aggregate(all=Count("pk"), waiting=waiting)
    return Counts(items["all"], items["waiting"], plan.proposals.count(), plan.measures.count())


def sources_of(plan: Plan) -> QuerySet[PlanSource]:
    """The self-assessments a plan starts from, with how many things came from each as `count`. One query."""
    return plan.sources.select_related("assessment").annotate(count=Count("items")).order_by("taken_at", "id")
