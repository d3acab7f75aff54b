"""The door of self-assessments: what the rooms above may ask."""

from __future__ import annotations

from merilo.assessment.actions.continuing import Came, NextFacts, continue_assessment
from merilo.assessment.actions.retention import forget_removed, forget_sheets
from merilo.assessment.catalogue import framework_of
from merilo.assessment.compared import by_item as points_drawn
from merilo.assessment.compared import cautions as comparison_cautions
from merilo.assessment.compared import refusal as comparison_refusal
from merilo.assessment.context import Known, contribute_context
from merilo.assessment.evidence_words import figures as evidence_figures
from merilo.assessment.home import Coming, CurrentCycle, StepRow, current_cycle
from merilo.assessment.models import Assessment, Evidence
from merilo.assessment.queries.comparing import SideBySide, continued_by, follower_of, side_by_side
from merilo.assessment.queries.evidence import REMOVED_KEPT, shelf
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
    "Came",
    "Coming",
    "CurrentCycle",
    "Evidence",
    "Found",
    "Installed",
    "Knowledge",
    "Known",
    "NextFacts",
    "OwnFrameworks",
    "Shown",
    "SideBySide",
    "StepRow",
    "approved_on",
    "comparison_cautions",
    "comparison_refusal",
    "continue_assessment",
    "continued_by",
    "contribute_context",
    "current_cycle",
    "evidence_figures",
    "follower_of",
    "forget_removed",
    "forget_sheets",
    "found_in",
    "framework_of",
    "installed",
    "knowledge_of",
    "own_frameworks",
    "points_drawn",
    "published_reports",
    "settled_assessments",
    "shelf",
    "shown_evidence",
    "shown_report",
    "side_by_side",
]
