"""The ten steps: begun and done are recorded, by other actions or by the coordinator."""

from __future__ import annotations

from datetime import datetime

from merilo.assessment.models import Assessment, StepPlan


def mark_begun(assessment: Assessment, number: int, *, at: datetime) -> None:
    """Record that a step has begun; keeps the first time."""
    StepPlan.objects.filter(assessment=assessment, number=number, begun_at=None).update(begun_at=at)


def mark_done(assessment: Assessment, number: int, *, at: datetime) -> None:
    """Record that a step is done; keeps the first time."""
    mark_begun(assessment, number, at=at)
    StepPlan.objects.filter(assessment=assessment, number=number, done_at=None).update(done_at=at)


def mark_not_done(assessment: Assessment, number: int) -> None:
    """Take back that a step is done, as when the work on it is taken up again."""
    StepPlan.objects.filter(assessment=assessment, number=number).update(done_at=None)
