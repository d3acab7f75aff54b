"""Coming dates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from merilo.web.component import Body, Component


@dataclass(frozen=True, slots=True)
class Dates(Component):
    """A list of `date` components."""

    body: ClassVar[Body] = "required"
