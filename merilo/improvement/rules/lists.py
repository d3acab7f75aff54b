"""A list that was pasted or saved as CSV, as rows of cells: quoted cells may have several lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from merilo.improvement.rules.headings import guess

PARTINGS = (";", ",")
LEAST_CELLS = 3  # of every line of a table whose headings nobody knows


class Unclosed(Exception):
    """A quotation mark that is opened in a line and not closed."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def rows_of(text: str) -> list[list[str]]:
    """The rows. Errors: Unclosed.

    A list without tabs and without headings is a column of texts: their commas stay in them. Where all lines
    have three cells or more between semicolons it is a table.

    >>> rows_of("Мярка;Срок"), rows_of("Анкета, ежегодна")
    ([['Мярка', 'Срок']], [['Анкета, ежегодна']])
    """
    if "\t" in text:
        return _parted(text, "\t")
    lines = [line for line in text.splitlines() if line.strip()]
    for parting in PARTINGS:
        if _is_table([line.split(parting) for line in lines], parting):
            return _parted(text, parting)
    try:
        return _parted(text, "\t")
    except Unclosed:
        return [[line.strip()] for line in text.splitlines()]


def _is_table(lines: Sequence[Sequence[str]], parting: str) -> bool:
    """Whether the lines, cut wherever the mark stands, are rows with headings or with cells enough."""
    cells = [[cell.strip(' "') for cell in line] for line in lines[:5]]
    if any(len({guess(cell, {}) for cell in row} - {None}) > 1 for row in cells):
        return True
    return parting == ";" and len(lines) > 1 and min(map(len, lines)) >= LEAST_CELLS


def _parted(text: str, parting: str) -> list[list[str]]:
    rows: list[list[str]] = []
    begin = 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=parting, strict=True)
    try:
        for row in reader:
            rows.append([cell.strip() for cell in row])
            begin = reader.line_num + 1
    except csv.Error as error:
        raise Unclosed(begin) from error
    return rows
