"""The web process of an installation, for a service manager or a container."""

from __future__ import annotations

import logging
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from merilo.site import serving, starting

log = logging.getLogger("merilo.web")


class Command(BaseCommand):
    """`merilo web`: check the settings, then answer at MERILO_BIND until stopped."""

    help = "Serve the pages at MERILO_BIND; refuses to start where that is unsafe."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        starting.require_ready()
        bind = settings.BIND
        server = serving.Server(bind.port, settings.WEB_PROCESSES, bind.host)
        try:
            sys.exit(serving.serve(server, server.web, ready=lambda: self.welcome(server)))
        except serving.PortTaken:
            sys.exit(f"MERILO_BIND: another program listens at port {bind.port}, or the address is not ours.")
        except serving.NotStarted:
            sys.exit("The server did not start; the lines above say why.")

    def welcome(self, server: serving.Server) -> None:
        """Say that pages are answered, and where."""
        log.info("answers at %s:%s in %s processes", server.host, server.port, server.workers)
