"""Open answers, copied out of the responses so that nothing says which of them one person wrote."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from merilo.core.errors import MeriloError
from merilo.surveys.catalogue import form_of
from merilo.surveys.models import OpenText, Response, Snapshot, Survey, Version

CHUNK = 20_000  # responses among which the texts of one question are mixed
BATCH = 500
SILENT = timedelta(minutes=10)  # after which who copies is taken for killed; the longest step takes two

_Row = tuple[str, dict[str, object]]


class Overtaken(MeriloError):
    """Another worker makes this snapshot, or has made it."""


class Copier:
    """Who copies the open answers of a closed survey: one at a time, each only as long as nobody overtakes.

    A survey names its copier. Every batch looks that up under a lock, in the transaction that stores it; so
    what a copier stored who was taken for killed is deleted by the next one, and it can store no more.
    """

    def __init__(self, survey: Survey, clock: Callable[[], datetime] = timezone.now) -> None:
        self.survey, self.key, self.clock = survey, uuid.uuid4(), clock

    def copy(self) -> int:
        """Copy them; answers how many. Errors: Overtaken."""
        self._begin()
        survey = self.survey
        items = sorted(
            {item for version in Version.objects.filter(survey=survey) for item in _items(version)}
        )
        if not items:
            return 0
        return sum(self._copy(chunk, items) for chunk in _chunks(survey))

    @transaction.atomic
    def _begin(self) -> None:
        """Take the place of nobody, or of who was killed, and delete what that one left."""
        now = self.clock()
        found = Survey.objects.select_for_update().only("copier_seen_at").get(pk=self.survey.pk)
        at_work = found.copier_seen_at is not None and found.copier_seen_at > now - SILENT
        if at_work or Snapshot.objects.filter(survey=found).exists():
            raise Overtaken
        Survey.objects.filter(pk=found.pk).update(copier=self.key, copier_seen_at=now)
        OpenText.objects.filter(survey=self.survey).delete()

    def go_on(self) -> None:
        """Lock the survey until the end of the caller's transaction. Errors: Overtaken."""
        own = Survey.objects.filter(pk=self.survey.pk, copier=self.key)
        if not own.update(copier_seen_at=self.clock()):
            raise Overtaken

    def end(self) -> None:
        """The same for the last time: the texts may be read. Errors: Overtaken."""
        own = Survey.objects.filter(pk=self.survey.pk, copier=self.key)
        if not own.update(copier=None, copier_seen_at=None):
            raise Overtaken

    def _copy(self, chunk: list[_Row], items: list[str]) -> int:
        """Question by question, each in an order of its own: the places in the table tell nothing."""
        copied = 0
        for item in items:
            texts = [
                OpenText(survey=self.survey, item=item, language=language, text=str(answers[item]))
                for language, answers in chunk
                if item in answers
            ]
            random.SystemRandom().shuffle(texts)
            with transaction.atomic():
                self.go_on()
                OpenText.objects.bulk_create(texts, batch_size=BATCH)
            copied += len(texts)
        return copied


def _items(version: Version) -> Iterator[str]:
    """The keys of what people write: texts, and the lines beside "other"."""
    for question in form_of(version).paths.definition.questions():
        yield from question.keys[len(question.items) :]
        if question.kind in {"short", "long"}:
            yield question.code


def _chunks(survey: Survey) -> Iterator[list[_Row]]:
    """Responses in pieces, each read to its end: SQLite refuses to write amid a reading that is outdated."""
    last = uuid.UUID(int=0)
    rows = Response.objects.filter(survey=survey).order_by("pk").values_list("pk", "language", "answers")
    while found := list(rows.filter(pk__gt=last)[:CHUNK]):
        last = found[-1][0]
        yield [(language, answers) for _pk, language, answers in found]
