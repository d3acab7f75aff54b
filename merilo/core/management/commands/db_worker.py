"""The library's worker of tasks, which begins with a round of all that is to be done again and again."""

from __future__ import annotations

from typing import Any

from django_tasks_db.management.commands import db_worker

from merilo.core import rounds


class Command(db_worker.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        rounds.go_round.enqueue()
        super().handle(*args, **options)
