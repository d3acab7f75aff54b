"""What is made of the answers after closing: columns, open texts with their tags, what is published."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from merilo.core.models import StoredFile
from merilo.surveys.models.survey import Survey


class Snapshot(models.Model):
    """The answers of a closed survey as columns in a file, and the counts of each question made from them.

    `tallies` is what the results page is drawn from, so that its cost grows with questions only.
    """

    survey = models.OneToOneField(Survey, on_delete=models.CASCADE, primary_key=True, related_name="snapshot")
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    responses = models.PositiveIntegerField()
    tallies = models.JSONField(default=dict)
    made_at = models.DateTimeField()


class Export(models.Model):
    """A large file of a closed survey that the worker makes; it is kept for a day.

    `done` is how far it is, in per cent; `by` the id of who asked for it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="exports")
    format = models.CharField(max_length=20)
    options = models.JSONField(default=dict)
    language = models.CharField(max_length=12)
    by = models.CharField(max_length=36)
    asked_at = models.DateTimeField(db_index=True)
    done = models.PositiveSmallIntegerField(default=0)
    failed = models.BooleanField(default=False)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")


class Totals(models.Model):
    """Known totals of the population by the answers to one question, to which results are weighted."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="totals")
    question = models.CharField(max_length=40)
    shares = models.JSONField(default=dict)  # answer code → number of people
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        ordering = ("survey", "question")
        constraints = [models.UniqueConstraint(fields=["survey", "question"], name="survey_totals_once")]


class Tag(models.Model):
    """What open answers are about, in the words of who reads them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        ordering = ("name", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "name"],
                name="survey_tag_once",
                violation_error_message=_("There is a tag of this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class TextState(models.TextChoices):
    NEW = "new", _("Not read yet")
    READY = "ready", _("Read")
    WITHHELD = "withheld", _("Withheld")


class OpenText(models.Model):
    """One open answer, copied at closing without a key to the rest of its response, in random order.

    `text` is what was written; `shown` what remains after names and the like were taken out.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="texts")
    item = models.CharField(max_length=90)
    language = models.CharField(max_length=12)
    text = models.TextField()
    shown = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=TextState.choices, default=TextState.NEW)
    version = models.PositiveIntegerField(default=1)
    tags = models.ManyToManyField(Tag, related_name="texts", blank=True)

    class Meta:
        ordering = ("survey", "item", "id")


class Publication(models.Model):
    """Chosen results as the public reads them: frozen, with every protected cell already hidden."""

    survey = models.OneToOneField(
        Survey, on_delete=models.CASCADE, primary_key=True, related_name="publication"
    )
    slug = models.SlugField(max_length=80, unique=True)
    content = models.JSONField(default=dict)
    open_data = models.BooleanField(_("also as open data"), default=False)
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
