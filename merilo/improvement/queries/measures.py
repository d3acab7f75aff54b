"""One measure and what belongs to it; everything is fetched through its plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Prefetch, Q, QuerySet

from merilo.improvement.models import (
    Activity,
    CheckIn,
    Item,
    Measure,
    MeasureIndicator,
    MeasureState,
    Plan,
    PlanState,
    Preparation,
)
from merilo.improvement.queries.board import Row, answering, row_of, rule_of
from merilo.improvement.queries.reporting import with_moments
from merilo.improvement.rules.progress import WHOLE
from merilo.indicators.api import Value
from merilo.organisations.api import Membership, Viewer


def measure(plan: Plan, pk: UUID) -> Measure:
    """One measure of a plan obtained through its viewer. Errors: Measure.DoesNotExist. Two queries."""
    own = Measure.objects.filter(plan=plan).select_related("owner", "deputy", "proposal")
    found = own.prefetch_related("activities__owner").get(pk=pk)
    found.plan = plan
    return found


def activity(measure: Measure, pk: UUID) -> Activity:
    """One activity of a measure. Errors: Activity.DoesNotExist."""
    found = measure.activities.select_related("owner").get(pk=pk)
    found.measure = measure
    return found


def measured(measure: Measure, pk: int) -> MeasureIndicator:
    """One indicator of a measure. Errors: MeasureIndicator.DoesNotExist."""
    return measure.indicators.select_related("indicator").get(pk=pk)


def preparation(plan: Plan, pk: UUID) -> Preparation:
    """One row of the plan's own schedule. Errors: Preparation.DoesNotExist."""
    return plan.preparations.select_related("owner").get(pk=pk)


def preparations_of(plan: Plan) -> QuerySet[Preparation]:
    """The plan's own schedule by date. One query."""
    return plan.preparations.select_related("owner")


def items_of(measure: Measure) -> QuerySet[Item]:
    """What a measure answers, with where it came from. One query."""
    return measure.items.select_related("source__assessment")


def possible_items(measure: Measure) -> list[Item]:
    """What of the plan it could answer: what is ticked, then what lies in its sub-criteria. Two queries."""
    ticked = set(measure.items.values_list("pk", flat=True))
    found = Item.objects.filter(plan=measure.plan).filter(Q(pk__in=ticked) | Q(code__in=measure.codes))
    return sorted(found, key=lambda item: (item.pk not in ticked, item.number))


def check_ins_of(measure: Measure) -> QuerySet[CheckIn]:
    """What was said of a measure, the latest first. One query."""
    return measure.check_ins.select_related("by")


def indicators_of(measure: Measure) -> QuerySet[MeasureIndicator]:
    """By what the effect is seen, each indicator with its values in force as `current`. Two queries."""
    values = Value.objects.filter(replaced_at=None).order_by("last", "first", "id")
    current = Prefetch("indicator__values", values, to_attr="current")
    return measure.indicators.select_related("indicator").prefetch_related(current)


# --- activities of a whole plan ---------------------------------------------------------------
def activities_of(plan: Plan) -> QuerySet[Activity]:
    """All activities of the plan by measure and day. One query."""
    own = Activity.objects.filter(measure__plan=plan).select_related("measure", "owner")
    return own.order_by("measure__number", "first", "last", "id")


def counted_activities(plan: Plan, *, done: bool | None = None) -> QuerySet[Activity]:
    """The activities of measures that are not dropped; only those carried out, or not, where asked."""
    counted = activities_of(plan).exclude(measure__state=MeasureState.DROPPED)
    if done is None:
        return counted
    return counted.filter(percent__gte=WHOLE) if done else counted.filter(percent__lt=WHOLE)


def dropped_activities(plan: Plan) -> int:
    """How many activities are not counted because their measures are dropped. One query."""
    return Activity.objects.filter(measure__plan=plan, measure__state=MeasureState.DROPPED).count()


