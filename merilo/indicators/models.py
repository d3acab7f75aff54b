"""Indicators and their values. A corrected value stays in the record beside the one that took its place."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from merilo.organisations.api import Membership, Organisation, Unit

DIGITS, DECIMALS = 20, 6


class Direction(models.TextChoices):
    UP = "up", _("Higher is better")
    DOWN = "down", _("Lower is better")
    NONE = "none", _("Neither")


class Indicator(models.Model):
    """What is measured: its unit, in which direction it is good, and where values come from."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="indicators")
    code = models.CharField(_("code"), max_length=30)
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("what is counted, and how"), blank=True)
    unit = models.CharField(pgettext_lazy("measure", "unit"), max_length=40, blank=True)
    direction = models.CharField(
        _("direction"), max_length=5, choices=Direction.choices, default=Direction.NONE
    )
    target = models.DecimalField(
        _("target"), max_digits=DIGITS, decimal_places=DECIMALS, null=True, blank=True
    )
    source = models.CharField(_("source"), max_length=300, blank=True)
    owner = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.SET_NULL, related_name="indicators"
    )
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("code", "id")
        constraints = [
            models.UniqueConstraint(
                "organisation",
                Lower("code"),
                name="indicator_code_once",
                violation_error_message=_("There is an indicator with this code."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Status(models.TextChoices):
    PROVISIONAL = "provisional", _("Provisional")
    FINAL = "final", _("Final")


class Value(models.Model):
    """What the indicator was in a period. `reference` names the thing in another room it was taken from.

    Shape of `reference`: kind, id and snapshot (title, figure, n, method, date), or empty.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="values")
    first = models.DateField(_("from"))
    last = models.DateField(_("until"))
    value = models.DecimalField(_("value"), max_digits=DIGITS, decimal_places=DECIMALS)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.FINAL)
    n = models.PositiveIntegerField(_("number of cases"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    reference = models.JSONField(default=dict, blank=True)
    entered_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    entered_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)  # a later correction, or taken back

    class Meta:
        ordering = ("indicator", "first", "last", "entered_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "first", "last"],
                condition=Q(replaced_at=None),
                name="indicator_value_once",
            ),
            models.CheckConstraint(
                condition=Q(last__gte=F("first")),
                name="indicator_value_ends_after_start",
                violation_error_message=_("The end is before the beginning."),
            ),
        ]
