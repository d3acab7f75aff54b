"""Reads of a report that was handed over, and its files."""

from __future__ import annotations

import json
from datetime import date, datetime

from django.conf import settings
from django.utils.translation import gettext as _

from merilo.core.errors import Conflict, Refused
from merilo.core.frozen import checksum
from merilo.feedback import permissions
from merilo.feedback.models import Feedback
from merilo.feedback.queries.feedbacks import actors_of, scheme_of
from merilo.feedback.reporting.content import Content
from merilo.feedback.reporting.document import Told, document_of
from merilo.organisations.api import Viewer, palette_for
from merilo.web.documents.pdf import pdf, png
from merilo.web.documents.word import docx

FORMATS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def report_of(viewer: Viewer, feedback: Feedback, *, on: date) -> Told:
    """The report with what is read beside it. Errors: Refused, Conflict. One query."""
    if not permissions.may_read_report(viewer, feedback, on=on):
        raise Refused(_("The report is not handed over yet."))
    content = content_of(feedback)
    named = {str(actor.membership_id): actor.membership.on_record for actor in actors_of(feedback)}
    names = tuple(named[key] for key in content["actors"] if key in named)
    return Told(scheme_of(feedback), content, feedback.checksum, names, feedback)


def content_of(feedback: Feedback) -> Content:
    """The frozen content. Errors: Conflict when it is not what its checksum says."""
    if checksum(feedback.report) != feedback.checksum:
        raise Conflict(_("The stored report does not match its checksum."))
    loaded: Content = json.loads(feedback.report)
    return loaded


def drawn(told: Told, format_: str, *, at: datetime) -> bytes:
    """The report as PDF or Word file."""
    document = document_of(told, palette=palette_for(told.feedback.organisation))
    if format_ == "pdf":
        return pdf(document, fonts=settings.PDF_FONTS_DIR, at=at)
    return docx(document, picture=lambda svg: png(svg, fonts=settings.PDF_FONTS_DIR), at=at)


def file_name(told: Told, format_: str) -> str:
    """The name of a file of the report."""
    year = told.content["on"][:4]
    return _("feedback-report-%(year)s") % {"year": year} + f".{format_}"
