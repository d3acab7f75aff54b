"""The yearly report on the satisfaction of users, owed in Bulgaria (art. 24, par. 6–8 of the НАО)."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from merilo.organisations.api import Organisation
from merilo.surveys.models.survey import Survey


class YearlyState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    APPROVED = "approved", pgettext_lazy("report", "Approved")
    PUBLISHED = "published", _("Published")


class YearlyReport(models.Model):
    """One report a year. `parts` holds what people write; `frozen` the results as they were at approval."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="yearly_reports")
    year = models.PositiveSmallIntegerField(_("year"))
    state = models.CharField(max_length=10, choices=YearlyState.choices, default=YearlyState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    language = models.CharField(max_length=12)
    parts = models.JSONField(default=dict)
    surveys = models.ManyToManyField(Survey, blank=True, related_name="+")
    frozen = models.JSONField(default=list)
    approved_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("-year", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year"],
                name="yearly_report_once",
                violation_error_message=_("There is a report for this year."),
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(approved_at__isnull=False), name="yearly_report_approved"
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)
