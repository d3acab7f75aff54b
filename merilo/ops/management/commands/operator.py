"""`merilo operator ADDRESS`: make somebody an operator of this platform; the first one has no other way."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils import timezone

from merilo.accounts.api import appoint, password_address


class Command(BaseCommand):
    help = "Make whoever has an e-mail address an operator; prints a link with which they choose a password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["email"])
        except ValidationError as error:
            raise CommandError("not an e-mail address") from error
        person = appoint(email=options["email"], at=timezone.now())
        self.stdout.write(f"{person.email} is an operator. To choose a password, open this address once:")
        self.stdout.write(password_address(person))
