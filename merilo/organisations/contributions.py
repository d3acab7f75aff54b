"""What this room puts on pages above it: its menu entries and the coordinator's open tasks."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.utils.translation import gettext as _

from merilo.core.navigation import WorkItem
from merilo.organisations import permissions, queries
from merilo.organisations.http import address
from merilo.organisations.viewers import Viewer


def menu(request: HttpRequest, viewer: Viewer) -> Iterator[tuple[int, str, str, str]]:
    """The organisation's page, for its members; the towns of a centre; everybody's own notifications."""
    if permissions.may_see_towns(viewer):
        yield 30, "towns", _("Our towns"), address(viewer, "organisations:towns")
    if viewer.can("organisation.read"):
        yield 90, "organisations", _("Organisation"), address(viewer, "organisations:settings")
    label = _("Notifications")
    if viewer.unread:
        label = _("Notifications (%(count)s new)") % {"count": viewer.unread}
    yield 80, "notifications", label, address(viewer, "organisations:notifications")


def work(viewer: Viewer) -> Iterator[WorkItem]:
    """What a coordinator should complete. One query, none for others."""
    if not viewer.can("people.manage"):
        return
    rows = list(
        queries.members(viewer).annotate(asked=queries.is_asked(viewer)).values_list("roles", "asked")
    )
    held = [codes for codes, _asked in rows]
    if any(asked for _codes, asked in rows):
        yield WorkItem(
            title=_("Answer a resource centre"),
            url=address(viewer, "organisations:shared"),
            help=_("It asks to see where your self-assessment stands."),
            order=70,
        )
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
