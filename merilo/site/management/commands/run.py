"""Web and worker on the data of this installation."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from merilo.site import serving, starting

DEFAULT_PORT = 8000


class Command(BaseCommand):
    """`merilo run`: migrate, then serve on this machine until stopped."""

    help = "Serve this installation: web and worker, until Ctrl-C."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="port on this machine (8000)")

    def handle(self, *args: Any, **options: Any) -> None:
        starting.require_safe()
        server = serving.Server(options["port"])
        try:
            serving.require_free(server.port)
            self.prepare()
            commands = (server.web, server.worker)
            code = serving.serve(server, *commands, ready=lambda: self.welcome(server))
        except serving.PortTaken:
            self.refuse_port(server.port)
        except serving.NotStarted:
            sys.exit("The server did not start; the lines above say why.")
        sys.exit(code)

    def prepare(self) -> None:
        """Tables and static files."""
        call_command("migrate", verbosity=0, skip_checks=True)
        self.collect_static()

    def collect_static(self) -> None:
        """Collect the static files where that was not done yet; `make setup` does it when they change."""
        if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
            call_command("collectstatic", verbosity=0, interactive=False, skip_checks=True)

    def welcome(self, server: serving.Server) -> None:
        """Say where to look."""
        self.stdout.write(f"\nMerilo serves {server.address}   (Ctrl-C ends it)")

    def refuse_port(self, port: int) -> None:
        """Say that the port is taken and what to do."""
        command = Path(sys.argv[0]).name if sys.argv else "merilo"
        name = type(self).__module__.rpartition(".")[2]
        sys.exit(
            f"Port {port} is already used by another program on this machine, perhaps an earlier start.\n"
            f"End that one, or choose another port:  {command} {name} --port {port + 1}"
        )
