"""What people answered. Rows of anonymous surveys have random keys, no person, no time finer than the day."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from merilo.surveys.models.inviting import Invitation
from merilo.surveys.models.survey import Survey


class Source(models.TextChoices):
    LINK = "link", _("Open address")
    INVITED = "invited", _("Personal invitation")
    KIOSK = "kiosk", _("Tablet at the service desk")
    PAPER = "paper", _("Paper")


class Response(models.Model):
    """One person's answers, in the plain form of surveys.rules.answers.carried.

    `marked` says that it came in a suspicious burst; it is counted unless who analyses leaves it out.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="responses")
    version = models.PositiveSmallIntegerField()
    day = models.DateField()
    source = models.CharField(max_length=10, choices=Source.choices)
    language = models.CharField(max_length=12)
    answers = models.JSONField(default=dict)
    marked = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["survey", "day"], name="response_by_day")]


class NamedResponse(models.Model):
    """Who gave a response, in surveys with names only; anonymous surveys have no row here."""

    response = models.OneToOneField(
        Response, on_delete=models.CASCADE, primary_key=True, related_name="named"
    )
    invitation = models.OneToOneField(
        Invitation, null=True, blank=True, on_delete=models.SET_NULL, related_name="response"
    )
    name = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField()


class SavedAnswers(models.Model):
    """Answers put aside to be continued later, in named surveys with a personal link only.

    `typed` are field values, by question, that are no answers yet.
    """

    invitation = models.OneToOneField(
        Invitation, on_delete=models.CASCADE, primary_key=True, related_name="saved"
    )
    version = models.PositiveSmallIntegerField()
    screen = models.CharField(max_length=60)
    language = models.CharField(max_length=12)
    answers = models.JSONField(default=dict)
    typed = models.JSONField(default=dict)
    saved_at = models.DateTimeField()


class UsedForm(models.Model):
    """The key of a form that was sent, kept as long as the form is valid: sent twice, it counts once."""

    key = models.CharField(max_length=64, primary_key=True)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="+")
    until = models.DateField(db_index=True)


class QuotaCount(models.Model):
    """How many responses fall under a quota, counted with each of them."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="quota_counts")
    quota = models.CharField(max_length=40)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "quota"], name="quota_counted_once")]
