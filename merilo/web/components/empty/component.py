"""What will be here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from merilo.web.component import Body, Component


@dataclass(frozen=True, slots=True)
class Empty(Component):
    """Says what will be here, shows a drawing of it filled; the body holds one button."""

    title: str
    text: str = ""
    drawing: Literal["list", "chart", "people", "document", "dates"] = "list"
    level: Literal[2, 3] = 2

    body: ClassVar[Body] = "optional"
