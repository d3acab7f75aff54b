"""What our own workbook says after somebody edited it, beside what is stored now: nothing decided here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from math import isfinite
from typing import Any

from django.utils.translation import gettext as _

from merilo.core import sealed
from merilo.core.cells import Cell, Grid, Problem, shown
from merilo.core.errors import BadFile
from merilo.improvement.interchange.fields import (
    BEGIN,
    CODE,
    FOLLOWS,
    NAME,
    NUMBER,
    OF,
    PARTS,
    TERM,
    UNIT,
    Part,
    titles,
)
from merilo.improvement.interchange.stored import Whole
from merilo.improvement.interchange.writing import KIND
from merilo.improvement.models import MeasureKind, Plan
from merilo.improvement.rules.calendar import goes_round
from merilo.improvement.rules.filling import FIGURES, NEW, Field, Unreadable, Words, tidy, value_in
from merilo.improvement.rules.merging import Difference, differences, mark
from merilo.organisations.api import Viewer
from merilo.web.spreadsheets import IDENTITY


@dataclass(frozen=True, slots=True)
class Typed:
    """One row of the file: `id` is empty for a new one.

    `of` is the number of the measure of an activity or indicator, `of_id` its id where the file knew it;
    `then` are the marks of what was written into the file, `values` what is readable in it now.
    """

    part: str
    sheet: str
    row: int
    key: str
    id: str
    of: str
    of_id: str
    values: Mapping[str, str]
    then: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Filled:
    """What a file says: its rows, cells that cannot be taken, what was passed over, rows it lacks."""

    rows: tuple[Typed, ...]
    problems: tuple[Problem, ...]
    remarks: tuple[Problem, ...]
    missing: tuple[tuple[str, str], ...]  # part and id


@dataclass(frozen=True, slots=True)
class Change:
    """One row that would change or come; `version` is that of what is stored now."""

    typed: Typed
    version: int
    fields: tuple[Difference, ...]

    @property
    def is_new(self) -> bool:
        """Whether the row is not stored yet."""
        return not self.typed.id


# --- reading ---------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Origin:
    """What the file said of itself: the names of its sheets, each row's id and marks by part and key."""

    sheets: Mapping[str, str]
    rows: Mapping[tuple[str, str], tuple[str, Mapping[str, str]]]


def origin_of(plan: Plan, grids: Iterable[Grid]) -> Origin:
    """What the hidden page says. Errors: BadFile where the file is something else."""
    hidden = next((grid for grid in grids if grid.name == IDENTITY), None)
    told = [[shown(cell) for cell in row] for row in hidden.rows] if hidden else []
    facts = {row[0]: row[1] for row in told if len(row) == 2}
    if facts.get("kind") != KIND:
        raise BadFile(
            _("This workbook is not one from this page. Download it here, or take its measures from a table.")
        )
    if facts.get("plan") != str(plan.pk):
        raise BadFile(_("This workbook belongs to another plan. Upload it there."))
    try:
        rows = {(row[1], row[2]): (row[3], _marks(row[4])) for row in told if row[0] == "row"}
        return Origin({row[1]: row[2] for row in told if row[0] == "sheet"}, rows)
    except (IndexError, TypeError, ValueError) as error:
        raise BadFile(_("The file is damaged and cannot be opened.")) from error


def _marks(text: str) -> dict[str, str]:
    """Errors: ValueError, TypeError."""
    found = json.loads(text)
    if not isinstance(found, dict):
        raise TypeError(text)
    return {str(name): str(value) for name, value in found.items()}


def read(plan: Plan, grids: Sequence[Grid], words: Words) -> Filled:
    """All rows of the file. Errors: BadFile."""
    reader = _Reader(plan, origin_of(plan, grids), words)
    for part in PARTS:
        name = reader.origin.sheets.get(part.key, "")
        grid = next((grid for grid in grids if grid.name == name), None)
        if grid is None:
            reader.remarks.append(Problem("sheet_missing", str(part.name)))
        else:
            reader.sheet(part, grid)
    reader.ties()
    left = (key for key in reader.origin.rows if key not in reader.seen)
    missing = tuple((key[0], reader.origin.rows[key][0]) for key in left)
    return Filled(tuple(reader.rows), tuple(reader.problems), tuple(reader.remarks), missing)


