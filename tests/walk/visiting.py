"""One person's walk over all addresses, and what was wrong on the way."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import connection, transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from merilo.accounts import sessions
from tests.walk import inspecting, reading
from tests.walk.routes import Route, Target, routes, targets
from tests.world import World

TABLE = Path(__file__).with_name("table.yaml")
GROUPS: dict[str, tuple[str, ...]] = {
    "members": (
        "coordinator",
        "deputy",
        "sponsor",
        "assessor",
        "colleague",
        "facilitator",
        "editor",
        "clerk",
        "viewer",
    ),
    "insiders": ("members", "guest"),
    "leaders": ("coordinator", "deputy"),
    "survey-readers": ("leaders", "sponsor", "assessor", "colleague", "editor"),
    "surveyors": ("survey-readers", "clerk"),
    "scoring": ("assessor", "colleague"),
    "moderators": ("leaders", "colleague", "facilitator"),
    "outsiders": ("operator", "stranger"),
    "signed-in": ("insiders", "outsiders"),
    "everyone": ("signed-in", "anonymous"),
}
METHODS = ("GET", "POST")
MORE_METHODS = ("PUT", "HEAD", "PATCH", "DELETE", "OPTIONS")
WITH_MORE_METHODS = {"coordinator", "anonymous"}  # they are refused before a role is asked
WRITE = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
AUDIT = {"core_auditentry", "core_audithead", "core_auditpayload"}
# Not data of anybody: sign-ins, limits, used keys, mail on its way, forms kept for their person; and what
# one has read is one's own matter.
PASSING = {
    "core_keptform",
    "core_limit",
    "core_oncekey",
    "core_outgoingmail",
    "django_session",
    "organisations_notification",
    "usersessions_usersession",
}


def roles_of(words: str) -> frozenset[str]:
    """The roles that a cell of the table names, groups resolved."""
    found: set[str] = set()
    for word in words.split():
        found |= roles_of(" ".join(GROUPS[word])) if word in GROUPS else {word}
    return frozenset(found)


ROLES = (*GROUPS["members"], "guest", "operator", "stranger", "anonymous")


@cache
def table() -> dict[str, dict[str, Any]]:
    """The reviewed table: a row per route."""
    rows: dict[str, dict[str, Any]] = yaml.safe_load(TABLE.read_text("utf-8"))
    return rows


@dataclass
class Answer:
    """What came back, and which tables were written meanwhile."""

    status: int
    location: str
    body: bytes
    written: set[str]
    response: HttpResponseBase


@dataclass
class Walk:
    """What one role met: faults by kind, and every canary word that it read."""

    role: str
    rights: list[str] = field(default_factory=list)
    writes: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)  # word -> the first address that showed it
    listed: dict[str, str] = field(default_factory=dict)  # the same of pages that list accounts
    told_outsider: list[str] = field(default_factory=list)
    count: int = 0


class Plain(Client):
    """A client that sends the request and leaves it at that; errors come back as pages."""

    def request(self, **request: Any) -> Any:
        return self.handler(self._base_environ(**request))  # type: ignore[attr-defined]


class Visitor:
    """A client that stays signed in as one person whatever happens, and undoes what it does."""

    def __init__(self, world: World, role: str) -> None:
        self.client = Plain()
        person = world.person(role)
        if person is not None:
            self.client.force_login(person)
            self._be_seen()
        self._session = {name: morsel.value for name, morsel in self.client.cookies.items()}

    def _be_seen(self) -> None:
        """A session's use is noted every few minutes; taken back, the note would be due with each request."""
        self.client.get(reverse("site:help"))
        session = self.client.session
        session[sessions.MARK] = int(time.time()) + 24 * 3600
        session.save()

    def ask(self, method: str, path: str, data: dict[str, Any] | None = None, **headers: Any) -> Answer:
        """Send one request and take back whatever it wrote."""
        self.client.cookies.clear()
        for name, value in self._session.items():
            self.client.cookies[name] = value
        written: set[str] = set()
        with undone(), connection.execute_wrapper(noting(written)):
            if method == "POST":
                response = self.client.post(path, data or {"nothing": ""}, headers=headers)
            else:
                response = self.client.generic(method, path, headers=headers)
            body = reading.body_of(response)
        return Answer(response.status_code, response.get("Location", ""), body, written, response)


@contextmanager
def undone() -> Iterator[None]:
    """Take back everything written inside."""
    with transaction.atomic():
        point = transaction.savepoint()
        try:
            yield
        finally:
            transaction.savepoint_rollback(point)


def noting(written: set[str]) -> Callable[..., Any]:
    """A wrapper of the database that notes which tables are written."""

    def wrapper(execute: Callable[..., Any], sql: str, params: Any, many: Any, context: Any) -> Any:
        found = WRITE.match(sql)
        if found:
            written.add(found[1].lower())
        return execute(sql, params, many, context)

    return wrapper


# --- what is expected -----------------------------------------------------------------------------
def is_login(answer: Answer) -> bool:
    return answer.status == 302 and answer.location.startswith(reverse(settings.LOGIN_URL))


def is_fine(answer: Answer) -> bool:
    """An answer to somebody who may: a page, a way onward, or a form that asks again."""
    return not is_login(answer) and (answer.status < 400 or answer.status in {400, 409, 422, 429})


