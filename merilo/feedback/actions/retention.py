"""What evaluators gave alone does not outlive its purpose: it goes a set time after the decision."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from merilo.core import audit
from merilo.feedback.models import Feedback, Mark
from merilo.feedback.rules.lifecycle import State


def forget_marks(*, over_before: date, at: datetime) -> int:
    """Delete evaluators' own points of feedback decided before a day, or withdrawn; answers how many.

    What they agreed on and the report stay. A second run finds nothing.
    """
    is_over = Q(decided_on__lt=over_before) | Q(state=State.WITHDRAWN.value, created_at__date__lt=over_before)
    found = Feedback.objects.filter(is_over, actors__marks__isnull=False).distinct()
    return sum(_forget(row, at) for row in found.order_by("pk"))


@transaction.atomic
def _forget(row: Feedback, at: datetime) -> int:
    count, _kinds = Mark.objects.filter(actor__feedback=row).delete()
    audit.record(
        "feedback.marks_forgotten",
        organisation=row.organisation_id,
        target=row,
        payload={"rows": count},
        at=at,
    )
    return count
