"""A survey: one questionnaire put to people for some time."""

from __future__ import annotations

import secrets
import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from merilo.organisations.api import Organisation

_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that looks like another on paper
SHORT = 7  # letters of a public address: 31^7, about 27 thousand million


def new_short() -> str:
    """A fresh short name for a public address, easy to type from a poster."""
    return "".join(secrets.choice(_LETTERS) for _letter in range(SHORT))


class State(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("survey", "Draft")
    OPEN = "open", pgettext_lazy("survey", "Open")
    CLOSED = "closed", pgettext_lazy("survey", "Closed")


class Entry(models.TextChoices):
    """Who may answer: whoever has the address, or who was invited."""

    OPEN = "open", _("Everybody with the address")
    INVITED = "invited", _("Only invited people, once each")


class Survey(models.Model):
    """A survey of an organisation. `draft` is the questionnaire being written; people answer a Version of it.

    Mode, audience and floor stand here too, as they were in the version that was opened: mode and audience
    never change after the first answer, the floor is only raised. `secret` decides which cells are hidden
    besides the small ones; it never leaves the database. Periods of keeping count from the closing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="surveys")
    short = models.CharField(max_length=12, unique=True, default=new_short, editable=False)
    title = models.CharField(_("title"), max_length=300)  # of the draft, in its main language
    titles = models.JSONField(default=dict, editable=False)  # the same by language
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    entry = models.CharField(_("who may answer"), max_length=10, choices=Entry.choices, default=Entry.OPEN)
    mode = models.CharField(max_length=10, default="anonymous")
    audience = models.CharField(max_length=12, default="citizens")
    floor = models.PositiveSmallIntegerField(default=5)
    draft = models.TextField()  # JSON of surveys.rules.plain, which may still have mistakes in it
    revision = models.PositiveIntegerField(default=1)  # of the draft: two people who write notice each other
    opens_on = models.DateField(_("opens on"), null=True, blank=True)
    closes_on = models.DateField(_("last day"), null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    earlier = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="later"
    )  # the wave before
    kiosk = models.BooleanField(_("tablet at the service desk"), default=False)
    challenge = models.BooleanField(_("a small computation before sending"), default=True)
    contact = models.CharField(_("whom to ask"), max_length=300, blank=True)
    notice = models.JSONField(default=dict, blank=True)  # additions to the privacy notice, by language
    contacts_days = models.PositiveSmallIntegerField(default=30)
    answers_months = models.PositiveSmallIntegerField(default=24)
    secret = models.CharField(max_length=64, default=secrets.token_hex, editable=False)
    settled = models.PositiveIntegerField(default=0)  # how often the settings were saved: their version
    made_at = models.DateTimeField()
    shuffled_on = models.DateField(null=True, blank=True)
    contacts_gone_at = models.DateTimeField(null=True, blank=True)
    answers_warned = models.PositiveSmallIntegerField(null=True, blank=True)  # days before, as last told
    answers_gone_at = models.DateTimeField(null=True, blank=True)
    copier = models.UUIDField(null=True, blank=True, editable=False)  # who copies the open answers now
    copier_seen_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("-made_at", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on=None) | Q(opens_on=None) | Q(closes_on__gte=F("opens_on")),
                name="survey_closes_after_opening",
                violation_error_message=_("The last day is before the first."),
            ),
            models.CheckConstraint(condition=Q(floor__gte=3), name="survey_floor_protects"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(opened_at__isnull=False), name="survey_open_since"
            ),
        ]

    def __str__(self) -> str:
        return self.named

    @property
    def named(self) -> str:
        """The title in the reader's language, if there is one, else in the questionnaire's main language."""
        return str(self.titles.get(get_language() or "") or self.title)

    @property
    def is_anonymous(self) -> bool:
        return self.mode == "anonymous"


class Version(models.Model):
    """The questionnaire as it was put to people. Never changed; answers say which one they answer."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    definition = models.TextField()  # JSON of surveys.rules.plain
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("survey", "number")
        constraints = [models.UniqueConstraint(fields=["survey", "number"], name="survey_version_once")]
