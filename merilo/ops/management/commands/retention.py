"""`merilo retention`: delete what has outlived its purpose, note the audit's heads; run it once a day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from merilo.assessment.api import REMOVED_KEPT, forget_removed, forget_sheets
from merilo.core import audit, expiry, sweeping
from merilo.feedback.api import forget_marks
from merilo.organisations.api import NOTIFICATIONS_KEPT, forget_notifications
from merilo.surveys.api import forget_answers, forget_contacts, warn_of_answers


class Command(BaseCommand):
    """Individual judgements after the approval, surveys', people and answers, sessions, keys, mail."""

    help = "Delete what has outlived its purpose; run it once a day."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        before = now - timedelta(days=settings.SHEETS_KEPT_DAYS)
        judgements = forget_sheets(approved_before=before, at=now)
        marks = forget_marks(over_before=before.date(), at=now)
        removed = forget_removed(removed_before=now - REMOVED_KEPT, at=now)
        surveys = {"invited people": forget_contacts(at=now), "responses": forget_answers(at=now)}
        warn_of_answers(at=now)
        notifications = forget_notifications(made_before=now - NOTIFICATIONS_KEPT)
        cleared = expiry.clear(at=now) | {"files": sweeping.sweep(at=now)}
        call_command("clearsessions", verbosity=0)
        if "django_tasks_db" in settings.TASKS["default"]["BACKEND"]:
            call_command("prune_db_task_results", verbosity=0)
        for chain in audit.chains():
            audit.log_head(chain)
        told = ", ".join(f"{count} {name}" for name, count in (surveys | cleared).items())
        told = f"{notifications} notifications, {marks} points of evaluators, {told}"
        self.stdout.write(f"{judgements} judgements, {removed} removed evidence, {told}")
