"""A plan of improvement, what it starts from, and who prepares what by when."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from merilo.assessment.api import Assessment
from merilo.groups.api import Group
from merilo.improvement.models.dated import Dated
from merilo.organisations.api import CommunicationPlan, Membership, OfficialDocument, Organisation


class PlanState(models.TextChoices):
    DRAFT = "draft", _("Being drafted")
    RUNNING = "running", _("Being carried out")
    CLOSED = "closed", _("Closed")


class Plan(Dated):
    """One plan of an organisation: what is to get better in a period.

    Shape of `scheme`: a list of criteria `{code, axis, weight, name: {language: text}}`, see
    `rules.priorities`. Shape of `risk`: `{elapsed, done}` in percent, see `rules.progress.RiskRule`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="improvement_plans")
    title = models.CharField(_("title"), max_length=150)
    first = models.DateField(_("carried out from"))
    last = models.DateField(_("carried out until"))
    purpose = models.TextField(_("purpose"), blank=True)
    state = models.CharField(max_length=10, choices=PlanState.choices, default=PlanState.DRAFT)
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="improvement_plan")
    communication = models.OneToOneField(
        CommunicationPlan, on_delete=models.PROTECT, related_name="improvement_plan"
    )
    order = models.ForeignKey(
        OfficialDocument, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    previous = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="followers"
    )
    scheme = models.JSONField(default=list)
    factors = models.JSONField(default=list)  # critical success factors, as texts
    risk = models.JSONField(default=dict)
    check_in_months = models.PositiveSmallIntegerField(_("owners report every"), default=3)
    looked_on = models.DateField(null=True, blank=True)  # day on which owners were last reminded
    scored_at = models.DateTimeField(null=True, blank=True)  # members' own scores are closed and shown
    public_slug = models.SlugField(max_length=80, unique=True, null=True, blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-last", "-created_at")
        constraints = [
            models.CheckConstraint(
                condition=Q(last__gte=F("first")),
                name="plan_ends_after_start",
                violation_error_message=_("The period ends before it begins."),
            )
        ]

    def __str__(self) -> str:
        return self.title


class PlanSource(models.Model):
    """A self-assessment whose areas and ideas were taken into the plan."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="sources")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="improvement_plans")
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ("taken_at", "id")
        constraints = [models.UniqueConstraint(fields=["plan", "assessment"], name="plan_source_once")]


class Preparation(Dated):
    """One row of the plan's own schedule: who prepares what of it by when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="preparations")
    text = models.CharField(_("what is prepared"), max_length=300)
    owner = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    due = models.DateField(_("until"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)  # among rows of the same day, or of none
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = (F("due").asc(nulls_last=True), "position", "id")
