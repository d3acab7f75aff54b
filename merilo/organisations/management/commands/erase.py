"""`merilo erase ADDRESS`: erase one person."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from merilo.core.errors import MeriloError
from merilo.organisations.actions.erasure import erase_person


class Command(BaseCommand):
    help = "Erase the data of the person with an e-mail address; what was done stays, by a former member."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument(
            "--even-last-coordinator",
            action="store_true",
            help="also when an organisation is then left without a coordinator",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            erasure = erase_person(
                email=options["email"],
                by="operator",
                at=timezone.now(),
                even_last_coordinator=options["even_last_coordinator"],
            )
        except MeriloError as error:
            raise CommandError(error.sentence) from error
        self.stdout.write(
            f"Erased, in {erasure.organisations} organisations. "
            "The audit chains are whole: merilo audit verify"
        )
        if erasure.mentions:
            self.stdout.write("The name still stands in texts that people wrote. Decide about each:")
        for mention in erasure.mentions:
            self.stdout.write(f"  {mention.table}.{mention.field} {mention.row}")
