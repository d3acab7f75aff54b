"""A real mail server for tests, and a worker that is a process of its own and can be killed."""

from __future__ import annotations

import email
import os
import socket
from collections.abc import Callable
from contextlib import contextmanager
from email.policy import default as policy

from aiosmtpd.controller import Controller
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.management import call_command
from django.db import connections

from merilo.core import mail


class Postman:
    """Keeps what it accepts; refuses one recipient, and everybody while busy."""

    def __init__(self, port):
        self.port = port
        self.letters = []
        self.busy = False
        self.meanwhile = lambda: None

    @property
    def address(self):
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def accepted(self):
        """The Message-ID of everything that was accepted, in order."""
        return [letter["Message-ID"] for _, letter in self.letters]

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  the library's name
        self.meanwhile()
        if self.busy:
            return "451 come back later"
        if address.startswith("refused"):
            return "550 nobody here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  the library's name
        self.letters.append((envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=policy)))
        return "250 OK"


@contextmanager
def at_work(kind=Postman):
    """A postman who listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        handler = kind(free.getsockname()[1])
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    yield handler
    controller.stop()


def write(
    to="a@town.example",
    subject="Покана",
    *,
    text="Здравейте",
    html="",
    off_url=None,
):
    kind: type[EmailMultiAlternatives] = EmailMultiAlternatives if off_url is None else mail.Announcement
    message = kind(
        subject,
        text,
        "Merilo <no-reply@town.example>",
        [to],
        connection=get_connection("merilo.core.mail.OutboxBackend"),
    )
    if html:
        message.attach_alternative(html, "text/html")
    if isinstance(message, mail.Announcement):
        message.off_url = off_url
    message.send()


def announce(to="a@town.example", off_url=""):
    write(to, "Известие", off_url=off_url)


def work():
    """What the worker does until no task is due."""
    call_command("db_worker", batch=True, reload=False, startup_delay=False, verbosity=0)


def start_worker(prepare: Callable[[], None] = lambda: None) -> int:
    """The worker as a process of its own; `prepare` runs in it before. Answers its id."""
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        try:
            prepare()
            work()
        finally:
            os._exit(0)
    return pid


def ended(pid: int) -> int:
    """Wait for a process; answers the signal it was killed by, or 0."""
    _, status = os.waitpid(pid, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
