"""Reads of the report: its texts, its frozen revisions, what is published."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from merilo.assessment.models import (
    Assessment,
    Report,
    ReportRevision,
    ReportSection,
    RevisionFile,
    RevisionState,
)
from merilo.assessment.reporting import content as contents
from merilo.assessment.reporting.document import Stamp
from merilo.assessment.reporting.public import filtered
from merilo.core.errors import Conflict
from merilo.core.frozen import checksum
from merilo.organisations.api import Organisation


def sections_of(assessment: Assessment) -> dict[str, ReportSection]:
    """The written texts by key."""
    return {row.key: row for row in ReportSection.objects.filter(report__assessment=assessment)}


def revisions_of(assessment: Assessment) -> QuerySet[ReportRevision]:
    """All revisions, newest first."""
    return ReportRevision.objects.filter(report__assessment=assessment).select_related(
        "made_by", "decided_by", "approval"
    )


def revision(assessment: Assessment, number: int) -> ReportRevision:
    """One revision with what its page shows; raises ReportRevision.DoesNotExist."""
    found = revisions_of(assessment).select_related("report", "approval__file").get(number=number)
    found.report.assessment = assessment
    return found


def files_of(row: ReportRevision, *, public: bool = False) -> dict[str, RevisionFile]:
    """The finished documents by format, of the whole report or of exactly the published parts."""
    return {file.format: file for file in _documents(row, public=public) if file.file}


def failed_of(row: ReportRevision) -> list[RevisionFile]:
    """The documents that could not be made, those of the whole report first."""
    both = [*_documents(row, public=False), *_documents(row, public=True)]
    return [file for file in both if file.error]


def _documents(row: ReportRevision, *, public: bool) -> QuerySet[RevisionFile]:
    found = RevisionFile.objects.filter(revision=row, parts=row.parts_of_files(public=public))
    return found.select_related("file")


def published() -> QuerySet[ReportRevision]:
    """What everybody may read: the newest published revision of each report."""
    return (
        ReportRevision.objects.filter(state=RevisionState.APPROVED, published_at__isnull=False)
        .select_related("report__assessment__organisation__logo")
        .order_by("-published_at")
    )


def approved_of(organisations: Iterable[Organisation]) -> QuerySet[ReportRevision]:
    """The approved revisions of organisations' reports with their PDFs, of each report the newest first.

    Two queries; their contents are left out.
    """
    found = ReportRevision.objects.filter(
        report__assessment__organisation__in=organisations, state=RevisionState.APPROVED
    )
    files = RevisionFile.objects.filter(format="pdf", parts=RevisionFile.WHOLE).exclude(file=None)
    found = found.defer("content").select_related("report__assessment")
    found = found.prefetch_related(Prefetch("files", files.select_related("file")))
    return found.order_by("-report__assessment__period_until", "report", "-number")


def published_report(slug: str) -> ReportRevision:
    """One public report; raises ReportRevision.DoesNotExist."""
    return published().get(report__public_slug=slug)


def content_of(row: ReportRevision) -> dict[str, Any]:
    """The frozen content; raises Conflict when it is not what its checksum says."""
    if checksum(row.content) != row.checksum:
        raise Conflict(_("The stored revision does not match its checksum."))
    loaded: dict[str, Any] = json.loads(row.content)
    return loaded


def is_current(row: ReportRevision) -> bool:
    """Whether a revision still says what the group agreed on. Half the queries of a revision."""
    now = contents.results(row.report.assessment, language=row.language)
    return contents.agreed(content_of(row)) == contents.agreed(now)


def stamp_of(row: ReportRevision) -> Stamp:
    """Number, state in words, checksum and approval, as printed on the documents, in their language."""
    with translation.override(row.language):
        return Stamp(row.number, str(row.get_state_display()).lower(), row.checksum, _approval(row))


def _approval(row: ReportRevision) -> str:
    if row.state != RevisionState.APPROVED:
        return ""
    if row.approval:
        return _("No. %(number)s of %(date)s") % {
            "number": row.approval.number,
            "date": formats.date_format(row.approval.date, "SHORT_DATE_FORMAT"),
        }
    if row.decided_at is None:
        return ""
    decided = timezone.localdate(row.decided_at, row.report.assessment.organisation.zone)
    day = formats.date_format(decided, "SHORT_DATE_FORMAT")
    return f"{row.decided_by or ''}, {day}".strip(", ")


def file_name(row: ReportRevision) -> str:
    """The name of a revision's files without ending."""
    assessment = row.report.assessment
    return _("self-assessment-report-%(year)s-revision-%(number)s") % {
        "year": assessment.period_until.year,
        "number": row.number,
    }


def report_of(assessment: Assessment) -> Report:
    """The report of an assessment."""
    return Report.objects.get(assessment=assessment)


def json_of(row: ReportRevision, *, public: bool) -> str:
    """The frozen content with what identifies it, as JSON text; only the published parts where public."""
    content = content_of(row)
    if public:
        content = filtered(content, row.published_parts)
    identity = {"number": row.number, "state": row.state, "checksum": row.checksum}
    return json.dumps({"revision": identity, **content}, ensure_ascii=False, indent=1)
