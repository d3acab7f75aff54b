"""Self-assessments: the plan, the sheets with individual judgements, the shelf, the agreement, the report."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from merilo.core.models import StoredFile
from merilo.groups.api import Group, Seat
from merilo.organisations.api import (
    CommunicationPlan,
    Membership,
    OfficialDocument,
    Organisation,
    Unit,
)


class FrameworkEdition(models.Model):
    """The full text of a framework as it was when first used; assessments point here, never at a file."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="framework_editions"
    )  # None: shipped with the product
    code = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    fingerprint = models.CharField(max_length=64)
    content = models.TextField()  # canonical JSON of merilo.framework
    added_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("code", "-added_at")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "fingerprint"],
                condition=Q(organisation__isnull=False),
                name="edition_once_inside",
            ),
            models.UniqueConstraint(
                fields=["fingerprint"], condition=Q(organisation__isnull=True), name="edition_once_shipped"
            ),
        ]


class State(models.TextChoices):
    PLANNING = "planning", _("Being planned")
    ASSESSING = "assessing", _("Individual assessment")
    AGREEING = "agreeing", _("Agreement on scores")
    REPORTING = "reporting", _("Report")
    APPROVED = "approved", _("Approved")
    PUBLISHED = "published", _("Published")


class Assessment(models.Model):
    """One self-assessment of an organisation against one pinned framework edition, by one method."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="assessments")
    title = models.CharField(_("title"), max_length=150)
    edition = models.ForeignKey(FrameworkEdition, on_delete=models.PROTECT, related_name="assessments")
    method = models.CharField(_("scoring method"), max_length=40)
    period_from = models.DateField(_("period under review from"))
    period_until = models.DateField(_("period under review until"))
    scope = models.TextField(_("scope"), blank=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.PLANNING)
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="assessment")
    communication = models.OneToOneField(
        CommunicationPlan, on_delete=models.PROTECT, related_name="assessment"
    )
    order = models.ForeignKey(
        OfficialDocument, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    centre_agreement = models.ForeignKey(
        OfficialDocument, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    report_sending = models.ForeignKey(
        OfficialDocument, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    previous = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="followers"
    )
    report_due = models.DateField(_("the report must be ready on"), null=True, blank=True)
    lock_at = models.DateTimeField(_("individual scores are locked on"), null=True, blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)
    shown = models.JSONField(default=dict)  # sheet -> fingerprint of the scores that all have seen
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-period_until", "-created_at")
        constraints = [
            models.CheckConstraint(
                condition=Q(period_until__gte=F("period_from")),
                name="assessment_period_forward",
                violation_error_message=_("The period ends before it begins."),
            )
        ]

    def __str__(self) -> str:
        return self.title


class StepPlan(models.Model):
    """One of the ten steps in one assessment: who answers for it, until when, and whether it is done."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField()
    owner = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    due = models.DateField(null=True, blank=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("number",)
        constraints = [models.UniqueConstraint(fields=["assessment", "number"], name="step_once")]


class Sheet(models.Model):
    """The worksheet of one seat: one per seat, whoever holds it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="sheets")
    seat = models.OneToOneField(Seat, on_delete=models.CASCADE, related_name="sheet")
    assigned = models.JSONField(null=True, blank=True)  # list of item codes; None: all
    handed_in_at = models.DateTimeField(null=True, blank=True)
    handed_in_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("seat__position", "id")


class Judgement(models.Model):
    """What one sheet says about one item: values, remarks, and how far it is. Confidential until the lock.

    `values` maps component codes to integers (`{"score": 45}` or `{"plan": 40, …}`); an absent key is
    not answered, which is never 0. `lines` maps strength/area/idea to a list of `{id, text, named}`.
    """

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="judgements")
    code = models.CharField(max_length=20)
    values = models.JSONField(default=dict)
    cannot_judge = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    lines = models.JSONField(default=dict)
    examples = models.JSONField(default=dict)  # private working aid: example number -> yes, no, unknown
    ready = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    seconds = models.PositiveIntegerField(default=0)  # time spent writing, for the person's own estimate
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["sheet", "code"], name="judgement_once")]


class EvidenceKind(models.TextChoices):
    DOCUMENT = "document", _("Document")
    LINK = "link", _("Link")
    NOTE = "note", _("Note")
    INDICATOR = "indicator", _("Indicator")
    SURVEY = "survey", _("Survey result")


class Evidence(models.Model):
    """One thing on the group's shared shelf. `details` holds what its kind asks (see rules.evidence)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(_("kind"), max_length=20, choices=EvidenceKind.choices)
    title = models.CharField(_("title"), max_length=300)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    url = models.URLField(_("address"), max_length=1000, blank=True)
    text = models.TextField(_("text"), blank=True)
    details = models.JSONField(
        default=dict
    )  # indicator: measure, values {year: number}, target, better, source; survey: wave, n, method
    only_coordinator = models.BooleanField(_("seen by the coordinator only"), default=False)
    added_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    removed_at = models.DateTimeField(null=True, blank=True)  # off the shelf; can be put back for 30 days
    removed_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ("title", "id")

    def __str__(self) -> str:
        return self.title


class EvidenceUse(models.Model):
    """One evidence used for one item, with the page."""

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="uses")
    code = models.CharField(max_length=20)
    page = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ("code",)
        constraints = [models.UniqueConstraint(fields=["evidence", "code"], name="evidence_use_once")]


