"""Reading a table that was filled in elsewhere: one row per item, columns found by their titles.

Nothing is guessed: what is not understood becomes a problem with its sheet and cell, what is passed over
becomes a remark. The sentences stand with the pages.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from merilo.assessment.rules.lines import read_lines
from merilo.assessment.rules.scoring import components_of
from merilo.core.cells import Cell, Grid, Problem, shown, whole
from merilo.framework.catalogue import Scale

CODE, TITLE, CANNOT, REASON, READY = "code", "title", "cannot", "reason", "ready"
LINES = ("strength", "area", "idea")
LONGEST_REASON = 2_000
_HEAD_WITHIN = 30  # rows in which the head of a table is looked for


@dataclass(frozen=True, slots=True)
class Row:
    """What a table says about one item. `lines` holds the kinds that the table has."""

    code: str
    values: Mapping[str, int]
    cannot_judge: bool = False
    reason: str = ""
    lines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ready: bool = False

    def fingerprint(self) -> str:
        """The same for the same content, so that a row nobody touched is known again."""
        lines = {kind: list(texts) for kind, texts in self.lines.items() if texts}
        said = [dict(self.values), self.cannot_judge, self.reason, lines, self.ready]
        return sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class Table:
    """What is known of the table: titles of its columns, the scale of each item, and words for yes and no.

    `needed` are the columns besides number and scores without which a sheet cannot be read; `complete`
    says that a score has all its parts or none.
    """

    titles: Mapping[str, str]  # title -> key
    scales: Mapping[str, Scale]  # code of an item -> scale
    answers: Mapping[str, bool]
    needed: tuple[str, ...] = (CANNOT, REASON, *LINES, READY)
    complete: bool = False

    def keys_of(self, code: str) -> tuple[str, ...]:
        """The columns that an item is read from."""
        return (*components_of(self.scales[code]), *self.needed)


@dataclass(frozen=True, slots=True)
class Reading:
    """Rows by item; problems stand in the way of taking anything, remarks do not."""

    rows: Mapping[str, Row]
    problems: tuple[Problem, ...]
    remarks: tuple[Problem, ...]


def read_table(grids: Collection[Grid], table: Table) -> Reading:
    """All rows of all sheets that have the head of the table; the order of sheets and rows is free."""
    reader = _Reader(table)
    for grid in grids:
        reader.sheet(grid)
    return Reading(reader.rows, tuple(reader.problems), tuple(reader.remarks))


class _Reader:
    """Collects rows, problems and remarks sheet by sheet."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.rows: dict[str, Row] = {}
        self.problems: list[Problem] = []
        self.remarks: list[Problem] = []

    def sheet(self, grid: Grid) -> None:
        head = _head(grid, self.table.titles)
        if head is None:
            self.remarks.append(Problem("sheet_passed_over", grid.name))
            return
        row, columns = head
        extra = [place for place, title in _entries(grid, row) if place not in columns.values()]
        if extra:
            self.remarks.append(Problem("columns_passed_over", grid.name, row, extra[0]))
        missing: set[str] = set()
        for number in range(row + 1, len(grid.rows)):
            self._row(grid, number, columns, missing)
        for key in sorted(missing):
            title = next((title for title, known in self.table.titles.items() if known == key), key)
            self.problems.append(Problem("column_missing", grid.name, row, params={"title": title}))

    def _row(self, grid: Grid, number: int, columns: Mapping[str, int], missing: set[str]) -> None:
        place = columns[CODE]
        code = _code(grid.at(number, place))
        if code not in self.table.scales:
            if code:
                self.problems.append(Problem("unknown_code", grid.name, number, place, {"code": code}))
            elif any(grid.at(number, at) != "" for key, at in columns.items() if key not in {CODE, TITLE}):
                self.problems.append(Problem("no_code", grid.name, number, place))
            return
        keys = self.table.keys_of(code)
        if lacking := {key for key in keys if key not in columns}:
            missing |= lacking
            return
        if code in self.rows:
            self.problems.append(Problem("twice", grid.name, number, place, {"code": code}))
            return
        self.rows[code] = _RowReader(self, grid, number, {key: columns[key] for key in keys}).read(code)


