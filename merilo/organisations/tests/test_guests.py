from __future__ import annotations

from datetime import date

import pytest

from merilo.core.errors import MeriloError, Refused
from merilo.core.models import AuditEntry
from merilo.organisations.api import Guest, invite_guest
from merilo.organisations.models import Membership
from tests.people import NOON, a_member, an_organisation, as_viewer

GUEST = Guest("Д-р Цветкова", "guest@centre.example", "ИПА", date(2027, 6, 30))


@pytest.fixture
def town(db):
    return an_organisation()


def test_a_guest_is_a_member_without_rights_for_a_time(town):
    link = invite_guest(viewer=as_viewer(a_member(town, "coordinator")), guest=GUEST, at=NOON)
    member = Membership.objects.get(email=GUEST.email)
    assert (member.roles, member.valid_until, member.person) == (["guest"], GUEST.valid_until, None)
    assert link.invitation.membership == member
    assert AuditEntry.objects.get(chain=str(town.pk)).verb == "guest.invited"


def test_somebody_who_belongs_is_not_invited_as_a_guest(town):
    a_member(town, "assessor")
    member = Membership.objects.get()
    guest = Guest("Някой", member.email.upper(), "", GUEST.valid_until)
    coordinator = as_viewer(a_member(town, "coordinator"))
    with pytest.raises(MeriloError):
        invite_guest(viewer=coordinator, guest=guest, at=NOON)


def test_only_who_manages_people_invites(town):
    with pytest.raises(Refused):
        invite_guest(viewer=as_viewer(a_member(town, "assessor")), guest=GUEST, at=NOON)
