"""Roles as one kind of what is handed over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from merilo.organisations.actions.people import change_roles
from merilo.organisations.handing import (
    EVERYBODYS,
    ROLES,
    Handing,
    Kind,
    Thing,
    joined_roles,
    roles_to_give,
)
from merilo.organisations.roles import ROLES as ALL


def _roles_held(handing: Handing) -> Iterable[Thing]:
    return [
        Thing(text=str(ALL[code].name), about=str(ALL[code].sentence))
        for code in roles_to_give(handing.member)
    ]


def _give_roles(handing: Handing, at: datetime) -> None:
    member, to = handing.member, handing.to
    assert to is not None  # noqa: S101  nothing is given to nobody
    kept = [code for code in member.roles if code not in roles_to_give(member)]
    change_roles(viewer=handing.viewer, member=to, roles=joined_roles(member, to), at=at)
    change_roles(viewer=handing.viewer, member=member, roles=kept or [EVERYBODYS], at=at)


KIND = Kind(ROLES, _("Roles"), _roles_held, _give_roles)
