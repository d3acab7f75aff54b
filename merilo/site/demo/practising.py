"""The group of the demo practises on a written case at its training: twice, with a talk between."""

from __future__ import annotations

from datetime import datetime
from random import Random

from merilo.assessment.actions import calibration
from merilo.assessment.models import Assessment
from merilo.framework.cases import Case, load_case
from merilo.site.demo.scene import Day, Scene, dice

CASE, METHOD = "people", "classical"
APART = (22, 9)  # points to either side of the reference, before the talk and after it


def practise(scene: Scene, assessment: Assessment, *, on: Day) -> None:
    """Everybody scores the case alone, the group talks, everybody scores again."""
    case, chance = load_case(CASE), dice("practice")

    def act(at: datetime) -> None:
        made = calibration.open_calibration(
            viewer=scene.coordinator, assessment=assessment, case=CASE, method=METHOD, at=at
        )
        for number, apart in enumerate(APART):
            if number:
                calibration.score_again(viewer=scene.coordinator, calibration=made, at=at)
            for member in scene.assessors.values():
                values = _scores(case, chance, apart)
                viewer = scene.viewer(member)
                calibration.hand_in(viewer=viewer, calibration=made, values=values, reasons={}, at=at)
            calibration.show(viewer=scene.coordinator, calibration=made, at=at)
        calibration.close(viewer=scene.coordinator, calibration=made, at=at)

    scene.happens(scene.calendar.at(on, 15), act)


def _scores(case: Case, chance: Random, apart: int) -> dict[str, dict[str, int]]:
    return {
        item.code: {
            part.component: max(0, part.points + chance.randint(-apart, apart))
            for part in item.references[METHOD]
        }
        for item in case.items
    }
