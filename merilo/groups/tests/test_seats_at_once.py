from __future__ import annotations

import pytest

from merilo.groups import api as groups
from merilo.groups.api import Function, SeatChange, SeatError
from merilo.groups.models import Group, Seat
from tests.at_once import at_once
from tests.people import NOON, a_member, an_organisation, as_viewer

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_chairs_given_at_once_the_second_is_refused_in_words():
    town = an_organisation()
    viewer = as_viewer(a_member(town, "coordinator"))
    group = Group.objects.create(organisation=town, name="Група")
    members = [a_member(town), a_member(town)]

    def give(place: int) -> str:
        try:
            change = SeatChange(Function.CHAIR)
            groups.add_seat(viewer=viewer, group=group, holder=members[place], change=change, at=NOON)
        except SeatError as error:
            return error.field
        return "given"

    assert sorted(at_once(lambda: give(0), lambda: give(1))) == ["function", "given"]
    assert Seat.objects.count() == 1
