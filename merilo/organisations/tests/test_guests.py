from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.utils import timezone

from merilo.core.errors import MeriloError, Refused
from merilo.core.models import AuditEntry
from merilo.organisations.actions.invitations import accept_as
from merilo.organisations.api import Guest, invite_guest, keep_guest
from merilo.organisations.models import Membership
from tests.people import NOON, a_member, an_organisation, as_viewer

GUEST = Guest("Д-р Цветкова", "guest@centre.example", "ИПА", date(2027, 6, 30))


@pytest.fixture
def town(db):
    return an_organisation()


def test_a_guest_is_a_member_without_rights_for_a_time(town):
    member, link = invite_guest(viewer=as_viewer(a_member(town, "coordinator")), guest=GUEST, at=NOON)
    assert member == Membership.objects.get(email=GUEST.email)
    assert (member.roles, member.valid_until, member.person) == (["guest"], GUEST.valid_until, None)
    assert link is not None
    assert link.invitation.membership == member
    assert AuditEntry.objects.get(chain=str(town.pk)).verb == "guest.invited"


def test_somebody_who_belongs_is_not_invited_as_a_guest(town):
    a_member(town, "assessor")
    member = Membership.objects.get()
    guest = Guest("Някой", member.email.upper(), "", GUEST.valid_until)
    coordinator = as_viewer(a_member(town, "coordinator"))
    with pytest.raises(MeriloError):
        invite_guest(viewer=coordinator, guest=guest, at=NOON)


def test_a_guest_whose_time_is_over_is_invited_again(town):
    coordinator = as_viewer(a_member(town, "coordinator"))
    first, _link = invite_guest(
        viewer=coordinator, guest=replace(GUEST, valid_until=date(2026, 1, 1)), at=NOON
    )
    again, link = invite_guest(viewer=coordinator, guest=GUEST, at=NOON)
    assert (again, again.valid_until) == (first, GUEST.valid_until)
    assert link is not None


@pytest.mark.parametrize("left_at", [NOON, None])
def test_whoever_has_an_account_is_back_as_a_guest_without_a_link(town, left_at):
    coordinator = as_viewer(a_member(town, "coordinator"))
    former = a_member(town, "assessor", left_at=left_at, valid_until=None if left_at else date(2026, 1, 1))
    back, link = invite_guest(viewer=coordinator, guest=replace(GUEST, email=former.email), at=NOON)
    assert (back, link) == (former, None)
    assert (back.roles, back.valid_until, back.left_at) == (["guest"], GUEST.valid_until, None)


def test_a_former_member_who_accepts_as_a_guest_with_another_address_stays_for_a_time(town):
    coordinator = as_viewer(a_member(town, "coordinator"))
    former = a_member(town, "assessor", left_at=NOON)
    _place, link = invite_guest(viewer=coordinator, guest=GUEST, at=timezone.now())
    assert link is not None
    assert former.person is not None
    accept_as(invitation=link.invitation, person=former.person, at=timezone.now())
    former.refresh_from_db()
    assert (former.roles, former.valid_until, former.left_at) == (["guest"], GUEST.valid_until, None)


def test_only_who_manages_people_invites(town):
    with pytest.raises(Refused):
        invite_guest(viewer=as_viewer(a_member(town, "assessor")), guest=GUEST, at=NOON)


def test_a_guest_is_kept_until_another_day_and_nobody_else_is(town):
    coordinator = as_viewer(a_member(town, "coordinator"))
    guest, _link = invite_guest(viewer=coordinator, guest=GUEST, at=NOON)
    keep_guest(viewer=coordinator, member=guest, until=date(2027, 8, 31), at=NOON)
    guest.refresh_from_db()
    assert guest.valid_until == date(2027, 8, 31)
    assert AuditEntry.objects.order_by("-number")[0].verb == "guest.kept"
    with pytest.raises(MeriloError):
        keep_guest(viewer=coordinator, member=coordinator.membership, until=GUEST.valid_until, at=NOON)
    with pytest.raises(Refused):
        keep_guest(
            viewer=as_viewer(a_member(town, "assessor")), member=guest, until=GUEST.valid_until, at=NOON
        )
