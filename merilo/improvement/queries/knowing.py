"""What is known of a plan as a whole, for those who look at it from outside: counts and days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from merilo.improvement import permissions
from merilo.improvement.models import (
    CheckIn,
    Item,
    Measure,
    MeasureIndicator,
    MeasureState,
    Plan,
    PlanRevision,
    Proposal,
    RevisionState,
)
from merilo.organisations.api import CommunicationItem, Viewer

Counted = tuple[int, int]  # so many of so many
BEGUN = (MeasureState.UNDER_WAY, MeasureState.DONE)


@dataclass(frozen=True, slots=True)
class PlanKnowledge:
    """How a plan was made and goes: pairs are done and all; dropped measures count nowhere."""

    gathered: Counted
    prioritised: Counted
    approved_on: date | None
    with_indicator: Counted
    with_goals: Counted
    messages: Counted
    with_owner: Counted
    started: Counted
    reported: Counted


def plan_knowledge_of(viewer: Viewer, plan: Plan) -> PlanKnowledge:
    """Of a plan of the acting organisation. Errors: Refused. Eight queries."""
    permissions.require_own(viewer, plan)
    measures = Measure.objects.filter(plan=plan).exclude(state=MeasureState.DROPPED)
    count = measures.count()
    indicators = MeasureIndicator.objects.filter(measure__in=measures)
    check_ins = CheckIn.objects.filter(measure__in=measures)
    return PlanKnowledge(
        gathered=_counted(Item.objects.filter(plan=plan), ~Q(proposal=None) | ~Q(aside="")),
        prioritised=_counted(Proposal.objects.filter(plan=plan), ~Q(points={})),
        approved_on=_approved_on(plan),
        with_indicator=(_different(indicators), count),
        with_goals=_counted(measures, ~Q(goals="")),
        messages=_counted(CommunicationItem.objects.filter(plan=plan.communication_id), ~Q(done_at=None)),
        with_owner=_counted(measures, ~Q(owner=None)),
        started=_counted(measures, Q(state__in=BEGUN)),
        reported=(_different(check_ins), count),
    )


def _counted(rows: QuerySet[Any], done: Q) -> Counted:
    found = rows.order_by().aggregate(done=Count("pk", filter=done), of=Count("pk"))
    return found["done"], found["of"]


def _different(rows: QuerySet[Any]) -> int:
    """Of how many measures there are such rows."""
    return rows.order_by().values("measure").distinct().count()


def approved_revisions(plan: Plan) -> QuerySet[PlanRevision]:
    """The approved revisions of a plan obtained through its viewer, newest first."""
    return PlanRevision.objects.filter(plan=plan, state=RevisionState.APPROVED)


def _approved_on(plan: Plan) -> date | None:
    """The day on which the plan was first approved."""
    first = approved_revisions(plan).order_by("number").select_related("approval").defer("content").first()
    if first is None or first.decided_at is None:
        return None
    return (
        first.approval.date
        if first.approval
        else timezone.localdate(first.decided_at, plan.organisation.zone)
    )
