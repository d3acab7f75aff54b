from __future__ import annotations

import pytest

from merilo.organisations.actions.invitations import Invited, invite_people
from merilo.organisations.models import Membership
from merilo.organisations.rules.pasting import Row
from tests.at_once import at_once
from tests.people import NOON, a_member, an_organisation, as_viewer

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_who_invite_the_same_address_at_once_make_one_member():
    town = an_organisation()
    viewers = [as_viewer(a_member(town, role)) for role in ("coordinator", "deputy")]
    row = Row(1, "Иван Петров", "ivan@town.example", "Архив")

    def invite(place: int) -> Invited:
        return invite_people(viewer=viewers[place], rows=[row], roles=["viewer"], create_units=True, at=NOON)

    answers = at_once(lambda: invite(0), lambda: invite(1))
    assert sorted(len(invited.links) for invited in answers) == [0, 1]
    assert sorted(len(invited.passed_over) for invited in answers) == [0, 1]
    assert Membership.objects.filter(email="ivan@town.example").count() == 1