class LineKind(models.TextChoices):
    STRENGTH = "strength", _("Strength")
    AREA = "area", _("Area for improvement")
    IDEA = "idea", _("Idea")


class Contribution(models.Model):
    """One line of one sheet, made at the lock. `author` is filled only where the author ticked so."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="contributions")
    sheet = models.ForeignKey(Sheet, null=True, on_delete=models.SET_NULL, related_name="contributions")
    code = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=LineKind.choices)
    text = models.TextField()
    author = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ("id",)  # random ids: the order says nothing about the author
        indexes = [models.Index(fields=["assessment", "code"], name="contribution_place")]


class AgreementState(models.TextChoices):
    OPEN = "open", _("To discuss")
    POSTPONED = "postponed", _("Postponed")
    AGREED = "agreed", _("Agreed")


class Agreement(models.Model):
    """What the group agrees on one item; `version` grows with every change and guards against overwriting."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="agreements")
    code = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=AgreementState.choices, default=AgreementState.OPEN)
    values = models.JSONField(default=dict)
    justification = models.TextField(blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["assessment", "code"], name="agreement_once")]


class Dissent(models.Model):
    """A differing opinion on record; the name stands only where the person wants it."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="dissents")
    text = models.TextField(_("differing opinion"))
    name = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)


class Statement(models.Model):
    """An agreed strength, area or idea; keeps the contributions it came from."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="statements")
    code = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=LineKind.choices)
    text = models.TextField()
    position = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    sources = models.ManyToManyField(Contribution, related_name="statements", blank=True)

    class Meta:
        ordering = ("position", "id")
        indexes = [models.Index(fields=["assessment", "code"], name="statement_place")]


class Report(models.Model):
    """The report of an assessment: texts that people write; numbers come from the data."""

    assessment = models.OneToOneField(
        Assessment, on_delete=models.CASCADE, related_name="report", primary_key=True
    )
    public_slug = models.SlugField(max_length=80, unique=True, null=True, blank=True)


class ReportSection(models.Model):
    """One editable text of the report."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="sections")
    key = models.CharField(max_length=40)
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="report_section_once")]


class RevisionState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted for approval")
    APPROVED = "approved", pgettext_lazy("revision", "Approved")
    RETURNED = "returned", _("Returned")


class ReportRevision(models.Model):
    """A frozen report: `content` never changes after it is made; `checksum` is printed on the documents."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=8)
    content = models.TextField()
    checksum = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=RevisionState.choices, default=RevisionState.DRAFT)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decision_note = models.TextField(blank=True)
    approval = models.ForeignKey(
        OfficialDocument, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    published_parts = models.JSONField(default=list)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="revision_number_once")]

    def parts_of_files(self, *, public: bool) -> str:
        """Which of its files: those of the whole report, or those of the parts published now."""
        return ",".join(self.published_parts) if public else RevisionFile.WHOLE


class RevisionFile(models.Model):
    """A document made from a revision (pdf, docx or xlsx): of the whole report, or of chosen parts only.

    A file belongs to exactly the parts it was drawn from: after publishing other parts it is not found.
    Where a document could not be made there is no file, and `error` says why.
    """

    WHOLE = "whole"

    revision = models.ForeignKey(ReportRevision, on_delete=models.CASCADE, related_name="files")
    format = models.CharField(max_length=5)
    parts = models.CharField(max_length=200, default=WHOLE)  # `whole`, or the parts with commas between
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("format",)
        constraints = [
            models.UniqueConstraint(fields=["revision", "format", "parts"], name="revision_file_once")
        ]

    @property
    def is_whole(self) -> bool:
        return self.parts == self.WHOLE
