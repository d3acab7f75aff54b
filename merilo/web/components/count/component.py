"""One large figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from merilo.web.component import Component


@dataclass(frozen=True, slots=True)
class Count(Component):
    """The figure (a number or finished text) and what it counts; `status` puts its shape before the words."""

    value: Any
    label: str
    meta: str = ""
    url: str = ""
    status: Literal["", "idle", "progress", "done", "waiting", "problem", "late", "risk", "ontime"] = ""
