"""Who is asked personally, and the rounds of letters. Nothing here says which answer is whose."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from merilo.surveys.models.survey import Survey


class LetterKind(models.TextChoices):
    INVITATION = "invitation", _("Invitation")
    REMINDER = "reminder", _("Reminder")


class Mailing(models.Model):
    """One round of letters to everybody for whom it is time. The worker sends it in batches.

    `texts` holds `{"subject": …, "intro": …}` by language; `finished_at` is when nobody was left.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="mailings")
    kind = models.CharField(max_length=12, choices=LetterKind.choices)
    texts = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-made_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["survey"], condition=models.Q(finished_at=None), name="survey_one_mailing_at_once"
            )
        ]


class Invitation(models.Model):
    """One address that may answer once; only the hash of its link is kept.

    `used` has no time: the answer was stored in the same transaction, with no key in common. A reminder
    draws a new link, which makes the old one void. `name` is asked for in named surveys only.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="invitations")
    address = models.EmailField(_("e-mail"), blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    language = models.CharField(max_length=12, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    used = models.BooleanField(default=False)
    mailed = models.PositiveSmallIntegerField(default=0)  # letters: the invitation, then each reminder
    mailing = models.ForeignKey(  # the last one that has dealt with it
        "Mailing", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    bounced = models.CharField(max_length=300, blank=True)  # what the mail server said
    unwanted = models.BooleanField(default=False)  # the person asked for no more letters

    class Meta:
        ordering = ("address", "id")
        constraints = [
            models.UniqueConstraint(
                "survey",
                Lower("address"),
                condition=~models.Q(address=""),
                name="survey_address_once",
                violation_error_message=_("This address is on the list already."),
            )
        ]
