"""List of facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from merilo.web.component import Body, Component


@dataclass(frozen=True, slots=True)
class Summary(Component):
    """A description list of `fact` components; `tight` for the margin beside a page."""

    tight: bool = False

    body: ClassVar[Body] = "required"
