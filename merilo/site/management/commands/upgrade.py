"""`merilo upgrade`: bring tables and static files to this version, or say what would be done."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from merilo.ops import upgrading
from merilo.site import starting


class Command(BaseCommand):
    """May be done twice: what is done already is left alone. Make a backup first."""

    help = "Bring tables and static files to this version of the program; --check says what would be done."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say what would be done")

    def handle(self, *args: Any, **options: Any) -> None:
        starting.require_safe()
        if unknown := upgrading.unknown_migrations():
            raise CommandError(
                f"The tables are of a newer version ({', '.join(unknown)}). Install that one, or restore a "
                "backup of this one. Nothing was changed."
            )
        self._tables(check=options["check"])
        self._static_files(check=options["check"])
        if not options["check"]:
            self.check(display_num_errors=True)

    def _tell(self, what: str, amount: str, waiting: object, then: str) -> None:
        self.stdout.write(f"{what}: {f'{amount} {then}' if waiting else 'up to date'}")

    def _tables(self, *, check: bool) -> None:
        waiting = upgrading.waiting_migrations()
        self._tell("Tables", f"{len(waiting)} migrations", waiting, "to be applied" if check else "applied")
        for name in waiting:
            self.stdout.write(f"    {name}")
        if waiting and not check:
            upgrading.migrate()

    def _static_files(self, *, check: bool) -> None:
        count = upgrading.uncollected()
        self._tell("Static files", str(count), count, "to be collected" if check else "collected")
        if not count or check:
            return
        try:
            upgrading.collect()
        except OSError as error:
            raise CommandError(f"{settings.STATIC_ROOT} cannot be written: {error.strerror}") from error
