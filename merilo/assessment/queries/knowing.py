"""What is known of a self-assessment as a whole, for those who look at it from outside: counts and days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone, translation

from merilo.assessment import permissions
from merilo.assessment.catalogue import framework_of
from merilo.assessment.models import (
    Agreement,
    AgreementState,
    Assessment,
    EnteredCycle,
    Evidence,
    EvidenceUse,
    ReportRevision,
    RevisionState,
    Sheet,
    StepPlan,
)
from merilo.assessment.queries.revisions import content_of
from merilo.assessment.reporting.document import blocks_of
from merilo.groups.api import GatheringKind, gatherings_of, scoring_seats
from merilo.organisations.api import CommunicationItem, Viewer
from merilo.web.documents.model import Block

Counted = tuple[int, int]  # so many of so many


@dataclass(frozen=True, slots=True)
class Knowledge:
    """How a self-assessment was done: pairs are done and all; days where there is one."""

    order_on: date | None
    planned_steps: Counted
    messages: Counted
    members: int
    trainings: int
    sheets: Counted
    with_evidence: Counted
    agreed: Counted
    approved_on: date | None
    sent_on: date | None


def knowledge_of(viewer: Viewer, assessment: Assessment) -> Knowledge:
    """Of a self-assessment of the acting organisation. Errors: Refused. Ten queries."""
    permissions.require_own(viewer, assessment)
    items = len(framework_of(assessment).items)
    uses = EvidenceUse.objects.filter(evidence__assessment=assessment, evidence__removed_at=None)
    agreed = Agreement.objects.filter(assessment=assessment, state=AgreementState.AGREED)
    return Knowledge(
        order_on=assessment.order.date if assessment.order else None,
        planned_steps=_counted(StepPlan.objects.filter(assessment=assessment), ~Q(due=None)),
        messages=_counted(
            CommunicationItem.objects.filter(plan=assessment.communication_id), ~Q(done_at=None)
        ),
        members=scoring_seats(assessment.group).count(),
        trainings=gatherings_of(assessment.group, GatheringKind.TRAINING).count(),
        sheets=_counted(Sheet.objects.filter(assessment=assessment), ~Q(handed_in_at=None)),
        with_evidence=(uses.order_by().values("code").distinct().count(), items),
        agreed=(agreed.count(), items),
        approved_on=approved_on(assessment),
        sent_on=assessment.report_sending.date if assessment.report_sending else None,
    )


def _counted(rows: QuerySet[Any], done: Q) -> Counted:
    found = rows.order_by().aggregate(done=Count("pk", filter=done), of=Count("pk"))
    return found["done"], found["of"]


def approved_on(assessment: Assessment) -> date | None:
    """The day on which the report was first approved; of one done elsewhere that of its signed report."""
    if assessment.is_entered:
        cycle = EnteredCycle.objects.filter(assessment=assessment).select_related("report").first()
        return cycle.report.date if cycle and cycle.report else None
    first = _approved(assessment).order_by("number").select_related("approval").defer("content").first()
    if first is None or first.decided_at is None:
        return None
    if first.approval:
        return first.approval.date
    return timezone.localdate(first.decided_at, assessment.organisation.zone)


def _approved(assessment: Assessment) -> QuerySet[ReportRevision]:
    return ReportRevision.objects.filter(report__assessment=assessment, state=RevisionState.APPROVED)


# --- what is shown to people from outside -----------------------------------------------------
@dataclass(frozen=True, slots=True)
class Shown:
    """A frozen text to be read: its language, what it is made of, and what identifies it."""

    language: str
    blocks: tuple[Block, ...]
    number: int
    checksum: str


def shown_report(viewer: Viewer, assessment: Assessment, *, until: datetime | None = None) -> Shown | None:
    """The approved report of the acting organisation's own, None where there is none here.

    With `until` as it was approved by then. Whoever shows it to a guest has decided that the guest may read
    it. Errors: Refused, Conflict.
    """
    permissions.require_own(viewer, assessment)
    rows = _approved(assessment).order_by("-number")
    revision = rows.filter(decided_at__lte=until).first() if until else rows.first()
    if revision is None:
        return None
    with translation.override(revision.language):
        blocks = tuple(blocks_of(content_of(revision)))
    return Shown(revision.language, blocks, revision.number, revision.checksum)


def shown_evidence(viewer: Viewer, assessment: Assessment) -> list[Evidence]:
    """The shelf without what is kept for the coordinator, by title. Errors: Refused. Two queries.

    Whoever shows it to a guest has decided that the guest may read it.
    """
    permissions.require_own(viewer, assessment)
    rows = Evidence.objects.filter(assessment=assessment, removed_at=None, only_coordinator=False)
    return list(rows.select_related("unit", "file").prefetch_related("uses").order_by("title", "pk"))
