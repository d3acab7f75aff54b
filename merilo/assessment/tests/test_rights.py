"""Who may do what with a self-assessment, by role, by seat in its group and by its state."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from merilo.assessment import permissions
from merilo.assessment.models import (
    Assessment,
    EvidenceRequest,
    ReportRevision,
    RevisionState,
    Sheet,
    State,
)
from merilo.core.errors import Refused
from merilo.groups.api import Seat
from merilo.organisations.api import Organisation
from tests.rights import INSIDERS, LEADERS, SCORING, SEATS, acting, by_role, by_seat, seated

TODAY = date(2026, 11, 27)
SETTLED = {State.APPROVED, State.PUBLISHED}
LOCKED = {State.AGREEING, State.REPORTING, *SETTLED}
FOLLOWERS = LEADERS | {"sponsor"}
FILLING = LEADERS | {"assessor"}
MODERATING = {"chair", "facilitator"}


def made(state: str = State.AGREEING, **fields: Any) -> Assessment:
    return Assessment(organisation=Organisation(), state=state, **fields)


@pytest.mark.parametrize(
    ("may", "who", "when"),
    [
        (permissions.may_plan, LEADERS, set(State)),
        (permissions.may_compose, LEADERS, set(State) - SETTLED),
        (permissions.may_follow, FOLLOWERS, set(State)),
        (permissions.may_moderate, LEADERS, set(State)),
        (permissions.may_calibrate, LEADERS, {State.PLANNING, State.ASSESSING}),
        (permissions.may_dissent, LEADERS, set(State)),
        (permissions.may_use_shelf, FILLING, set(State) - SETTLED),
        (permissions.may_edit_report, LEADERS | {"editor"}, set(State)),
        (permissions.may_approve, {"sponsor"}, set(State)),
        (permissions.may_record_approval, LEADERS, set(State)),
        (permissions.may_publish, LEADERS | {"editor"}, set(State)),
        (permissions.may_see_requests, FILLING, set(State)),
        (permissions.may_request, LEADERS, set(State) - SETTLED),
        (permissions.may_call_in, LEADERS, {State.ASSESSING}),
        (permissions.may_enter, set(), set()),
    ],
)
def test_roles(may, who, when):
    found = {state: by_role(may, made(state)) for state in State}
    assert found == {state: who if state in when else set() for state in State}


@pytest.mark.parametrize(
    ("may", "who"),
    [
        (permissions.may_moderate, MODERATING),
        (permissions.may_dissent, SCORING | MODERATING),
        (permissions.may_read_report, SEATS),
        (permissions.may_plan, set()),
        (permissions.may_use_shelf, set()),
    ],
)
def test_seats(may, who):
    assert by_seat(may, made()) == who


@pytest.mark.parametrize("may", [permissions.may_see_scores, permissions.may_see_shelf])
def test_scores_and_shelf_are_for_the_group_and_for_those_who_follow(may):
    assessment = made()
    assert by_seat(may, assessment, on=TODAY) == SEATS
    assert by_role(may, assessment, on=TODAY) >= FOLLOWERS
    ended = seated(acting(assessment.organisation), assessment, "consultant", until=TODAY - timedelta(days=1))
    assert not may(ended, assessment, on=TODAY)


def test_nobody_sees_scores_before_the_lock():
    for state in set(State) - LOCKED:
        assert by_role(permissions.may_see_scores, made(state), on=TODAY) == set()
        assert by_seat(permissions.may_see_scores, made(state), on=TODAY) == set()
    assert by_role(permissions.may_see_calibration, made(), on=TODAY) == FOLLOWERS
    assert by_seat(permissions.may_see_calibration, made(), on=TODAY) == SEATS
    assert by_role(permissions.may_see_shelf, made(), on=TODAY) == FOLLOWERS | {"assessor", "editor"}


def test_what_is_approved_everybody_inside_reads():
    drafted, approved = made(State.REPORTING), made(State.APPROVED)
    assert by_role(permissions.may_read_report, drafted) == FOLLOWERS | {"editor"}
    assert by_role(permissions.may_read_report, approved) >= INSIDERS
    for state, who in ((RevisionState.APPROVED, INSIDERS), (RevisionState.SUBMITTED, FOLLOWERS | {"editor"})):
        revision = ReportRevision(state=state)
        found = by_role(
            lambda viewer, one, it=revision: permissions.may_read_revision(viewer, one, it), drafted
        )
        assert found >= who
        assert ("viewer" in found) is (state == RevisionState.APPROVED)


def test_a_sheet_is_written_by_its_holder_before_the_lock_and_before_it_is_handed_in():
    assessment = made(State.ASSESSING)
    holder, other = acting(assessment.organisation, "assessor"), acting(assessment.organisation, "assessor")
    seat = Seat(holder=holder.membership, function="member")

    def may(viewer: Any, **fields: Any) -> bool:
        return permissions.may_write_sheet(viewer, Sheet(seat=seat, assessment=assessment, **fields))

    assert (may(holder), may(other), may(holder, handed_in_at=timezone.now())) == (True, False, False)
    assessment.state = State.AGREEING
    assert not may(holder)


def test_what_a_colleague_sent_is_seen_by_whoever_asked_and_by_the_coordinator():
    assessment = made(State.ASSESSING)
    asker, other = (seated(acting(assessment.organisation, "assessor"), assessment) for _ in range(2))
    request = EvidenceRequest(assessment=assessment, asked_by=asker.membership)
    assert (permissions.may_settle(asker, request), permissions.may_settle(other, request)) == (True, False)
    assert by_role(permissions.may_settle, request, assessment) == LEADERS
    assessment.state = State.APPROVED
    assert not permissions.may_settle(asker, request)
    assert permissions.may_see_received(asker, request)


def test_of_a_cycle_done_elsewhere_only_what_was_agreed_is_entered():
    entered = made(State.AGREEING, is_entered=True)
    assert by_role(permissions.may_enter, entered) == LEADERS
    for may in (
        permissions.may_compose,
        permissions.may_moderate,
        permissions.may_use_shelf,
        permissions.may_edit_report,
        permissions.may_see_requests,
    ):
        assert by_role(may, entered) == set()


def test_a_self_assessment_of_others_is_refused_in_words():
    assessment = made()
    permissions.require_own(acting(assessment.organisation), assessment)
    with pytest.raises(Refused):
        permissions.require_own(acting(Organisation(), "coordinator"), assessment)
