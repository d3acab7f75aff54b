"""`merilo retention`: delete what has outlived its purpose, note the audit's heads; run it once a day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from merilo.assessment.api import REMOVED_KEPT, forget_removed, forget_sheets
from merilo.core import audit, expiry


class Command(BaseCommand):
    """Individual judgements after the approval, expired sessions, keys, forms and sent mail."""

    help = "Delete what has outlived its purpose; run it once a day."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        before = now - timedelta(days=settings.SHEETS_KEPT_DAYS)
        judgements = forget_sheets(approved_before=before, at=now)
        removed = forget_removed(removed_before=now - REMOVED_KEPT, at=now)
        cleared = expiry.clear(at=now)
        call_command("clearsessions", verbosity=0)
        if "django_tasks_db" in settings.TASKS["default"]["BACKEND"]:
            call_command("prune_db_task_results", verbosity=0)
        for chain in audit.chains():
            audit.log_head(chain)
        told = ", ".join(f"{count} {name}" for name, count in cleared.items())
        self.stdout.write(f"{judgements} judgements, {removed} removed evidence, {told}")
