"""`merilo erase ADDRESS`: erase one person."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from merilo.accounts.api import Person
from merilo.core.errors import MeriloError
from merilo.organisations.actions.erasure import erase_person


class Command(BaseCommand):
    help = "Erase the data of one person; what the person did stays, as done by a former member."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument(
            "--even-last-coordinator",
            action="store_true",
            help="also when an organisation is then left without a coordinator",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.filter(email__iexact=options["email"]).first()
        if person is None:
            raise CommandError("There is no account with this address.")
        try:
            count = erase_person(
                person=person,
                by="operator",
                at=timezone.now(),
                even_last_coordinator=options["even_last_coordinator"],
            )
        except MeriloError as error:
            raise CommandError(error.sentence) from error
        self.stdout.write(
            f"Erased, in {count} organisations. The audit chains are whole: merilo audit verify"
        )
