"""The door of self-assessments: what the rooms above may ask."""

from __future__ import annotations

from merilo.assessment.actions.retention import forget_removed, forget_sheets
from merilo.assessment.home import Coming, CurrentCycle, StepRow, current_cycle
from merilo.assessment.queries.evidence import REMOVED_KEPT
from merilo.assessment.queries.revisions import published as published_reports

__all__ = [
    "REMOVED_KEPT",
    "Coming",
    "CurrentCycle",
    "StepRow",
    "current_cycle",
    "forget_removed",
    "forget_sheets",
    "published_reports",
]
