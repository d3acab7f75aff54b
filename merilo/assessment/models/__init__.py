"""Self-assessments: the plan, the sheets with individual judgements, the shelf, the agreement, the report."""

from merilo.assessment.models.agreement import (
    Agreement,
    AgreementState,
    Contribution,
    Dissent,
    LineKind,
    Statement,
)
from merilo.assessment.models.calibration import Calibration, Trial
from merilo.assessment.models.cycle import ArchiveOrigin, Assessment, State, StepPlan
from merilo.assessment.models.editions import FrameworkEdition
from merilo.assessment.models.entered import Correction, EnteredCycle, Source
from merilo.assessment.models.meeting import (
    Ballot,
    Decision,
    Meeting,
    Order,
    Pass,
    Presence,
    Round,
    Turn,
    WallLink,
    Way,
)
from merilo.assessment.models.own_wording import OwnWording
from merilo.assessment.models.report import Report, ReportRevision, ReportSection, RevisionFile, RevisionState
from merilo.assessment.models.requests import BY_LINK, EvidenceRequest, Received, RequestLink, RequestState
from merilo.assessment.models.sheets import Judgement, Sheet
from merilo.assessment.models.shelf import Evidence, EvidenceKind, EvidenceUse

__all__ = [
    "BY_LINK",
    "Agreement",
    "AgreementState",
    "ArchiveOrigin",
    "Assessment",
    "Ballot",
    "Calibration",
    "Contribution",
    "Correction",
    "Decision",
    "Dissent",
    "EnteredCycle",
    "Evidence",
    "EvidenceKind",
    "EvidenceRequest",
    "EvidenceUse",
    "FrameworkEdition",
    "Judgement",
    "LineKind",
    "Meeting",
    "Order",
    "OwnWording",
    "Pass",
    "Presence",
    "Received",
    "Report",
    "ReportRevision",
    "ReportSection",
    "RequestLink",
    "RequestState",
    "RevisionFile",
    "RevisionState",
    "Round",
    "Sheet",
    "Source",
    "State",
    "Statement",
    "StepPlan",
    "Trial",
    "Turn",
    "WallLink",
    "Way",
]
