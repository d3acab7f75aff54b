"""Previous and next in a row of pages."""

from __future__ import annotations

from dataclasses import dataclass

from merilo.web.component import Component
from merilo.web.items import Link


@dataclass(frozen=True, slots=True)
class Pager(Component):
    """Links to the neighbours; either may be missing."""

    previous: Link | None = None
    next: Link | None = None
