"""What the group agrees on, and the remarks it rests on."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from merilo.assessment.models.cycle import Assessment
from merilo.assessment.models.sheets import Sheet
from merilo.organisations.api import Membership


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
