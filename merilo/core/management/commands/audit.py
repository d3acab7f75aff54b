"""`merilo audit verify`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from merilo.core import audit


class Command(BaseCommand):
    help = "Verify the audit chains and name the first broken row."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["verify"])
        parser.add_argument("--chain", help="one organisation's id, or 'platform'; all by default")

    def handle(self, *args: Any, **options: Any) -> None:
        names = [options["chain"]] if options["chain"] else audit.chains()
        broken = [found for name in names if (found := audit.verify(name))]
        for found in broken:
            self.stderr.write(f"{found.chain}: row {found.number}: {audit.REASONS[found.code]}")
        if broken:
            raise CommandError(f"{len(broken)} of {len(names)} chains are broken")
        for name in names:
            audit.log_head(name)
        self.stdout.write(f"{len(names)} chains hold")
