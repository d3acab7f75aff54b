"""What a process of this installation costs: its start, its memory, its first migration."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from merilo.core.binds import LOOPBACK
from merilo.site import serving


def first_migration() -> float:
    """Seconds to make all tables of a new installation."""
    with tempfile.TemporaryDirectory(prefix="merilo-bench-") as folder:
        begun = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "merilo", "migrate", "--verbosity", "0"],
            env=os.environ | {"MERILO_VAR": folder},
            check=True,
        )
        return time.perf_counter() - begun


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.create_server((LOOPBACK, 0)) as free:
        return int(free.getsockname()[1])


def worker(paths: list[str], cookie: str, *, times: int) -> tuple[float, float]:
    """Seconds until one worker answers, and its memory in MB after it has served the pages."""
    server = serving.Server(free_port(), workers=1)
    port, begun = server.port, time.perf_counter()
    process = subprocess.Popen(server.web, env=os.environ, start_new_session=True)  # noqa: S603
    try:
        serving.wait_until_live(server, [process])
        started = time.perf_counter() - begun
        for _ in range(times):
            for path in paths:
                _get(f"http://{LOOPBACK}:{port}{path}", cookie)
        return started, max(_memory(pid) for pid in _family(process.pid))
    finally:
        serving.stop([process])


def _get(address: str, cookie: str) -> None:
    request = urllib.request.Request(address, headers={"Cookie": cookie})  # noqa: S310  our own server
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        answer.read()


def _family(pid: int) -> list[int]:
    """The process and those it started, where the system tells (Linux); else the process alone."""
    found = [pid]
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(child) for child in path.read_text(encoding="ascii").split()]
    return found


def busy(pid: int) -> float:
    """Seconds of processor that the process and its children have used; 0 where the system does not tell."""
    found = [Path(f"/proc/{one}/stat") for one in _family(pid)]
    fields = [path.read_text(encoding="ascii").rpartition(")")[2].split() for path in found if path.exists()]
    return sum(int(one[11]) + int(one[12]) for one in fields) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> float:
    """Resident memory in MB; 0 where the system does not tell."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0.0
    lines = status.read_text(encoding="ascii", errors="replace").splitlines()
    kilobytes = next((line.split()[1] for line in lines if line.startswith("VmRSS:")), "0")
    return int(kilobytes) / 1024
