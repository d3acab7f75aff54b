"""`merilo second_factor remove ADDRESS`: let somebody in again who lost telephone and recovery codes."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from merilo.accounts import actions, queries


class Command(BaseCommand):
    help = "Take the second factors from a person who lost them; convince yourself first who is asking."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["remove"])
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        person = queries.person_by_address(options["email"])
        if person is None:
            message = "There is no account with this address."
            raise CommandError(message)
        actions.remove_factors(person=person, by="operator", at=timezone.now())
        self.stdout.write("Removed; all sessions are ended. The password alone opens the account now.")
