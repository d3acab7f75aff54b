"""A resource centre with people of its own, with which the first town of the demo shares its cycle."""

from __future__ import annotations

from merilo.organisations.actions import sharing
from merilo.site.demo import content, people
from merilo.site.demo.content import Voice
from merilo.site.demo.scene import Scene

FOUNDED = -400  # days from today


def share(town: Scene) -> None:
    """Found the centre, and let it see where the town's cycle stands and the approved reports."""
    node = content.centre()
    centre = people.found(node, node["people"], Voice("bg"), town.calendar, on=FOUNDED)
    sharing.share(
        viewer=town.coordinator, centre=centre.organisation.pk, with_reports=True, at=town.calendar.now
    )
