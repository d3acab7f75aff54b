"""The queue of the worker's tasks, without what they were given: it may name people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from django.db.models import Count, QuerySet
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from merilo.ops.messages import TASKS

MOST = 50
Task: TypeAlias = DBTaskResult[Any, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One task: what it does, since when it is there, and of a failed one the kind of the error."""

    pk: UUID
    what: str
    since: datetime
    error: str = ""


@dataclass(frozen=True, slots=True)
class Queue:
    """The tasks by state, at most `MOST` of each, the oldest first; `counts` has all of them."""

    counts: dict[str, int]
    waiting: list[Row]
    later: list[Row]
    running: list[Row]
    failed: list[Row]

    @property
    def oldest(self) -> datetime | None:
        """Since when the oldest task waits that could run."""
        return self.waiting[0].since if self.waiting else None


def queue(*, now: datetime) -> Queue:
    """What waits, what waits for its time, what runs, and what has failed. Five queries."""
    ready = _in(TaskResultStatus.READY)
    at_once = ready.filter(run_after=get_date_max()) | ready.filter(run_after__lte=now)
    return Queue(
        counts=counts(),
        waiting=[_row(task, task.enqueued_at) for task in at_once.order_by("enqueued_at")[:MOST]],
        later=[
            _row(task, task.run_after)
            for task in ready.filter(run_after__gt=now, run_after__lt=get_date_max()).order_by("run_after")[
                :MOST
            ]
        ],
        running=_rows(_in(TaskResultStatus.RUNNING).order_by("started_at")),
        failed=_rows(_in(TaskResultStatus.FAILED).order_by("-finished_at")),
    )


def counts() -> dict[str, int]:
    """How many tasks are in each state, by the library's names in small letters."""
    found = dict(DBTaskResult.objects.order_by().values_list("status").annotate(Count("pk")))
    return {str(status).lower(): found.get(str(status), 0) for status in TaskResultStatus.values}


def _in(status: str) -> QuerySet[Task]:
    return DBTaskResult.objects.filter(status=status)


def _rows(tasks: QuerySet[Task]) -> list[Row]:
    return [_row(task, task.finished_at or task.started_at or task.enqueued_at) for task in tasks[:MOST]]


def _row(task: Task, since: datetime) -> Row:
    what = str(TASKS.get(task.task_path, task.task_path.rpartition(".")[2]))
    return Row(task.pk, what, since, task.exception_class_path.rpartition(".")[2])