class _Reader:
    """Goes through the sheets row by row."""

    def __init__(self, plan: Plan, origin: Origin, words: Words) -> None:
        self.plan, self.origin, self.words = plan, origin, words
        self.rows: list[Typed] = []
        self.problems: list[Problem] = []
        self.remarks: list[Problem] = []
        self.seen: set[tuple[str, str]] = set()
        self.tied: dict[int, _Place] = {}  # rows that tie an activity to others, by their place in `rows`

    def sheet(self, part: Part, grid: Grid) -> None:
        """All rows of one sheet; without the columns that say which row is which none can be taken."""
        columns, extra = _columns(part, grid)
        lacking = [name for name in part.keys if name not in columns and name not in {NAME, UNIT}]
        if lacking:
            self.problems.append(Problem("column_missing", grid.name, 0, params={"name": lacking[0]}))
            return
        for name in part.columns():
            if name not in columns:
                self.remarks.append(Problem("column_left_out", grid.name, 0, params={"name": name}))
        if extra is not None:
            self.remarks.append(Problem("columns_passed_over", grid.name, 0, extra))
        if part.key == "activity":
            self.words = replace(self.words, read_steps=self._numbers(grid, columns[NUMBER]))
        for row in range(1, len(grid.rows)):
            if any(shown(cell) for cell in grid.rows[row]):
                self._row(part, grid, row, columns)

    def _numbers(self, grid: Grid, column: int) -> dict[str, str]:
        """Activities by the numbers that the file gives them: those it went out with, and new ones."""
        typed = (shown(grid.at(row, column)) for row in range(1, len(grid.rows)))
        known = {key: id_ for (part, key), (id_, _marks) in self.origin.rows.items() if part == "activity"}
        return {key: f"{NEW}{key}" for key in typed if key} | known

    def _row(self, part: Part, grid: Grid, row: int, columns: Mapping[str, int]) -> None:
        said = {name: shown(grid.at(row, columns[name])) for name in part.keys if name in columns}
        of = said.get(OF, "")
        key = f"{of}/{said[CODE]}" if part.key == "indicator" else said[NUMBER]
        id_, then = self.origin.rows.get((part.key, key), ("", {}))
        if (part.key, key) in self.seen:
            self.problems.append(Problem("row_twice", grid.name, row, params={"key": key}))
            return
        if key:
            self.seen.add((part.key, key))
        found = len(self.problems)
        at = _Place(grid, row, columns)
        values = dict(self._values(part.fields, at, then, {} if id_ else self._usual(part)))
        values = self._in_order(at, values, then)
        if id_:
            self.remarks += _overwritten(at, said, then)
        else:
            values |= self._further(part, at, said)
        if id_ or len(self.problems) == found:
            of_id = self.origin.rows.get(("measure", of), ("", {}))[0]
            if values.get(FOLLOWS):
                self.tied[len(self.rows)] = at
            self.rows.append(Typed(part.key, grid.name, row, key, id_, of, of_id, values, then))

    def _in_order(self, at: _Place, values: dict[str, str], then: Mapping[str, str]) -> dict[str, str]:
        """The values without a term that ends before it begins; its cell is named."""
        days = [values.get(name, "") for name in TERM]
        touched = [
            name for name in TERM if name in at.columns and then.get(name) != mark(values.get(name, ""))
        ]
        if not (all(days) and days[1] < days[0] and touched):
            return values
        self.problems.append(Problem("reversed", at.grid.name, at.row, at.columns[touched[-1]]))
        return {name: value for name, value in values.items() if name not in TERM}

    def ties(self) -> None:
        """Takes out ties by which an activity would wait for itself; untouched ones come first."""
        follows: dict[str, list[str]] = {}
        for place in sorted(self.tied, key=lambda place: _is_touched(self.rows[place])):
            typed = self.rows[place]
            own, after = typed.id or f"{NEW}{typed.key}", typed.values[FOLLOWS].split("\n")
            closing = next((one for one in after if goes_round(follows, own, one)), "")
            if not closing:
                follows[own] = after
                continue
            at = self.tied[place]
            key, params = "step_itself", {}
            if closing != own:
                numbers = {value: number for number, value in self.words.read_steps.items()}
                key, params = "step_circle", {"text": numbers.get(closing, "")}
            self.problems.append(Problem(key, at.grid.name, at.row, at.columns[FOLLOWS], params))
            left = {name: value for name, value in typed.values.items() if name != FOLLOWS}
            self.rows[place] = replace(typed, values=left)

    def _usual(self, part: Part) -> dict[str, str]:
        """What a new row means where it says nothing."""
        usual = {
            "measure": {
                "first": self.plan.first.isoformat(),
                "last": self.plan.last.isoformat(),
                "kind": MeasureKind.OTHER.value,
            },
            "activity": {"percent": "0"},
        }
        return usual.get(part.key, {})

    def _values(
        self, fields: Iterable[Field], at: _Place, then: Mapping[str, str], usual: Mapping[str, str]
    ) -> Iterator[tuple[str, str]]:
        """Readable fields, in place of empty ones what is usual; what was not touched is no problem."""
        for one in fields:
            if one.name not in at.columns:
                yield from self._left_out(one, at, then, usual)
                continue
            try:
                yield one.name, self._value(one, at)
            except Unreadable as error:
                if error.key == "needed" and one.name in usual:
                    yield one.name, usual[one.name]
                elif error.key == "no_value" or then.get(one.name) != mark(tidy(shown(at.cell(one.name)))):
                    self.problems.append(_unreadable(one, at, error))

    def _left_out(
        self, one: Field, at: _Place, then: Mapping[str, str], usual: Mapping[str, str]
    ) -> Iterator[tuple[str, str]]:
        """A column that the file does not have any more: of what was there nothing changes."""
        if not then and one.name in usual:
            yield one.name, usual[one.name]
        elif not then and one.needed:
            self.problems.append(Problem("column_missing", at.grid.name, at.row, params={"name": one.name}))

    def _value(self, one: Field, at: _Place) -> str:
        """Errors: Unreadable."""
        place = at.columns[one.name]
        if _is_joined(at.grid, at.row, place):
            raise Unreadable("joined")
        if (at.row, place) in at.grid.unknown:
            raise Unreadable("no_value")
        return value_in(one, at.cell(one.name), self.words)

    def _further(self, part: Part, at: _Place, said: Mapping[str, str]) -> dict[str, str]:
        """What a new indicator is called; a new activity or indicator names its measure."""
        if part.key != "measure" and not said.get(OF):
            self.problems.append(Problem("no_measure_named", at.grid.name, at.row, at.columns[OF]))
        if part.key != "indicator":
            return {}
        fields = [one for one in BEGIN if one.name != NAME or not said.get(CODE)]
        return dict(self._values(fields, at, {}, {})) | ({NAME: said.get(NAME, "")} if said.get(CODE) else {})


