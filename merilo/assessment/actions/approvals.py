"""An approval given on paper: the signed file is kept and recorded as an official document."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from merilo.assessment import permissions
from merilo.assessment.actions import report
from merilo.assessment.models import ReportRevision
from merilo.core import files
from merilo.core.errors import Refused
from merilo.organisations.api import DocumentKind, OfficialDocument, Viewer


@transaction.atomic
def record(
    *,
    viewer: Viewer,
    revision: ReportRevision,
    number: str,
    date: date,
    printed: str,
    file: files.Upload,
    at: datetime,
) -> OfficialDocument:
    """Keep the signed file and approve the revision by it.

    Errors: Refused, BadFile, MeriloError, Conflict.
    """
    if not permissions.may_record_approval(viewer, revision.report.assessment):
        raise Refused
    stored = files.receive(
        file, organisation=viewer.organisation_id, by=viewer.person_id, allowed=files.SIGNED, at=at
    )
    document = OfficialDocument.objects.create(
        organisation=viewer.organisation,
        kind=DocumentKind.APPROVAL,
        number=number,
        date=date,
        title=str(revision.report.assessment.title),
        file=stored,
        added_at=at,
    )
    report.record_approval(viewer=viewer, revision=revision, document=document, printed=printed, at=at)
    return document
