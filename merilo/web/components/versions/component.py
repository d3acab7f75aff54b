"""Two texts when somebody else was faster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from merilo.web.component import Body, Component


@dataclass(frozen=True, slots=True)
class Versions(Component):
    """What the person typed beside what is stored; slots "mine" and "theirs", the body holds the buttons."""

    text: str = ""
    title: str = ""

    body: ClassVar[Body] = "optional"
    slots: ClassVar[frozenset[str]] = frozenset({"mine", "theirs"})
