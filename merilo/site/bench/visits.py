"""Whole visits to an open survey, side by side with a bare view that draws the same pages and stores a row.

One page of 20 questions in 4 groups with 45 items, and the page on which the answers are checked. Product and
bare view are served by the same processes with the same settings and database, and asked by the same client.
Without the computation against robots: it would measure the client, which has to do it.
"""

from __future__ import annotations

import gzip
import http.client
import os
import re
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from merilo.core.binds import LOOPBACK
from merilo.organisations.models import Organisation
from merilo.site import serving
from merilo.site.bench import processes
from merilo.site.bench.measuring import WrongAnswer
from merilo.site.bench.processes import free_port
from merilo.site.bench.results import MATRICES, ROWS, questionnaire
from merilo.surveys.models import Response, State, Survey, Version
from merilo.surveys.rules.plain import from_plain, to_json, to_plain

LANGUAGE = "bg"
CONCURRENCY = (1, 8, 32)
ROUNDS = 4  # each way by turns, so that what else the machine does falls on all
AIM = 60  # percent of the bare view's visits
ANSWERS: Mapping[str, Sequence[str]] = {
    **{f"m{number}.r{row}": ("o4",) for number in range(MATRICES) for row in range(ROWS[number])},
    **{f"s{number}": ("o2",) for number in range(5)},
    **{f"c{number}": ("o1", "o3") for number in range(2)},
    **{f"t{number}": ("Обслужването е бързо, но чакалнята е тясна.",) for number in range(3)},
    "age": ("o2",),
    "place": ("o3",),
    "visited": ("yes",),
    "overall": ("4",),
    "recommend": ("8",),
    "wait": ("15",),
}
_HEADERS = {
    "Accept-Language": LANGUAGE,
    "Accept-Encoding": "gzip",
    "Content-Type": "application/x-www-form-urlencoded",
}
_SEALED = re.compile(rb'name="sealed" value="([^"]+)"')


