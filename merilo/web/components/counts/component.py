"""Large figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from merilo.web.component import Body, Component


@dataclass(frozen=True, slots=True)
class Counts(Component):
    """A row of `count` components, worst first."""

    body: ClassVar[Body] = "required"
