"""Who may do what with a group: one-line predicates that take the viewer."""

from __future__ import annotations

from merilo.groups.models import Gathering, Group, Seat
from merilo.organisations.api import Viewer


def may_manage(viewer: Viewer, group: Group) -> bool:
    """Compose the group and record its meetings: those who plan the self-assessment."""
    return group.organisation_id == viewer.organisation_id and viewer.can("assessment.plan")


def may_record(viewer: Viewer, gathering: Gathering) -> bool:
    """Change the record of a training, meeting or briefing."""
    return gathering.organisation_id == viewer.organisation_id and viewer.can("assessment.plan")


def may_take_over(viewer: Viewer, seat: Seat) -> bool:
    """The substitute takes the seat over, or the coordinator hands it to the substitute."""
    return viewer.membership.pk == seat.substitute_id or may_manage(viewer, seat.group)
