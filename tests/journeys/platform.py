"""The product as an operator starts it: its own process, its own data, mail to a real SMTP server."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 180  # on a busy machine
MAIL_SECONDS = 60


@dataclass
class Postbox:
    """Keeps every mail that the product hands to the mail server, for whoever can read the folder."""

    folder: Path
    read: dict[str, EmailMessage] = field(default_factory=dict)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.folder.mkdir(exist_ok=True)
        arriving = self.folder / f"{time.time_ns()}.arriving"
        arriving.write_bytes(envelope.content)
        arriving.rename(arriving.with_suffix(".eml"))
        return "250 OK"

    @property
    def mails(self) -> list[EmailMessage]:
        """All of them, the newest last."""
        for file in sorted(self.folder.glob("*.eml")):
            if file.name not in self.read:
                self.read[file.name] = message_from_bytes(
                    file.read_bytes(), _class=EmailMessage, policy=policy.default
                )
        return list(self.read.values())

    def mails_to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if mail["To"] == address]

    def link_for(self, address: str, *, containing: str) -> str:
        """The path of the newest link with `containing` in a mail to the address; waits for the worker."""
        until = time.monotonic() + MAIL_SECONDS
        while time.monotonic() < until:
            for mail in reversed(self.mails_to(address)):
                if found := _link(mail, containing):
                    return found
            time.sleep(0.1)
        raise AssertionError(f"no mail to {address} with a link containing {containing}")


def _link(mail: EmailMessage, containing: str) -> str | None:
    body = mail.get_body(("plain",))
    text = body.get_content() if body else ""
    links = [path for path in re.findall(r"https?://[^/\s]+(/\S+)", text) if containing in path]
    return links[-1] if links else None


@dataclass(frozen=True)
class Platform:
    """A running installation."""

    address: str
    postbox: Postbox


@contextmanager
def running(folder: Path) -> Iterator[Platform]:
    """Start web and worker and a mail server, all on loopback; stop them at the end."""
    postbox = Postbox(folder / "mails")
    mail = Controller(postbox, hostname="127.0.0.1", port=free_port())
    mail.start()
    port = free_port()
    environment = os.environ | {
        "MERILO_VAR": str(folder),
        "MERILO_FOUNDING": "open",
        "MERILO_MAIL_URL": f"smtp://127.0.0.1:{mail.port}",
        "MERILO_BASE_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": f"sqlite:///{folder / 'merilo.sqlite3'}",
    }
    environment.pop("PYTEST_CURRENT_TEST", None)
    command = [sys.executable, "-m", "merilo", "run", "--port", str(port)]
    log = (folder / "server.log").open("wb")
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address, server, folder / "server.log")
        yield Platform(address, postbox)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=60)
        log.close()
        mail.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/help/", timeout=2) as answer:  # noqa: S310  loopback
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not start:\n{log.read_text('utf-8')[-4000:]}")
