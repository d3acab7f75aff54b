from __future__ import annotations

import pytest

from merilo.core.errors import Conflict, Refused
from merilo.core.models import AuditEntry
from merilo.groups import api as groups
from merilo.groups.api import Function, SeatChange, SeatError
from merilo.groups.models import Group, Seat
from tests.people import NOON, a_member, an_organisation, as_viewer

pytestmark = pytest.mark.every_database


@pytest.fixture
def town(db):
    return an_organisation()


@pytest.fixture
def viewer(town):
    return as_viewer(a_member(town, "coordinator"))


@pytest.fixture
def group(town):
    return Group.objects.create(organisation=town, name="Група")


def seat(viewer, group, holder, function=Function.MEMBER, substitute=None):
    change = SeatChange(function, substitute=substitute)
    return groups.add_seat(viewer=viewer, group=group, holder=holder, change=change, at=NOON)


def test_seats_stand_in_the_order_of_the_annex(viewer, town, group):
    watcher, member, chair = (a_member(town, name=name) for name in ("Ана", "Борис", "Вера"))
    seat(viewer, group, watcher, Function.OBSERVER)
    seat(viewer, group, member)
    seat(viewer, group, chair, Function.CHAIR)
    assert [row.holder.name for row in groups.seats_of(group)] == ["Вера", "Борис", "Ана"]
    assert [row.holder.name for row in groups.scoring_seats(group)] == ["Вера", "Борис"]


def test_a_seat_leaves_a_row_in_the_audit(viewer, town, group):
    seat(viewer, group, a_member(town))
    assert AuditEntry.objects.get(chain=str(town.pk)).verb == "group.seat_added"


def test_a_second_chair_is_refused(viewer, town, group):
    seat(viewer, group, a_member(town), Function.CHAIR)
    with pytest.raises(SeatError) as refused:
        seat(viewer, group, a_member(town), Function.CHAIR)
    assert refused.value.field == "function"


def test_nobody_sits_twice_or_stands_in_while_sitting(viewer, town, group):
    member, other = a_member(town), a_member(town)
    seat(viewer, group, member)
    with pytest.raises(SeatError):
        seat(viewer, group, member)
    with pytest.raises(SeatError) as refused:
        seat(viewer, group, other, substitute=member)
    assert refused.value.field == "substitute"


def test_nobody_is_their_own_substitute(viewer, town, group):
    member = a_member(town)
    with pytest.raises(SeatError):
        seat(viewer, group, member, substitute=member)


def test_somebody_of_another_organisation_gets_no_seat(viewer, group):
    with pytest.raises(SeatError):
        seat(viewer, group, a_member(an_organisation()))


def test_only_who_plans_changes_the_group(town, group):
    assessor = as_viewer(a_member(town, "assessor"))
    with pytest.raises(Refused):
        seat(assessor, group, a_member(town))
    stranger = as_viewer(a_member(an_organisation(), "coordinator"))
    with pytest.raises(Refused):
        seat(stranger, group, a_member(town))
    assert Seat.objects.count() == 0


def test_a_substitute_takes_over_and_the_seat_stays_one(viewer, town, group):
    holder, substitute = a_member(town), a_member(town)
    made = seat(viewer, group, holder, substitute=substitute)
    groups.take_over(viewer=as_viewer(substitute), seat=made, at=NOON)
    made.refresh_from_db()
    assert (made.holder, made.substitute, made.taken_over_at) == (substitute, holder, NOON)
    assert AuditEntry.objects.filter(chain=str(town.pk)).latest("number").verb == "group.seat_taken_over"


def test_a_bystander_does_not_take_over(viewer, town, group):
    made = seat(viewer, group, a_member(town), substitute=a_member(town))
    with pytest.raises(Refused):
        groups.take_over(viewer=as_viewer(a_member(town, "assessor")), seat=made, at=NOON)


def test_a_seat_without_substitute_is_not_taken_over(viewer, town, group):
    made = seat(viewer, group, a_member(town))
    with pytest.raises(SeatError):
        groups.take_over(viewer=viewer, seat=made, at=NOON)


def test_a_removed_seat_is_gone_and_on_record(viewer, town, group):
    made = seat(viewer, group, a_member(town))
    groups.remove_seat(viewer=viewer, seat=made, at=NOON)
    assert Seat.objects.count() == 0
    assert AuditEntry.objects.filter(chain=str(town.pk)).latest("number").verb == "group.seat_removed"


def test_the_mandate_is_written_by_who_plans(viewer, town, group):
    groups.set_mandate(viewer=viewer, group=group, mandate="събира доказателства", version=1, at=NOON)
    group.refresh_from_db()
    assert group.mandate == "събира доказателства"
    with pytest.raises(Conflict):
        groups.set_mandate(viewer=viewer, group=group, mandate="друго", version=1, at=NOON)
    with pytest.raises(Refused):
        groups.set_mandate(viewer=as_viewer(a_member(town)), group=group, mandate="x", version=2, at=NOON)
