"""Requests of evidence to colleagues outside the group, and what they send, until it is accepted."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from merilo.assessment.models.cycle import Assessment
from merilo.assessment.models.shelf import Evidence, EvidenceKind
from merilo.core.models import StoredFile
from merilo.organisations.api import Membership

BY_LINK = "by-link"  # who did what came by a link, in place of a person


class RequestState(models.TextChoices):
    REQUESTED = "requested", pgettext_lazy("state of a request", "Requested")
    RECEIVED = "received", pgettext_lazy("state of a request", "Received")
    RETURNED = "returned", pgettext_lazy("state of a request", "Returned")
    ACCEPTED = "accepted", pgettext_lazy("state of a request", "Accepted")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of a request", "Withdrawn")


class EvidenceRequest(models.Model):
    """One line asked of one colleague, who needs no account: see RequestLink.

    Name and address of the colleague go with the individual data of the self-assessment (actions.retention).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="requests")
    what = models.CharField(_("what is needed"), max_length=300)
    codes = models.JSONField(default=list)
    due = models.DateField(_("deadline"))
    name = models.CharField(_("name"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    asked_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=RequestState.choices, default=RequestState.REQUESTED)
    note = models.CharField(max_length=1000, blank=True)  # why it was returned
    written_at = models.DateTimeField()  # when the colleague was last written to
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("due", "asked_at", "id")

    def __str__(self) -> str:
        return self.what


class RequestLink(models.Model):
    """What the colleague opens the request with; each mail has one of its own, and all of them work."""

    request = models.ForeignKey(EvidenceRequest, on_delete=models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)  # of the token, which is kept nowhere
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("made_at", "id")


class Received(models.Model):
    """One thing that came by the link: a file, an address, a text; of no kind: the word that there is none.

    It lies here until the asker puts it on the shelf as `evidence`.
    """

    request = models.ForeignKey(EvidenceRequest, on_delete=models.CASCADE, related_name="received")
    kind = models.CharField(max_length=20, choices=EvidenceKind.choices, blank=True)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    url = models.URLField(max_length=1000, blank=True)
    text = models.TextField(blank=True)
    at = models.DateTimeField()
    evidence = models.ForeignKey(Evidence, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("at", "id")
