"""A table that somebody brings, whatever it was made with; and on its way through the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from pathlib import PurePath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from merilo.core import files, sealed, workbooks
from merilo.core.cells import Cell, shown
from merilo.core.errors import BadFile
from merilo.core.pasted import decoded
from merilo.core.texts import BadText, clean_text
from merilo.core.workbooks import Grid
from merilo.improvement.models import Plan
from merilo.improvement.rules.lists import Unclosed, rows_of
from merilo.organisations.api import Viewer
from merilo.web.spreadsheets import IDENTITY

KINDS = (".xlsx", ".csv", ".txt")
_WORKBOOKS = (".xls", ".xlsm", ".ods")  # of which the reader says how they become an .xlsx
Tables = tuple[Grid, ...]


def from_upload(upload: UploadedFile[bytes]) -> Tables:
    """The tables of a file: filled sheets of a workbook, or the one of a CSV. Errors: BadFile."""
    name = PurePath(files.safe_name(upload.name or ""))
    if name.suffix.lower() not in {*KINDS, *_WORKBOOKS}:
        raise BadFile(_("Choose an Excel workbook (.xlsx) or a CSV file, or paste the list."))
    if name.suffix.lower() not in {".csv", ".txt"}:
        return _usable(workbooks.read(upload))
    text = decoded(upload.read())
    if text is None or "\0" in text:
        raise BadFile(_("The file holds no text. Save the list as CSV."))
    return from_text(text, name.stem)


def from_text(text: str, name: str) -> Tables:
    """The table of a pasted list. Errors: BadFile."""
    try:
        rows = rows_of(text)
    except Unclosed as error:
        words = _("A quotation mark that is opened in line %(line)s is not closed. Correct the list.")
        raise BadFile(words % {"line": error.line}) from error
    if len(rows) > workbooks.MOST_ROWS:
        words = _("The list has more than %(most)s rows. Take it in parts.")
        raise BadFile(words % {"most": workbooks.MOST_ROWS})
    if max(map(len, rows), default=0) > workbooks.MOST_COLUMNS:
        words = _("The list has more than %(most)s columns. Take it in parts.")
        raise BadFile(words % {"most": workbooks.MOST_COLUMNS})
    return _usable([Grid(name, tuple(tuple(row) for row in rows))])


def _usable(grids: Iterable[Grid]) -> Tables:
    found = tuple(cleaned(grid) for grid in grids if grid.name != IDENTITY)
    found = tuple(grid for grid in found if grid.unknown or any(map(shown, chain(*grid.rows))))
    if not found:
        raise BadFile(_("There is nothing in it. Choose another file or paste the list."))
    return found


def cleaned(grid: Grid) -> Grid:
    """The same with texts as forms would take them; what cannot be shown counts as not known."""
    unknown = set(grid.unknown)
    rows: list[tuple[Cell, ...]] = []
    for at, row in enumerate(grid.rows):
        cells = list(row)
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                try:
                    cells[place] = clean_text(cell, len(cell) * 4)
                except BadText:
                    cells[place] = ""
                    unknown.add((at, place))
        rows.append(tuple(cells))
    return Grid(grid.name, tuple(rows), grid.merged, frozenset(unknown))


# --- on its way through the page ------------------------------------------------------------------
def seal(viewer: Viewer, plan: Plan, name: str, tables: Sequence[Grid]) -> str:
    """The tables as a text that only this person's page of this plan takes back. Errors: BadFile."""
    return sealed.seal(_owner(viewer, plan), [name, [_packed(grid) for grid in tables]])


def unseal(viewer: Viewer, plan: Plan, signed: str) -> tuple[str, Tables]:
    """What they are called, and the tables. Errors: MeriloError once they are too old, or somebody else's."""
    name, packed = sealed.unseal(_owner(viewer, plan), signed)
    return name, tuple(_unpacked(one) for one in packed)


def _owner(viewer: Viewer, plan: Plan) -> str:
    return f"table/{plan.pk}/{viewer.membership.pk}"


def _packed(grid: Grid) -> list[Any]:
    rows = [
        [{"day": cell.isoformat()} if isinstance(cell, date) else cell for cell in row] for row in grid.rows
    ]
    return [grid.name, rows, grid.merged, sorted(grid.unknown)]


def _plain(cell: Cell) -> Any:
    return {"day": cell.isoformat()} if isinstance(cell, date) else cell


def _unpacked(packed: Sequence[Any]) -> Grid:
    name, rows, merged, unknown = packed
    return Grid(
        name,
        tuple(tuple(_cells(row)) for row in rows),
        tuple((top, left, bottom, right) for top, left, bottom, right in merged),
        frozenset((row, column) for row, column in unknown),
    )


def _cells(row: Iterable[Any]) -> Iterator[Cell]:
    for cell in row:
        yield date.fromisoformat(cell["day"]) if isinstance(cell, dict) else cell
