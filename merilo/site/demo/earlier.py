"""A cycle of the demo that was done before the platform came, on paper and by CAF 2013."""

from __future__ import annotations

from merilo.assessment.actions import entered
from merilo.assessment.models import Assessment, LineKind, Source
from merilo.assessment.queries import entered as queries
from merilo.assessment.queries import frameworks
from merilo.assessment.queries.entered import Said
from merilo.core.periods import years
from merilo.site.demo import content
from merilo.site.demo.content import Node
from merilo.site.demo.scene import Scene

ENTERED_ON = -75  # days from today: before the running cycle was planned
_KEYS = {LineKind.STRENGTH.value: "strengths", LineKind.AREA.value: "areas"}


def enter(scene: Scene) -> Assessment:
    """Enter what the report of then says, and finish the entry."""
    node = content.town()["earlier"]
    viewer, at = scene.coordinator, scene.calendar.at(ENTERED_ON, 14)
    assessment = entered.enter_cycle(
        viewer=viewer,
        choice=frameworks.choice(viewer, "caf-2020"),
        facts=entered.CycleFacts(
            title=scene.voice(node["title"]),
            method="classical",
            period=years(node["period"]["from"], node["period"]["until"]),
            source=Source.CAF_2013,
            number=node["report"]["number"],
            date=node["report"]["date"],
        ),
        at=at,
    )
    cycle = queries.cycle_of(assessment)
    rows = {code: _said(scene, node, code) for code in node["scores"]}
    entered.save_entered(viewer=viewer, cycle=cycle, rows=rows, reason="", version=1, at=at)
    entered.finish_entered(viewer=viewer, cycle=cycle, at=at)
    return assessment


def _said(scene: Scene, node: Node, code: str) -> Said:
    told = node["said"].get(code, {})
    lines = {kind: tuple(scene.voice(text) for text in told.get(key, ())) for kind, key in _KEYS.items()}
    return Said({"score": node["scores"][code]}, lines)
