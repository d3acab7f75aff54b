"""One thing in a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from merilo.web.component import Body, Component


@dataclass(frozen=True, slots=True)
class Entry(Component):
    """Title (a link with `url`), one line of meta, a body below; slot "actions" at the side."""

    title: str
    url: str = ""
    meta: str = ""

    body: ClassVar[Body] = "optional"
    slots: ClassVar[frozenset[str]] = frozenset({"actions"})
