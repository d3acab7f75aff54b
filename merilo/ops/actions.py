"""What operators do here: each keyword-only, in one transaction, with its row on the platform's chain."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from merilo.accounts.api import Person, require_operator
from merilo.core import audit
from merilo.core.errors import MeriloError
from merilo.ops.tasks import verify_chain


@transaction.atomic
def record_reading(*, person: Person, verb: str, target: Any = None, at: datetime) -> None:
    """That an operator read about people or organisations stands in the record."""
    require_operator(person)
    audit.record(verb, actor=person.pk, target=target, at=at)


@transaction.atomic
def run_again(*, person: Person, task: UUID, at: datetime) -> None:
    """Put a failed task back into the queue. Errors: Refused, MeriloError (it has not failed)."""
    require_operator(person)
    failed = DBTaskResult.objects.filter(pk=task, status=TaskResultStatus.FAILED)
    put_back = failed.update(
        status=TaskResultStatus.READY,
        run_after=get_date_max(),
        started_at=None,
        finished_at=None,
        exception_class_path="",
        traceback="",
    )
    if not put_back:
        raise MeriloError(_("There is no such task that has failed."))
    audit.record("task.run_again", actor=person.pk, target=("task", task), at=at)


def ask_verification(*, person: Person, chain: str) -> None:
    """Have the worker verify one chain; the task records what it found. Errors: Refused, MeriloError."""
    require_operator(person)
    if chain not in audit.chains():
        raise MeriloError(_("There is no such record."))
    verify_chain.enqueue(chain, str(person.pk))
