"""One numbered step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from merilo.web.component import Body, Component


@dataclass(frozen=True, slots=True)
class Step(Component):
    """Title, a sentence or a body; `done` steps back and says so."""

    title: str
    text: str = ""
    done: bool = False

    body: ClassVar[Body] = "optional"
