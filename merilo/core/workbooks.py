"""Excel workbooks that people upload, read safely: every part bounded, nothing in them believed or run.

An upload becomes plain grids of values. It is read with the parser of the standard library alone: readers
of workbooks reserve memory for what a file says of itself, and one false number ends the process.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from xml.parsers import expat

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from merilo.core import archives, files, office
from merilo.core.archives import Bounds
from merilo.core.cells import Cell, Problem
from merilo.core.errors import BadFile

MOST_UNPACKED = 24 * 1024 * 1024  # bytes of all parts
MOST_PARTS = 500
MOST_SHEETS = 100
MOST_ROWS, MOST_COLUMNS = 2_000, 200
MOST_FIELDS = 400_000  # of all sheets, empty ones before the last of a row included
MOST_TEXT = 12_000_000  # characters, each counted as often as a cell shows it
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument"
_DAMAGED = (*archives.DAMAGED, expat.ExpatError, LookupError)
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DAYS = {*range(14, 23), *range(45, 48)}  # number formats of the program that show days and times
_SHOWS_DAY = re.compile(r"[dmyhs]", re.IGNORECASE)
_NOT_SHOWN = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.')  # parts of a number format that stand for themselves
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001  a day in a table has no zone


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet: its cells from A1 on ("" where empty), rows and columns counted from 0.

    `merged` are the joined areas (first row, first column, last row, last column); `unknown` the cells
    with a formula whose value the workbook does not hold, or with an error in place of a value.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    unknown: frozenset[tuple[int, int]] = frozenset()

    def at(self, row: int, column: int) -> Cell:
        """The value of a cell, "" where there is none."""
        return self.rows[row][column] if row < len(self.rows) and column < len(self.rows[row]) else ""


def place(row: int, column: int) -> str:
    """The name of a cell, rows and columns counted from 0.

    >>> place(6, 3), place(0, 27)
    ('D7', 'AB1')
    """
    letters, left = "", column + 1
    while left:
        left, letter = divmod(left - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"


def where(problem: Problem) -> str:
    """Sheet and cell of a problem."""
    sheet = {"sheet": problem.sheet}
    if problem.row is None:
        return _("sheet “%(sheet)s”") % sheet
    if problem.column is None:
        return _("sheet “%(sheet)s”, row %(row)s") % (sheet | {"row": problem.row + 1})
    return _("sheet “%(sheet)s”, cell %(cell)s") % (sheet | {"cell": place(problem.row, problem.column)})


def read(upload: UploadedFile[bytes]) -> tuple[Grid, ...]:
    """The sheets of an uploaded .xlsx in their order; raises BadFile with a sentence that says what to do."""
    _refuse_other_kinds(upload)
    files.check(upload, ("xlsx",))
    content = upload.read()
    upload.seek(0)
    return grids(content)


def grids(content: bytes) -> tuple[Grid, ...]:
    """The sheets of the bytes of an .xlsx. Errors: BadFile."""
    try:
        return tuple(_Book(_unpacked(content)).grids())
    except _DAMAGED as error:
        raise _damaged() from error


def _damaged() -> BadFile:
    return BadFile(_("The file is damaged and cannot be opened."))


def _refuse_other_kinds(upload: UploadedFile[bytes]) -> None:
    """Workbooks of other kinds, whatever they are called, with the way to turn them into an .xlsx."""
    ending = files.safe_name(upload.name or "").rpartition(".")[2].lower()
    start = upload.read(200)
    upload.seek(0)
    words = ""
    if start.startswith(office.OLD):
        words = _("This is an old Excel workbook (.xls) or one with a password.")
    elif ending == "ods" or _OPEN_DOCUMENT in start:
        words = _("This is an OpenDocument table (.ods).")
    elif ending == "xlsm":
        words = _("This workbook may hold macros (.xlsm).")
    elif ending == "xls":
        words = _("The file ends in .xls.")
    if words:
        further = _("Save it as “Excel Workbook (.xlsx)” and choose it again.")
        raise BadFile(f"{words} {further}")


# --- bounded unpacking --------------------------------------------------------------------------------


def _unpacked(content: bytes) -> dict[str, bytes]:
    """All parts."""
    with archives.opened(io.BytesIO(content), Bounds(MOST_PARTS, MOST_UNPACKED)) as archive:
        return archives.read(archive)


def _too_large() -> BadFile:
    return BadFile(_("The file would unpack to far more than its size and is not taken."))


# --- the book -------------------------------------------------------------------------------------------


class _Book:
    """What the sheets share: their names, the texts, the formats that show days; and how much was read."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self.parts = parts
        self.fields = self.shown = 0
        path = next((name for name in parts if name.endswith("/workbook.xml")), "")
        self.folder = PurePosixPath(path).parent
        self.book = parts[path]
        self.links = {
            attributes["Id"]: attributes
            for tag, attributes in _elements(parts[f"{self.folder}/_rels/workbook.xml.rels"])
            if tag == "Relationship"
        }
        self.texts = self._texts()
        self.days = self._days()

    def grids(self) -> Iterator[Grid]:
        sheets = [attributes for tag, attributes in _elements(self.book) if tag == "sheet"]
        if len(sheets) > MOST_SHEETS:
            raise _too_large()
        for one in sheets:
            link = self.links[one["id"]]
            if link["Type"].endswith("/worksheet"):
                reader = _SheetReader(one["name"], self)
                _parse(self.parts[self._path(link)], reader.start, reader.end, reader.data)
                yield reader.grid()

    def _path(self, link: Mapping[str, str]) -> str:
        target = link["Target"]
        return target[1:] if target.startswith("/") else f"{self.folder}/{target}"

    def _part(self, kind: str) -> bytes | None:
        link = next((link for link in self.links.values() if link["Type"].endswith(f"/{kind}")), None)
        return self.parts.get(self._path(link)) if link else None

    def _texts(self) -> list[str]:
        """The texts that cells point at by number; how they are pronounced is not part of them."""
        part = self._part("sharedStrings")
        if part is None:
            return []
        found: list[str] = []
        collector = _Text()

        def end(tag: str) -> None:
            collector.end(tag)
            if tag == "si":
                found.append(collector.take())

        _parse(part, collector.start, end, collector.data)
        return found

    def _days(self) -> frozenset[int]:
        """The numbers of the cell formats that show a day or a time."""
        part = self._part("styles")
        if part is None:
            return frozenset()
        own, formats, inside = dict[int, str](), list[int](), False
        for tag, attributes in _elements(part):
            if tag == "numFmt":
                own[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
            elif tag in {"cellXfs", "cellStyles"}:
                inside = tag == "cellXfs"
            elif tag == "xf" and inside:
                formats.append(int(attributes.get("numFmtId", 0)))
        shown = {number for number, code in own.items() if _SHOWS_DAY.search(_NOT_SHOWN.sub("", code))}
        return frozenset(at for at, number in enumerate(formats) if number in (shown | _DAYS))

    def text(self, number: str) -> str:
        """A shared text, counted as often as it is shown."""
        found = self.texts[int(number)]
        self.count(text=len(found))
        return found

    def count(self, *, fields: int = 0, text: int = 0) -> None:
        self.fields += fields
        self.shown += text
        if self.fields > MOST_FIELDS or self.shown > MOST_TEXT:
            raise _too_large()


class _Text:
    """Collects a text from its runs."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.inside = self.aside = False

    def start(self, tag: str, _attributes: Mapping[str, str]) -> None:
        self.inside = tag == "t" and not self.aside
        self.aside = self.aside or tag == "rPh"

    def end(self, tag: str) -> None:
        self.inside = False
        self.aside = self.aside and tag != "rPh"

    def data(self, text: str) -> None:
        if self.inside:
            self.pieces.append(text)

    def take(self) -> str:
        text, self.pieces = "".join(self.pieces), []
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


# --- a sheet --------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Field:
    """One cell while it is read."""

    row: int
    column: int
    kind: str
    format: str
    has_formula: bool = False
    value: list[str] = field(default_factory=list)


class _SheetReader:
    """Goes through the XML of one sheet cell by cell."""

    def __init__(self, name: str, book: _Book) -> None:
        self.name, self.book = name, book
        self.cells: dict[tuple[int, int], Cell] = {}
        self.unknown: set[tuple[int, int]] = set()
        self.merged: list[tuple[int, int, int, int]] = []
        self.row = self.column = -1
        self.field: _Field | None = None
        self.inline = _Text()
        self.inside = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.inline.start(tag, attributes)
        if tag == "row":
            self.row, self.column = int(attributes.get("r", self.row + 2)) - 1, -1
        elif tag == "c":
            self.column += 1
            if named := _PLACE.fullmatch(attributes.get("r", "")):
                self.row, self.column = int(named[2]) - 1, _column(named[1])
            self.field = _Field(self.row, self.column, attributes.get("t", "n"), attributes.get("s", "0"))
        elif tag == "f" and self.field:
            self.field.has_formula = True
        elif tag == "mergeCell":
            self.merged.append(_area(attributes["ref"]))
        self.inside = tag == "v"

    def end(self, tag: str) -> None:
        self.inside = False
        self.inline.end(tag)
        if tag == "c" and self.field:
            self._finish(self.field)
            self.field = None

    def data(self, text: str) -> None:
        self.inline.data(text)
        if self.inside and self.field:
            self.field.value.append(text)

    def _finish(self, field: _Field) -> None:
        text = "".join(field.value)
        inline = self.inline.take()
        at = (field.row, field.column)
        if field.kind == "e" or (field.has_formula and not text):
            self._within(field)
            self.unknown.add(at)
        elif field.kind == "inlineStr" or text:
            value = self._value(field, inline if field.kind == "inlineStr" else text)
            if value != "":
                self._within(field)
                self.cells[at] = value

    def _value(self, field: _Field, text: str) -> Cell:
        if field.kind == "s":
            return self.book.text(text)
        if field.kind == "b":
            return text.strip() == "1"
        if field.kind in {"str", "inlineStr", "d"}:
            self.book.count(text=len(text))
            return text
        number = float(text)
        return _day(number) if int(field.format) in self.book.days else number

    def _within(self, field: _Field) -> None:
        if not 0 <= field.row < MOST_ROWS:
            words = _("Sheet “%(sheet)s” has entries beyond row %(row)s. Remove them.")
            raise BadFile(words % {"sheet": self.name, "row": MOST_ROWS})
        if not 0 <= field.column < MOST_COLUMNS:
            words = _("Sheet “%(sheet)s” has entries beyond column %(column)s. Remove them.")
            raise BadFile(words % {"sheet": self.name, "column": place(0, MOST_COLUMNS - 1)[:-1]})

    def grid(self) -> Grid:
        widths: dict[int, int] = {}
        for row, column in (*self.cells, *self.unknown):
            widths[row] = max(widths.get(row, 0), column + 1)
        self.book.count(fields=sum(widths.values()))
        rows = [
            tuple(self.cells.get((row, column), "") for column in range(widths.get(row, 0)))
            for row in range(max(widths, default=-1) + 1)
        ]
        return Grid(self.name, tuple(rows), tuple(self.merged), frozenset(self.unknown))


def _day(number: float) -> Cell:
    """The day a number stands for, or the number where there is none."""
    try:
        return (_DAY_ZERO + timedelta(days=number)).date()
    except OverflowError:
        return number


def _area(reference: str) -> tuple[int, int, int, int]:
    first, last = (_PLACE.fullmatch(one) for one in (reference.partition(":")[::2]))
    if first is None or last is None:
        raise _damaged()
    return int(first[2]) - 1, _column(first[1]), int(last[2]) - 1, _column(last[1])


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


# --- XML ------------------------------------------------------------------------------------------------


def _elements(part: bytes) -> list[tuple[str, Mapping[str, str]]]:
    """All elements of a small part with their attributes, both without prefixes."""
    found: list[tuple[str, Mapping[str, str]]] = []
    _parse(part, lambda *element: found.append(element), lambda _tag: None, lambda _text: None)
    return found


def _parse(
    part: bytes,
    start: Callable[[str, Mapping[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> None:
    """Go through XML in which nothing is declared: entities are how a small file becomes a huge one."""

    def begin(tag: str, attributes: Mapping[str, str]) -> None:
        start(_bare(tag), {_bare(name): value for name, value in attributes.items()})

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = begin
    parser.EndElementHandler = lambda tag: end(_bare(tag))
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_declaration
    parser.Parse(part, True)


def _refuse_declaration(*_declared: object) -> None:
    raise _damaged()


def _bare(name: str) -> str:
    return name.rpartition(":")[2]
