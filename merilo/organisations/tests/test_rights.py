"""Who may share the state of a cycle, and who sees it."""

from __future__ import annotations

from merilo.organisations import permissions
from merilo.organisations.models import Organisation, OrganisationKind
from merilo.organisations.roles import ROLES
from tests.rights import INSIDERS, LEADERS, acting


def test_a_centre_sees_towns_and_its_coordinator_asks_them():
    centre = Organisation(kind=OrganisationKind.CENTRE)
    town = Organisation(kind=OrganisationKind.MUNICIPALITY)
    for may, who in ((permissions.may_see_towns, INSIDERS), (permissions.may_ask_towns, LEADERS)):
        assert {role for role in ROLES if may(acting(centre, role))} == who
        assert {role for role in ROLES if may(acting(town, role))} == set()
    assert {role for role in ROLES if permissions.may_share(acting(town, role))} == LEADERS
