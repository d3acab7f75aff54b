"""Agreed statements: made from the group's remarks, which they keep as their sources."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from merilo.assessment.actions.agreement import agreeing
from merilo.assessment.models import Assessment, Contribution, LineKind, Statement
from merilo.core.errors import Conflict, MeriloError
from merilo.core.texts import clean_line
from merilo.organisations.api import Viewer, record

LONGEST_STATEMENT = 2_000


def make_statement(
    *,
    viewer: Viewer,
    assessment: Assessment,
    code: str,
    kind: str,
    sources: Collection[UUID],
    text: str,
    at: datetime,
) -> Statement:
    """One agreed statement out of remarks of the same kind; with one remark and no wording its own words.

    Without any remark it is a statement that came up in the discussion. Errors: Refused, MeriloError
    (no wording), Conflict (details: text, taken) when a remark was used in another statement meanwhile.
    """
    with agreeing(viewer, assessment):
        remarks = _free(assessment, code, kind, sources, text)
        words = clean_line(text, LONGEST_STATEMENT)
        if not words and len(remarks) == 1:
            words = remarks[0].text
        if not words:
            raise MeriloError(_("Write the common wording."))
        statement = Statement.objects.create(
            assessment=assessment,
            code=code,
            kind=LineKind(kind),
            text=words,
            position=_next_place(assessment, code, kind),
        )
        statement.sources.set(remarks)
        made = {"code": code, "kind": str(kind), "text": words, "sources": [str(row.pk) for row in remarks]}
        record(viewer, "statement.made", statement, made, at=at)
    return statement


def add_sources(
    *, viewer: Viewer, assessment: Assessment, statement: UUID, sources: Collection[UUID], at: datetime
) -> Statement:
    """Put further remarks under an agreed statement. Errors: Refused, Statement.DoesNotExist, Conflict."""
    if not sources:
        raise MeriloError(_("Tick the remarks that belong to the statement."))
    with agreeing(viewer, assessment):
        found = Statement.objects.select_for_update().get(assessment=assessment, pk=statement)
        remarks = _free(assessment, found.code, found.kind, sources, "")
        found.sources.add(*remarks)
        added = {"code": found.code, "sources": [str(row.pk) for row in remarks]}
        record(viewer, "statement.sources_added", found, added, at=at)
    return found


def _free(
    assessment: Assessment, code: str, kind: str, sources: Collection[UUID], text: str
) -> list[Contribution]:
    wanted = Contribution.objects.filter(assessment=assessment, code=code, kind=kind, pk__in=set(sources))
    remarks = list(wanted.prefetch_related("statements"))
    if len(remarks) != len(set(sources)):
        raise MeriloError(_("One of the ticked remarks does not belong here."))
    taken = {row.pk: row for remark in remarks for row in remark.statements.all()}
    if taken:
        raise Conflict(
            _("Somebody else has used one of these remarks meanwhile."), text=text, taken=list(taken.values())
        )
    return remarks


def _next_place(assessment: Assessment, code: str, kind: str) -> int:
    rows = Statement.objects.filter(assessment=assessment, code=code, kind=kind)
    last: int | None = rows.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def reword(
    *, viewer: Viewer, assessment: Assessment, statement: UUID, version: int, text: str, at: datetime
) -> Statement:
    """Change the wording over exactly the version it was shown; the same words again change nothing.

    Errors: Refused, Statement.DoesNotExist, MeriloError (no wording), Conflict (details: stored, text).
    """
    words = clean_line(text, LONGEST_STATEMENT)
    if not words:
        raise MeriloError(_("Write the common wording."))
    with agreeing(viewer, assessment):
        stored = Statement.objects.select_for_update().get(assessment=assessment, pk=statement)
        if stored.text == words:
            return stored
        _require_version(stored, version, words)
        before, stored.text, stored.version = stored.text, words, stored.version + 1
        stored.save(update_fields=["text", "version"])
        record(
            viewer,
            "statement.reworded",
            stored,
            {"code": stored.code, "before": before, "after": words},
            at=at,
        )
    return stored


def _require_version(stored: Statement, version: int, text: str) -> None:
    if stored.version != version:
        raise Conflict(_("Somebody else changed the wording after you opened it."), stored=stored, text=text)


def remove(*, viewer: Viewer, assessment: Assessment, statement: UUID, version: int, at: datetime) -> None:
    """Take a statement apart: its remarks go back to the open list. Errors: Refused, Conflict."""
    with agreeing(viewer, assessment):
        stored = Statement.objects.select_for_update().get(assessment=assessment, pk=statement)
        _require_version(stored, version, stored.text)
        sources = [str(pk) for pk in stored.sources.values_list("pk", flat=True)]
        gone = {"code": stored.code, "kind": stored.kind, "text": stored.text, "sources": sources}
        record(viewer, "statement.removed", stored, gone, at=at)
        stored.delete()


def release_source(
    *, viewer: Viewer, assessment: Assessment, statement: UUID, source: UUID, at: datetime
) -> None:
    """Put one remark of a statement back on the open list; doing so again changes nothing."""
    with agreeing(viewer, assessment):
        stored = Statement.objects.select_for_update().get(assessment=assessment, pk=statement)
        remark = stored.sources.filter(pk=source).first()
        if remark is not None:
            stored.sources.remove(remark)
            given = {"code": stored.code, "source": str(source)}
            record(viewer, "statement.source_released", stored, given, at=at)


def move(*, viewer: Viewer, assessment: Assessment, statement: UUID, by: int, at: datetime) -> None:
    """Move a statement up (`by` -1) or down (1) among those of its kind; at the end it stays."""
    with agreeing(viewer, assessment):
        stored = Statement.objects.select_for_update().get(assessment=assessment, pk=statement)
        among = Statement.objects.filter(assessment=assessment, code=stored.code, kind=stored.kind)
        order = list(among.order_by("position", "id"))
        place = next(n for n, row in enumerate(order) if row.pk == stored.pk)
        order.insert(max(0, place + by), order.pop(place))
        for position, row in enumerate(order):
            row.position = position
        Statement.objects.bulk_update(order, ["position"])
        moved = {"code": stored.code, "position": next(r.position for r in order if r.pk == stored.pk)}
        record(viewer, "statement.moved", stored, moved, at=at)
