"""A list that was pasted or saved as CSV, as rows of cells: quoted cells may have several lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from merilo.improvement.rules.headings import guess

PARTINGS = (";", ",")


def rows_of(text: str) -> list[list[str]] | None:
    """The rows; None where a quotation mark is not closed or a cell has no end.

    A list without tabs and without headings is a column of texts: their commas stay in them.

    >>> rows_of("Мярка;Срок"), rows_of("Анкета, ежегодна")
    ([['Мярка', 'Срок']], [['Анкета, ежегодна']])
    """
    if "\t" in text:
        return _parted(text, "\t")
    for parting in PARTINGS:
        rows = _parted(text, parting)
        if rows and _has_headings(rows):
            return rows
    return _parted(text, "\t") or [[line.strip()] for line in text.splitlines()]


def _has_headings(rows: Sequence[Sequence[str]]) -> bool:
    return any(len({guess(cell, {}) for cell in row} - {None}) > 1 for row in rows[:5])


def _parted(text: str, parting: str) -> list[list[str]] | None:
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=parting, strict=True)
        return [[cell.strip() for cell in row] for row in reader]
    except csv.Error:
        return None
