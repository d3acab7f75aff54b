"""Answers by the hundred thousand as rows of an Excel sheet, put into a workbook that XlsxWriter wrote.

XlsxWriter makes several calls for each cell: ten times what writing and packing the whole file takes.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from math import isnan
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
from xlsxwriter.utility import xl_col_to_name

from merilo.surveys.analysis.columns import NOT_SHOWN
from merilo.surveys.exporting.csv_file import CHUNK
from merilo.surveys.exporting.dataset import AWAY, MISSING, Dataset, Field

Step = Callable[[int], None]
MOST_ROWS = 1_048_575  # of a sheet, under its head
MOST_LETTERS = 32_767  # of a cell
DAY_ZERO = 25_569  # what Excel counts on 1 January 1970
PACKED = 4  # of 9: a third of the time that the usual 6 takes, and a quarter more bytes
CELL_BYTES = 60  # of a number, at most
_LARGE = 2**31 // CELL_BYTES  # cells from which the archive needs its second way to say how long a part is
_UNSPEAKABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_STYLE = re.compile(r'<col [^>]*style="([0-9]+)"')
_EXTENT = re.compile('<dimension ref="[^"]*"/>')
_END = "</sheetData>"


def put_in(book: Path, part: str, data: Dataset, into: Path, step: Step) -> None:
    """Write a workbook once more, with answers under the head that is all its sheet `part` has so far.

    Days look as the columns do that have a format. `step` hears how far it is, in per cent.
    """
    large = data.size * len(data.fields) > _LARGE
    with (
        zipfile.ZipFile(book) as old,
        zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED, compresslevel=PACKED) as new,
    ):
        for name in old.namelist():
            content, own = old.read(name), name == part
            pieces: Iterable[bytes] = _filled(content.decode(), data, step) if own else (content,)
            with new.open(name, "w", force_zip64=own and large) as entry:
                for piece in pieces:
                    entry.write(piece)


def _filled(sheet: str, data: Dataset, step: Step) -> Iterator[bytes]:
    """A sheet in pieces of some thousand rows."""
    fields, size = data.fields, min(data.size, MOST_ROWS)
    last = xl_col_to_name(max(len(fields) - 1, 0))
    before, end, after = _EXTENT.sub(f'<dimension ref="A1:{last}{size + 1}"/>', sheet).partition(_END)
    style = _STYLE.search(sheet)
    yield before.encode()
    for start in range(0, size if fields else 0, CHUNK):
        step(100 * start // size)
        yield _rows(fields, slice(start, min(start + CHUNK, size)), style[1] if style else "0").encode()
    yield (end + after).encode()


def _rows(fields: Sequence[Field], rows: slice, style: str) -> str:
    """Rows as the number of each between what stands before and behind it."""
    ends = [f'<c r="{xl_col_to_name(place)}' for place in range(1, len(fields))] + ["</row>"]
    columns = [_cells(one, rows, style, end) for one, end in zip(fields, ends, strict=True)]
    numbers = range(rows.start + 2, rows.stop + 2)
    told = (str(number) for number in numbers)
    return "".join(
        [
            number.join(('<row r="', '"><c r="A', *cells))
            for number, cells in zip(told, zip(*columns, strict=True), strict=True)
        ]
    )


def _cells(one: Field, rows: slice, style: str, end: str) -> list[str]:
    """What stands in a column behind the number of the row, until the number stands there again."""
    column = one.column[rows]
    if one.kind == "coded":
        lookup = np.array([_number(value) + end for value in one.numbers.tolist()], object)
        found: list[str] = lookup[column.astype(np.int64) - NOT_SHOWN].tolist()
        return found
    if one.kind == "written":
        return [_text(text) + end for text in column]
    tell = (lambda value: _day(value, style)) if one.kind == "day" else _number
    return [tell(value) + end for value in column.tolist()]


def _number(value: float) -> str:
    if isnan(value) or value == -np.inf:
        value = MISSING if isnan(value) else AWAY
    return f'"><v>{int(value) if value == int(value) else repr(value)}</v></c>'


def _day(value: float, style: str) -> str:
    if isnan(value) or value == -np.inf:
        return _number(value)
    return f'" s="{style}"><v>{int(value) + DAY_ZERO}</v></c>'


def _text(text: str) -> str:
    if not text:
        return '"/>'
    told = _UNSPEAKABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text[:MOST_LETTERS])
    return f'" t="inlineStr"><is><t xml:space="preserve">{escape(told)}</t></is></c>'
