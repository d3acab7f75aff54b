"""What somebody has that another person can take on: each room contributes its kinds in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise

from merilo.organisations.models import Membership
from merilo.organisations.roles import GRANTABLE
from merilo.organisations.viewers import Viewer

ROLES = "roles"  # the code of their kind
EVERYBODYS = "viewer"  # the role that is left when all others went to somebody else


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that somebody has; `stays` says why it does not go to the receiver and what to do instead."""

    text: str
    about: str = ""
    url: str = ""
    stays: str = ""


@dataclass(frozen=True, slots=True)
class Handing:
    """Who gives what they have to whom, on whose word; nobody is chosen yet where `to` is None."""

    viewer: Viewer
    member: Membership
    to: Membership | None
    on: date


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of things: `held` lists them, `give` hands over those that do not stay.

    A kind without `give` is shown only: its things follow the roles. `give` is called inside the
    transaction of the hand-over, records what it changes and may raise any MeriloError.
    """

    code: str
    name: str | Promise
    held: Callable[[Handing], Iterable[Thing]]
    give: Callable[[Handing, datetime], None] | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """What one member has of one kind, and who would get it."""

    kind: Kind
    to: Membership | None
    things: tuple[Thing, ...]

    @property
    def going(self) -> list[Thing]:
        """What the receiver gets."""
        return [thing for thing in self.things if not thing.stays]

    @property
    def staying(self) -> list[Thing]:
        """What nobody gets, each with its reason."""
        return [thing for thing in self.things if thing.stays]


_kinds: list[Kind] = []


def contribute_kind(kind: Kind) -> None:
    """Add a kind. They are handed over in this order, roles first: what else somebody may get follows."""
    _kinds.append(kind)


def held_by(viewer: Viewer, member: Membership, to: Mapping[str, Membership], *, on: date) -> list[Held]:
    """What a member has, by kind; kinds of which there is nothing are left out."""
    will_be = _with_roles(member, to)
    found = []
    for kind in _kinds:
        receiver = to.get(kind.code)
        receiver = will_be.get(receiver.pk, receiver) if receiver else None
        things = tuple(kind.held(Handing(viewer, member, receiver, on)))
        if things:
            found.append(Held(kind, receiver, things))
    return found


def _with_roles(member: Membership, to: Mapping[str, Membership]) -> dict[object, Membership]:
    """Who gets the roles, as they will be then: unsaved, to judge what else they may get."""
    if ROLES not in to:
        return {}
    receiver = copy(to[ROLES])
    receiver.roles = joined_roles(member, receiver)
    return {receiver.pk: receiver}


# --- roles ----------------------------------------------------------------------------------------
def roles_to_give(member: Membership) -> list[str]:
    """Roles that say what somebody does; to read what is shared, everybody may."""
    return [code for code in GRANTABLE if code in member.roles and code != EVERYBODYS]


def joined_roles(member: Membership, to: Membership) -> list[str]:
    """The receiver's roles together with those of the member."""
    return [code for code in GRANTABLE if code in {*to.roles, *roles_to_give(member)}]
