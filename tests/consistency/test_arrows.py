"""What the import contracts cannot see: doors, relations between tables, and pages that reach for tables."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Field, ForeignObjectRel, Model

from tests.consistency.tree import PACKAGE, ROOT, imported, modules, room_of, rooms

CONTRACTS = {
    contract["id"]: contract
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
}
LIBRARIES = {"core", "framework", "web"}  # rooms of named tools: every module of theirs may be used
KNOWS_ALL = {"site", ""}  # the room that puts the others together, and the files of merilo itself
PAGES = {"forms", "views"}


def heights() -> dict[str, int]:
    """How high each room lies; strangers on one line share a height."""
    lines = reversed(CONTRACTS["rooms"]["layers"])
    return {room: height for height, line in enumerate(lines) for room in re.findall(r"\w+", line)}


def test_every_room_has_its_height():
    assert set(rooms()) <= heights().keys()


def test_every_room_with_a_floor_plan_is_under_the_contract():
    planned = {f"merilo.{room}" for room in rooms() if (PACKAGE / room / "api.py").exists()}
    assert planned <= set(CONTRACTS["floor-plan"]["containers"])


# --- doors ----------------------------------------------------------------------------------------
def passes_a_wall(name: str, own: str) -> bool:
    """Whether a full name reaches into another room beside its door."""
    package, *inner = name.split(".")
    if package != "merilo" or len(inner) < 2 or inner[0] in LIBRARIES | {own}:
        return False
    return inner[1] != "api"


def test_a_room_is_entered_by_its_door_only():
    found = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in modules()
        if room_of(path) not in KNOWS_ALL
        for line, name in imported(path)
        if passes_a_wall(name, room_of(path))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("merilo.organisations.models.Unit", True),
        ("merilo.organisations.api.Unit", False),
        ("merilo.core.audit.record", False),
        ("merilo.assessment.models.Sheet", False),
        ("django.db.models", False),
    ],
)
def test_wall_between_rooms(name, expected):
    assert passes_a_wall(name, "assessment") is expected


# --- relations ------------------------------------------------------------------------------------
def relations() -> Iterator[tuple[type[Model], str, type[Model]]]:
    """Every relation that a table of ours declares: table, field, related table."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            related = field.related_model if isinstance(field, Field) else None
            if not isinstance(field, ForeignObjectRel) and isinstance(related, type):
                yield model, field.name, related


def room_of_model(model: type[Model]) -> str:
    package, _, rest = model.__module__.partition(".")
    return rest.split(".")[0] if package == "merilo" else ""


def test_relations_between_tables_point_downward():
    height = heights()
    upward = [
        f"{model._meta.label}.{name} → {related._meta.label}"
        for model, name, related in relations()
        if room_of_model(model) and room_of_model(related) not in {"", room_of_model(model)}
        if height[room_of_model(related)] >= height[room_of_model(model)]
    ]
    assert upward == []
    assert any(room_of_model(related) == "organisations" for _, _, related in relations())


# --- pages ----------------------------------------------------------------------------------------
def table_access(path: Path) -> Iterator[int]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}:
            yield node.lineno


def test_views_and_forms_get_objects_only_through_queries():
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in modules()
        if PAGES & set(path.relative_to(PACKAGE).with_suffix("").parts)
        for line in table_access(path)
    ]
    assert found == []


def test_templates_name_no_table():
    templates = [path for path in PACKAGE.rglob("*.html") if "tests" not in path.parts]
    found = [
        path.name
        for path in templates
        if re.search(r"\.(objects|_default_manager)\b", path.read_text("utf-8"))
    ]
    assert found == []
    assert templates
