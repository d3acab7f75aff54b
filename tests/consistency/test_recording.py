"""Every action that changes something leaves a row in the audit, itself or through what it calls (R21)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.consistency.tree import PACKAGE, ROOT, modules, room_of

WRITES = {"save", "create", "bulk_create", "bulk_update", "delete", "get_or_create", "update_or_create"}
CALLERS = {"views", "management", "api", "tasks", "adapter", "http", "signals"}
# Reached from pages, changes something, leaves no row: why.
SILENT = {
    "merilo/groups/actions/mandate.py:found_group": "part of starting a self-assessment, which is recorded",
    "merilo/groups/actions/mandate.py:name_order": "part of registering the order, which is recorded",
    "merilo/organisations/actions/notifications.py:mark_all_read": "what one has read is one's own matter",
    "merilo/organisations/actions/notifications.py:mark_read": "what one has read is one's own matter",
    "merilo/surveys/actions/exporting.py:forget_old": "files that were made to be taken within a day",
    "merilo/surveys/actions/retention.py:warn_of_answers": "tells people, changes nothing of theirs",
}


@dataclass
class Function:
    """One function of an action module: what it calls by name, and whether it writes by itself."""

    path: Path
    name: str
    calls: set[str] = field(default_factory=set)
    writes: bool = False
    records: bool = False

    @property
    def where(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.name}"


def is_action(path: Path) -> bool:
    return "actions" in path.relative_to(PACKAGE).with_suffix("").parts


def functions() -> dict[str, Function]:
    """All functions of all action modules, by place."""
    found = {}
    for path in filter(is_action, modules()):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                made = read(path, node)
                found[made.where] = made
    return found


def read(path: Path, node: ast.FunctionDef) -> Function:
    made = Function(path, node.name)
    for part in ast.walk(node):
        if not isinstance(part, ast.Call):
            continue
        called = part.func
        if isinstance(called, ast.Name):
            made.calls.add(called.id)
        elif isinstance(called, ast.Attribute):
            made.calls.add(called.attr)
            made.writes |= called.attr in WRITES or (called.attr == "update" and bool(part.keywords))
        made.records |= ast.unparse(called) in {"record", "audit.record", "audit.erase_payloads"}
    return made


def reached(start: Function, by_name: dict[str, list[Function]]) -> Iterator[Function]:
    """A function and all that it calls: in its own module first, then in its room, then in another's."""
    waiting, seen = [start], {start.where}
    while waiting:
        one = waiting.pop()
        yield one
        for name in one.calls:
            named = by_name.get(name, [])
            same_room = [other for other in named if room_of(other.path) == room_of(one.path)]
            own = [other for other in same_room if other.path == one.path and other is not one]
            for other in own or [other for other in same_room if other is not one] or named:
                if other.where not in seen:
                    seen.add(other.where)
                    waiting.append(other)


def entries() -> set[tuple[str, str]]:
    """Names that pages, doors, commands and tasks take from action modules: (module, name)."""
    found = set()
    for path in modules():
        parts = set(path.relative_to(PACKAGE).with_suffix("").parts)
        if not parts & CALLERS and room_of(path) != "site":
            continue
        tree = ast.parse(path.read_text("utf-8"))
        aliases = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and "actions" in f"{node.module}.":
                for name in node.names:
                    found.add((f"{node.module}", name.name))
                    aliases[name.asname or name.name] = f"{node.module}.{name.name}"
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id in aliases
            ):
                found.add((aliases[node.value.id], node.attr))
    return found


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def is_silent(steps: list[Function]) -> bool:
    return any(step.writes for step in steps) and not any(step.records for step in steps)


def test_every_action_that_writes_is_recorded():
    everything = functions()
    by_name: dict[str, list[Function]] = {}
    for function in everything.values():
        by_name.setdefault(function.name, []).append(function)
    called = entries()
    doors = [door for door in everything.values() if (module_of(door.path), door.name) in called]
    silent = [door.where for door in doors if is_silent(list(reached(door, by_name)))]
    assert sorted(silent) == sorted(SILENT)
    assert len(doors) > 60
