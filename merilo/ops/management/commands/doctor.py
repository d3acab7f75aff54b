"""`merilo doctor`: what is wrong with this installation, why, and what to do about it."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from merilo.ops import doctor


class Command(BaseCommand):
    """Ends with 1 when something is wrong, so that a monitor may run it."""

    help = "Look at settings, folders, database, mail server, worker and backups; say what is wrong in words."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mail-to", metavar="ADDRESS", help="also send a mail there, really")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(settings.LANGUAGE_CODE):
            found = list(doctor.examine())
            if options["mail_to"]:
                found.append(doctor.send_to(options["mail_to"]))
            for one in found:
                mark, colon = ("✗", ": ") if one.wrong else ("✓", "")
                self.stdout.write(f"{mark} {one.what}{colon}{one.wrong}")
                if one.remedy:
                    self.stdout.write(f"    {one.remedy}")
        if not all(one.is_fine for one in found):
            sys.exit(1)
