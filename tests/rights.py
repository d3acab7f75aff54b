"""Who may do what, asked without a database: people with each role, and with each seat in a group."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from merilo.accounts.models import Person
from merilo.groups.models import Function, Seat
from merilo.organisations.api import Membership, Organisation, Viewer
from merilo.organisations.roles import ROLES, permissions_of

LEADERS = {"coordinator", "deputy"}
INSIDERS = set(ROLES) - {"guest"}
SCORING = {"chair", "member"}
SEATS = {str(one) for one in Function}


def acting(organisation: Organisation, *roles: str) -> Viewer:
    """Somebody with these roles in the organisation; nothing of them is stored."""
    membership = Membership(organisation=organisation, roles=list(roles))
    return Viewer(Person(), organisation, membership, permissions_of(roles))


def seated(viewer: Viewer, work: Any, function: str = "", **fields: Any) -> Viewer:
    """The same person, with a seat in the group of the work, or known to have none."""
    held = Seat(holder=viewer.membership, function=function, **fields) if function else None
    work.__dict__.setdefault("_seats", {})[viewer.membership.pk] = held
    return viewer


def by_role(may: Callable[..., bool], thing: Any, work: Any = None, **more: Any) -> set[str]:
    """Which roles may, without a seat in the group of the work; a stranger with all roles never may."""
    work = work or thing
    stranger = seated(acting(Organisation(), *ROLES), work, "chair")
    assert not may(stranger, thing, **more)
    people = {code: seated(acting(work.organisation, code), work) for code in ROLES}
    return {code for code, viewer in people.items() if may(viewer, thing, **more)}


def by_seat(may: Callable[..., bool], thing: Any, work: Any = None, **more: Any) -> set[str]:
    """With which function in the group somebody may who has no role."""
    work = work or thing
    people = {code: seated(acting(work.organisation), work, code) for code in SEATS}
    return {code for code, viewer in people.items() if may(viewer, thing, **more)}
