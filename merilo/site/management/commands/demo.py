"""The living example, on data of its own."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import translation

from merilo.site import cast, serving
from merilo.site.demo import build
from merilo.site.demo.people import PASSWORD
from merilo.site.management.commands import run


class Command(run.Command):
    """`merilo demo`: a running platform with invented organisations."""

    help = "Serve the living example on its own data, and print the people to sign in as."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Start the example with the command `merilo demo`; its settings come with it.")
        super().handle(*args, **options)

    def prepare(self) -> None:
        super().prepare()
        if not build.exists():
            self.stdout.write("  writing the example: three organisations, three self-assessments")
            build.build(signed=True)

    def welcome(self, server: serving.Server) -> None:
        with translation.override("en"):
            for organisation, actors in cast.groups():
                self._table(organisation, actors)
        self.stdout.write(f"\nMerilo serves {server.address}   (Ctrl-C ends it)")
        self.stdout.write(f"Sign in as any of the people above; the password of all is  {PASSWORD}")
        self.stdout.write(f"The same list: {server.address}demo/   Mails: {server.address}demo/mail/")

    def _table(self, organisation: str, actors: list[cast.Actor]) -> None:
        wide = max(len(actor.email) for actor in actors) + 2
        self.stdout.write(f"\n{organisation}")
        for actor in actors:
            self.stdout.write(f"  {actor.email:<{wide}}{actor.role:<26}{actor.hint}")
