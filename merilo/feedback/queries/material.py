"""What evaluators may read: only what is released, only while their access holds.

Once they have handed their report over, report and plan stay as they were approved by then.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from merilo.assessment.api import Evidence, Shown, shown_evidence, shown_report
from merilo.core.errors import Refused
from merilo.feedback import permissions
from merilo.feedback.models import Feedback
from merilo.improvement.api import ShownPlan, shown_plan
from merilo.organisations.api import Viewer

REPORT, PLAN, EVIDENCE = "report", "plan", "evidence"
PARTS = (REPORT, PLAN, EVIDENCE)


def released(feedback: Feedback) -> list[str]:
    """The parts that evaluators may read."""
    return [part for part in PARTS if part in feedback.released]


def _require(viewer: Viewer, feedback: Feedback, part: str, on: date) -> bool:
    """Whether a part is released; raises Refused for who may see no material."""
    if not permissions.may_see_material(viewer, feedback, on=on):
        raise Refused(_("Only evaluators and the coordinator see what is released."))
    return part in feedback.released


def report(viewer: Viewer, feedback: Feedback, *, on: date) -> Shown | None:
    """The approved report of the self-assessment, None where it is not released. Errors: Refused."""
    if not _require(viewer, feedback, REPORT, on):
        return None
    return shown_report(viewer, feedback.assessment, until=feedback.reported_at)


def plan(viewer: Viewer, feedback: Feedback, *, on: date) -> ShownPlan | None:
    """The approved plan of improvement, None where it is not released. Errors: Refused."""
    if not _require(viewer, feedback, PLAN, on) or feedback.plan is None:
        return None
    return shown_plan(viewer, feedback.plan, until=feedback.reported_at)


def evidence(viewer: Viewer, feedback: Feedback, *, on: date) -> list[Evidence]:
    """The evidence, nothing where it is not released. Errors: Refused."""
    if not _require(viewer, feedback, EVIDENCE, on):
        return []
    return shown_evidence(viewer, feedback.assessment)


def one_evidence(viewer: Viewer, feedback: Feedback, pk: UUID, *, on: date) -> Evidence | None:
    """One thing of the evidence, None where it is not shown. Errors: Refused."""
    return next((one for one in evidence(viewer, feedback, on=on) if one.pk == pk), None)
