"""What is stored in the order of answering loses it: once a day, and when an anonymous survey closes.

An answer, the key of its form and the mark of its invitation are stored in one transaction. Afterwards rows
would still lie side by side, and a database numbers its transactions. So all answers and keys are written
anew in random order and the marks written again, in batches of their own: an answer that arrives meanwhile is
not touched and has its turn the next day. Docs: decision 15.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, F, Field, JSONField, Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from merilo.core import audit
from merilo.core.prepared import insertion
from merilo.surveys.models import Invitation, Response, State, Survey, UsedForm
from merilo.surveys.queries.inviting import in_steps
from merilo.surveys.rules.blurring import Trace, blurred

BATCH = 2000
_dice = random.SystemRandom()


def due(*, at: datetime) -> list[Survey]:
    """Anonymous surveys that were not shuffled today, or not since they closed."""
    open_or_left = Q(state=State.OPEN) | Q(state=State.CLOSED, shuffled_on=None, answers_gone_at=None)
    found = (
        Survey.objects.filter(open_or_left, mode="anonymous").select_related("organisation").defer("draft")
    )
    return [
        survey for survey in found if survey.shuffled_on is None or survey.shuffled_on < _today(survey, at)
    ]


def _today(survey: Survey, at: datetime) -> Any:
    return timezone.localdate(at, survey.organisation.zone)


def shuffle(survey: Survey, *, at: datetime) -> int:
    """Take the order of answering out of a survey; answers how many responses were written anew.

    May be interrupted anywhere and run twice. Surveys with names stay as they are.
    """
    if not survey.is_anonymous:
        return 0
    changes = _changes(survey)
    count = _in_batches(_keys(Response, survey), lambda keys: _rewrite(keys, changes))
    _in_batches(_keys(UsedForm, survey), _rewrite_keys)
    _in_batches(_keys(Invitation, survey), _touch)
    _forget_old_pages()
    with transaction.atomic():
        Survey.objects.filter(pk=survey.pk).update(shuffled_on=_today(survey, at))
        if count:
            told = {"responses": in_steps(survey, count)}
            audit.record(
                "survey.shuffled", organisation=survey.organisation_id, target=survey, payload=told, at=at
            )
    return count


def shuffled(survey: Survey, *, at: datetime) -> None:
    """Shuffle a closed survey unless that was done since; who reads all answers calls it first."""
    survey.refresh_from_db(fields=["shuffled_on"])
    if survey.shuffled_on is None:
        shuffle(survey, at=at)


def _keys(model: Any, survey: Survey) -> list[Any]:
    """The primary keys of a survey's rows in random order."""
    keys = list(model.objects.filter(survey=survey).order_by().values_list("pk", flat=True))
    _dice.shuffle(keys)
    return keys


def _in_batches(keys: Sequence[Any], rewrite: Callable[[Sequence[Any]], int]) -> int:
    return sum(rewrite(keys[start : start + BATCH]) for start in range(0, len(keys), BATCH))


def _changes(survey: Survey) -> dict[Trace, Trace]:
    """What becomes of day and language of the survey's responses."""
    groups = Response.objects.filter(survey=survey).order_by()
    counted = groups.values_list("version", "source", "language", "day").annotate(count=Count("pk"))
    counts = {Trace((version, source), language, day): n for version, source, language, day, n in counted}
    return blurred(counts, survey.floor)


@transaction.atomic
def _rewrite(keys: Sequence[Any], changes: Mapping[Trace, Trace]) -> int:
    """Store these responses again, under new keys; they come in random order."""
    rows = _taken_out(Response, keys)
    for row in rows:
        trace = Trace((row["version"], row["source"]), row["language"], row["day"])
        new = changes.get(trace, trace)
        row |= {"id": uuid.uuid4(), "day": new.day, "language": new.language}
    _put_back(Response, rows)
    return len(rows)


@transaction.atomic
def _rewrite_keys(keys: Sequence[Any]) -> int:
    rows = _taken_out(UsedForm, keys)
    _put_back(UsedForm, rows)
    return len(rows)


def _taken_out(model: Any, keys: Sequence[Any]) -> list[dict[str, Any]]:
    """Rows by column, deleted, in the order of their keys. JSON stays the text that it is."""
    fields = model._meta.concrete_fields
    columns = [_told(one) for one in fields]
    rows = model.objects.filter(pk__in=keys)
    found = {row[0]: row[1:] for row in rows.select_for_update().values_list("pk", *columns)}
    rows._raw_delete(using=connection.alias)  # noqa: SLF001  nothing hangs on them
    names = [one.attname for one in fields]
    return [dict(zip(names, found[key], strict=True)) for key in keys if key in found]


def _put_back(model: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store rows in this order: without an object for each, which took most of the time."""
    fields = model._meta.concrete_fields
    ready = [_ready(field) for field in fields]
    values = [[make(row[field.attname]) for field, make in zip(fields, ready, strict=True)] for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(insertion(model), values)


def _told(field: Field[Any, Any]) -> Cast | F:
    """How a column is asked for."""
    return Cast(field.name, TextField()) if isinstance(field, JSONField) else F(field.attname)


def _ready(field: Field[Any, Any]) -> Callable[[Any], Any]:
    """What makes of a column's value what the database takes, once for each value there is."""
    if isinstance(field, JSONField):
        return str
    return cache(lambda value: field.get_db_prep_save(value, connection))


def _touch(keys: Sequence[Any]) -> int:
    """Have the database store these invitations again. They stay where somebody may be answering by them."""
    return Invitation.objects.filter(pk__in=keys).update(mailed=F("mailed"))


def _forget_old_pages() -> None:
    """Let the database drop what it still keeps of rows that were written anew."""
    if connection.in_atomic_block:  # neither is possible inside a transaction
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for model in (Response, UsedForm, Invitation):
                cursor.execute(f"VACUUM {connection.ops.quote_name(model._meta.db_table)}")
        else:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def clear_keys(*, at: datetime) -> int:
    """Delete keys of forms that have expired; answers how many."""
    return UsedForm.objects.filter(until__lt=timezone.localdate(at)).delete()[0]
