"""A large plan of improvement, 150 measures with ten activities each: its board, and who else reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from merilo.groups.models import Group
from merilo.improvement import standard
from merilo.improvement.actions import revisions
from merilo.improvement.models import Activity, Measure, MeasureState, Plan, PlanState, Proposal
from merilo.organisations.models import CommunicationPlan, Membership, Organisation
from merilo.site.bench.measuring import page
from merilo.site.bench.scenarios import Scenario, holder_of

MEASURES, ACTIVITIES = 150, 10
FIRST, DAYS = date(2026, 1, 1), 720
TEXT = "Ежегодна анкета за удовлетвореността на гражданите от обслужването на едно гише"
LIVE = (MeasureState.NOT_STARTED, MeasureState.UNDER_WAY, MeasureState.UNDER_WAY, MeasureState.DONE)


def scenarios(organisation: Organisation, visitor: Client, client: Client) -> Iterator[Scenario]:
    """The board in its views, what else is read of a plan, and beside them a page that does nothing."""
    plan = a_large_plan(organisation)
    where = {"org": organisation.slug, "plan": plan.pk}
    calendar = reverse("improvement:calendar", kwargs=where)
    board = {
        "table": reverse("improvement:measures", kwargs=where),
        "calendar": calendar,
        "calendar, all activities": f"{calendar}?open=all",
        "matrix": reverse("improvement:matrix", kwargs=where),
    }
    yield Scenario("baseline: trivial page", _opening(visitor, "/health/live"))
    for name, path in board.items():
        yield Scenario(f"{name} of {MEASURES} measures", _opening(client, path), aim=40)
    measure = plan.measures.order_by("number")[MEASURES // 2]
    period = f"first={FIRST.isoformat()}&last={timezone.localdate().isoformat()}"
    pages = {
        "overview of the plan": reverse("improvement:overview", kwargs=where),
        "one measure": reverse("improvement:measure", kwargs={**where, "measure": measure.pk}),
        "form of an activity": reverse("improvement:new_activity", kwargs={**where, "measure": measure.pk}),
        "my measures": reverse("improvement:mine", kwargs={"org": organisation.slug}),
        "all activities": reverse("improvement:activities", kwargs=where),
        "interim report": f"{reverse('improvement:interim', kwargs=where)}?{period}",
        "effect": reverse("improvement:effect", kwargs=where),
    }
    for name, path in pages.items():
        yield Scenario(name, _opening(client, path))
    yield Scenario("public plan", _opening(visitor, f"/plans/{published(plan)}/"))


def _opening(client: Client, path: str) -> Callable[[], bytes]:
    return lambda: page(client, path)


@transaction.atomic
def a_large_plan(organisation: Organisation) -> Plan:
    """A running plan with as much as a page has to show; each step follows the one before."""
    plan = Plan.objects.create(
        organisation=organisation,
        title=f"{MEASURES} × {ACTIVITIES}",
        first=FIRST,
        last=FIRST + timedelta(days=DAYS),
        state=PlanState.RUNNING,
        group=Group.objects.create(organisation=organisation, name="bench"),
        communication=CommunicationPlan.objects.create(organisation=organisation),
        scheme=standard.SCHEME,
        risk=standard.RISK,
        created_at=timezone.now(),
    )
    people = list(Membership.objects.filter(organisation=organisation, left_at=None).order_by("pk"))
    proposals = Proposal.objects.bulk_create(_proposals(plan))
    measures = Measure.objects.bulk_create(
        Measure(**_measure(plan, proposal, people[proposal.number % len(people)])) for proposal in proposals
    )
    steps = Activity.objects.bulk_create(one for measure in measures for one in _steps(measure))
    tie = Activity.follows.through
    tie.objects.bulk_create(
        tie(from_activity=after, to_activity=before)
        for before, after in pairwise(steps)
        if before.measure_id == after.measure_id
    )
    return plan


def published(plan: Plan) -> str:
    """The slug under which everybody reads the plan, approved and published by those who may."""
    coordinator, sponsor = (holder_of(plan.organisation, role) for role in ("coordinator", "sponsor"))
    now = timezone.now()
    revision = revisions.submit(viewer=coordinator, plan=plan, language="bg", at=now)
    revisions.approve(viewer=sponsor, revision=revision, at=now)
    return revisions.publish(viewer=coordinator, revision=revision, at=now)


def _proposals(plan: Plan) -> Iterator[Proposal]:
    for number in range(1, MEASURES + 1):
        points = {one["code"]: 1 + (number + place) % 5 for place, one in enumerate(plan.scheme)}
        yield Proposal(plan=plan, number=number, text=TEXT, points=points)


def _measure(plan: Plan, proposal: Proposal, owner: Membership) -> dict[str, Any]:
    number = proposal.number
    first = FIRST + timedelta(days=number * 3 % 480)
    return {
        "plan": plan,
        "number": number,
        "text": f"{TEXT} {number}",
        "codes": [f"{1 + number % 9}.1", "6.2"],
        "proposal": proposal,
        "owner": owner,
        "first": first,
        "last": first + timedelta(days=60 + number),
        "state": LIVE[number % len(LIVE)],
    }


def _steps(measure: Measure) -> Iterator[Activity]:
    for place in range(ACTIVITIES):
        first = measure.first + timedelta(days=6 * place)
        last, percent = first + timedelta(days=5), (0, 50, 100)[place % 3]
        yield Activity(measure=measure, text=f"{TEXT[:40]} {place}", first=first, last=last, percent=percent)
