"""What a plan leaves to the next cycle; the plan was reached through its viewer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from merilo.assessment.api import Assessment, continued_by, settled_assessments, shelf
from merilo.groups.api import Seat, seats_of
from merilo.improvement.models import Decision, Item, Measure, MeasureState, Plan, PlanState, Proposal
from merilo.improvement.queries.plans import plans_of
from merilo.organisations.api import Viewer

UNFINISHED = (MeasureState.NOT_STARTED, MeasureState.UNDER_WAY, MeasureState.STOPPED)
KEPT = (Decision.LATER, Decision.OPEN)


def unfinished_in(plan: Plan) -> QuerySet[Measure]:
    """Measures that are neither done nor dropped. One query."""
    return Measure.objects.filter(plan=plan, state__in=UNFINISHED).order_by("number")


def kept_in(plan: Plan) -> QuerySet[Proposal]:
    """Proposals kept for the next cycle, and those nobody decided on. One query."""
    rows = Proposal.objects.filter(plan=plan, decision__in=KEPT, measure=None)
    return rows.prefetch_related("items").order_by("number")


@dataclass(frozen=True, slots=True)
class Left:
    """What a plan left that another one has not taken yet."""

    measures: list[Measure]
    proposals: list[Proposal]

    def __len__(self) -> int:
        return len(self.measures) + len(self.proposals)


def left_for(plan: Plan) -> Left:
    """What the plan before `plan` left and is not there yet; nothing where there is none. Three queries."""
    if plan.previous is None:
        return Left([], [])
    taken = Item.objects.filter(plan=plan)
    there = set(taken.values_list("left_measure", flat=True)) | set(
        taken.values_list("left_proposal", flat=True)
    )
    return Left(
        [one for one in unfinished_in(plan.previous) if one.pk not in there],
        [one for one in kept_in(plan.previous) if one.pk not in there],
    )


@dataclass(frozen=True, slots=True)
class Following:
    """What the next cycle would begin with: the last self-assessment with its group and evidence.

    `begun` is the one that continues it already.
    """

    source: Assessment
    seats: list[Seat]
    evidence: int
    begun: Assessment | None


def following(viewer: Viewer, plan: Plan, *, on: date) -> Following | None:
    """Of the latest approved self-assessment; None where there is none, or the viewer plans none."""
    if not viewer.can("assessment.plan"):
        return None
    source = next(iter(settled_assessments(viewer, on=on)), None)
    if source is None:
        return None
    evidence = shelf(viewer, source, on=on).count()
    begun = continued_by(viewer, source, on=on)
    return Following(source, list(seats_of(source.group)), evidence, begun)


def next_plan(viewer: Viewer, plan: Plan) -> Plan | None:
    """The latest plan that follows this one; None where there is none. One query."""
    return plans_of(viewer).filter(previous=plan).order_by("-created_at").first()


# --- beside a self-assessment -----------------------------------------------------------------
def before(viewer: Viewer, assessment: Assessment) -> Iterator[tuple[Plan, list[Measure]]]:
    """Plans that came from the cycle before an assessment, each with its measures. Two queries."""
    if assessment.previous_id is None:
        return
    started = plans_of(viewer).exclude(state=PlanState.DRAFT)
    found = started.filter(sources__assessment=assessment.previous_id).prefetch_related("measures")
    for plan in found:
        yield plan, list(plan.measures.all())
