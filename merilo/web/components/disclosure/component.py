"""More for those who want it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from merilo.web.component import Body, Component


@dataclass(frozen=True, slots=True)
class Disclosure(Component):
    """A native disclosure; nothing everybody needs may hide here."""

    summary: str
    open: bool = False
    meta: str = ""

    body: ClassVar[Body] = "required"
