"""A pasted list of people: `name, e-mail, unit, position`, one a line, from a sheet, a mail or a form.

Columns are parted by tab, semicolon or comma, whichever the list uses; cells may stand in quotes; a
line of headings is passed over. Mistakes are named by line, and nothing of a line is lost.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from merilo.core.pasted import can_be_sent_to, cells_of, is_heading, is_showable, parting_of

MOST_LINES = 500
MOST_IN_CELL = {"name": 150, "email": 254, "unit": 200, "position": 150}


@dataclass(frozen=True, slots=True)
class Row:
    """One person of the list; `number` is the line it stood on, from 1."""

    number: int
    name: str
    email: str
    unit: str = ""
    position: str = ""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with one line (`text`, as typed); `code` is a key of `organisations.messages.PASTED`."""

    number: int
    text: str
    code: str


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was understood and what was not; `too_long` says that there are more than MOST_LINES lines."""

    rows: tuple[Row, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    too_long: bool = False

    def unknown_units(self, known: Collection[str]) -> list[str]:
        """Names of units in the list that the organisation does not have, each once, in order."""
        have = {name.casefold() for name in known}
        wanted = {row.unit.casefold(): row.unit for row in reversed(self.rows) if row.unit}
        return [name for key, name in reversed(wanted.items()) if key not in have]


def read(text: str, *, members: Collection[str] = ()) -> Pasted:
    """Understand a pasted list; `members` are addresses that are members already, in any case.

    >>> read("Мария Колева; m.koleva@town.example; Финанси; счетоводител").rows[0].unit
    'Финанси'
    """
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(lines) > MOST_LINES:
        return Pasted(too_long=True)
    parting = parting_of([line for _, line in lines])
    rows: list[Row] = []
    mistakes: list[Mistake] = []
    seen = {address.casefold(): "member" for address in members}
    for place, (number, line) in enumerate(lines):
        cells = cells_of(line, parting)
        if place == 0 and cells is not None and is_heading(cells):
            continue
        code = "quotes" if cells is None else _mistake(cells, seen)
        if code or cells is None:
            mistakes.append(Mistake(number, line, code))
            continue
        row = Row(number, *cells)
        seen[row.email.casefold()] = "twice"
        rows.append(row)
    return Pasted(tuple(rows), tuple(mistakes))


def _mistake(cells: list[str], seen: dict[str, str]) -> str:
    """The code of what is wrong with the cells, or an empty text."""
    name, address = cells[0], cells[1] if len(cells) > 1 else ""
    checks = {
        "columns": len(cells) > len(MOST_IN_CELL),
        "name": not name,
        "order": "@" in name and "@" not in address,
        "address": not address,
        "long": any(len(cell) > most for cell, most in zip(cells, MOST_IN_CELL.values(), strict=False)),
        "address-form": not can_be_sent_to(address),
        "characters": not is_showable("".join(cells)),
    }
    return next((code for code, found in checks.items() if found), seen.get(address.casefold(), ""))
