"""Cells of tables that people bring: what one holds as values, and what is said of one. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

Cell = str | float | bool | date
_WHOLE = re.compile(r"([0-9]{1,9})(?:[.,]0+)?")


class Grid(Protocol):
    """A sheet as values; rows and columns are counted from 0."""

    @property
    def name(self) -> str: ...
    @property
    def rows(self) -> tuple[tuple[Cell, ...], ...]: ...
    @property
    def merged(self) -> tuple[tuple[int, int, int, int], ...]: ...
    @property
    def unknown(self) -> frozenset[tuple[int, int]]: ...
    def at(self, row: int, column: int) -> Cell: ...


@dataclass(frozen=True, slots=True)
class Problem:
    """What is said of a place: a sheet and, counted from 0, a row and a column (None: the sheet)."""

    key: str
    sheet: str
    row: int | None = None
    column: int | None = None
    params: Mapping[str, object] = field(default_factory=dict, hash=False)


def shown(cell: Cell) -> str:
    """A cell as people read it; a whole number without decimals.

    >>> shown(45.0), shown(" да "), shown(date(2026, 3, 1))
    ('45', 'да', '01.03.2026')
    """
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float):
        return f"{cell:.10g}"
    if isinstance(cell, date):
        return cell.strftime("%d.%m.%Y")
    return str(cell).strip()


def whole(cell: Cell) -> int | None:
    """A whole number, also one written as text ("45", "45,0"); None for everything else.

    >>> whole(45.0), whole("45,0"), whole(45.5), whole(True), whole("45%")
    (45, 45, None, None, None)
    """
    if isinstance(cell, bool):
        return None
    if isinstance(cell, (int, float)):
        return int(cell) if math.isfinite(cell) and cell == int(cell) else None
    if not isinstance(cell, str):
        return None
    found = _WHOLE.fullmatch(cell.strip())
    return int(found[1]) if found else None
