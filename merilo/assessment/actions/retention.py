"""Individual judgements do not outlive their purpose: they go a set time after the approval."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from merilo.assessment.models import Assessment, Contribution, Judgement, RevisionState
from merilo.core import audit


def forget_sheets(*, approved_before: datetime, at: datetime) -> int:
    """Delete the individual judgements of assessments approved before a moment; agreed statements stay.

    The remarks that the statements came from stay too, no longer tied to a sheet. Answers with the
    number of judgements deleted; a second run finds nothing.
    """
    approved = Assessment.objects.filter(
        report__revisions__state=RevisionState.APPROVED, report__revisions__decided_at__lt=approved_before
    )
    found = approved.filter(sheets__judgements__isnull=False).distinct()
    return sum(_forget(assessment, at) for assessment in found.order_by("pk"))


@transaction.atomic
def _forget(assessment: Assessment, at: datetime) -> int:
    count, _kinds = Judgement.objects.filter(sheet__assessment=assessment).delete()
    Contribution.objects.filter(assessment=assessment).update(sheet=None)
    audit.record(
        "assessment.sheets_forgotten",
        organisation=assessment.organisation_id,
        target=assessment,
        payload={"judgements": count},
        at=at,
    )
    return count
