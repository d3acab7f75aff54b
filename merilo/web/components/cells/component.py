"""Things in the cells of a small grid of two axes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from django.utils.safestring import SafeString

from merilo.web.component import Component
from merilo.web.components.tag.component import Status, Tag
from merilo.web.items import CellRow, Placed


@dataclass(frozen=True, slots=True)
class Cells(Component):
    """Two axes with links at their places; `down` and `across` name the axes, `heads` the columns."""

    caption: str
    down: str
    across: str
    heads: Sequence[str]
    rows: Sequence[CellRow]

    @property
    def drawn(self) -> Iterator[tuple[str, Sequence[tuple[str, Sequence[tuple[Placed, SafeString]]]]]]:
        """Head of each row, and of its cells the corner and the things with their tags."""
        for row in self.rows:
            yield row.head, [(cell.corner, [(one, _tag(one)) for one in cell.things]) for cell in row.cells]


def _tag(thing: Placed) -> SafeString:
    return Tag(cast("Status", thing.status), thing.text).drawn