class _RowReader:
    """Reads the cells of one row."""

    def __init__(self, reader: _Reader, grid: Grid, number: int, columns: Mapping[str, int]) -> None:
        self.reader, self.grid, self.number, self.columns = reader, grid, number, columns
        self.problems = reader.problems

    def read(self, code: str) -> Row:
        found = len(self.problems)
        self._refuse_merged()
        scale = self.reader.table.scales[code]
        row = Row(
            code=code,
            values=self._values(scale),
            cannot_judge=self._yes_no(CANNOT),
            reason=self._reason(),
            lines={kind: self._lines(kind) for kind in LINES if kind in self.columns},
            ready=self._yes_no(READY),
        )
        if len(self.problems) == found:  # what is said twice over confuses more than it helps
            self._agree(row, scale)
        return row

    def _problem(self, key: str, column: str, **params: object) -> None:
        self.problems.append(Problem(key, self.grid.name, self.number, self.columns[column], params))

    def _cell(self, key: str) -> Cell:
        """The value; "" for a column the table does not have and for a formula without a value."""
        if key not in self.columns:
            return ""
        place = self.columns[key]
        if (self.number, place) in self.grid.unknown:
            self._problem("no_value", key)
            return ""
        return self.grid.at(self.number, place)

    def _refuse_merged(self) -> None:
        for top, left, bottom, right in self.grid.merged:
            for place in self.columns.values():
                if top <= self.number <= bottom and left <= place <= right:
                    area = {"last_row": bottom, "last_column": right}
                    one = Problem("merged", self.grid.name, top, left, area)
                    if one not in self.problems:
                        self.problems.append(one)

    def _values(self, scale: Scale) -> dict[str, int]:
        found = {code: self._points(code, scale) for code in components_of(scale)}
        return {code: value for code, value in found.items() if value is not None}

    def _points(self, key: str, scale: Scale) -> int | None:
        cell = self._cell(key)
        if isinstance(cell, str) and not cell.strip():
            return None
        limits = {"low": scale.minimum, "high": scale.maximum}
        value = whole(cell)
        if value is None:
            is_number = isinstance(cell, (int, float)) and not isinstance(cell, bool)
            self._problem("not_whole" if is_number else "no_number", key, value=shown(cell), **limits)
        elif not scale.minimum <= value <= scale.maximum:
            self._problem("out_of_scale", key, value=value, **limits)
            return None
        return value

    def _yes_no(self, key: str) -> bool:
        cell = self._cell(key)
        if isinstance(cell, bool):
            return cell
        word = shown(cell).casefold()
        if word and word not in self.reader.table.answers:
            self._problem("no_yes_no", key, value=shown(cell))
        return self.reader.table.answers.get(word, False)

    def _reason(self) -> str:
        text = "\n".join(read_lines(shown(self._cell(REASON))).lines)
        if len(text) > LONGEST_REASON:
            self._problem("reason_too_long", REASON, length=len(text), longest=LONGEST_REASON)
        return text

    def _lines(self, kind: str) -> tuple[str, ...]:
        found = read_lines(shown(self._cell(kind)))
        for finding in found.findings:
            if finding.blocks:
                self._problem(finding.code, kind, line=finding.subject, **finding.params)
        return found.lines

    def _agree(self, row: Row, scale: Scale) -> None:
        """What a row says in one cell must fit what it says in another."""
        if row.cannot_judge and row.values:
            self._problem("score_and_cannot", CANNOT)
        elif row.cannot_judge and not row.reason:
            self._problem("no_reason", REASON)
        elif row.ready and not row.cannot_judge and len(row.values) < len(components_of(scale)):
            self._problem("ready_without_score", READY)
        elif self.reader.table.complete and row.values:
            for part in components_of(scale):
                if part not in row.values:
                    self._problem("half_score", part)


def _head(grid: Grid, titles: Mapping[str, str]) -> tuple[int, dict[str, int]] | None:
    """The row with the titles of the columns, and the place of each; None where there is none."""
    for number in range(min(_HEAD_WITHIN, len(grid.rows))):
        columns: dict[str, int] = {}
        for place, title in _entries(grid, number):
            if title in titles:
                columns.setdefault(titles[title], place)
        if CODE in columns and len(columns) > 2:
            return number, columns
    return None


def _entries(grid: Grid, row: int) -> Iterator[tuple[int, str]]:
    for place, cell in enumerate(grid.rows[row]):
        if text := shown(cell):
            yield place, text


def _code(cell: Cell) -> str:
    """The number of an item; a program may have made a number of it (1.1)."""
    return f"{cell:g}" if isinstance(cell, float) else shown(cell)
