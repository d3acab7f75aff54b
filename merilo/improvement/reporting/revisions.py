"""Reads of the frozen revisions of a plan: their contents, documents, and what is published."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from merilo.core.errors import Conflict
from merilo.core.frozen import checksum
from merilo.improvement.models import Plan, PlanRevision, RevisionFile, RevisionState
from merilo.improvement.reporting import content as contents
from merilo.improvement.reporting import words
from merilo.improvement.reporting.content import Content
from merilo.improvement.reporting.document import Stamp
from merilo.organisations.api import Viewer


def revisions_of(viewer: Viewer, plan: Plan, *, drafts: bool) -> QuerySet[PlanRevision]:
    """The revisions of a plan obtained through its viewer, newest first; of readers the approved."""
    own = PlanRevision.objects.filter(plan=plan, plan__organisation=viewer.organisation)
    own = own if drafts else own.filter(state=RevisionState.APPROVED)
    return own.select_related("plan__organisation", "made_by", "decided_by", "approval__file")


def approved(plan: Plan) -> PlanRevision | None:
    """The last approved revision. One query."""
    return plan.revisions.filter(state=RevisionState.APPROVED).first()


def waiting(plan: Plan) -> PlanRevision | None:
    """The revision that waits for the sponsor. One query."""
    return plan.revisions.filter(state=RevisionState.SUBMITTED).first()


def content_of(row: PlanRevision) -> Content:
    """The frozen content. Errors: Conflict when it is not what its checksum says."""
    if checksum(row.content) != row.checksum:
        raise Conflict(_("The stored revision does not match its checksum."))
    loaded: Content = json.loads(row.content)
    return loaded


def changes_since(row: PlanRevision, *, on: date) -> list[dict[str, Any]]:
    """What the plan says today otherwise than a revision, in words of the active language."""
    language = translation.get_language() or row.language
    now = contents.collect(row.plan, language=language, on=on)
    return words.changes(content_of(row), now)


def stamp_of(row: PlanRevision) -> Stamp:
    """Number, state in words, checksum and approval, as printed on the documents, in their language."""
    with translation.override(row.language):
        return Stamp(row.number, str(row.get_state_display()).lower(), row.checksum, _approval(row))


def _approval(row: PlanRevision) -> str:
    if row.state != RevisionState.APPROVED or row.decided_at is None:
        return ""
    if row.approval:
        day = formats.date_format(row.approval.date, "SHORT_DATE_FORMAT")
        return _("No. %(number)s of %(date)s") % {"number": row.approval.number, "date": day}
    decided = timezone.localdate(row.decided_at, row.plan.organisation.zone)
    return f"{row.decided_by or ''}, {formats.date_format(decided, 'SHORT_DATE_FORMAT')}".strip(", ")


# --- documents --------------------------------------------------------------------------------
def files_of(row: PlanRevision, *, public: bool = False) -> dict[str, RevisionFile]:
    """The documents by format, also those that could not be made. One query."""
    found = RevisionFile.objects.filter(revision=row, public=public).select_related("file")
    return {file.format: file for file in found}


def file_name(row: PlanRevision) -> str:
    """The name of a revision's files without ending."""
    told = {"year": row.plan.last.year, "number": row.number}
    return _("improvement-plan-%(year)s-revision-%(number)s") % told


# --- what everybody may read ------------------------------------------------------------------
def published() -> QuerySet[PlanRevision]:
    """What everybody may read: of each plan the newest published revision, the latest published first.

    Their contents are read when asked for.
    """
    own = PlanRevision.objects.filter(state=RevisionState.APPROVED, published_at__isnull=False)
    newest = own.filter(plan=OuterRef("plan")).order_by("-number").values("pk")[:1]
    return (
        own.filter(pk=Subquery(newest))
        .defer("content")
        .select_related("plan__organisation__logo", "decided_by", "approval")
        .order_by("-published_at")
    )


def published_plan(slug: str) -> PlanRevision:
    """One public plan. Errors: PlanRevision.DoesNotExist."""
    return published().get(plan__public_slug=slug)