@dataclass(frozen=True, slots=True)
class _Place:
    """One row of a sheet, and where its columns are."""

    grid: Grid
    row: int
    columns: Mapping[str, int]

    def cell(self, name: str) -> Cell:
        return self.grid.at(self.row, self.columns[name])


def _columns(part: Part, grid: Grid) -> tuple[dict[str, int], int | None]:
    """The place of each column by its name, and the first that is none of ours."""
    known = titles(part)
    columns: dict[str, int] = {}
    extra: int | None = None
    for place, cell in enumerate(grid.rows[0] if grid.rows else ()):
        heading = " ".join(shown(cell).casefold().split())
        if heading in known:
            columns.setdefault(known[heading], place)
        elif heading and extra is None:
            extra = place
    return columns, extra


def _unreadable(one: Field, at: _Place, error: Unreadable) -> Problem:
    """What is said of a cell; a number in it goes along, to be written as people write it."""
    cell = at.cell(one.name)
    is_figure = one.sort in FIGURES and isinstance(cell, float) and isfinite(cell)
    value = {"value": cell} if is_figure else {}
    params = {**error.params, **value, "name": one.name}
    return Problem(error.key, at.grid.name, at.row, at.columns[one.name], params)


def _overwritten(at: _Place, said: Mapping[str, str], then: Mapping[str, str]) -> Iterator[Problem]:
    """Cells that say which row it is and are not edited; files made before do not know their texts."""
    for name, text in said.items():
        if text and name in then and mark(tidy(text)) != then[name]:
            yield Problem("not_edited", at.grid.name, at.row, at.columns[name], {"text": text})


