"""`merilo outbox`: where the mails are, and what is to be decided about those that are stuck."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from merilo.core import mail
from merilo.core.errors import MeriloError


class Command(BaseCommand):
    help = "Count the mails by state, list those that are not sent by themselves any more, decide about them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--again", type=int, metavar="NUMBER", help="send this mail once more")
        parser.add_argument("--arrived", type=int, metavar="NUMBER", help="this mail has arrived after all")
        parser.add_argument("--let-go", type=int, metavar="NUMBER", help="this mail is not needed any more")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        with translation.override("en"):
            try:
                if options["again"] is not None:
                    mail.send_again(number=options["again"], by="", at=now)
                if options["arrived"] is not None:
                    mail.mark_arrived(number=options["arrived"], by="", at=now)
                if options["let_go"] is not None:
                    mail.let_go(number=options["let_go"], by="", at=now)
            except MeriloError as error:
                raise CommandError(error.sentence) from error
            self._tell()

    def _tell(self) -> None:
        now = timezone.now()
        for state, count in mail.counts(at=now).items():
            self.stdout.write(f"{count:>6}  {state.label}")
        for row in mail.undecided(at=now):
            when = row.created_at.isoformat(timespec="minutes")
            self.stdout.write(f"\n{row.pk}: {row.recipient}, {row.subject}, written {when}")
            self.stdout.write(f"   {row.state(now).label} {mail.message_id(row)} {row.last_error}".rstrip())
