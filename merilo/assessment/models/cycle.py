"""A self-assessment and its ten steps."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from merilo.assessment.models.editions import FrameworkEdition
from merilo.groups.api import Group
from merilo.organisations.api import CommunicationPlan, Membership, OfficialDocument, Organisation


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
    is_entered = models.BooleanField(default=False)  # done elsewhere and entered afterwards: see EnteredCycle
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


class ArchiveOrigin(models.Model):
    """Says that a self-assessment was taken over from an archive, and whose it was."""

    assessment = models.OneToOneField(
        Assessment, on_delete=models.CASCADE, related_name="archive_origin", primary_key=True
    )
    organisation = models.CharField(max_length=200)
    taken_over_at = models.DateTimeField()

    class Meta:
        ordering = ("-taken_over_at",)
