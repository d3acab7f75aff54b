"""Work for the worker process: the documents of revisions and of published reports."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django_tasks import task

from merilo.core import files
from merilo.core.models import StoredFile
from merilo.improvement.models import PlanReport, PlanRevision, ReportFile, RevisionFile
from merilo.improvement.reporting import interim_document, reports, revisions
from merilo.improvement.reporting.document import document_of
from merilo.improvement.reporting.public import filtered
from merilo.improvement.reporting.workbook import xlsx
from merilo.organisations.api import palette_for
from merilo.web.documents import FORMATS
from merilo.web.documents.model import Document
from merilo.web.documents.pdf import pdf, png
from merilo.web.documents.word import docx

log = logging.getLogger("merilo.documents")


@task()
def build_plan_documents(revision_id: str) -> int:
    """Make PDF, Word and Excel of a revision, and of what of it is public; answers how many files stand.

    May run twice: the same revision gives the same files. One that fails does not keep the others back.
    """
    revision = PlanRevision.objects.select_related("plan__organisation", "approval", "decided_by").get(
        pk=revision_id
    )
    forms = [False, True] if revision.published_at else [False]
    return sum(_build(revision, format_, public=public) for public in forms for format_ in FORMATS)


def _build(revision: PlanRevision, format_: str, *, public: bool) -> bool:
    """Make one document of a revision; answers whether the file stands."""
    result = _result(
        f"revision {revision.pk}: no {format_}",
        lambda: _kept(revision, format_, draw(revision, format_, public=public)),
    )
    RevisionFile.objects.update_or_create(revision=revision, format=format_, public=public, defaults=result)
    return result["file"] is not None


def _result(failing: str, make: Callable[[], StoredFile]) -> dict[str, Any]:
    """The file that was made, or why it could not be."""
    try:
        return {"file": make(), "error": ""}
    except Exception as error:
        log.exception(failing)
        return {"file": None, "error": f"{type(error).__name__}: {error}"[:200]}


def _kept(revision: PlanRevision, format_: str, content: bytes) -> StoredFile:
    with translation.override(revision.language):
        name = f"{revisions.file_name(revision)}.{format_}"
    return files.keep(
        content,
        name=name,
        content_type=FORMATS[format_],
        organisation=revision.plan.organisation_id,
        by="",
        at=_moment(revision),
    )


def draw(revision: PlanRevision, format_: str, *, public: bool = False) -> bytes:
    """The bytes of one document of a revision."""
    content = revisions.content_of(revision)
    if public:
        content = filtered(content)
    stamp = revisions.stamp_of(revision)
    if format_ == "xlsx":
        return xlsx(content, stamp, at=_moment(revision))
    document = document_of(content, stamp, palette=palette_for(revision.plan.organisation))
    return drawn(document, format_, at=_moment(revision))


def drawn(document: Document, format_: str, *, at: datetime) -> bytes:
    """A document as PDF or Word file."""
    if format_ == "pdf":
        return pdf(document, fonts=settings.PDF_FONTS_DIR, at=at)
    return docx(document, picture=lambda svg: png(svg, fonts=settings.PDF_FONTS_DIR), at=at)


def _moment(revision: PlanRevision) -> datetime:
    return revision.decided_at or revision.made_at


# --- reports that everybody may read ----------------------------------------------------------
@task()
def build_report_documents(report_id: str) -> int:
    """Make PDF, Word and Excel of a published report; answers how many files stand. May run twice."""
    row = PlanReport.objects.select_related("plan__organisation").get(pk=report_id)
    return sum(_build_of_report(row, format_) for format_ in FORMATS)


def _build_of_report(row: PlanReport, format_: str) -> bool:
    result = _result(f"report {row.pk}: no {format_}", lambda: _kept_of_report(row, format_))
    ReportFile.objects.update_or_create(report=row, format=format_, defaults=result)
    return result["file"] is not None


def _kept_of_report(row: PlanReport, format_: str) -> StoredFile:
    with translation.override(row.language):
        name = f"{reports.file_name(row)}.{format_}"
    return files.keep(
        draw_report(row, format_),
        name=name,
        content_type=FORMATS[format_],
        organisation=row.plan.organisation_id,
        by="",
        at=row.published_at,
    )


def draw_report(row: PlanReport, format_: str) -> bytes:
    """The bytes of one document of a published report."""
    content = reports.content_of(row)
    if format_ == "xlsx":
        return interim_document.xlsx(content, at=row.published_at)
    document = interim_document.document_of(content, palette=palette_for(row.plan.organisation))
    return drawn(document, format_, at=row.published_at)
