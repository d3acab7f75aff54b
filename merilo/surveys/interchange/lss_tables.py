"""The tables in a file of LimeSurvey: rows of texts, whichever of its layouts it has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from django.utils.translation import gettext as _

from merilo.core.errors import BadFile

Row = dict[str, str]
MOST_ROWS = 100_000
MOST_DEPTH = 12
_KINDS = {"survey", "group", "question"}


@dataclass(slots=True)
class Tables:
    """What stands in a file: its kind (survey, group or question), its languages, its rows by table."""

    kind: str = ""
    version: str = ""
    languages: list[str] = field(default_factory=list)
    rows: dict[str, list[Row]] = field(default_factory=dict)

    def of(self, name: str) -> list[Row]:
        """The rows of a table, none where it is not there."""
        return self.rows.get(name, [])


def read_tables(content: bytes) -> Tables:
    """The tables in the bytes of an .lss, .lsg or .lsq. Errors: BadFile."""
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise BadFile(_("The file is damaged: it is no readable XML. Export the survey again.")) from error
    if reader.tables.kind not in _KINDS or not reader.tables.of("questions"):
        raise BadFile(_("The file holds no survey of LimeSurvey. Export it there as “.lss”."))
    return reader.tables


def _refuse(*_declared: object) -> None:
    raise BadFile(_("The file declares things that no survey needs and is not taken."))


class _Reader:
    """Collects rows while the parser goes through the file: document, table, rows, row, field."""

    def __init__(self) -> None:
        self.tables = Tables()
        self.path: list[str] = []
        self.row: Row | None = None
        self.pieces: list[str] = []
        self.count = 0

    def start(self, tag: str, _attributes: Mapping[str, str]) -> None:
        self.path.append(tag)
        self.pieces = []
        if len(self.path) > MOST_DEPTH:
            raise BadFile(_("The file holds no survey of LimeSurvey. Export it there as “.lss”."))
        if self.path[2:] == ["rows", "row"]:
            self.row = {}
            self.count += 1
            if self.count > MOST_ROWS:
                raise BadFile(_("The file holds more than a survey can have and is not taken."))

    def data(self, text: str) -> None:
        self.pieces.append(text)

    def end(self, tag: str) -> None:
        text = "".join(self.pieces)
        if len(self.path) == 5 and self.row is not None:
            self.row[tag] = text
        elif self.path[2:] == ["rows", "row"] and self.row is not None:
            self.tables.rows.setdefault(self.path[1], []).append(self.row)
            self.row = None
        elif self.path[1:] == ["themes", "theme"]:
            self.tables.rows.setdefault("themes", []).append({})
        elif len(self.path) == 2:
            self._head(tag, text.strip())
        elif self.path[1:] == ["languages", "language"]:
            self.tables.languages.append(text.strip())
        self.path.pop()
        self.pieces = []

    def _head(self, tag: str, text: str) -> None:
        if tag == "LimeSurveyDocType":
            self.tables.kind = text.lower()
        elif tag == "DBVersion":
            self.tables.version = text


def by(rows: Iterable[Row], key: str) -> dict[str, list[Row]]:
    """Rows by what stands in a column."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.get(key, ""), []).append(row)
    return found


def number(text: str) -> int:
    """A whole number to sort by, 0 where there is none."""
    return int(text) if text.lstrip("-").isdecimal() and len(text) < 12 else 0


def sorted_by(key: str) -> Callable[[Row], int]:
    return lambda row: number(row.get(key, ""))
