"""`merilo sign_in_service ORGANISATION`: people of an organisation sign in through its own service."""

from __future__ import annotations

import getpass
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import timezone

from merilo.core.errors import MeriloError
from merilo.organisations import queries
from merilo.organisations.actions import services


class Command(BaseCommand):
    help = "Let people of an organisation sign in through its own service (OpenID Connect)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organisation", help="its name in addresses: the part behind /o/")
        parser.add_argument("--issuer", help="the issuer's https address")
        parser.add_argument("--client", help="the client id that the service gave to this installation")
        parser.add_argument(
            "--name", help="what stands on the button, for example: Municipality of Primerovo"
        )
        parser.add_argument("--remove", action="store_true", help="take the service away")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = queries.organisation_by_slug(options["organisation"])
        if organisation is None:
            message = "There is no organisation of this name."
            raise CommandError(message)
        if options["remove"]:
            removed = services.remove_service(organisation=organisation, at=timezone.now())
            self.stdout.write("Removed." if removed else "There was none.")
            return
        self.set(organisation, options)

    def set(self, organisation: Any, options: dict[str, Any]) -> None:
        """Store what was given; the secret is asked for, so that it stands in no list of commands."""
        if not (options["issuer"] and options["client"] and options["name"]):
            message = "Name --issuer, --client and --name, or --remove."
            raise CommandError(message)
        try:
            service = services.set_service(
                organisation=organisation,
                name=options["name"],
                issuer=options["issuer"],
                client_id=options["client"],
                client_secret=asked_secret(),
                at=timezone.now(),
            )
        except MeriloError as error:
            raise CommandError(error.sentence) from error
        path = reverse("openid_connect_callback", kwargs={"provider_id": service.key})
        self.stdout.write(f"Set. Let the service send people back to:\n{settings.BASE_URL}{path}")


def asked_secret() -> str:
    """The client's secret: typed unseen, or the first line of what is piped in."""
    return getpass.getpass("Client secret: ") if sys.stdin.isatty() else sys.stdin.readline().strip()
