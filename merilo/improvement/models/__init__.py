"""The tables of plans of improvement."""

from merilo.improvement.models.gathering import TYPED, Decision, Item, ItemKind, OwnPoints, Proposal, Theme
from merilo.improvement.models.measures import (
    Activity,
    Measure,
    MeasureIndicator,
    MeasureKind,
    MeasureState,
    Signal,
)
from merilo.improvement.models.plans import Plan, PlanSource, PlanState, Preparation
from merilo.improvement.models.running import CheckIn, PlanRevision, RevisionFile, RevisionState

__all__ = [
    "TYPED",
    "Activity",
    "CheckIn",
    "Decision",
    "Item",
    "ItemKind",
    "Measure",
    "MeasureIndicator",
    "MeasureKind",
    "MeasureState",
    "OwnPoints",
    "Plan",
    "PlanRevision",
    "PlanSource",
    "PlanState",
    "Preparation",
    "Proposal",
    "RevisionFile",
    "RevisionState",
    "Signal",
    "Theme",
]
