"""Official documents of a self-assessment: the order, the agreement with the centre, the sent report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from merilo.assessment import permissions
from merilo.assessment.actions import steps
from merilo.assessment.models import Assessment
from merilo.core import files
from merilo.core.errors import Refused
from merilo.core.models import StoredFile
from merilo.groups.api import name_order
from merilo.organisations.api import DocumentKind, OfficialDocument, Viewer, record

PLACES: dict[str, DocumentKind] = {
    "order": DocumentKind.ORDER,
    "centre_agreement": DocumentKind.AGREEMENT,
    "report_sending": DocumentKind.LETTER,
}


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """Number and date as registered, the subject, the way it was sent, the signed file if one is given."""

    number: str
    date: date
    title: str = ""
    way: str = ""
    file: files.Upload | None = None


def record_document(
    *, viewer: Viewer, assessment: Assessment, place: str, facts: DocumentFacts, at: datetime
) -> OfficialDocument:
    """Record or correct the document at one of PLACES; without a new file the one kept before stays.

    Errors: Refused, BadFile, KeyError for an unknown place.
    """
    kind = PLACES[place]
    if not permissions.may_plan(viewer, assessment):
        raise Refused(_("Only the coordinator and the deputy record official documents."))
    with transaction.atomic():
        document = getattr(assessment, place) or OfficialDocument(
            organisation=viewer.organisation, kind=kind, added_at=at
        )
        before = _told(document)
        document.number, document.date = facts.number, facts.date
        document.title, document.way = facts.title, facts.way
        document.file = _received(viewer, facts, at) or document.file
        document.save()
        _point(assessment, place, document, at)
        payload = {"place": place, "before": before, "after": _told(document)}
        record(viewer, "assessment.document_recorded", assessment, payload, at=at)
    return document


def _received(viewer: Viewer, facts: DocumentFacts, at: datetime) -> StoredFile | None:
    if facts.file is None:
        return None
    return files.receive(
        facts.file,
        organisation=viewer.organisation_id,
        by=viewer.person_id,
        allowed=files.SIGNED,
        at=at,
    )


def _point(assessment: Assessment, place: str, document: OfficialDocument, at: datetime) -> None:
    setattr(assessment, place, document)
    assessment.save(update_fields=[place])
    if place == "order":
        name_order(group=assessment.group, order=document)
        steps.mark_begun(assessment, 1, at=at)


def _told(document: OfficialDocument) -> dict[str, Any]:
    return {
        "number": document.number,
        "date": document.date,
        "way": document.way,
        "sha256": document.file.sha256 if document.file else None,
    }
