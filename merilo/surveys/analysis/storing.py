"""The snapshot of a closed survey: its columns in a file, and the tallies that its pages are drawn from."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from merilo.core import files, sweeping
from merilo.core.errors import MeriloError
from merilo.core.models import StoredFile
from merilo.surveys.analysis.columns import Columns, packed, read, unpacked
from merilo.surveys.analysis.protecting import promise_of
from merilo.surveys.analysis.tallies import tallied
from merilo.surveys.analysis.texts import Copier
from merilo.surveys.analysis.weights import TooFewTogether, Weighted, weighted
from merilo.surveys.catalogue import definition_of
from merilo.surveys.models import Snapshot, State, Survey, Totals, Version
from merilo.surveys.rules.definition import Definition
from merilo.surveys.rules.weighting import CannotWeight

CONTENT_TYPE = "application/x-npz"


class NotClosed(MeriloError):
    """There are no results of a survey that people still answer."""


def make_snapshot(survey: Survey, at: datetime) -> Snapshot:
    """Read the answers once, count every question, copy the open answers; may be done again.

    Answers that are gone by their term are not read again: the snapshot that is there stays.
    Errors: NotClosed, texts.Overtaken (another worker makes the same).
    """
    if survey.state != State.CLOSED:
        raise NotClosed(str(survey.pk))
    before = Snapshot.objects.filter(survey=survey).select_related("file").first()
    if before and survey.answers_gone_at:
        return before
    columns, copier = read(survey), None
    if before is None:
        copier = Copier(survey)
        copier.copy()
    newest = Version.objects.filter(survey=survey).order_by("-number").first()
    tallies = tallied(columns, definition_of(newest)) if newest else {}
    tallies["invited"] = before.tallies.get("invited", 0) if before else survey.invitations.count()
    if newest and (told := _weighted(survey, columns, definition_of(newest))):
        tallies["weighted"] = told
    stored = write(survey, columns, at)
    with transaction.atomic():
        if copier:
            copier.end()
        snapshot, _made = Snapshot.objects.update_or_create(
            survey=survey,
            defaults={"file": stored, "responses": len(columns), "tallies": tallies, "made_at": at},
        )
        sweeping.forget([before.file] if before and before.file else [])
    return snapshot


def _weighted(survey: Survey, columns: Columns, definition: Definition) -> Weighted | None:
    """Results weighted to the totals that were entered; none where these no longer fit who answered."""
    totals = dict(Totals.objects.filter(survey=survey).values_list("question", "shares"))
    try:
        return weighted(columns, definition, totals, promise_of(survey)) if totals else None
    except (CannotWeight, TooFewTogether):
        return None


def write(survey: Survey, columns: Columns, at: datetime) -> StoredFile:
    """Keep columns as a file of the survey's organisation."""
    return files.keep(
        packed(columns),
        name=f"{survey.short}.npz",
        content_type=CONTENT_TYPE,
        organisation=survey.organisation_id,
        by="",
        at=at,
    )


def load(snapshot: Snapshot) -> Columns | None:
    """The columns of a snapshot, each read when it is asked for; None once the answers are gone."""
    return unpacked(files.path_of(snapshot.file.sha256)) if snapshot.file else None
