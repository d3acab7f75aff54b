"""The worksheets with individual judgements."""

from __future__ import annotations

import uuid

from django.db import models

from merilo.assessment.models.cycle import Assessment
from merilo.groups.api import Seat
from merilo.organisations.api import Membership


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
