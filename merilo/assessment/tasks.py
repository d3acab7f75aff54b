"""Work for the worker process: the documents of a revision."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.utils import translation
from django_tasks import task

from merilo.assessment.models import ReportRevision, RevisionFile
from merilo.assessment.queries import revisions
from merilo.assessment.reporting.document import document_of
from merilo.assessment.reporting.public import filtered
from merilo.assessment.reporting.texts import PARTS
from merilo.assessment.reporting.workbook import xlsx
from merilo.core import files
from merilo.core.models import StoredFile
from merilo.organisations.api import palette_for
from merilo.web.charts import Palette
from merilo.web.documents import FORMATS
from merilo.web.documents.pdf import pdf, png
from merilo.web.documents.word import docx

log = logging.getLogger("merilo.documents")


@task()
def build_documents(revision_id: str) -> int:
    """Make PDF, Word and Excel of a revision, and of its published parts; answers how many files stand.

    May run twice: the same revision gives the same files. One that fails does not keep the others back.
    """
    revision = ReportRevision.objects.select_related("report__assessment__organisation").get(pk=revision_id)
    forms = [False, True] if revision.published_at else [False]
    return sum(_build(revision, format_, public=public) for public in forms for format_ in FORMATS)


def _build(revision: ReportRevision, format_: str, *, public: bool) -> bool:
    """Make one document, or keep why that failed; answers whether the file stands."""
    result: dict[str, Any]
    try:
        result = {"file": _kept(revision, format_, draw(revision, format_, public=public)), "error": ""}
    except Exception as error:
        log.exception("revision %s: no %s", revision.pk, format_)
        result = {"file": None, "error": f"{type(error).__name__}: {error}"[:200]}
    RevisionFile.objects.update_or_create(
        revision=revision,
        format=format_,
        parts=revision.parts_of_files(public=public),
        defaults=result,
    )
    return result["file"] is not None


def _kept(revision: ReportRevision, format_: str, content: bytes) -> StoredFile:
    with translation.override(revision.language):
        name = f"{revisions.file_name(revision)}.{format_}"
    return files.keep(
        content,
        name=name,
        content_type=FORMATS[format_],
        organisation=revision.report.assessment.organisation_id,
        by="",
        at=revision.decided_at or revision.made_at,
    )


def draw(revision: ReportRevision, format_: str, *, public: bool = False) -> bytes:
    """The bytes of one document of a revision."""
    content = revisions.content_of(revision)
    parts = tuple(revision.published_parts) if public else tuple(PARTS)
    if public:
        content = filtered(content, parts)
    stamp, palette = revisions.stamp_of(revision), palette_of(revision)
    at = revision.decided_at or revision.made_at
    if format_ == "xlsx":
        return xlsx(content, stamp, accent=palette.own, at=at, parts=parts)
    document = document_of(content, stamp, parts=parts, palette=palette)
    if format_ == "pdf":
        return pdf(document, fonts=settings.PDF_FONTS_DIR, at=at)
    return docx(document, picture=lambda svg: png(svg, fonts=settings.PDF_FONTS_DIR), at=at)


def palette_of(revision: ReportRevision) -> Palette:
    """The colours of the report's organisation for paper."""
    return palette_for(revision.report.assessment.organisation)
