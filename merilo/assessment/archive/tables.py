"""What of a self-assessment goes into its archive: the tables in the order in which they are read back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Q

from merilo.assessment.models import (
    Agreement,
    Assessment,
    Contribution,
    Decision,
    Dissent,
    Evidence,
    EvidenceUse,
    FrameworkEdition,
    Meeting,
    Report,
    ReportRevision,
    ReportSection,
    RevisionFile,
    Statement,
    StepPlan,
)
from merilo.core.models import StoredFile
from merilo.groups.api import Attendance, Gathering, Group, Material, Seat
from merilo.organisations.api import (
    CommunicationItem,
    CommunicationPlan,
    Membership,
    Notice,
    OfficialDocument,
    Unit,
)

Rows = Callable[[Assessment], models.QuerySet[Any]]


@dataclass(frozen=True)
class Table:
    """One table: its columns that are written, and its columns that point to rows of tables before it.

    `rows` is empty where the rows are those that other tables point to.
    """

    name: str
    model: type[models.Model]
    columns: tuple[str, ...]
    links: Mapping[str, str] = field(default_factory=dict)
    rows: Rows | None = None
    many: Mapping[str, str] = field(default_factory=dict)


def _documents(assessment: Assessment) -> models.QuerySet[Any]:
    own = {assessment.order_id, assessment.centre_agreement_id, assessment.report_sending_id}
    own.add(assessment.group.order_id)
    approvals = ReportRevision.objects.filter(report__assessment=assessment).values("approval")
    return OfficialDocument.objects.filter(Q(pk__in=own - {None}) | Q(pk__in=approvals))


TABLES = (
    Table("people", Membership, ("name", "position")),
    Table("units", Unit, ("name",)),
    Table("files", StoredFile, ("name", "sha256", "size")),
    Table(
        "documents",
        OfficialDocument,
        ("kind", "number", "date", "title", "way", "added_at"),
        {"file": "files"},
        _documents,
    ),
    Table(
        "group",
        Group,
        ("name", "mandate"),
        {"order": "documents"},
        lambda one: Group.objects.filter(pk=one.group_id),
    ),
    Table(
        "seats",
        Seat,
        ("function", "taken_over_at", "until", "position"),
        {"group": "group", "holder": "people", "substitute": "people"},
        lambda one: Seat.objects.filter(group=one.group_id),
    ),
    Table(
        "gatherings",
        Gathering,
        ("kind", "title", "from_date", "until_date", "place", "lecturer", "way", "notes"),
        {"group": "group", "unit": "units"},
        lambda one: Gathering.objects.filter(group=one.group_id),
    ),
    Table(
        "attendances",
        Attendance,
        ("name",),
        {"gathering": "gatherings", "member": "people"},
        lambda one: Attendance.objects.filter(gathering__group=one.group_id),
    ),
    Table(
        "materials",
        Material,
        ("title",),
        {"gathering": "gatherings", "file": "files"},
        lambda one: Material.objects.filter(gathering__group=one.group_id),
    ),
    Table(
        "communication",
        CommunicationPlan,
        (),
        rows=lambda one: CommunicationPlan.objects.filter(pk=one.communication_id),
    ),
    Table(
        "communication_items",
        CommunicationItem,
        ("message", "medium", "audience", "date", "done_at"),
        {"plan": "communication"},
        lambda one: CommunicationItem.objects.filter(plan=one.communication_id),
    ),
    Table(
        "notices",
        Notice,
        ("title", "body", "shared_at", "version"),
        {"plan": "communication"},
        lambda one: Notice.objects.filter(plan=one.communication_id),
    ),
    Table(
        "framework",
        FrameworkEdition,
        ("code", "version", "fingerprint", "content"),
        rows=lambda one: FrameworkEdition.objects.filter(pk=one.edition_id),
    ),
    Table(
        "assessment",
        Assessment,
        (
            "title",
            "method",
            "period_from",
            "period_until",
            "scope",
            "state",
            "report_due",
            "lock_at",
            "locked_at",
            "created_at",
            "version",
        ),
        {
            "edition": "framework",
            "group": "group",
            "communication": "communication",
            "order": "documents",
            "centre_agreement": "documents",
            "report_sending": "documents",
        },
        lambda one: Assessment.objects.filter(pk=one.pk),
    ),
    Table(
        "steps",
        StepPlan,
        ("number", "due", "begun_at", "done_at"),
        {"assessment": "assessment", "owner": "people"},
        lambda one: StepPlan.objects.filter(assessment=one),
    ),
    Table(
        "agreements",
        Agreement,
        ("code", "state", "values", "justification", "agreed_at", "version"),
        {"assessment": "assessment", "agreed_by": "people"},
        lambda one: Agreement.objects.filter(assessment=one),
    ),
    Table(
        "dissents",
        Dissent,
        ("text", "name", "at"),
        {"agreement": "agreements"},
        lambda one: Dissent.objects.filter(agreement__assessment=one),
    ),
    Table(
        "contributions",
        Contribution,
        ("code", "kind", "text"),
        {"assessment": "assessment"},
        lambda one: Contribution.objects.filter(assessment=one),
    ),
    Table(
        "statements",
        Statement,
        ("code", "kind", "text", "position", "version"),
        {"assessment": "assessment"},
        lambda one: Statement.objects.filter(assessment=one),
        {"sources": "contributions"},
    ),
    Table(
        "meetings",
        Meeting,
        ("opened_at", "ended_at", "order", "version", "minutes"),
        {"assessment": "assessment", "opened_by": "people"},
        lambda one: Meeting.objects.filter(assessment=one, ended_at__isnull=False),
    ),
    Table(
        "decisions",
        Decision,
        ("version", "before", "after", "is_undoing", "at"),
        {"agreement": "agreements", "meeting": "meetings", "by": "people"},
        lambda one: Decision.objects.filter(agreement__assessment=one),
    ),
    Table(
        "evidence",
        Evidence,
        ("kind", "title", "year", "url", "text", "details", "only_coordinator", "added_at", "version"),
        {"assessment": "assessment", "unit": "units", "file": "files", "added_by": "people"},
        lambda one: Evidence.objects.filter(assessment=one, removed_at=None),
    ),
    Table(
        "evidence_uses",
        EvidenceUse,
        ("code", "page"),
        {"evidence": "evidence"},
        lambda one: EvidenceUse.objects.filter(evidence__assessment=one, evidence__removed_at=None),
    ),
    Table(
        "report",
        Report,
        (),
        {"assessment": "assessment"},
        lambda one: Report.objects.filter(assessment=one),
    ),
    Table(
        "report_sections",
        ReportSection,
        ("key", "text", "version", "saved_at"),
        {"report": "report"},
        lambda one: ReportSection.objects.filter(report__assessment=one),
    ),
    Table(
        "revisions",
        ReportRevision,
        (
            "number",
            "language",
            "content",
            "checksum",
            "state",
            "made_at",
            "decided_at",
            "decision_note",
        ),
        {"report": "report", "made_by": "people", "decided_by": "people", "approval": "documents"},
        lambda one: ReportRevision.objects.filter(report__assessment=one),
    ),
    Table(
        "revision_files",
        RevisionFile,
        ("format", "parts", "error"),
        {"revision": "revisions", "file": "files"},
        lambda one: RevisionFile.objects.filter(revision__report__assessment=one, parts=RevisionFile.WHOLE),
    ),
)
BY_NAME = {table.name: table for table in TABLES}
