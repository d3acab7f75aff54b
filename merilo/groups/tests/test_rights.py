"""Who may do what with a group."""

from __future__ import annotations

from merilo.groups import permissions
from merilo.groups.models import Gathering, Group, Seat
from merilo.organisations.api import Organisation
from tests.rights import LEADERS, acting, by_role


def test_who_coordinates_composes_groups_and_records_meetings():
    town = Organisation()
    assert by_role(permissions.may_manage, Group(organisation=town)) == LEADERS
    assert by_role(permissions.may_record, Gathering(organisation=town)) == LEADERS


def test_a_substitute_takes_the_seat_over():
    group = Group(organisation=Organisation())
    substitute, other = acting(group.organisation, "viewer"), acting(group.organisation, "viewer")
    seat = Seat(group=group, substitute=substitute.membership)
    assert (permissions.may_take_over(substitute, seat), permissions.may_take_over(other, seat)) == (
        True,
        False,
    )
    assert by_role(permissions.may_take_over, seat, group) == LEADERS
