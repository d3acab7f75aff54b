"""Things in the cells of a small grid of two axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from merilo.web.component import Component
from merilo.web.items import CellRow


@dataclass(frozen=True, slots=True)
class Cells(Component):
    """Two axes with links at their places; `down` and `across` name the axes, `heads` the columns."""

    caption: str
    down: str
    across: str
    heads: Sequence[str]
    rows: Sequence[CellRow]
