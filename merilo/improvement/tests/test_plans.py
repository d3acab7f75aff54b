"""A plan begins from what a self-assessment found, and strangers see nothing of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from merilo.assessment.models import LineKind, State, Statement
from merilo.core.errors import Refused
from merilo.improvement import permissions
from merilo.improvement.actions import plans as actions
from merilo.improvement.models import Item, Plan, PlanRevision
from merilo.organisations.models import Membership
from tests.people import a_member, an_assessment, an_organisation, as_viewer, signed_in
from tests.plans import FIRST, LAST, a_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator() -> Membership:
    return a_member(an_organisation(), "coordinator")


def root(member: Membership) -> str:
    return f"/o/{member.organisation.slug}/plans/"


def sent(**changed: Any) -> dict[str, Any]:
    values = {"title": "План 2026–2027", "first": "01.01.2026", "last": "31.12.2027", "purpose": ""}
    return values | changed


def an_approved_one(member: Membership) -> Any:
    assessment = an_assessment(member.organisation, member, state=State.APPROVED)
    for kind, code, text in (
        (LineKind.IDEA, "6.1", "Анкета сред бизнеса"),
        (LineKind.AREA, "1.2", "Няма показатели"),
        (LineKind.STRENGTH, "1.1", "Ясна визия"),
    ):
        Statement.objects.create(assessment=assessment, kind=kind, code=code, text=text)
    return assessment


def test_a_plan_begins_with_areas_and_ideas_in_the_order_of_the_model(coordinator: Membership) -> None:
    assessment = an_approved_one(coordinator)
    answer = signed_in(coordinator).post(f"{root(coordinator)}new/", sent(sources=[str(assessment.pk)]))
    plan = Plan.objects.get(organisation=coordinator.organisation)
    assert answer.headers["Location"] == f"{root(coordinator)}{plan.pk}/"
    told = [(one.number, one.kind, one.code, one.text) for one in plan.items.all()]
    assert told == [(1, "area", "1.2", "Няма показатели"), (2, "idea", "6.1", "Анкета сред бизнеса")]


def test_taking_again_brings_only_what_is_new(coordinator: Membership) -> None:
    viewer, assessment = as_viewer(coordinator), an_approved_one(coordinator)
    plan = a_plan(coordinator.organisation)
    for expected in (2, 0):
        taken = actions.take_from(viewer=viewer, plan=plan, assessment=assessment, at=timezone.now())
        assert taken == expected
    Statement.objects.create(assessment=assessment, kind=LineKind.AREA, code="1.3", text="Ново")
    assert actions.take_from(viewer=viewer, plan=plan, assessment=assessment, at=timezone.now()) == 1
    assert Item.objects.get(plan=plan, code="1.3").number == 3


def test_nothing_comes_from_a_foreign_self_assessment(coordinator: Membership) -> None:
    foreign = an_approved_one(a_member(an_organisation(), "coordinator"))
    plan = a_plan(coordinator.organisation)
    with pytest.raises(Refused):
        actions.take_from(viewer=as_viewer(coordinator), plan=plan, assessment=foreign, at=timezone.now())
    an_approved_one(coordinator)
    answer = signed_in(coordinator).post(f"{root(coordinator)}new/", sent(sources=[str(foreign.pk)]))
    assert answer.status_code == 422


def test_a_period_runs_forward(coordinator: Membership) -> None:
    answer = signed_in(coordinator).post(f"{root(coordinator)}new/", sent(last="31.12.2025"))
    assert answer.status_code == 422
    assert "last" in answer.context["form"].errors
    answer = signed_in(coordinator).post(f"{root(coordinator)}new/", sent(last="31.12.2525"))
    assert "last" in answer.context["form"].errors


def test_settings_are_not_overwritten_unseen(coordinator: Membership) -> None:
    plan, client = a_plan(coordinator.organisation), signed_in(coordinator)
    path = f"{root(coordinator)}{plan.pk}/settings/"
    assert client.post(path, sent(version="1", title="Първи")).status_code == 302
    answer = client.post(path, sent(version="1", title="Втори"))
    assert answer.status_code == 409
    told = [(one.label, one.mine, one.theirs) for one in answer.context["differences"]]
    assert ("Заглавие", "Втори", "Първи") in told
    assert 'value="Втори"' in answer.content.decode()
    assert client.post(path, sent(version="2", title="Втори")).status_code == 302
    plan.refresh_from_db()
    assert (plan.title, plan.first, plan.last) == ("Втори", FIRST, LAST)


def test_drafts_are_seen_by_those_who_draft_approve_or_sit_in_the_group(coordinator: Membership) -> None:
    organisation = coordinator.organisation
    plan = a_plan(organisation)
    seated, sponsor, reader = (a_member(organisation, role) for role in ("assessor", "sponsor", "viewer"))
    plan.group.seats.create(holder=seated, function="member")
    path = f"{root(coordinator)}{plan.pk}/"
    answers = [signed_in(one).get(path).status_code for one in (coordinator, seated, sponsor, reader)]
    assert answers == [200, 200, 200, 404]
    Plan.objects.update(state="running")
    assert signed_in(reader).get(path).status_code == 200


def test_only_who_drafts_changes_a_plan(coordinator: Membership) -> None:
    plan, reader = a_plan(coordinator.organisation), as_viewer(a_member(coordinator.organisation, "sponsor"))
    with pytest.raises(Refused):
        actions.require_edit(reader, plan)
    plan.state = "closed"
    with pytest.raises(Refused):
        actions.require_edit(as_viewer(coordinator), plan)


def test_a_stranger_reads_no_draft_and_no_revision(coordinator: Membership) -> None:
    stranger = as_viewer(a_member(an_organisation(), "coordinator"))
    plan = a_plan(coordinator.organisation)
    assert not permissions.reads_drafts(stranger, plan)
    assert not permissions.may_read_revision(stranger, PlanRevision(plan=plan, state="approved"))
    assert permissions.reads_drafts(as_viewer(coordinator), plan)


def test_pages_ask_the_database_a_fixed_number_of_times(
    coordinator: Membership, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(coordinator)
    for _ in range(3):
        a_plan(coordinator.organisation)
    client.get(root(coordinator))
    with django_assert_max_num_queries(10):
        client.get(root(coordinator))
