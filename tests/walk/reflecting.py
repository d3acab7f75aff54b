"""What somebody writes into an address must not come back as markup, and files must go out harmlessly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch
from urllib.parse import quote, urlencode

from django.http import QueryDict

from tests.accessibility import example
from tests.walk.routes import Route, address, routes, states_of, values
from tests.walk.visiting import ROLES, Answer, Visitor, roles_of, table
from tests.world import World

PAYLOAD = "\"'><x-canary onload=alert(1)>"
MARK = b"<x-canary"
# Files for programs that any visitor may read; they are shown, not downloaded.
SHOWN = {"site:robots", "site:sitemap", "site:favicon", "site:security", "ops:live", "ops:ready"}
PICTURES = {"site:logo"}


class Walkers:
    """For each address the first role that may look at it."""

    def __init__(self, world: World) -> None:
        self.world, self.rows = world, table()
        self.visitors: dict[str, Visitor] = {}

    def ask(self, route: Route, path: str) -> Answer:
        allowed = roles_of(self.rows[route.name]["get"])
        role = next(role for role in ROLES if role in allowed)
        if role not in self.visitors:
            self.visitors[role] = Visitor(self.world, role)
        return self.visitors[role].ask("GET", path)

    def parts(self, route: Route) -> dict[str, object]:
        row = self.rows[route.name]
        fixed: dict[str, object] = row.get("with", {})
        return values(route, self.world.own, *states_of(row)) | fixed

    def path(self, route: Route) -> str:
        return address(route, self.parts(route))

    def shown(self) -> list[Route]:
        """The addresses that somebody may look at."""
        return [route for route in routes() if self.rows[route.name].get("get")]


# --- addresses ------------------------------------------------------------------------------------
def reflected_parameters(world: World) -> tuple[list[str], int]:
    """Pages on which a parameter that they read comes back as markup; and how many were asked."""
    walkers, found, count = Walkers(world), [], 0
    for route in walkers.shown():
        path = walkers.path(route)
        with names_read() as names:
            walkers.ask(route, path)
        for name in sorted(names):
            count += 1
            asked = f"{path}?{urlencode({name: PAYLOAD})}"
            answer = walkers.ask(route, asked)
            if MARK in answer.body or answer.status >= 500 or MARK.decode() in answer.location:
                found.append(f"{answer.status} {asked}")
    return found, count


@contextmanager
def names_read() -> Iterator[set[str]]:
    """The names of parameters that are looked for meanwhile."""
    names: set[str] = set()
    get, getlist, contains = QueryDict.get, QueryDict.getlist, QueryDict.__contains__

    def noted_get(self: QueryDict, name: str, *args: object) -> object:
        names.add(name)
        return get(self, name, *args)

    def noted_list(self: QueryDict, name: str, *args: object) -> object:
        names.add(name)
        return getlist(self, name, *args)

    def noted_in(self: QueryDict, name: object) -> bool:
        names.add(str(name))
        return contains(self, name)

    with (
        patch.object(QueryDict, "get", noted_get),
        patch.object(QueryDict, "getlist", noted_list),
        patch.object(QueryDict, "__contains__", noted_in),
    ):
        yield names


def reflected_addresses(world: World) -> tuple[list[str], int]:
    """Addresses with nonsense at their last variable part that is shown again as markup; and how many."""
    walkers, found, count = Walkers(world), [], 0
    for route in walkers.shown():
        if not route.parts:
            continue
        parts = walkers.parts(route)
        before, told, after = address(route, parts).rpartition(str(parts[route.parts[-1]]))
        assert told, route.name
        for nonsense in (PAYLOAD, f"{told}{PAYLOAD}"):
            count += 1
            answer = walkers.ask(route, f"{before}{quote(nonsense, safe='')}{after}")
            if MARK in answer.body or answer.status >= 500 or MARK.decode() in answer.location:
                found.append(f"{answer.status} {route.name} {nonsense}")
    return found, count


# --- files ----------------------------------------------------------------------------------------
def file_faults(world: World) -> tuple[list[str], int]:
    """Files that could act, or be shown, kept or used by others; and how many were looked at."""
    walkers, found, count = Walkers(world), [], 0
    by_name = {route.name: route for route in routes()}
    shown = {route.name for route in walkers.shown()}
    names = {example.route_of(name) for name, row in example.table().items() if row.get("file")} - SHOWN
    for name in sorted(names & shown):
        route = by_name[name]
        for path in paths_of(walkers, route):
            count += 1
            answer = walkers.ask(route, path)
            assert answer.status == 200, (path, answer.status)
            found += [f"{path}: {fault}" for fault in faults_of_file(route, answer)]
    return found, count


def paths_of(walkers: Walkers, route: Route) -> list[str]:
    path = walkers.path(route)
    if route.name == "reports:document":
        return [path.replace("/json", f"/{format_}") for format_ in ("json", "pdf", "docx", "xlsx")]
    if path.endswith("csv"):
        return [path.removesuffix("csv") + format_ for format_ in ("csv", "xlsx", "json")]
    return [path]


def faults_of_file(route: Route, answer: Answer) -> Iterator[str]:
    """What is missing on the way out of one file."""
    wanted = {
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if route.name not in PICTURES:
        wanted["Cache-Control"] = "private, no-store"
    got = {header: answer.response.get(header, "") for header in wanted}
    yield from (f"{header}: {got[header]!r}" for header in wanted if got[header] != wanted[header])
    kind = "inline" if route.name in PICTURES else "attachment"
    if not answer.response.get("Content-Disposition", "").startswith(kind):
        yield f"is no {kind}"
