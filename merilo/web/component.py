"""What a component is: a folder with declared properties, a template, a style sheet and examples.

`merilo/web/components/<name>/` holds `component.py` (one `Component` subclass, a frozen dataclass whose
fields are the properties), `<name>.html` (the template; it sees `c`, the properties, and `slots`),
optionally `<name>.css`, and `examples.html` (shown in the gallery).
"""

from __future__ import annotations

import importlib
from dataclasses import MISSING, Field, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Literal, get_args, get_origin, get_type_hints

from django.conf import settings
from django.template import Engine, Origin, Template

FOLDER = Path(__file__).parent / "components"

Body = Literal["none", "optional", "required"]


@dataclass(frozen=True, slots=True)
class Component:
    """Base of all components; subclasses add properties as fields.

    `body` says whether the block form is possible or needed; `slots` names further slots.
    """

    body: ClassVar[Body] = "none"
    slots: ClassVar[frozenset[str]] = frozenset()

    def __post_init__(self) -> None:
        for name, allowed in choices(type(self)).items():
            value = getattr(self, name)
            if value not in allowed:
                raise ValueError(
                    f'{type(self).__name__}: {name}="{value}" is none of {", ".join(map(str, allowed))}'
                )


@cache
def choices(kind: type[Component]) -> dict[str, tuple[object, ...]]:
    """Properties with a closed set of values (declared as Literal), by name."""
    hints = get_type_hints(kind)
    return {f.name: get_args(hints[f.name]) for f in fields(kind) if get_origin(hints[f.name]) is Literal}


@cache
def properties(kind: type[Component]) -> dict[str, Field[Any]]:
    """All properties of a component by name."""
    return {f.name: f for f in fields(kind)}


@cache
def required(kind: type[Component]) -> frozenset[str]:
    """Names of the properties without a default."""
    return frozenset(
        name for name, f in properties(kind).items() if f.default is MISSING and f.default_factory is MISSING
    )


@cache
def names() -> list[str]:
    """Names of all components, in alphabetical order."""
    return sorted(path.parent.name for path in FOLDER.glob("*/component.py"))


@cache
def component(name: str) -> type[Component]:
    """The class of a component. Raises KeyError for an unknown name."""
    if name not in names():
        raise KeyError(name)
    module = importlib.import_module(f"merilo.web.components.{name}.component")
    found = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Component) and value.__module__ == module.__name__
    ]
    (kind,) = found
    return kind


def template(name: str) -> Template:
    """The compiled template of a component, kept for the life of the process except while developing."""
    return _compiled(name, f"{name}.html") if not settings.DEBUG else _compile(name, f"{name}.html")


def examples(name: str) -> Template:
    """The compiled examples of a component."""
    return _compile(name, "examples.html")


def _compile(name: str, file: str) -> Template:
    path = FOLDER / name / file
    origin = Origin(name=str(path), template_name=f"components/{name}/{file}")
    return Template(
        path.read_text("utf-8"), origin=origin, name=origin.template_name, engine=Engine.get_default()
    )


_compiled = cache(_compile)
