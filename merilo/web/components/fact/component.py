"""One fact of a summary list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from merilo.web.component import Body, Component


@dataclass(frozen=True, slots=True)
class Fact(Component):
    """Term and value (`text` or the body; empty says "Not given"); `url` adds a link "Change"."""

    term: str
    text: str = ""
    url: str = ""
    change: str = ""

    body: ClassVar[Body] = "optional"
