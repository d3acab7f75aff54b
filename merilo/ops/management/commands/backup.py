"""`merilo backup`: database and files in one archive, while everybody goes on working."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pyrage
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from merilo.core.version import version
from merilo.ops.backup import writing


class Command(BaseCommand):
    help = "Write database and files into one archive; the system goes on running."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, default=settings.BACKUPS_DIR, help="folder of the backups")
        parser.add_argument("--keep", type=int, default=0, help="delete all but the newest N afterwards")
        parser.add_argument(
            "--recipient",
            action="append",
            default=[],
            help="public age key (age1…) that may open it; also MERILO_BACKUP_RECIPIENTS",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        recipients = options["recipient"] or settings.BACKUP_RECIPIENTS
        try:
            made = writing.write(
                options["to"],
                recipients=recipients,
                version=version(),
                at=timezone.now(),
            )
        except writing.NotComplete as error:
            raise CommandError(f"no backup: the file {error} is missing or damaged") from error
        except pyrage.RecipientError as error:
            raise CommandError(f"no backup: not a public age key: {error}") from error
        except OSError as error:
            raise CommandError(f"no backup: {error}") from error
        self.stdout.write(f"{made} ({made.stat().st_size / 1e6:.1f} MB)")
        if not recipients:
            self.stdout.write("not encrypted: whoever reads the file reads everything")
        for old in writing.rotate(options["to"], keep=options["keep"]):
            self.stdout.write(f"deleted {old.name}")
