"""Two web processes and a worker on one database, as a larger installation has them, behind a real nginx."""

from __future__ import annotations

import contextlib
import http.client
import http.cookies
import os
import re
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from aiosmtpd.controller import Controller

from merilo.site import serving
from tests import nginx
from tests.journeys.platform import ROOT, Postbox, free_port

START_SECONDS = 60


@dataclass(frozen=True)
class Door:
    """One way in: the proxy, or a process itself with what the proxy would say."""

    port: int
    headers: dict[str, str]
    certificate: Path | None = None

    def connection(self) -> http.client.HTTPConnection:
        if self.certificate is None:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        trust = ssl.create_default_context(cafile=str(self.certificate))
        return http.client.HTTPSConnection("localhost", self.port, timeout=20, context=trust)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str


@dataclass
class Visitor:
    """Keeps cookies, and fills in the token of forms; may use one door after the other."""

    origin: str
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, door: Door, path: str) -> Answer:
        return self._ask(door, "GET", path, "")

    def post(self, door: Door, path: str, fields: dict[str, str]) -> Answer:
        """Open the form's page at that door, fill it in and send it."""
        page = self.get(door, path)
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
        return self._ask(door, "POST", path, urlencode(hidden | fields))

    def _ask(self, door: Door, method: str, path: str, body: str) -> Answer:
        headers = {
            "Host": self.origin.partition("//")[2],
            "Origin": self.origin,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        with contextlib.closing(door.connection()) as connection:
            connection.request(method, path, body, headers | door.headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: one.value for name, one in http.cookies.SimpleCookie(line).items()}
        return Answer(answer.status, answer.headers, text)


@dataclass(frozen=True)
class Installation:
    """The doors of a running one, where its metrics are, and its mail."""

    origin: str
    front: Door
    one: Door
    other: Door
    metrics_port: int
    postbox: Postbox
    folder: Path


@contextlib.contextmanager
def running(folder: Path, database: str) -> Iterator[Installation]:
    """Start all of it on loopback; stop it at the end."""
    ports, metrics_port = [free_port(), free_port()], free_port()
    (folder / "nginx").mkdir()
    proxy = nginx.configured(folder / "nginx", ports) if nginx.find() else None
    origin = f"https://localhost:{proxy.port if proxy else ports[0]}"
    postbox = Postbox(folder / "mails")
    mail = Controller(postbox, hostname="127.0.0.1", port=free_port())
    environment = os.environ | {
        "DATABASE_URL": database,
        "MERILO_VAR": str(folder),
        "MERILO_BASE_URL": origin,
        "MERILO_HOSTS": "localhost",
        "MERILO_BEHIND_PROXY": "1",
        "MERILO_FOUNDING": "open",
        "MERILO_MAIL_URL": f"smtp://127.0.0.1:{mail.port}",
        "MERILO_LOG_FORMAT": "json",
    }
    environment.pop("PYTEST_CURRENT_TEST", None)
    with contextlib.ExitStack() as stack:
        log = stack.enter_context((folder / "log").open("wb"))

        def start(*command: str, **more: str) -> None:
            started.append(
                subprocess.Popen(command, cwd=ROOT, env=environment | more, stdout=log, stderr=log)
            )

        mail.start()
        stack.callback(mail.stop)
        started: list[subprocess.Popen[bytes]] = []
        stack.callback(serving.stop, started)
        merilo = (sys.executable, "-m", "merilo")
        start(*merilo, "web", MERILO_BIND=str(ports[0]), MERILO_METRICS_BIND=str(metrics_port))
        start(*merilo, "web", MERILO_BIND=str(ports[1]))
        start(*merilo, "worker")
        if proxy:
            start(*proxy.command)
        one, other = (Door(port, {"X-Forwarded-Proto": "https"}) for port in ports)
        front = Door(proxy.port, {}, proxy.certificate) if proxy else one
        for door in (one, other, front):
            _wait_for(door, origin, folder / "log")
        yield Installation(origin, front, one, other, metrics_port, postbox, folder)


def _wait_for(door: Door, origin: str, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if Visitor(origin).get(door, "/health/live").status == 200:
                return
        time.sleep(0.05)
    raise AssertionError(log.read_text("utf-8")[-4000:])
