"""How far something is."""

from __future__ import annotations

from dataclasses import dataclass

from merilo.web.component import Component


@dataclass(frozen=True, slots=True)
class Progress(Component):
    """A short bar with "4 of 28" beside it; `text` replaces these words."""

    value: int
    total: int
    text: str = ""

    @property
    def width(self) -> int:
        """Width of the filled part in the 120 units of the drawing."""
        if not self.total:
            return 0
        return round(120 * min(max(self.value / self.total, 0), 1))
