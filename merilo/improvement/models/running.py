"""What happens while a plan is carried out: check-ins of owners, and its approved revisions."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from merilo.core.models import StoredFile
from merilo.improvement.models.measures import Activity, Measure, MeasureState, Signal
from merilo.improvement.models.plans import Plan
from merilo.organisations.api import Membership, OfficialDocument


class CheckIn(models.Model):
    """What an owner said of a measure on a day; never changed, a later one says more.

    Where somebody said it of one `activity` only, state, signal and percent are still the measure's.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="check_ins")
    activity = models.ForeignKey(
        Activity, null=True, blank=True, on_delete=models.SET_NULL, related_name="check_ins"
    )
    about = models.CharField(max_length=300, blank=True)  # the activity in the words of that day
    by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=MeasureState.choices)
    signal = models.CharField(max_length=8, choices=Signal.choices, blank=True)
    percent = models.PositiveSmallIntegerField()
    text = models.TextField(_("how it goes"), blank=True)

    class Meta:
        ordering = ("-at", "-id")


class RevisionState(models.TextChoices):
    SUBMITTED = "submitted", _("Submitted for approval")
    APPROVED = "approved", pgettext_lazy("revision", "Approved")
    RETURNED = "returned", _("Returned")
    REPLACED = "replaced", _("Replaced by a newer one")


class PlanRevision(models.Model):
    """A frozen plan: `content` never changes after it is made; `checksum` is printed on the documents."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=8)
    content = models.TextField()
    checksum = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=RevisionState.choices, default=RevisionState.SUBMITTED)
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
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_revision_number_once")]


class RevisionFile(models.Model):
    """A document made from a revision; where it could not be made there is no file, and `error` says why."""

    revision = models.ForeignKey(PlanRevision, on_delete=models.CASCADE, related_name="files")
    format = models.CharField(max_length=5)
    public = models.BooleanField(default=False)  # without what is withheld
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("format", "public")
        constraints = [
            models.UniqueConstraint(fields=["revision", "format", "public"], name="plan_file_once")
        ]


class PlanReport(models.Model):
    """An interim report as everybody reads it until it is withdrawn; `content` never changes.

    Shape of `content`: that of `reporting.interim_public`, as canonical text.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="reports")
    number = models.PositiveSmallIntegerField()
    first = models.DateField()
    last = models.DateField()
    language = models.CharField(max_length=8)
    content = models.TextField()
    checksum = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-last", "-number")
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_report_number_once")]


class ReportFile(models.Model):
    """A document made from a published report; where it could not be made, `error` says why."""

    report = models.ForeignKey(PlanReport, on_delete=models.CASCADE, related_name="files")
    format = models.CharField(max_length=5)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("format",)
        constraints = [models.UniqueConstraint(fields=["report", "format"], name="plan_report_file_once")]


class CheckInLink(models.Model):
    """What an owner reports on one measure with, once, without signing in; each mail has one of its own."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="links")
    holder = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)  # of the token, which is kept nowhere
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("made_at", "id")


class Reminded(models.Model):
    """That somebody was reminded of something on an occasion: never twice of the same."""

    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    about = models.UUIDField()  # a measure or an activity
    occasion = models.DateField()

    class Meta:
        ordering = ("occasion", "id")
        constraints = [
            models.UniqueConstraint(fields=["member", "kind", "about", "occasion"], name="reminded_once")
        ]
