"""Drafts of measures that other rooms offer to a plan."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from merilo.improvement.models.measures import Measure
from merilo.improvement.models.plans import Plan
from merilo.organisations.api import Membership


class DraftState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("state of a draft", "Waits")
    ACCEPTED = "accepted", pgettext_lazy("state of a draft", "Accepted")
    DECLINED = "declined", pgettext_lazy("state of a draft", "Declined")


class Draft(models.Model):
    """A measure somebody thinks of because of what they saw; no measure before somebody accepts it.

    Shape of `sources`: references in plain values, see `core.references`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="drafts")
    text = models.CharField(_("measure"), max_length=500)
    note = models.TextField(_("explanation"), blank=True)
    codes = models.JSONField(_("sub-criteria"), default=list)
    sources = models.JSONField(default=list)
    offered_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    offered_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=DraftState.choices, default=DraftState.WAITING)
    decided_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    measure = models.OneToOneField(
        Measure, null=True, blank=True, on_delete=models.SET_NULL, related_name="draft"
    )

    class Meta:
        ordering = ("offered_at", "id")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=DraftState.DECLINED) | ~Q(reason=""), name="draft_declined_with_reason"
            )
        ]

    def __str__(self) -> str:
        return self.text
