"""The shared shelf of evidence."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from merilo.assessment.models.cycle import Assessment
from merilo.core.models import StoredFile
from merilo.organisations.api import Membership, Unit


class EvidenceKind(models.TextChoices):
    DOCUMENT = "document", _("Document")
    LINK = "link", _("Link")
    NOTE = "note", _("Note")
    INDICATOR = "indicator", _("Indicator")
    SURVEY = "survey", _("Survey result")


class Evidence(models.Model):
    """One thing on the group's shared shelf. `details` holds what its kind asks (see rules.evidence)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(_("kind"), max_length=20, choices=EvidenceKind.choices)
    title = models.CharField(_("title"), max_length=300)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    url = models.URLField(_("address"), max_length=1000, blank=True)
    text = models.TextField(_("text"), blank=True)
    details = models.JSONField(
        default=dict
    )  # indicator: measure, values {year: number}, target, better, source; survey: wave, n, method
    only_coordinator = models.BooleanField(_("seen by the coordinator only"), default=False)
    added_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    removed_at = models.DateTimeField(null=True, blank=True)  # off the shelf; can be put back for 30 days
    removed_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ("title", "id")

    def __str__(self) -> str:
        return self.title

    @property
    def link(self) -> str:
        """Its address, where it is one of the web: nothing else is ever shown as a link."""
        return self.url if self.url.lower().startswith(("https://", "http://")) else ""


class EvidenceUse(models.Model):
    """One evidence used for one item, with the page."""

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="uses")
    code = models.CharField(max_length=20)
    page = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ("code",)
        constraints = [models.UniqueConstraint(fields=["evidence", "code"], name="evidence_use_once")]
