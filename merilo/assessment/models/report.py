"""The report, its revisions and their documents."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from merilo.assessment.models.cycle import Assessment
from merilo.core.models import StoredFile
from merilo.organisations.api import Membership, OfficialDocument


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
