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
        for name, allowed in spec(type(self)).choices.items():
            value = getattr(self, name)
            if value not in allowed:
                raise ValueError(
                    f'{type(self).__name__}: {name}="{value}" is none of {", ".join(map(str, allowed))}'
                )


@dataclass(frozen=True, slots=True)
class Spec:
    """What a component declares: properties, those without a default, those with a closed set of values."""

    properties: dict[str, Field[Any]]
    required: frozenset[str]
    choices: dict[str, tuple[object, ...]]


_specs: dict[str, Spec] = {}


def spec(kind: type[Component]) -> Spec:
    """The declaration of a component, read once."""
    if kind.__module__ not in _specs:
        _specs[kind.__module__] = _read(kind)
    return _specs[kind.__module__]


def _read(kind: type[Component]) -> Spec:
    hints = get_type_hints(kind)
    declared = {f.name: f for f in fields(kind)}
    return Spec(
        properties=declared,
        required=frozenset(
            name for name, f in declared.items() if f.default is MISSING and f.default_factory is MISSING
        ),
        choices={name: get_args(hints[name]) for name in declared if get_origin(hints[name]) is Literal},
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
    short = f"components/{name}/{file}"
    origin = Origin(name=str(path), template_name=short)
    return Template(path.read_text("utf-8"), origin=origin, name=short, engine=Engine.get_default())


_compiled = cache(_compile)
