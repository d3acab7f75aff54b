"""A meeting under load: twenty phones and three walls that ask, while the leader goes on changing things."""

from __future__ import annotations

import http.client
import os
import random
import statistics
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from merilo.assessment.actions import agreement, meeting
from merilo.assessment.actions.agreement import Outcome, Proposal
from merilo.assessment.models import Agreement, Assessment
from merilo.core.binds import LOOPBACK
from merilo.organisations.viewers import Viewer
from merilo.site import serving
from merilo.site.bench.processes import free_port

EVERY = 1.5  # seconds from an answer to the next question, as the script of the pages asks
CHANGE = 3.0  # seconds from one change to the next: more than any meeting has
PHONES, WALLS = 20, 3


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: when it was asked in seconds from the beginning, how long it took, what came back."""

    at: float
    took: float
    status: int


def measure(viewer: Viewer, assessment: Assessment, *, seconds: float) -> list[Asked]:
    """Ask for so long with all screens at once, on two web processes; changes go on meanwhile."""
    led: dict[str, Any] = {"viewer": viewer, "assessment": assessment}
    running = meeting.open_meeting(**led, at=timezone.now())
    code = assessment.agreements.order_by("code").values_list("code", flat=True)[0]
    meeting.take_up(**led, code=code, leaving="", at=timezone.now())
    wall = reverse("rooms:wall", args=[meeting.make_wall_link(**led, at=timezone.now())])
    phone = reverse("rooms:phone", args=[running.pk])
    screens = [(phone, cookie) for cookie in _members(assessment)] + [(wall, "")] * WALLS
    server = serving.Server(free_port(), workers=2)
    process = subprocess.Popen(server.web, env=os.environ, start_new_session=True)  # noqa: S603
    try:
        serving.wait_until_live(server, [process])
        return _ask_all(server.port, screens, seconds, lambda: _change(led, code))
    finally:
        serving.stop([process])
        meeting.end_meeting(**led, at=timezone.now())


def _members(assessment: Assessment) -> list[str]:
    """The cookie of each phone; a smaller group comes with several phones each."""
    seats = assessment.group.seats.filter(function__in=["chair", "member"]).select_related("holder__person")
    cookies = []
    for seat in seats:
        client = Client()
        if seat.holder.person is None:
            continue
        client.force_login(seat.holder.person)
        name = settings.SESSION_COOKIE_NAME
        cookies.append(f"{name}={client.cookies[name].value}")
    return [cookies[n % len(cookies)] for n in range(PHONES)]


def _change(led: dict[str, Any], code: str) -> None:
    stored = Agreement.objects.get(assessment=led["assessment"], code=code)
    outcome = Outcome("agreed", {"score": random.randint(0, 100)}, "…")  # noqa: S311  any number will do
    proposal = Proposal(code, stored.version, outcome, ())
    agreement.agree(**led, proposal=proposal, at=timezone.now())


def _ask_all(
    port: int, screens: list[tuple[str, str]], seconds: float, change: Callable[[], None]
) -> list[Asked]:
    begun, asked = time.perf_counter(), list[Asked]()
    threads = [
        threading.Thread(target=_screen, args=(port, screen, begun, seconds, asked)) for screen in screens
    ]
    for thread in threads:
        thread.start()
    while time.perf_counter() - begun < seconds:
        time.sleep(CHANGE)
        change()
    for thread in threads:
        thread.join()
    return sorted(asked, key=lambda one: one.at)


def _screen(port: int, screen: tuple[str, str], begun: float, seconds: float, asked: list[Asked]) -> None:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=30)
    (path, cookie), etag = screen, ""
    time.sleep(random.random() * EVERY)  # noqa: S311  screens do not ask in step
    while (now := time.perf_counter()) - begun < seconds:
        headers = {"Cookie": cookie, "Accept-Encoding": "gzip"} | ({"If-None-Match": etag} if etag else {})
        connection.request("GET", f"{path}?live=1", headers=headers)
        answer = connection.getresponse()
        answer.read()
        etag = answer.headers.get("ETag", etag)
        asked.append(Asked(now - begun, time.perf_counter() - now, answer.status))
        time.sleep(EVERY)


def report(asked: list[Asked]) -> list[str]:
    """The figures in words: how many, how long, and whether a queue grows to the last third."""
    third = len(asked) // 3
    took = [one.took * 1000 for one in asked]
    early, late = statistics.median(took[:third]), statistics.median(took[-third:])
    same = sum(one.status == 304 for one in asked)
    rows = {
        "questions of 20 phones and 3 walls": f"{len(asked)}, {100 * same // len(asked)} % nothing new",
        "median / p95 / longest": " / ".join(f"{value:.1f}" for value in _spread(took)) + " ms",
        "first third / last third": f"{early:.1f} / {late:.1f} ms",
        "refused or failed": str(sum(one.status not in {200, 304} for one in asked)),
    }
    return [f"{name:<40}{text}" for name, text in rows.items()]


def _spread(took: list[float]) -> tuple[float, float, float]:
    return statistics.median(took), statistics.quantiles(took, n=20)[-1], max(took)
