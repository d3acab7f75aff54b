"""Who may share the state of a cycle, and who sees it: one-line predicates that take the viewer."""

from __future__ import annotations

from merilo.organisations.models import OrganisationKind
from merilo.organisations.viewers import Viewer


def is_of_centre(viewer: Viewer) -> bool:
    """The acting organisation is a resource centre."""
    return viewer.organisation.kind == OrganisationKind.CENTRE


def may_share(viewer: Viewer) -> bool:
    """The coordinator of a town decides with whom it shares."""
    return viewer.can("organisation.edit")


def may_see_towns(viewer: Viewer) -> bool:
    """Everybody who works at a resource centre sees the towns that agreed."""
    return is_of_centre(viewer) and viewer.can("organisation.read")


def may_ask_towns(viewer: Viewer) -> bool:
    """The coordinator of a resource centre asks towns, and stops seeing them."""
    return is_of_centre(viewer) and viewer.can("organisation.edit")