def expected(role: str, route: Route, row: dict[str, Any], target: Target, method: str) -> set[str]:
    """What may come back: `login`, `fine`, or a status."""
    verb = {"HEAD": "get"}.get(method, method.lower())
    cell = row.get(verb)
    if route.is_inside and (wall := expected_at_the_wall(role, target, cell)):
        return wall
    if cell is None:
        return {"405", "login"} if role == "anonymous" else {"405"}
    is_allowed = role in roles_of(cell)
    if is_allowed and (target.kind == "own" or (row.get("any") and verb == "post")):
        return {"fine"} if target.kind != "smuggled" else {"fine", "404"}
    if role == "anonymous":
        return {"404"} if is_allowed else {"login", "404"}
    return {"404"} if is_allowed else {"403", "404"}


def expected_at_the_wall(role: str, target: Target, cell: str | None) -> set[str]:
    """What whoever is no member of the organisation gets, whatever they ask; empty for members."""
    if role == "anonymous":
        return {"login"}
    if role == "stranger" and target.kind == "foreign":  # at home
        return {"fine"} if "coordinator" in roles_of(cell or "") else {"403", "404", "405"}
    if role in {"operator", "stranger"} or target.kind == "foreign":
        return {"404"}
    return set()


def outcome(answer: Answer) -> str:
    if is_login(answer):
        return "login"
    return "fine" if is_fine(answer) else str(answer.status)


# --- the walk -------------------------------------------------------------------------------------
def walk(world: World, role: str) -> Walk:
    """Ask every address with every method, as one person."""
    rows, visitor, found = table(), Visitor(world, role), Walk(role)
    for route in routes():
        row = rows.get(route.name)
        if row is None:
            continue
        for target in targets(route, row, world):
            for method in methods(role, row, target):
                visit(found, visitor, route, row, (target, method))
    return found


def methods(role: str, row: dict[str, Any], target: Target) -> tuple[str, ...]:
    """All methods on one's own objects; on others' those that a page could have.

    That an address has no such method, and that an organisation is not one's own, is told before a role is
    asked: of the members it is enough that the coordinator tries.
    """
    there = tuple(verb for verb in METHODS if verb.lower() in row)
    if connection.vendor == "postgresql":  # who may what does not depend on it; what a query means does
        return there if target.kind == "own" else ()
    if role in WITH_MORE_METHODS:
        return METHODS + MORE_METHODS if target.kind == "own" else METHODS
    if target.kind == "own":
        return there
    if role in {"stranger", "operator"}:
        return () if target.kind == "smuggled" else ("GET",)
    if target.kind == "foreign":
        return ("GET",) if role == "guest" else ()
    # Who has no right there has been refused already for an object that exists.
    return tuple(verb for verb in there if role in roles_of(row[verb.lower()] or ""))


def visit(found: Walk, visitor: Visitor, route: Route, row: dict[str, Any], ask: tuple[Target, str]) -> None:
    """One request, judged."""
    target, method = ask
    answer = visitor.ask(method, target.path)
    found.count += 1
    where = f"{found.role}: {method} {target.path} ({route.name}, {target.kind})"
    awaited, got = expected(found.role, route, row, target, method), outcome(answer)
    if got not in awaited or answer.status >= 500:
        found.rights.append(f"{where}: {got} {answer.status}, not {'/'.join(sorted(awaited))}")
    if fault := wrote_wrongly(found.role, row, target, method, answer):
        found.writes.append(f"{where}: {fault}")
    for fault in inspecting.header_faults(answer.response, private=route.is_inside and answer.status == 200):
        found.headers.setdefault(fault, where)
    if method == "HEAD":
        if answer.body:
            found.headers.setdefault("a body after HEAD", where)
        return
    read(found, row, answer, where)


def wrote_wrongly(role: str, row: dict[str, Any], target: Target, method: str, answer: Answer) -> str:
    """Why a request should not have written what it wrote; empty when all is well."""
    data, recorded = answer.written - PASSING - AUDIT, bool(answer.written & AUDIT)
    at_home = target.kind == "own" or (role, target.kind) == ("stranger", "foreign")
    if not at_home and (data or recorded):
        return f"wrote {sorted(answer.written)} about an object of somebody else"
    if method != "POST" and not row.get("writes") and (data or (recorded and not row.get("recorded"))):
        return f"wrote {sorted(answer.written)}"
    if method == "POST" and data and answer.status < 400 and not recorded:
        return f"changed {sorted(data)} without an audit row"
    return ""


def read(found: Walk, row: dict[str, Any], answer: Answer, where: str) -> None:
    """Note the words of an answer, and what is wrong with a page."""
    text = reading.text_of(answer.body)
    told = found.listed if row.get("directory") else found.words
    for word in set() if row.get("letter") else reading.words_in(text):
        told.setdefault(word, where)
        if answer.status in {403, 404} and found.role in {"operator", "anonymous"}:
            found.told_outsider.append(f"{where}: {word}")
    is_page = "text/html" in answer.response.get("Content-Type", "") and "<html" in text
    if is_page and not row.get("specimens"):
        for fault in inspecting.Page(answer.body.decode("utf-8")).faults():
            found.pages.setdefault(fault, where)
