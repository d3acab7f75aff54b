"""List of tasks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from merilo.web.component import Body, Component


@dataclass(frozen=True, slots=True)
class Tasks(Component):
    """A list of `task` components; the whole row is the link."""

    label: str = ""
    ordered: bool = False

    body: ClassVar[Body] = "required"
