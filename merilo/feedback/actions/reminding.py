"""Labels that end are reminded of once, on their day, by the worker's rounds."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from merilo.core import audit
from merilo.feedback import mails
from merilo.feedback.models import Label
from merilo.organisations.api import who_may


def work() -> None:
    """Remind of every label whose day has come."""
    remind_of_labels(at=timezone.now())


def remind_of_labels(*, at: datetime) -> int:
    """Remind those who keep the labels, each label once; answers how many. May run twice at a time."""
    due = Label.objects.filter(remind_on__lte=timezone.localdate(at), reminded_at=None)
    due = due.exclude(valid_until__lt=timezone.localdate(at))
    return sum(_remind(pk, at) for pk in due.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _remind(pk: UUID, at: datetime) -> bool:
    if not Label.objects.filter(pk=pk, reminded_at=None).update(reminded_at=at):
        return False
    label = Label.objects.select_related("feedback__organisation", "feedback__assessment").get(pk=pk)
    feedback = label.feedback
    audit.record(
        "label.reminded",
        organisation=feedback.organisation_id,
        target=feedback,
        payload={"valid_until": label.valid_until},
        at=at,
    )
    mails.label_ends(label, who_may(feedback.organisation, "feedback.edit"), at=at)
    return True
