"""Measures: what is done, by whom, until when, with what, and how its effect is seen."""

from __future__ import annotations

import uuid

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from merilo.core.keys import in_order
from merilo.improvement.models.dated import Dated
from merilo.improvement.models.gathering import Item, Proposal
from merilo.improvement.models.plans import Plan
from merilo.indicators.api import Indicator
from merilo.organisations.api import Membership, Unit

WHOLE = 100
PERCENT = [MaxValueValidator(WHOLE)]


class MeasureKind(models.TextChoices):
    QUICK_WIN = "quick_win", _("Quick win")
    KEY = "key", _("Key measure")
    OTHER = "other", _("Further improvement")


class MeasureState(models.TextChoices):
    NOT_STARTED = "not_started", _("Not started")
    UNDER_WAY = "under_way", _("Under way")
    DONE = "done", _("Done")
    STOPPED = "stopped", _("Stopped")
    DROPPED = "dropped", _("Dropped")


class Signal(models.TextChoices):
    ON_TIME = "on_time", _("On time")
    AT_RISK = "at_risk", _("At risk")
    LATE = "late", _("Late")


class Measure(Dated):
    """One measure of a plan. Its `state` is what people say of it, its signal follows from rule and dates.

    `signal` is empty where the rule decides, else a person's own, with `signal_reason`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="measures")
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.CharField(_("measure"), max_length=500)
    note = models.TextField(_("explanation"), blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=MeasureKind.choices, default=MeasureKind.OTHER)
    objective = models.TextField(_("objective"), blank=True)
    goals = models.TextField(_("strategic and operational goals it serves"), blank=True)
    codes = models.JSONField(_("sub-criteria"), default=list)
    proposal = models.OneToOneField(
        Proposal, null=True, blank=True, on_delete=models.SET_NULL, related_name="measure"
    )
    items = models.ManyToManyField(Item, related_name="measures", blank=True)
    owner = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="measures"
    )
    deputy = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="measures_as_deputy"
    )
    units = models.ManyToManyField(Unit, related_name="+", blank=True)
    participants = models.TextField(_("participants"), blank=True)
    first = models.DateField(_("begins"))
    last = models.DateField(_("ends"))
    hours = models.PositiveIntegerField(_("hours"), null=True, blank=True)
    euro = models.DecimalField(_("money in euro"), max_digits=12, decimal_places=2, null=True, blank=True)
    funding = models.CharField(_("where the money comes from"), max_length=300, blank=True)
    risks = models.TextField(_("risks and assumptions"), blank=True)
    withheld = models.BooleanField(_("not on the public page"), default=False)
    state = models.CharField(max_length=12, choices=MeasureState.choices, default=MeasureState.NOT_STARTED)
    state_reason = models.TextField(blank=True)
    state_on = models.DateField(null=True, blank=True)
    percent = models.PositiveSmallIntegerField(default=0, validators=PERCENT)  # where it has no activities
    signal = models.CharField(max_length=8, choices=Signal.choices, blank=True)
    signal_reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="measure_number_once"),
            models.CheckConstraint(
                condition=Q(last__gte=F("first")),
                name="measure_ends_after_start",
                violation_error_message=_("The end is before the beginning."),
            ),
            models.CheckConstraint(condition=Q(percent__lte=WHOLE), name="measure_percent"),
            models.CheckConstraint(
                condition=Q(deputy=None) | Q(owner=None) | ~Q(deputy=F("owner")),
                name="measure_deputy_is_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"


class Activity(Dated):
    """One step of a measure; `follows` are activities of the same plan that end before it begins."""

    id = models.UUIDField(primary_key=True, default=in_order, editable=False)
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="activities")
    text = models.CharField(_("activity"), max_length=300)
    first = models.DateField(_("begins"))
    last = models.DateField(_("ends"))
    owner = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="activities"
    )
    percent = models.PositiveSmallIntegerField(_("carried out, %"), default=0, validators=PERCENT)
    done_on = models.DateField(_("carried out on"), null=True, blank=True)
    follows = models.ManyToManyField("self", symmetrical=False, related_name="followed_by", blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("first", "last", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(last__gte=F("first")),
                name="activity_ends_after_start",
                violation_error_message=_("The end is before the beginning."),
            ),
            models.CheckConstraint(condition=Q(percent__lte=WHOLE), name="activity_percent"),
        ]


class MeasureIndicator(Dated):
    """By what the effect of a measure is seen. `days` are ISO dates on which it is to be measured."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="indicators")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    baseline = models.DecimalField(_("baseline"), max_digits=20, decimal_places=6, null=True, blank=True)
    baseline_on = models.DateField(_("baseline of"), null=True, blank=True)
    target = models.DecimalField(_("target"), max_digits=20, decimal_places=6, null=True, blank=True)
    days = models.JSONField(_("measured on"), default=list)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["measure", "indicator"], name="measure_indicator_once")
        ]
