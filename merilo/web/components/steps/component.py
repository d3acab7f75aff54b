"""What to do, one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from merilo.web.component import Body, Component


@dataclass(frozen=True, slots=True)
class Steps(Component):
    """A numbered list of `step` components."""

    body: ClassVar[Body] = "required"
