"""The one installation of a browser run: built and started once, however many processes test it.

Runs as a program of its own: `python -m tests.installation FOLDER` builds the example, serves it, and ends
when nobody holds FOLDER/in-use any more, however they ended.
"""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.journeys import platform

READY_SECONDS = 600  # on a busy machine


@contextmanager
def shared(folder: Path) -> Iterator[dict[str, Any]]:
    """What is known of the installation in a folder; who comes first starts it."""
    folder.mkdir(exist_ok=True)
    with (folder / "in-use").open("w") as in_use, (folder / "starting").open("w") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        fcntl.flock(in_use, fcntl.LOCK_SH)
        if not told(folder).exists():
            start(folder)
        fcntl.flock(starting, fcntl.LOCK_UN)
        yield json.loads(told(folder).read_text("utf-8"))


def told(folder: Path) -> Path:
    """Where the running installation has written what is to be known of it."""
    return folder / "installation.json"


_begun: list[subprocess.Popen[bytes]] = []  # what is forgotten while it runs is told as a mistake


def start(folder: Path) -> None:
    """Start it and wait until it serves."""
    command = [sys.executable, "-m", "tests.installation", str(folder)]
    with (folder / "installation.log").open("wb") as log:
        keeper = subprocess.Popen(command, cwd=platform.ROOT, stdout=log, stderr=log, start_new_session=True)
    _begun.append(keeper)
    until = time.monotonic() + READY_SECONDS
    while not told(folder).exists():
        if keeper.poll() is not None or time.monotonic() > until:
            raise AssertionError((folder / "installation.log").read_text("utf-8")[-4000:])
        time.sleep(0.2)


def keep(folder: Path) -> None:
    """Build, serve, and wait until the last one has gone."""
    with patch.dict(os.environ, MERILO_DEMO="1"):
        build(folder)
        with platform.running(folder) as running, (folder / "in-use").open("w") as in_use:
            known = json.loads((folder / "example.json").read_text("utf-8"))
            known |= {"address": running.address, "mails": str(running.postbox.folder)}
            told(folder).with_suffix(".new").write_text(json.dumps(known), "utf-8")
            told(folder).with_suffix(".new").rename(told(folder))
            fcntl.flock(in_use, fcntl.LOCK_EX)
            told(folder).unlink()


def build(folder: Path) -> None:
    """Fill a new database with the example; what an earlier start has left is not built upon."""
    for left in folder.glob("merilo.sqlite3*"):
        left.unlink()
    environment = os.environ | {
        "MERILO_VAR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'merilo.sqlite3'}",
    }
    command = [sys.executable, "-m", "tests.accessibility.example", str(folder)]
    subprocess.run(command, cwd=platform.ROOT, env=environment, check=True)


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
