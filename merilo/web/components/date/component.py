"""One coming date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from merilo.web.component import Component


@dataclass(frozen=True, slots=True)
class Date(Component):
    """Day large, month below, what happens beside it. `on` is a date or a moment in the person's zone."""

    on: date
    text: str
    meta: str = ""
    url: str = ""
