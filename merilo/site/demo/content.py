"""The texts of the demo, read from YAML and told in one language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "content"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one written in C where it is built
Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Voice:
    """Tells `{bg: …, en: …}` in one language; `names` replaces the names of one town by another's."""

    language: str
    names: tuple[tuple[str, str], ...] = ()

    def __call__(self, node: Any) -> str:
        """The text of a node; a plain text is told as it stands, nothing is empty."""
        text = node[self.language] if isinstance(node, Mapping) else str(node or "")
        for old, new in self.names:
            text = text.replace(old, new)
        return str(text)


@cache
def _read(name: str) -> Any:
    with (FOLDER / name).open(encoding="utf-8") as file:
        return yaml.load(file, Loader=LOADER)  # noqa: S506  both loaders are safe ones


def town() -> Node:
    """The fictional municipality: organisation, units, people, its two self-assessments."""
    return _checked(_read("town.yaml"))


def other_town() -> Node:
    """The second organisation: its own people and names, and what replaces the first town's names."""
    return _checked(_read("samplebridge.yaml"))


def centre() -> Node:
    """The resource centre with which the first town shares where its cycle stands."""
    return _checked(_read("centre.yaml"))


def surveys() -> Node:
    """The first town's surveys: what they ask, how content people are with what, what they write."""
    return _checked(_read("surveys.yaml"))


def found() -> dict[str, Node]:
    """What the group of the first cycle found beside the remarks of its sheets, by sub-criterion."""
    return {code: _checked(node) for code, node in _read("found.yaml").items()}


def plans() -> Node:
    """The first town's plans of improvement: the one carried out, one of before, the next one."""
    return _checked(_read("plans.yaml"))


def items() -> dict[str, Node]:
    """What is said about each of the 28 sub-criteria, by code, in order."""
    names = sorted(path.name for path in FOLDER.glob("[0-9].[0-9].yaml"))
    return {name.removesuffix(".yaml"): _checked(_read(name)) for name in names}


def _checked(node: Any) -> Node:
    if not isinstance(node, dict):
        raise TypeError("a file of the demo is no mapping")
    return node


def cycle(key: str, *, later: timedelta = timedelta()) -> Node:
    """One of the town's self-assessments by key, its fixed days so much later."""
    found: Iterable[Node] = town()["assessments"]
    return _checked(_moved(next(entry for entry in found if entry["key"] == key), later))


def _moved(node: Any, later: timedelta) -> Any:
    if isinstance(node, dict):
        return {key: _moved(value, later) for key, value in node.items()}
    if isinstance(node, list):
        return [_moved(value, later) for value in node]
    return node + later if isinstance(node, date) else node
