"""Plans of improvement of the tests."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from merilo.core.secret import digest_of
from merilo.groups.models import Group, Seat
from merilo.improvement import standard
from merilo.improvement.actions import revisions
from merilo.improvement.models import (
    Activity,
    CheckInLink,
    Draft,
    Item,
    ItemKind,
    Measure,
    MeasureIndicator,
    OwnPoints,
    Plan,
    PlanRevision,
    Proposal,
)
from merilo.improvement.queries.reporting import PURPOSE
from merilo.indicators.models import Indicator
from merilo.organisations.models import CommunicationPlan, Membership, Organisation
from tests.people import as_viewer

FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)


def a_plan(organisation: Organisation, **fields: Any) -> Plan:
    values: dict[str, Any] = {
        "title": "План за подобрение 2026–2027",
        "first": FIRST,
        "last": LAST,
        "group": Group.objects.create(organisation=organisation, name="Група за подобрение"),
        "communication": CommunicationPlan.objects.create(organisation=organisation),
        "scheme": standard.SCHEME,
        "risk": standard.RISK,
        "created_at": timezone.now(),
    }
    return Plan.objects.create(organisation=organisation, **(values | fields))


def an_item(plan: Plan, text: str = "Не питаме бизнеса", **fields: Any) -> Item:
    values: dict[str, Any] = {"kind": ItemKind.AREA, "code": "6.1", "number": plan.items.count() + 1}
    return Item.objects.create(plan=plan, text=text, **(values | fields))


def a_proposal(
    plan: Plan, *items: Item, text: str = "Ежегодна анкета сред бизнеса", **fields: Any
) -> Proposal:
    made = Proposal.objects.create(plan=plan, number=plan.proposals.count() + 1, text=text, **fields)
    Item.objects.filter(pk__in=[one.pk for one in items]).update(proposal=made)
    return made


def a_measure(plan: Plan, text: str = "Ежегодна анкета сред бизнеса", **fields: Any) -> Measure:
    values: dict[str, Any] = {
        "number": plan.measures.count() + 1,
        "codes": ["6.1"],
        "first": date(2026, 3, 1),
        "last": date(2026, 10, 30),
    }
    return Measure.objects.create(plan=plan, text=text, **(values | fields))


def an_activity(measure: Measure, text: str = "Въпросник", **fields: Any) -> Activity:
    values: dict[str, Any] = {"first": measure.first, "last": measure.last}
    return Activity.objects.create(measure=measure, text=text, **(values | fields))


def measured_by(measure: Measure, name: str = "Отговорили фирми", **fields: Any) -> MeasureIndicator:
    organisation = measure.plan.organisation
    code = f"M-{organisation.indicators.count() + 1}"
    made = Indicator.objects.create(
        organisation=organisation, code=code, name=name, direction="up", made_at=timezone.now()
    )
    return MeasureIndicator.objects.create(measure=measure, indicator=made, **fields)


def a_submitted(plan: Plan, coordinator: Membership, language: str = "bg") -> PlanRevision:
    """A revision of the plan as it stands, waiting for the sponsor."""
    viewer = as_viewer(coordinator)
    return revisions.submit(viewer=viewer, plan=plan, language=language, at=timezone.now())


def an_approved(plan: Plan, coordinator: Membership, sponsor: Membership) -> PlanRevision:
    """A revision of the plan as it stands, approved."""
    revision = a_submitted(plan, coordinator)
    revisions.approve(viewer=as_viewer(sponsor), revision=revision, at=timezone.now())
    return PlanRevision.objects.select_related("plan__organisation").get(pk=revision.pk)


def a_draft(plan: Plan, text: str = "Повече гишета", **fields: Any) -> Draft:
    values: dict[str, Any] = {"codes": ["6.1"], "offered_at": timezone.now()}
    return Draft.objects.create(plan=plan, text=text, **(values | fields))


def a_link(measure: Measure, holder: Membership, token: str, **fields: Any) -> CheckInLink:
    """A link as a mail holds it."""
    now = timezone.now()
    values: dict[str, Any] = {"made_at": now, "until": now + timedelta(days=14)}
    digest = digest_of(PURPOSE, token)
    return CheckInLink.objects.create(measure=measure, holder=holder, digest=digest, **(values | fields))


def own_points(proposal: Proposal, seat: Seat, *values: int) -> OwnPoints:
    """A member's own points, in the order of the plan's criteria."""
    points = dict(zip((one["code"] for one in proposal.plan.scheme), values, strict=False))
    return OwnPoints.objects.create(proposal=proposal, seat=seat, points=points, saved_at=timezone.now())


def points_of(plan: Plan, impact: int, feasibility: int) -> dict[str, int]:
    """The same points on all criteria of an axis."""
    by_axis = {"impact": impact, "feasibility": feasibility}
    return {one["code"]: by_axis[one["axis"]] for one in plan.scheme}
