"""Open answers, copied out of the responses so that nothing says which of them one person wrote."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import islice

from django.db import transaction

from merilo.surveys.catalogue import form_of
from merilo.surveys.models import OpenText, Response, Snapshot, Survey, TextState, Version

CHUNK = 20_000  # responses among which the texts of one question are mixed
BATCH = 500


def copy_texts(survey: Survey) -> int:
    """Copy the open answers of a closed survey once, answers how many. Done again it copies none."""
    if Snapshot.objects.filter(survey=survey).exists():
        return 0
    OpenText.objects.filter(survey=survey, state=TextState.NEW, version=1, tags=None).delete()
    items = sorted({item for version in Version.objects.filter(survey=survey) for item in _items(version)})
    if not items:
        return 0
    rows = Response.objects.filter(survey=survey).order_by("pk").values_list("language", "answers")
    return sum(_copy(survey, chunk, items) for chunk in _chunks(rows.iterator(chunk_size=2_000)))


def _items(version: Version) -> Iterator[str]:
    """The keys of what people write: texts, and the lines beside "other"."""
    for question in form_of(version).paths.definition.questions():
        yield from question.keys[len(question.items) :]
        if question.kind in {"short", "long"}:
            yield question.code


def _chunks(rows: Iterator[tuple[str, dict[str, object]]]) -> Iterator[list[tuple[str, dict[str, object]]]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _copy(survey: Survey, chunk: list[tuple[str, dict[str, object]]], items: list[str]) -> int:
    """Question by question, each in an order of its own: the places in the table tell nothing."""
    copied = 0
    for item in items:
        texts = [
            OpenText(survey=survey, item=item, language=language, text=str(answers[item]))
            for language, answers in chunk
            if item in answers
        ]
        random.SystemRandom().shuffle(texts)
        with transaction.atomic():
            OpenText.objects.bulk_create(texts, batch_size=BATCH)
        copied += len(texts)
    return copied
