"""The worker of an installation, for a service manager or a container."""

from __future__ import annotations

import logging
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from merilo.site import serving, starting

log = logging.getLogger("merilo.worker")


class Command(BaseCommand):
    """`merilo worker`: mails, documents and whatever else a page must not wait for."""

    help = "Do what pages leave to be done (mails, documents); refuses to start where that is unsafe."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        starting.require_ready()
        log.info("waits for tasks")
        call_command(*serving.WORKER)
