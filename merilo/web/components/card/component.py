"""A chosen thing beside a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from merilo.web.component import Body, Component


@dataclass(frozen=True, slots=True)
class Card(Component):
    """Rare: one chosen thing beside a list. `key`: accent on top; slot "actions" at the foot."""

    title: str = ""
    meta: str = ""
    key: bool = False
    level: Literal[2, 3] = 2

    body: ClassVar[Body] = "required"
    slots: ClassVar[frozenset[str]] = frozenset({"actions"})
