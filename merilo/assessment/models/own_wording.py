"""Explanations and examples as an organisation words them for its own people."""

from __future__ import annotations

import uuid

from django.db import models

from merilo.organisations.api import Membership, Organisation


class OwnWording(models.Model):
    """An organisation's explanation and examples of one sub-criterion in one language.

    An empty text is the model's own. A row stays when the original is taken back, so that its version
    goes on and guards against overwriting. Criteria, titles and scales are never adapted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="own_wordings")
    framework = models.CharField(max_length=60)  # code of the framework, whatever its edition
    code = models.CharField(max_length=20)
    language = models.CharField(max_length=8)
    explanation = models.TextField(blank=True)
    examples = models.TextField(blank=True)  # one a line, in their order
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("framework", "code", "language")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "framework", "code", "language"], name="own_wording_once"
            )
        ]