# --- a visitor --------------------------------------------------------------------------------------
class Visitor:
    """A new browser: one connection for one visit. `took` are the seconds of each request."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection(LOOPBACK, port, timeout=60)
        self.took: list[float] = []

    def ask(
        self, path: str, fields: Mapping[str, Sequence[str]] | None = None, *, status: int = 200
    ) -> bytes:
        """The content of what comes back. Errors: WrongAnswer."""
        body, begun = urlencode(fields or {}, doseq=True), time.perf_counter()
        self.connection.request("POST" if body else "GET", path, body or None, _HEADERS)
        answer = self.connection.getresponse()
        content = answer.read()
        self.took.append(time.perf_counter() - begun)
        if answer.status != status:
            raise WrongAnswer(f"{path}: {answer.status}")
        return gzip.decompress(content) if answer.headers.get("Content-Encoding") == "gzip" else content


def _product(visitor: Visitor, short: str) -> None:
    """What is asked, the questions, the answers once more, sent."""
    here = f"/s/{short}/"
    begin = _sealed(visitor.ask(here))
    asked = _sealed(visitor.ask(f"{here}answer/", {**begin, "go": ["begin"]}))
    checked = _sealed(visitor.ask(f"{here}answer/", {**asked, **ANSWERS, "go": ["next"]}))
    visitor.ask(f"{here}check/", {**checked, "go": ["send"]}, status=303)


def _sealed(content: bytes) -> dict[str, Sequence[str]]:
    found = _SEALED.search(content)
    if found is None:
        raise WrongAnswer("a page without its form")
    return {"sealed": [unescape(found[1].decode())]}


def _bare_pages(visitor: Visitor, short: str) -> None:
    """The same four requests."""
    here = f"/s/{short}/bare"
    visitor.ask(f"{here}/start/")
    visitor.ask(f"{here}/screen/", {"go": ["begin"]})
    visitor.ask(f"{here}/check/", ANSWERS)
    visitor.ask(f"{here}/send/", ANSWERS, status=303)


def _bare_form(visitor: Visitor, short: str) -> None:
    """The least there can be: one form, sent."""
    visitor.ask(f"/s/{short}/bare/screen/")
    visitor.ask(f"/s/{short}/bare/send/", ANSWERS, status=303)


Visit = Callable[[Visitor, str], None]
Door = tuple[int, str, int]  # port, the survey's name in addresses, the number of the web process
WAYS: Mapping[str, Visit] = {
    "bare view, the same four requests": _bare_pages,
    "bare view, form and sending only": _bare_form,
    "survey": _product,
}


# --- many visitors ----------------------------------------------------------------------------------
@dataclass(slots=True)
class Figures:
    """Seconds of whole visits, of drawing the questions, of sending; how long all of it took.

    `busy` are the seconds of processor that the web processes used: what stays true on a busy machine.
    """

    visits: list[float] = field(default_factory=list)
    drawn: list[float] = field(default_factory=list)
    sent: list[float] = field(default_factory=list)
    seconds: float = 0
    busy: float = 0

    @property
    def cost(self) -> float:
        """Seconds of processor of a visit."""
        return self.busy / len(self.visits)

    @property
    def rate(self) -> float:
        """Completed visits in a second."""
        return len(self.visits) / self.seconds

    def row(self) -> str:
        spread = [_ms(self.visits, 50), _ms(self.visits, 95), _ms(self.drawn, 95), _ms(self.sent, 95)]
        spread.append(self.cost * 1000)
        return f"{self.rate:>9.1f}" + "".join(f"{value:>9.1f}" for value in spread)


def _ms(seconds: Sequence[float], percent: int) -> float:
    return statistics.quantiles(seconds, n=100)[percent - 1] * 1000


def an_open_survey() -> Survey:
    """An open survey of an organisation of its own, all of whose groups stand on one page."""
    at = timezone.now()
    plain: dict[str, Any] = to_plain(questionnaire())
    parts = [part for page in plain["pages"] for part in page["parts"]]
    source = to_json(from_plain(plain | {"pages": [{"code": "all", "parts": parts}]}))
    town = Organisation.objects.create(slug="visited", name="Община", kind="municipality", founded_at=at)
    survey = Survey.objects.create(
        organisation=town,
        title="bench",
        state=State.OPEN,
        draft=source,
        made_at=at,
        opened_at=at,
        challenge=False,
    )
    Version.objects.create(survey=survey, number=1, definition=source, made_at=at)
    return survey


def measure(survey: Survey, *, seconds: float) -> dict[int, dict[str, Figures]]:
    """Figures of each way by concurrency, each measured for so long. Errors: WrongAnswer (a lost row)."""
    server = serving.Server(free_port(), workers=2)
    command = [*server.web[:-1], "merilo.site.bench.bare:application"]
    process = subprocess.Popen(command, env=os.environ, start_new_session=True)  # noqa: S603
    door = (server.port, survey.short, process.pid)
    try:
        serving.wait_until_live(server, [process])
        for visit in WAYS.values():  # each process draws its pages once
            _together(visit, door, 8, 1, Figures())
        return {many: _by_turns(door, survey, many, seconds) for many in CONCURRENCY}
    finally:
        serving.stop([process])


def _by_turns(door: Door, survey: Survey, many: int, seconds: float) -> dict[str, Figures]:
    found, before = {name: Figures() for name in WAYS}, _kept(survey)
    for _round in range(ROUNDS):
        for name, visit in WAYS.items():
            _together(visit, door, many, seconds / ROUNDS, found[name])
    if _kept(survey) - before != sum(len(figures.visits) for figures in found.values()):
        raise WrongAnswer("not every visit left one row")
    return found


def _kept(survey: Survey) -> int:
    return Response.objects.filter(survey=survey).count()


def _together(visit: Visit, door: Door, many: int, seconds: float, into: Figures) -> None:
    """So many visitors at once, each followed by the next, until the time is over."""
    begun, busy = time.perf_counter(), processes.busy(door[2])
    failed: list[Exception] = []

    def work() -> None:
        try:
            while time.perf_counter() - begun < seconds:
                _one(visit, door, into)
        except (OSError, http.client.HTTPException, WrongAnswer) as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    into.seconds += time.perf_counter() - begun
    into.busy += processes.busy(door[2]) - busy


def _one(visit: Visit, door: Door, into: Figures) -> None:
    (port, short, _server), begun = door, time.perf_counter()
    visitor = Visitor(port)
    visit(visitor, short)
    into.visits.append(time.perf_counter() - begun)
    visitor.connection.close()
    into.drawn.append(visitor.took[len(visitor.took) // 2 - 1])
    into.sent.append(visitor.took[-1])


def report(found: Mapping[int, Mapping[str, Figures]]) -> list[str]:
    """The figures in words, and what part of the bare view's visits the survey manages."""
    lines = [f"{'':<52}{'visits/s':>9}{'p50':>9}{'p95':>9}{'form p95':>9}{'send p95':>9}{'cpu':>9}"]
    for many, ways in found.items():
        lines += [f"{f'{many} at once: {name}':<52}{figures.row()}" for name, figures in ways.items()]
        bare_pages, bare_form, survey = (figures.rate for figures in ways.values())
        shares = f"{100 * survey / bare_pages:.0f} % of the same requests (aim ≥ {AIM} %)"
        costs = [figures.cost for figures in ways.values()]
        shares += f", {100 * costs[0] / (costs[2] or 1):.0f} % by processor"
        lines.append(f"{'':<12}{shares}, {100 * survey / bare_form:.0f} % of form and sending only")
    return lines
