"""What this room puts on pages above it: its menu entry and the coordinator's open tasks."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.utils.translation import gettext as _

from merilo.core.navigation import WorkItem
from merilo.organisations import queries
from merilo.organisations.http import address
from merilo.organisations.viewers import Viewer


def menu(request: HttpRequest, viewer: Viewer) -> Iterator[tuple[int, str, str, str]]:
    """The organisation's page, for its members."""
    if viewer.can("organisation.read"):
        yield 90, "organisations", _("Organisation"), address(viewer, "organisations:settings")


def work(viewer: Viewer) -> Iterator[WorkItem]:
    """What a coordinator should complete. One query, none for others."""
    if not viewer.can("people.manage"):
        return
    held = list(queries.members(viewer).values_list("roles", flat=True))
    if len(held) == 1:
        yield WorkItem(
            title=_("Invite people"),
            url=address(viewer, "organisations:invite"),
            help=_("Paste a list of names and e-mail addresses."),
            order=80,
        )
    elif not any("deputy" in codes for codes in held):
        yield WorkItem(
            title=_("Name a deputy coordinator"),
            url=address(viewer, "organisations:roles"),
            help=_("So that the work goes on when the coordinator is away."),
            order=90,
        )
