"""Who may do what with a plan of improvement, by role and by seat in its group."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from merilo.core.errors import Refused
from merilo.improvement import permissions
from merilo.improvement.models import Activity, Measure, Plan, PlanRevision, PlanState, RevisionState
from merilo.improvement.rules.states import MeasureState
from merilo.organisations.api import Organisation
from tests.rights import INSIDERS, LEADERS, SCORING, SEATS, acting, by_role, by_seat, seated

NOT_CLOSED = [PlanState.DRAFT, PlanState.RUNNING]
MODERATING = {"chair", "facilitator"}


def a_plan(state: str, **fields: Any) -> Plan:
    return Plan(organisation=Organisation(), state=state, **fields)


def test_drafts_are_read_by_those_who_write_or_approve_and_by_the_group():
    plan = a_plan(PlanState.DRAFT)
    assert by_role(permissions.reads_drafts, plan) == LEADERS | {"sponsor"}
    assert by_seat(permissions.reads_drafts, plan) == SEATS


@pytest.mark.parametrize("state", NOT_CLOSED)
def test_who_coordinates_writes_and_the_chair_and_the_facilitator_enter_what_is_agreed(state):
    plan = a_plan(state)
    for may in (permissions.may_edit, permissions.may_record_approval):
        assert (by_role(may, plan), by_seat(may, plan)) == (LEADERS, set())
    assert by_role(permissions.may_moderate, plan) == LEADERS
    assert by_seat(permissions.may_moderate, plan) == MODERATING


def test_nobody_writes_or_gives_points_in_a_closed_plan():
    plan = a_plan(PlanState.CLOSED)
    for may in (permissions.may_edit, permissions.may_moderate, permissions.may_score):
        assert (by_role(may, plan), by_seat(may, plan)) == (set(), set())


def test_members_give_points_until_these_are_closed():
    plan, closed = a_plan(PlanState.DRAFT), a_plan(PlanState.DRAFT, scored_at=timezone.now())
    assert (by_role(permissions.may_score, plan), by_seat(permissions.may_score, plan)) == (set(), SCORING)
    assert by_seat(permissions.may_score, closed) == set()


@pytest.mark.parametrize("state", PlanState)
def test_owner_and_deputy_report_while_the_plan_is_carried_out(state):
    plan = a_plan(state)
    owner, deputy, other = (seated(acting(plan.organisation, "viewer"), plan) for _ in range(3))
    measure = Measure(plan=plan, owner=owner.membership, deputy=deputy.membership)
    runs = state == PlanState.RUNNING
    assert [permissions.may_report(one, measure) for one in (owner, deputy, other)] == [runs, runs, False]
    assert by_role(permissions.may_report, measure, plan) == (LEADERS if runs else set())


def test_the_sponsor_approves_and_editors_publish():
    plan = a_plan(PlanState.DRAFT)
    assert by_role(permissions.may_approve, plan) == {"sponsor"}
    assert by_role(permissions.may_publish, plan) == LEADERS | {"editor"}


def test_what_is_approved_everybody_inside_reads():
    plan = a_plan(PlanState.RUNNING)
    approved = PlanRevision(plan=plan, state=RevisionState.APPROVED)
    prepared = PlanRevision(plan=plan, state=RevisionState.SUBMITTED)
    assert by_role(permissions.may_read_revision, approved, plan) == INSIDERS
    assert by_role(permissions.may_read_revision, prepared, plan) == LEADERS | {"sponsor"}


@pytest.mark.parametrize("state", PlanState)
def test_whoever_owns_an_activity_reports_on_it_while_its_measure_is_worked_on(state):
    plan = a_plan(state)
    owner = seated(acting(plan.organisation, "viewer"), plan)
    measure = Measure(plan=plan)
    activity = Activity(measure=measure, owner=owner.membership)
    runs = state == PlanState.RUNNING
    assert permissions.may_report_activity(owner, activity) is runs
    assert by_role(permissions.may_report_activity, activity, plan) == (LEADERS if runs else set())
    measure.state = MeasureState.DONE
    assert not permissions.may_report_activity(owner, activity)


def test_who_works_with_evidence_indicators_or_plans_and_the_group_offer_measures():
    plan, closed = a_plan(PlanState.RUNNING), a_plan(PlanState.CLOSED)
    assert by_role(permissions.may_offer, plan) == LEADERS | {"sponsor", "assessor"}
    assert by_seat(permissions.may_offer, plan) == SEATS
    assert (by_role(permissions.may_offer, closed), by_seat(permissions.may_offer, closed)) == (set(), set())


def test_a_plan_of_others_is_refused_in_words():
    plan = a_plan(PlanState.RUNNING)
    permissions.require_own(acting(plan.organisation), plan)
    with pytest.raises(Refused):
        permissions.require_own(acting(Organisation(), "coordinator"), plan)
