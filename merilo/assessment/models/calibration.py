"""The group practises together: one written case, scored by each alone, then its spread for all."""

from __future__ import annotations

import uuid

from django.db import models

from merilo.assessment.models.cycle import Assessment
from merilo.groups.api import Seat
from merilo.organisations.api import Membership


class Calibration(models.Model):
    """One case that the group of a self-assessment scores together; at most one is going on at a time.

    `spreads` holds what each round found, without names: code of an item -> a tally. Nothing of it touches
    a sheet.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="calibrations")
    case = models.CharField(max_length=40)
    method = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField(default=1)
    is_collecting = models.BooleanField(default=True)
    spreads = models.JSONField(default=list)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-opened_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["assessment"], condition=models.Q(closed_at=None), name="calibration_one_at_a_time"
            )
        ]


class Trial(models.Model):
    """What one member gave for the case: read by nobody else, deleted when the calibration is closed."""

    calibration = models.ForeignKey(Calibration, on_delete=models.CASCADE, related_name="trials")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+")
    round = models.PositiveSmallIntegerField()
    values = models.JSONField(default=dict)  # code of an item -> component -> points
    reasons = models.JSONField(default=dict)  # code of an item -> a line

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["calibration", "seat"], name="trial_once")]
