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
from merilo.improvement.models.offered import Draft, DraftState
from merilo.improvement.models.plans import Plan, PlanSource, PlanState, Preparation
from merilo.improvement.models.running import (
    CheckIn,
    CheckInLink,
    PlanReport,
    PlanRevision,
    Reminded,
    ReportFile,
    RevisionFile,
    RevisionState,
)

__all__ = [
    "TYPED",
    "Activity",
    "CheckIn",
    "CheckInLink",
    "Decision",
    "Draft",
    "DraftState",
    "Item",
    "ItemKind",
    "Measure",
    "MeasureIndicator",
    "MeasureKind",
    "MeasureState",
    "OwnPoints",
    "Plan",
    "PlanReport",
    "PlanRevision",
    "PlanSource",
    "PlanState",
    "Preparation",
    "Proposal",
    "Reminded",
    "ReportFile",
    "RevisionFile",
    "RevisionState",
    "Signal",
    "Theme",
]
