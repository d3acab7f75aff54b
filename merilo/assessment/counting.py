"""Work for the worker process: votes of a meeting whose time has run out."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django_tasks import task

from merilo.assessment.actions import voting
from merilo.assessment.models import Round


@task()
def count_vote(round_id: str) -> bool:
    """Count a vote whose time has run out, so that its hidden ballots do not wait for somebody to press."""
    return voting.count_if_over(round_=UUID(round_id), at=timezone.now())


def count_when_over(round_: Round) -> None:
    """Have a vote with a limit counted when its time is over, where tasks can wait (not in tests)."""
    if round_.closes_at is not None and count_vote.get_backend().supports_defer:
        count_vote.using(run_after=round_.closes_at).enqueue(str(round_.pk))
