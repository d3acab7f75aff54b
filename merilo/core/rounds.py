"""What the worker does again and again: rooms contribute a piece of work each, in `AppConfig.ready`.

A round begins when a worker starts and every few minutes after. It takes up what a worker left that was
killed between two steps; so every piece of work must be one that may be done twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

log = logging.getLogger("merilo.rounds")
EVERY = timedelta(minutes=5)
_works: list[Callable[[], object]] = []


def contribute_round(work: Callable[[], object]) -> None:
    """`work()` is called in every round; what it raises is logged and keeps no other from its turn."""
    _works.append(work)


@task()
def go_round() -> None:
    """One round; the next one is on the list before this one begins."""
    _come_back()
    for work in _works:
        try:
            work()
        except Exception:
            log.exception("%s.%s", work.__module__, work.__name__)


def _come_back() -> None:
    if not go_round.get_backend().supports_defer:
        return
    waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path=go_round.module_path)
    if not waiting.exists():
        go_round.using(run_after=timezone.now() + EVERY).enqueue()
