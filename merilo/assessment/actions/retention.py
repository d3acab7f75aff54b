"""Individual judgements do not outlive their purpose: they go a set time after the approval."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from merilo.assessment.models import (
    Assessment,
    Contribution,
    Evidence,
    EvidenceRequest,
    Judgement,
    Received,
    RequestLink,
    RevisionState,
)
from merilo.core import audit, sweeping
from merilo.core.models import StoredFile


def forget_sheets(*, approved_before: datetime, at: datetime) -> int:
    """Delete the individual judgements of assessments approved before a moment; agreed statements stay.

    Remarks that no statement came from go too; the words of the others stay, tied to no sheet and no name.
    Of requests to colleagues stays what was asked; who was asked and what was not accepted goes.
    Answers with the number of judgements deleted; a second run finds nothing.
    """
    approved = Assessment.objects.filter(
        report__revisions__state=RevisionState.APPROVED, report__revisions__decided_at__lt=approved_before
    )
    judged = Judgement.objects.filter(sheet__assessment=OuterRef("pk"))
    said = _individual(Contribution.objects.filter(assessment=OuterRef("pk")))
    asked = EvidenceRequest.objects.filter(assessment=OuterRef("pk")).exclude(email="", name="")
    found = approved.filter(Exists(judged) | Exists(said) | Exists(asked)).distinct()
    return sum(_forget(assessment, at) for assessment in found.order_by("pk"))


def _individual(remarks: QuerySet[Contribution]) -> QuerySet[Contribution]:
    """Remarks that still tell of their author, or that nothing agreed came from."""
    return remarks.filter(~Q(sheet=None) | ~Q(author="") | Q(statements=None))


@transaction.atomic
def _forget(assessment: Assessment, at: datetime) -> int:
    count, _kinds = Judgement.objects.filter(sheet__assessment=assessment).delete()
    remarks = Contribution.objects.filter(assessment=assessment)
    unused, _kinds = remarks.filter(statements=None).delete()
    remarks.update(sheet=None, author="")
    asked = _forget_colleagues(assessment)
    audit.record(
        "assessment.sheets_forgotten",
        organisation=assessment.organisation_id,
        target=assessment,
        payload={"judgements": count, "lines": unused, "people": asked},
        at=at,
    )
    return count


def _forget_colleagues(assessment: Assessment) -> int:
    """Links, what lies in the waiting place, and the names and addresses of those who were asked."""
    RequestLink.objects.filter(request__assessment=assessment).delete()
    received = Received.objects.filter(request__assessment=assessment)
    stored = list(StoredFile.objects.filter(pk__in=received.values("file")).order_by("pk"))
    received.delete()
    sweeping.forget(stored)
    return EvidenceRequest.objects.filter(assessment=assessment).update(name="", email="", note="")


def forget_removed(*, removed_before: datetime, at: datetime) -> int:
    """Delete evidence that was taken off a shelf before a moment, with its files; answers how many things."""
    found = Assessment.objects.filter(evidence__removed_at__lt=removed_before).distinct()
    return sum(_forget_removed(assessment, removed_before, at) for assessment in found.order_by("pk"))


@transaction.atomic
def _forget_removed(assessment: Assessment, removed_before: datetime, at: datetime) -> int:
    removed = Evidence.objects.filter(assessment=assessment, removed_at__lt=removed_before)
    count = removed.count()
    stored = list(StoredFile.objects.filter(pk__in=removed.values("file")).order_by("pk"))
    removed.delete()
    sweeping.forget(stored)
    audit.record(
        "evidence.forgotten",
        organisation=assessment.organisation_id,
        target=assessment,
        payload={"evidence": count},
        at=at,
    )
    return count
