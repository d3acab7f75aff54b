"""A plain list of things with a line below each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from merilo.web.component import Body, Component


@dataclass(frozen=True, slots=True)
class Entries(Component):
    """A list of `entry` components: evidence, statements, documents."""

    label: str = ""

    body: ClassVar[Body] = "required"
