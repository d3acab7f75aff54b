"""Web processes that are killed while people work; members who save scores; what was acknowledged to them."""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from merilo.site import serving
from tests.journeys.platform import ROOT, free_port

PATIENCE_SECONDS = 300
FORM = "application/x-www-form-urlencoded"
CODES = ("1.1", "1.2", "1.3", "1.4", "2.1", "2.2")
STORED = """
import json
from merilo.assessment.models import Judgement
from merilo.core import audit
from merilo.core.models import AuditEntry
rows = Judgement.objects.select_related("sheet__seat__holder").order_by("pk")
found = [
    [row.sheet.seat.holder.email, row.code, row.version, row.values["score"], str(row.pk)]
    for row in rows]
told = AuditEntry.objects.filter(verb="judgement.saved").select_related("payload").order_by("number")
versions = [[json.loads(entry.payload.data)["version"], entry.object_id] for entry in told]
broken = [chain for chain in audit.chains() if audit.verify(chain)]
print(json.dumps({"rows": found, "audit": versions, "broken": broken}))
"""


@dataclass(frozen=True)
class Saved:
    """One save that was acknowledged."""

    who: str
    code: str
    version: int
    score: int


@dataclass
class Journal:
    """What the clients were told, and what went wrong on the way."""

    saved: list[Saved] = field(default_factory=list)
    conflicts: int = 0
    lost_answers: int = 0


class Visitor(threading.Thread):
    """Somebody who works until told to stop, each request on a connection of its own."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.port, self.over = port, threading.Event()

    def send(self, method: str, path: str, body: str, headers: dict[str, str]) -> tuple[int, str, list[str]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body, {"Content-Type": FORM} | headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            if answer.status >= 500:
                raise ValueError(answer.status)
            return answer.status, text, answer.headers.get_all("Set-Cookie") or []
        finally:
            connection.close()


class Writer(Visitor):
    """A member who saves one score after the other, and sends again what got no answer."""

    def __init__(self, port: int, told: dict[str, Any], who: str, journal: Journal) -> None:
        super().__init__(port)
        self.base, self.journal = told["base"], journal
        self.who = told["emails"][who]
        self.cookie = f"session={told['sessions'][who]}"
        self.random = random.Random(who)
        self.versions = dict.fromkeys(CODES, 0)
        self.token = ""

    def run(self) -> None:
        while not self.over.is_set():
            self.save(self.random.choice(CODES), self.random.randint(0, 100))

    def save(self, code: str, score: int) -> None:
        """Send until there is an answer: a doubled form has one effect."""
        while True:
            answer = self.ask(code, score)
            if answer is not None:
                status, body = answer
                if status == 200:
                    self.versions[code] = body["version"]
                    self.journal.saved.append(Saved(self.who, code, body["version"], score))
                elif status == 409:
                    self.journal.conflicts += 1
                return
            self.journal.lost_answers += 1
            if self.over.is_set():
                return
            time.sleep(0.05)

    def ask(self, code: str, score: int) -> tuple[int, dict[str, Any]] | None:
        try:
            if not self.token:
                self.begin(code)
            band = next(n for n, high in enumerate((10, 30, 50, 70, 90, 100)) if score <= high)
            fields = {
                "csrfmiddlewaretoken": self.token,
                "version": self.versions[code],
                "score-band": band,
                f"score-points-{band}": score,
            }
            headers = {"Cookie": self.cookie, "X-Autosave": "1", "Accept": "application/json"}
            status, body, _cookies = self.send("POST", f"{self.base}my/{code}/", urlencode(fields), headers)
            return (status, json.loads(body)) if status == 200 else (status, {})
        except (OSError, http.client.HTTPException, ValueError):
            return None

    def begin(self, code: str) -> None:
        """Open the page once: its token and cookie go with every save."""
        _status, body, cookies = self.send("GET", f"{self.base}my/{code}/", "", {"Cookie": self.cookie})
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', body)
        if found is None:
            raise ValueError(body[:200])
        self.token = found.group(1)
        self.cookie += "; " + "; ".join(cookie.split(";")[0] for cookie in cookies)


class Web:
    """Web processes that are killed without any warning and started again."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.server = serving.Server(free_port(), workers=2)
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(self.server.web, cwd=ROOT, env=self.environment, start_new_session=True)
        serving.wait_until_live(self.server, [process])
        return process

    def kill(self) -> None:
        """End all of them in the middle of whatever they do, and start them again."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = self.start()

    def stop(self) -> None:
        serving.stop([self.process])


@contextmanager
def at_work(people: Sequence[Visitor]) -> Iterator[None]:
    """People work meanwhile; at the end each comes to the end of what is on its way."""
    try:
        for person in people:
            person.start()
        yield
    finally:
        for person in people:
            person.over.set()
        for person in people:
            person.join()


def kill_while(web: Web, *told: Sequence[object], kills: int, at_least: int) -> None:
    """Kill the processes at any moment, again and again.

    Before each kill and after the last one every list of what was acknowledged grows by at least so many.
    """
    for number in range(kills + 1):
        marks = [len(one) + at_least for one in told]
        wait_for(told, marks)
        if number < kills:
            time.sleep(random.uniform(0, 0.3))
            web.kill()


def wait_for(told: Sequence[Sequence[object]], marks: Sequence[int]) -> None:
    """Wait until each list is as long as its mark."""
    end = time.monotonic() + PATIENCE_SECONDS
    while any(len(one) < mark for one, mark in zip(told, marks, strict=True)):
        assert time.monotonic() < end, "too little was acknowledged"
        time.sleep(0.02)


def stored(environment: dict[str, str], program: str = STORED) -> dict[str, Any]:
    """What stands in the database afterwards, read by a process of its own."""
    command = [sys.executable, "-m", "merilo", "shell", "--no-imports", "-c", program]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found
