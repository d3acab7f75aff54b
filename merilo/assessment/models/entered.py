"""Earlier cycles that were done elsewhere and entered afterwards."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from merilo.assessment.models.cycle import Assessment
from merilo.organisations.api import Membership, OfficialDocument


class Source(models.TextChoices):
    """The model a cycle was assessed by, where its numbers are those of the framework it is kept under."""

    SAME = "same", _("The framework chosen")
    CAF_2013 = "caf-2013", _("CAF 2013, kept under the same numbers of CAF 2020")


class EnteredCycle(models.Model):
    """What is known of a cycle that has no group work, no sheets and no meeting here.

    Its agreed scores and statements stand where those of every cycle stand. Until it is finished it is
    changed freely; afterwards each change has a reason (Correction).
    """

    assessment = models.OneToOneField(
        Assessment, on_delete=models.CASCADE, related_name="entered", primary_key=True
    )
    source = models.CharField(max_length=12, choices=Source.choices, default=Source.SAME)
    report = models.ForeignKey(
        OfficialDocument, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("entered_at",)


class Correction(models.Model):
    """Why an entered cycle was changed after it was finished."""

    cycle = models.ForeignKey(EnteredCycle, on_delete=models.CASCADE, related_name="corrections")
    at = models.DateTimeField()
    by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()

    class Meta:
        ordering = ("at", "id")