def follows_in(plan: Plan) -> dict[UUID, list[UUID]]:
    """What follows what in a plan: activity → activities that end before it begins. One query."""
    through = Activity.follows.through.objects.filter(from_activity__measure__plan=plan).order_by("pk")
    found: dict[UUID, list[UUID]] = {}
    for one, other in through.values_list("from_activity_id", "to_activity_id"):
        found.setdefault(one, []).append(other)
    return found


# --- mine ---------------------------------------------------------------------------------------
def mine(viewer: Viewer, *, on: date) -> list[Row]:
    """Measures of running plans that the viewer answers for or is deputy of, by last day. Two queries."""
    if not viewer.can("plan.read"):
        return []
    me = viewer.membership
    own = Measure.objects.filter(
        Q(owner=me) | Q(deputy=me),
        plan__organisation=viewer.organisation,
        plan__state=PlanState.RUNNING,
    )
    people = own.select_related("plan__organisation", "owner", "deputy")
    found = with_moments(people).prefetch_related("activities")
    return [
        row_of(measure, on=on, rule=rule_of(measure.plan))
        for measure in found.order_by("last", "number", "id")
    ]


def held_by(viewer: Viewer, member: Membership) -> Iterator[tuple[Measure, Activity | None]]:
    """Open measures and activities of plans not closed that a member owns or is deputy of. Two queries."""
    open_plans = Q(plan__organisation=viewer.organisation) & ~Q(plan__state=PlanState.CLOSED)
    live = ~Q(state__in=(MeasureState.DONE, MeasureState.DROPPED))
    measures = Measure.objects.filter(open_plans, live).select_related("plan", "owner", "deputy")
    for found in measures.filter(Q(owner=member) | Q(deputy=member)).order_by("plan_id", "number"):
        yield found, None
    activities = Activity.objects.filter(measure__in=measures, owner=member, percent__lt=100)
    rows = activities.select_related("measure__plan", "measure__owner", "measure__deputy")
    for one in rows.order_by("measure__plan_id", "measure__number", "first", "id"):
        yield one.measure, one


def ownerless(viewer: Viewer) -> dict[Plan, int]:
    """Running plans with open measures that nobody answers for, and how many. One query, none for readers."""
    if not viewer.can("plan.edit"):
        return {}
    found: dict[Plan, int] = {}
    missing = Q(owner=None) | Q(owner__left_at__isnull=False)
    own = Measure.objects.filter(
        missing, plan__organisation=viewer.organisation, plan__state=PlanState.RUNNING
    ).exclude(state__in=(MeasureState.DONE, MeasureState.DROPPED))
    for one in own.select_related("plan", "owner", "deputy").order_by("plan_id", "number"):
        if answering(one) is None:
            found[one.plan] = found.get(one.plan, 0) + 1
    return found


@dataclass(frozen=True, slots=True)
class Gaps:
    """Measures that an approver will ask about."""

    owner: list[Measure]
    activities: list[Measure]
    indicators: list[Measure]
    terms: list[Measure]  # reaches out of the plan's
    steps: list[Measure]  # an activity reaches out of the measure's term


def gaps_of(plan: Plan) -> Gaps:
    """Of a plan obtained through its viewer, dropped measures apart. Four queries."""
    rows = Measure.objects.filter(plan=plan).exclude(state=MeasureState.DROPPED)
    found = list(rows)
    planned = set(rows.filter(activities__isnull=False).values_list("pk", flat=True))
    measured = set(rows.filter(indicators__isnull=False).values_list("pk", flat=True))
    early, late = Q(activities__first__lt=F("first")), Q(activities__last__gt=F("last"))
    reaching = set(rows.filter(early | late).values_list("pk", flat=True))
    return Gaps(
        [row for row in found if row.owner_id is None],
        [row for row in found if row.pk not in planned],
        [row for row in found if row.pk not in measured],
        [row for row in found if row.first < plan.first or row.last > plan.last],
        [row for row in found if row.pk in reaching],
    )
