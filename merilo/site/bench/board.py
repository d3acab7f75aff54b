"""The board of a large plan of improvement: 150 measures with ten activities each, in its three views."""

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
from merilo.improvement.models import Activity, Measure, MeasureState, Plan, PlanState, Proposal
from merilo.organisations.models import CommunicationPlan, Membership, Organisation
from merilo.site.bench.measuring import page
from merilo.site.bench.scenarios import Scenario

MEASURES, ACTIVITIES = 150, 10
FIRST, DAYS = date(2026, 1, 1), 720
TEXT = "Ежегодна анкета за удовлетвореността на гражданите от обслужването на едно гише"
LIVE = (MeasureState.NOT_STARTED, MeasureState.UNDER_WAY, MeasureState.UNDER_WAY, MeasureState.DONE)


def scenarios(organisation: Organisation, visitor: Client, client: Client) -> Iterator[Scenario]:
    """The views, and beside them a page that does nothing."""
    plan = a_large_plan(organisation)
    yield Scenario("baseline: trivial page", _opening(visitor, "/health/live"))
    views = {
        "table": "measures",
        "calendar": "calendar",
        "calendar, all activities": "calendar?open=all",
        "matrix": "matrix",
    }
    for name, view in views.items():
        route, mark, query = view.partition("?")
        path = reverse(f"improvement:{route}", kwargs={"org": organisation.slug, "plan": plan.pk})
        yield Scenario(f"{name} of {MEASURES} measures", _opening(client, f"{path}{mark}{query}"), aim=40)


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