def _is_touched(typed: Typed) -> bool:
    """Whether the ties of an activity are others than the file went out with."""
    return typed.then.get(FOLLOWS) != mark(typed.values[FOLLOWS])


def _is_joined(grid: Grid, row: int, column: int) -> bool:
    """Whether a cell is part of a joined area, so that nobody knows whether it was emptied."""
    return any(top <= row <= bottom and left <= column <= right for top, left, bottom, right in grid.merged)


# --- comparing --------------------------------------------------------------------------------------
def changes(rows: Iterable[Typed], now: Whole) -> Iterator[Change]:
    """What would change: fields that somebody changed in the file, and rows that are new in it."""
    for typed in rows:
        if not typed.id:
            fields = (Difference(name, "", value) for name, value in typed.values.items() if value)
            yield Change(typed, 0, tuple(fields))
        elif stored := now.rows.get((typed.part, typed.id)):
            found = tuple(differences(typed.then, stored.values, typed.values))
            if found:
                yield Change(typed, stored.version, found)


def gone(filled: Filled, now: Whole) -> list[Typed]:
    """Rows of the file whose measure, activity or indicator was removed here meanwhile."""
    return [typed for typed in filled.rows if typed.id and (typed.part, typed.id) not in now.rows]


# --- on its way through the page --------------------------------------------------------------------
def seal(viewer: Viewer, plan: Plan, filled: Filled, now: Whole) -> str:
    """What the page shows of a file as a text that only this person's page takes back. Errors: BadFile."""
    found = [(one.typed, one.version) for one in changes(filled.rows, now)]
    rows = [*found, *((typed, 0) for typed in gone(filled, now))]
    said = [[asdict(one) for one in some] for some in (filled.problems, filled.remarks)]
    return sealed.seal(
        _owner(viewer, plan), [[[asdict(typed), at] for typed, at in rows], *said, filled.missing]
    )


def unseal(viewer: Viewer, plan: Plan, signed: str) -> tuple[Filled, dict[str, int]]:
    """The same again, and the versions that were shown by the name of each row. Errors: MeriloError."""
    told: Any = sealed.unseal(_owner(viewer, plan), signed)
    rows, problems, remarks, missing = told
    found = [(Typed(**typed), int(version)) for typed, version in rows]
    filled = Filled(
        tuple(typed for typed, _version in found),
        tuple(Problem(**one) for one in problems),
        tuple(Problem(**one) for one in remarks),
        tuple((part, id_) for part, id_ in missing),
    )
    return filled, {tick(typed): version for typed, version in found}


def _owner(viewer: Viewer, plan: Plan) -> str:
    return f"workbook/{plan.pk}/{viewer.membership.pk}"


def tick(typed: Typed, name: str = "") -> str:
    """The name of a row, or of one of its fields, as the boxes of the page send it."""
    return ":".join(filter(None, (typed.part, typed.id or f"row-{typed.row}", name)))
