"""A remark set apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from merilo.web.component import Body, Component


@dataclass(frozen=True, slots=True)
class Note(Component):
    """Inset text. `kind`: info, done (something was completed) or warning; `live`: read out at once."""

    text: str = ""
    title: str = ""
    kind: Literal["info", "done", "warning"] = "info"
    live: bool = False
    level: Literal[2, 3] = 2

    body: ClassVar[Body] = "optional"
