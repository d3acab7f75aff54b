"""Taking files of a closed survey away, at once or made by the worker."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from merilo.core import sweeping
from merilo.core.errors import MeriloError, Refused
from merilo.core.models import StoredFile
from merilo.organisations.api import Viewer, record
from merilo.surveys import permissions
from merilo.surveys.exporting.making import FORMATS, made
from merilo.surveys.models import Export, Survey
from merilo.surveys.queries import attached
from merilo.surveys.queries import files as queries
from merilo.surveys.queries.results import NoTable, results_of


def require(viewer: Viewer, survey: Survey, kind: str) -> None:
    """Raise Refused unless the viewer may have this kind of file."""
    if FORMATS[kind].has_answers and not permissions.may_take_answers(viewer, survey):
        raise Refused(_("Answers of single people are given only to who runs the survey, after the closing."))


def take(
    *,
    viewer: Viewer,
    survey: Survey,
    kind: str,
    options: Mapping[str, Any],
    language: str,
    at: datetime,
) -> Iterable[bytes]:
    """The file in pieces; that it was taken is recorded. Errors: Refused, NoTable, KeyError."""
    require(viewer, survey, kind)
    pieces = made(kind, results_of(viewer, survey), options, language=language, at=at)
    with transaction.atomic():
        record(viewer, "survey.exported", survey, {"file": kind}, at=at)
    return pieces


def ask(
    *,
    viewer: Viewer,
    survey: Survey,
    kind: str,
    options: Mapping[str, Any],
    language: str,
    at: datetime,
    start: Callable[[Export], None],
) -> Export:
    """Ask for a large file; `start` is called once that is certain. Asked again it is the same one.

    Errors: Refused, MeriloError where there is nothing to give.
    """
    require(viewer, survey, kind)
    results = results_of(viewer, survey)
    if results.snapshot is None or (FORMATS[kind].has_answers and not queries.has_answers(results)):
        raise MeriloError(_("There are no answers to give away."))
    with transaction.atomic():
        same = Export.objects.filter(
            survey=survey, format=kind, options=dict(options), language=language, failed=False
        ).first()
        if same:
            return same
        row = Export.objects.create(
            survey=survey,
            format=kind,
            options=dict(options),
            language=language,
            by=str(viewer.person_id),
            asked_at=at,
        )
        record(viewer, "survey.export_asked", survey, {"file": kind}, at=at)
        transaction.on_commit(lambda: start(row))
    return row


def handed_over(*, viewer: Viewer, survey: Survey, export: Export, at: datetime) -> None:
    """A file that is ready goes to somebody: that is recorded. Errors: Refused, NoTable."""
    require(viewer, survey, export.format)
    if export.file is None:
        raise NoTable
    with transaction.atomic():
        record(viewer, "survey.exported", survey, {"file": export.format}, at=at)


def take_attached(*, viewer: Viewer, survey: Survey, response: UUID, item: str, at: datetime) -> StoredFile:
    """A file that somebody sent with an answer; that it was taken is recorded.

    Errors: StoredFile.DoesNotExist, also for who may not read it.
    """
    found = attached.file_of(viewer, survey, response, item)
    with transaction.atomic():
        record(viewer, "survey.attached_taken", survey, {"response": str(response), "item": item}, at=at)
    return found


def forget_old(*, at: datetime) -> int:
    """Take away files that were kept for a day; answers how many."""
    old = list(Export.objects.filter(asked_at__lt=at - queries.KEPT).select_related("file"))
    Export.objects.filter(pk__in=[row.pk for row in old]).delete()
    sweeping.forget([row.file for row in old if row.file])
    return len(old)
