"""The door of self-assessments: what the rooms above may ask."""

from __future__ import annotations

from merilo.assessment.actions.retention import forget_removed, forget_sheets
from merilo.assessment.catalogue import framework_of
from merilo.assessment.home import Coming, CurrentCycle, StepRow, current_cycle
from merilo.assessment.models import Assessment, Evidence
from merilo.assessment.queries.evidence import REMOVED_KEPT
from merilo.assessment.queries.found import Found, found_in, settled_assessments
from merilo.assessment.queries.frameworks import Installed, OwnFrameworks, installed, own_frameworks
from merilo.assessment.queries.knowing import (
    Knowledge,
    Shown,
    approved_on,
    knowledge_of,
    shown_evidence,
    shown_report,
)
from merilo.assessment.queries.revisions import published as published_reports

__all__ = [
    "REMOVED_KEPT",
    "Assessment",
    "Coming",
    "CurrentCycle",
    "Evidence",
    "Found",
    "Installed",
    "Knowledge",
    "OwnFrameworks",
    "Shown",
    "StepRow",
    "approved_on",
    "current_cycle",
    "forget_removed",
    "forget_sheets",
    "found_in",
    "framework_of",
    "installed",
    "knowledge_of",
    "own_frameworks",
    "published_reports",
    "settled_assessments",
    "shown_evidence",
    "shown_report",
]
