"""Work for the worker process: the documents of a revision."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django_tasks import task

from merilo.core import files
from merilo.core.models import StoredFile
from merilo.improvement.models import PlanRevision, RevisionFile
from merilo.improvement.reporting import revisions
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
    """Make one document, or keep why that failed; answers whether the file stands."""
    result: dict[str, Any]
    try:
        result = {"file": _kept(revision, format_, draw(revision, format_, public=public)), "error": ""}
    except Exception as error:
        log.exception("revision %s: no %s", revision.pk, format_)
        result = {"file": None, "error": f"{type(error).__name__}: {error}"[:200]}
    RevisionFile.objects.update_or_create(revision=revision, format=format_, public=public, defaults=result)
    return result["file"] is not None


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
