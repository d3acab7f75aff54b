"""The texts of frameworks as they were when first used."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from merilo.organisations.api import Organisation


class FrameworkEdition(models.Model):
    """The full text of a framework as it was when first used; assessments point here, never at a file."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="framework_editions"
    )  # None: shipped with the product
    code = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    fingerprint = models.CharField(max_length=64)
    content = models.TextField()  # canonical JSON of merilo.framework
    added_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("code", "-added_at")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "fingerprint"],
                condition=Q(organisation__isnull=False),
                name="edition_once_inside",
            ),
            models.UniqueConstraint(
                fields=["fingerprint"], condition=Q(organisation__isnull=True), name="edition_once_shipped"
            ),
        ]
