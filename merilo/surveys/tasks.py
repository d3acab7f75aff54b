"""Work for the worker process: shuffling, the snapshot of a closed survey, letters a worker left."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from merilo.core import files, sweeping
from merilo.surveys import shuffling
from merilo.surveys.actions.exporting import forget_old
from merilo.surveys.analysis.storing import make_snapshot
from merilo.surveys.analysis.texts import Overtaken
from merilo.surveys.exporting.making import FORMATS, made, name_of
from merilo.surveys.models import Export, Mailing, State, Survey
from merilo.surveys.posting import send_letters
from merilo.surveys.queries.results import stored_results

log = logging.getLogger("merilo.surveys")


@task()
def take_snapshot(survey_id: str) -> int:
    """Make the snapshot of a closed survey; answers how many responses it holds. May run twice.

    The answers are shuffled before: neither their order nor a day of few people goes into the columns.
    Where another worker is at it, there is nothing to do: 0.
    """
    survey, now = Survey.objects.select_related("organisation").get(pk=survey_id), timezone.now()
    shuffling.shuffled(survey, at=now)
    try:
        return make_snapshot(survey, now).responses
    except Overtaken:
        return 0


def when_closed(survey: Survey, at: datetime) -> None:
    """A survey was closed: its snapshot is made as soon as that is certain."""
    transaction.on_commit(lambda: take_snapshot.enqueue(str(survey.pk)))


def take_missing() -> None:
    """Snapshots that a killed worker did not make."""
    for pk in Survey.objects.filter(state=State.CLOSED, snapshot=None, answers_gone_at=None).values_list(
        "pk"
    ):
        take_snapshot.enqueue(str(pk[0]))


@task()
def shuffle(survey: str) -> None:
    """Shuffle an anonymous survey that has closed."""
    shuffling.shuffled(Survey.objects.select_related("organisation").get(pk=survey), at=timezone.now())


def shuffle_at_closing(survey: Survey, _at: datetime) -> None:
    """Have an anonymous survey shuffled for the last time, once its closing is stored."""
    if survey.is_anonymous:
        Survey.objects.filter(pk=survey.pk).update(shuffled_on=None)
        transaction.on_commit(lambda: shuffle.enqueue(str(survey.pk)))


def go_on() -> None:
    """What a worker left that died while it sent letters (`core.rounds`)."""
    for pk in Mailing.objects.filter(finished_at=None).order_by("made_at").values_list("pk", flat=True):
        send_letters.func(str(pk))


def shuffle_daily() -> None:
    """Once on each day of an organisation (`core.rounds`); one that fails keeps no other from its turn."""
    now = timezone.now()
    for survey in shuffling.due(at=now):
        try:
            shuffling.shuffle(survey, at=now)
        except Exception:
            log.exception("survey %s: not shuffled", survey.pk)
    shuffling.clear_keys(at=now)


@task()
def make_export(export_id: str) -> int:
    """Make a file that was asked for; answers its size in bytes. May run twice."""
    row = Export.objects.select_related("survey__organisation").filter(pk=export_id, file=None).first()
    if row is None:
        return 0
    mine = Export.objects.filter(pk=row.pk)

    def heard(done: int) -> None:
        mine.update(done=done)

    try:
        found = stored_results(row.survey)
        pieces = made(
            row.format,
            found,
            row.options,
            language=row.language,
            at=timezone.now(),
            step=heard,
        )
        stored = files.keep_pieces(
            pieces,
            name=name_of(found, row.format),
            content_type=FORMATS[row.format].content_type,
            organisation=row.survey.organisation_id,
            by=row.by,
        )
    except Exception:
        mine.update(failed=True)
        raise
    if not mine.update(file=stored, done=100):
        sweeping.forget([stored])
    return stored.size


def start_export(export: Export) -> None:
    """Give it to the worker."""
    make_export.enqueue(str(export.pk))


def forget_exports() -> None:
    """The worker's part, in each of its rounds."""
    forget_old(at=timezone.now())
