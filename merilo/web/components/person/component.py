"""A person."""

from __future__ import annotations

from dataclasses import dataclass

from merilo.web.component import Component


@dataclass(frozen=True, slots=True)
class Person(Component):
    """Name, position and unit; with `url` the name is a link."""

    name: str
    position: str = ""
    unit: str = ""
    url: str = ""
