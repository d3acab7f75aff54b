"""Web and worker as child processes of one command, both stopped with it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import FrameType
from urllib.parse import urlsplit

from django.conf import settings

from merilo.core.binds import LOOPBACK, Bind

STARTUP_SECONDS = 60
STOP_SECONDS = 10
# The worker of tasks; it looks for new ones each second.
WORKER = ("db_worker", "--no-startup-delay", "--no-reload", "--skip-checks")


class PortTaken(Exception):
    """Another program listens at the port."""


class NotStarted(Exception):
    """A process ended or did not answer in time."""


@dataclass(frozen=True, slots=True)
class Server:
    """The two programs that serve: where the web process listens and how many workers it has."""

    port: int
    workers: int = 2
    host: str = LOOPBACK

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}/"

    @property
    def bind(self) -> Bind:
        return Bind(self.host, self.port)

    @property
    def web(self) -> list[str]:
        """Granian by WSGI with one blocking thread a worker: more threads only wait for each other."""
        return [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", self.host),
            *("--port", str(self.port), "--workers", str(self.workers), "--blocking-threads", "1"),
            *("--no-ws", "--respawn-failed-workers", "--log-level", "warning"),
            *("--workers-kill-timeout", "5", "merilo.site.wsgi:application"),
        ]

    @property
    def worker(self) -> list[str]:
        return [sys.executable, "-m", "merilo", *WORKER]


def require_free(port: int, host: str = LOOPBACK) -> None:
    """Raise PortTaken when somebody listens at the port of this machine."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(str(port)) from error


def serve(server: Server, *commands: Sequence[str], ready: Callable[[], None]) -> int:
    """Run the commands until one of them ends or this process is asked to stop; answers the exit code."""
    require_free(server.port, server.host)
    _stop_on_termination()
    from merilo.ops import metrics  # what asks whether the server is alive needs neither tables nor metrics

    try:
        with metrics.served(settings.METRICS_BIND):
            return _run(server, commands, ready)
    except metrics.NotServed as error:
        raise NotStarted from error


def _run(server: Server, commands: Sequence[Sequence[str]], ready: Callable[[], None]) -> int:
    running = [_start(command) for command in commands]
    try:
        wait_until_live(server, running)
        ready()
        watch(running)
    except KeyboardInterrupt:
        return 0
    else:
        return 1
    finally:
        stop(running)


def watch(running: Sequence[subprocess.Popen[bytes]]) -> None:
    """Wait until one of the processes has ended."""
    while all(process.poll() is None for process in running):
        time.sleep(0.3)


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    # A group of its own: Ctrl-C reaches this process only, which then stops the others in order.
    return subprocess.Popen(command, env=os.environ, start_new_session=True)  # noqa: S603  our own programs


def _stop_on_termination() -> None:
    def interrupt(signum: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGINT, interrupt)  # a shell starts background programs with it ignored


def wait_until_live(server: Server, running: Sequence[subprocess.Popen[bytes]]) -> None:
    """Wait until the web process answers. Errors: NotStarted."""
    end = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < end:
        if any(process.poll() is not None for process in running):
            raise NotStarted
        if is_live(server.bind):
            return
        time.sleep(0.05)
    raise NotStarted


def is_alive() -> bool:
    """Whether the web process of this installation answers (`merilo alive`)."""
    return is_live(settings.BIND)


def is_live(bind: Bind) -> bool:
    """Whether /health/live answers there, asked by the name that people use."""
    name = urlsplit(settings.BASE_URL).netloc
    request = urllib.request.Request(f"{bind.address}health/live", headers={"Host": name})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=2) as answer:  # noqa: S310  our own server
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def stop(running: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask the processes to end, and end those that do not."""
    for process in running:
        if process.poll() is None:
            process.terminate()
    for process in running:
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
