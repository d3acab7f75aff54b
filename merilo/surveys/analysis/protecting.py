"""The one place where counts become something that may be shown, printed, exported or published.

Everything after works on a `ProtectedTable` alone: means, shares and tests are made from what it shows, so
that none of them can tell more than it does.

A result of everybody is shown in full once enough people answered. Broken down by another question, it is of
those who answered both: small groups and answers are merged and small counts hidden (see
surveys.rules.suppressing). A scale is shown in as many steps as need no hiding: all of them, or low, middle
and high, or the two best and the rest. Of two questions there is one table, whichever way round it is looked
at: two tables hidden differently would complete each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

import numpy as np

from merilo.surveys.analysis.columns import NOT_SHOWN, Array, Columns
from merilo.surveys.analysis.tallies import Tally, edges_of, tally_of
from merilo.surveys.analysis.variables import scores_of, unknown_codes
from merilo.surveys.models import Survey
from merilo.surveys.rules.definition import Definition
from merilo.surveys.rules.floors import Groups
from merilo.surveys.rules.referring import GROUPING
from merilo.surveys.rules.suppressing import Shown, protected

AWAY = ""  # instead of a code: the question was not shown
REST = "*"  # instead of a code: not chosen, or no answer
OUT = -1  # the place of who said nothing
TOP = 2  # the best answers of a scale that are counted together
SPLIT = frozenset({"single", "matrix", "rating", "nps", "yesno", "multiple"})  # kinds that can be broken down
Codes: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised to who answered; `secret` decides what is hidden and never leaves the server."""

    floor: int
    strict: bool
    secret: str

    def allows(self, people: int) -> bool:
        """Whether so many people may be told about: none, or enough."""
        return people == 0 or people >= self.floor


def promise_of(survey: Survey) -> Promise:
    """Employees are protected strictly: a group that agrees is hidden as well."""
    return Promise(survey.floor, survey.audience == "employees", survey.secret)


@dataclass(frozen=True, slots=True)
class Line:
    """One group: the codes merged into it, a count or None (hidden) for each column, all its people.

    `is_open`: nothing of it is hidden or merged away, so that its mean may be shown.
    """

    codes: Codes
    cells: tuple[int | None, ...]
    total: int
    is_open: bool

    @property
    def is_whole(self) -> bool:
        """Whether every count is shown, so that shares may be."""
        return None not in self.cells


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """Groups of `by` and answers to `item`, as they may be shown.

    Each column names the codes merged into it. Of several choices (`exclusive` is false) the columns are
    options, the cells who chose each, and a group's `total` is everybody in it. `totals` are of the columns.
    """

    item: str
    by: str
    columns: tuple[Codes, ...]
    rows: tuple[Line, ...]
    totals: tuple[int, ...]
    exclusive: bool = True

    @property
    def base(self) -> int:
        return sum(line.total for line in self.rows)

    @property
    def has_hidden(self) -> bool:
        return not all(line.is_whole for line in self.rows)

    @property
    def is_open(self) -> bool:
        """Whether nothing at all is hidden or merged."""
        return all(line.is_open and len(line.codes) == 1 for line in self.rows)


# --- one question, everybody ------------------------------------------------------------------
def result(tally: Tally, promise: Promise) -> Tally | None:
    """A tally that may be shown, None where too few answered, or where employees all said the same."""
    if tally["base"] < promise.floor:
        return None
    unanimous = tally["kind"] in {"choice", "flags"} and max(tally["counts"]) == tally["base"]
    return None if promise.strict and unanimous else tally


def unmarked(tallies: Tally, promise: Promise) -> dict[str, Tally]:
    """The tallies without marked responses, of those questions where the difference is nobody or enough."""
    if not promise.allows(tallies["marked"]):
        return {}
    every: dict[str, Tally] = tallies["all"]
    found: dict[str, Tally] = tallies.get("unmarked", {})
    counted = ("base", "none", "away")
    return {
        item: tally
        for item, tally in found.items()
        if all(promise.allows(every[item][name] - tally[name]) for name in counted)
    }


Filter: TypeAlias = tuple[str, str]  # an item and the code that was chosen
MOST_FILTERS = 3


class TellsTooMuch(ValueError):
    """A filter would leave out, or leave, fewer people than the floor."""


def filtered(
    columns: Columns, tallies: Tally, filters: Sequence[Filter], promise: Promise
) -> dict[str, Tally]:
    """The tallies of those who gave certain answers, in surveys with names only. Errors: TellsTooMuch.

    With one condition more or less the difference must be nobody or enough, and for each question too.
    """
    masks = [_who(columns, item, code) for item, code in filters[:MOST_FILTERS]]
    everybody = np.ones(len(columns), np.bool_)
    sizes: dict[frozenset[int], int] = {}
    for chosen in _subsets(len(masks)):
        sizes[chosen] = int(np.logical_and.reduce([everybody, *(masks[place] for place in chosen)]).sum())
    for chosen, size in sizes.items():
        without = [sizes[chosen - {place}] - size for place in chosen]
        if size < promise.floor or not all(map(promise.allows, without)):
            raise TellsTooMuch
    rest = columns.where(np.logical_and.reduce([everybody, *masks]))
    every: dict[str, Tally] = tallies["all"]
    edges = {item: edges_of(tally) for item, tally in every.items()}
    found = {item: tally_of(rest, item, edges[item]) for item in every}
    return {
        item: tally for item, tally in found.items() if promise.allows(every[item]["base"] - tally["base"])
    }


def _subsets(size: int) -> list[frozenset[int]]:
    return [frozenset(chosen) for count in range(size + 1) for chosen in combinations(range(size), count)]


def _who(columns: Columns, item: str, code: str) -> Array:
    codes = columns.variables[item].codes
    place = codes.index(code) if code in codes else len(codes)
    return np.asarray(columns[item] == place)


# --- two questions ----------------------------------------------------------------------------
def may_split(definition: Definition, item: str) -> bool:
    """Whether the answers to an item can be broken down."""
    return definition.owner(item).kind in SPLIT


def groupings(definition: Definition, *, anonymous: bool) -> list[str]:
    """The questions by which others may be broken down: in anonymous surveys the declared ones only."""
    declared = [breakdown.question for breakdown in definition.breakdowns]
    if anonymous:
        return declared
    return [question.code for question in definition.questions() if question.kind in GROUPING]


def may_cross(definition: Definition, item: str, by: str, *, anonymous: bool) -> bool:
    """Whether an item may be broken down by a question.

    In anonymous surveys two declared attributes are not crossed with each other: the tables of a question by
    each of them share nothing but that question, and tell no more together than each alone.
    """
    groups = groupings(definition, anonymous=anonymous)
    if by not in groups or not may_split(definition, item) or item == by:
        return False
    return not (anonymous and item in groups)


def table(
    columns: Columns, definition: Definition, item: str, by: str, promise: Promise
) -> ProtectedTable | None:
    """The answers to `item` by the groups of `by`; None where fewer people than the floor answered both.

    Whom a question was not shown to is a line of its own; who was asked and said nothing, or "don't know", is
    not in the table.
    """
    if definition.owner(item).kind == "multiple":
        return _of_options(columns, definition, item, by, promise)
    if _stands_first(definition, item, by):
        found = table(columns, definition, by, item, promise)
        return found and turned(found)
    groups, answers = _lines(columns, definition, by), _lines(columns, definition, item)
    counts, found = _counts(groups, answers), None
    for steps in ladder(definition, item, answers.codes):
        shown = _protected(_put_together(counts, steps), groups, answers, definition, promise)
        found = found if shown is None else _told(item, by, groups, _names(answers.codes, steps), shown)
        if found is None or not found.has_hidden:
            break
    return found


def ladder(definition: Definition, item: str, codes: Codes) -> list[Groups]:
    """Ways to put the answers together, from all apart to two: only the last may have hidden counts."""
    alone = tuple((place,) for place in range(len(codes)))
    values = scores_of(definition.owner(item))
    scale = tuple(place for place, code in enumerate(codes) if code in values)
    rising = [values[codes[place]] for place in scale]
    if len(scale) < 2 * TOP or rising != sorted(rising) or scale != tuple(range(len(scale))):
        return [alone]
    away = alone[len(scale) :]
    low, middle = scale[:TOP], scale[TOP:-TOP]
    if definition.owner(item).kind == "nps":
        low, middle = scale[:-4], scale[-4:-TOP]
    three = (low, *((middle,) if middle else ()), scale[-TOP:])
    return [alone, (*three, *away), (scale[:-TOP], scale[-TOP:], *away)]


def _told(item: str, by: str, groups: _Lines, answers: tuple[Codes, ...], shown: Shown) -> ProtectedTable:
    single = all(len(codes) == 1 for codes in answers)
    names = _names(groups.codes, shown.rows)
    lines = (
        Line(codes, cells, total, is_open=single and shown.is_open(row) and len(codes) == 1)
        for row, (codes, cells, total) in enumerate(zip(names, shown.cells, shown.row_totals, strict=True))
        if total
    )
    joined = tuple(tuple(code for place in places for code in answers[place]) for places in shown.columns)
    return ProtectedTable(item, by, joined, tuple(lines), shown.column_totals)


def _put_together(counts: Array, steps: Groups) -> Array:
    return np.stack([counts[:, list(places)].sum(axis=1) for places in steps], axis=1)


def turned(table: ProtectedTable) -> ProtectedTable:
    """The same table with its answers as groups; what is hidden stays hidden."""
    is_open = all(len(codes) == 1 for codes in (*table.columns, *(line.codes for line in table.rows)))
    rows = (
        Line(codes, cells, total, is_open=is_open and None not in cells)
        for place, (codes, total) in enumerate(zip(table.columns, table.totals, strict=True))
        if total and (cells := tuple(line.cells[place] for line in table.rows))
    )
    columns, totals = (line.codes for line in table.rows), (line.total for line in table.rows)
    return ProtectedTable(table.by, table.item, tuple(columns), tuple(rows), tuple(totals))


def _of_options(
    columns: Columns, definition: Definition, item: str, by: str, promise: Promise
) -> ProtectedTable | None:
    """A table of its own for each option: chosen or not. They have nothing but the groups in common."""
    groups, tables = _lines(columns, definition, by), list[Shown | None]()
    variables = columns.of_item(item)
    for variable in variables:
        answers = _Lines(variable.key, (variable.option, REST), np.where(columns[variable.key] == 1, 0, 1))
        tables.append(_protected(_counts(groups, answers), groups, answers, definition, promise))
    first = next((found for found in tables if found), None)
    if first is None:
        return None
    names = _names(groups.codes, first.rows)  # those of all options: groups are merged by their totals
    lines = (
        Line(names[row], tuple(_chosen(found, row) for found in tables), total, is_open=False)
        for row, total in enumerate(first.row_totals)
        if total
    )
    options = tuple((variable.option,) for variable in variables)
    return ProtectedTable(item, by, options, tuple(lines), tuple(map(_whole, tables)), exclusive=False)


def _whole(shown: Shown | None) -> int:
    """How many of all groups chose an option; 0 where so few, or so nearly all, did that it is not told."""
    return shown.column_totals[0] if shown and len(shown.columns) == 2 else 0


def _chosen(shown: Shown | None, row: int) -> int | None:
    """How many of a group chose an option; hidden where it is not told of all groups."""
    return shown.cells[row][0] if shown and len(shown.columns) == 2 else None


# --- counting ---------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Lines:
    """Which line of a table each response is in."""

    key: str
    codes: Codes
    places: Array


def _lines(columns: Columns, definition: Definition, item: str) -> _Lines:
    """A line for each answer, and a last one for whom the question was not shown to, if there are any."""
    silent = unknown_codes(definition.owner(item))
    given, column = columns.variables[item].codes, columns[item]
    codes = tuple(code for code in given if code not in silent)
    known = [codes.index(code) if code not in silent else OUT for code in given]
    lookup = np.array([len(codes), OUT, *known], np.int64)  # the first two are NOT_SHOWN and NO_ANSWER
    asked = (*codes, AWAY) if (column == NOT_SHOWN).any() else codes
    return _Lines(item, asked, lookup[column - NOT_SHOWN])


def _counts(groups: _Lines, answers: _Lines) -> Array:
    """How many are in each group and each answer; who is in no line is left out."""
    size = (len(groups.codes), len(answers.codes))
    there = (groups.places != OUT) & (answers.places != OUT)
    places = groups.places[there] * size[1] + answers.places[there]
    return np.bincount(places, minlength=size[0] * size[1]).reshape(size)


def _protected(
    counts: Array, groups: _Lines, answers: _Lines, definition: Definition, promise: Promise
) -> Shown | None:
    return protected(
        counts.tolist(),
        promise.floor,
        ordered_rows=_is_ordered(definition, groups.key),
        ordered_columns=_is_ordered(definition, answers.key),
        strict=promise.strict,
        secret=f"{promise.secret}/{groups.key}/{answers.key}",
    )


def _names(codes: Codes, lines: Groups) -> tuple[Codes, ...]:
    return tuple(tuple(codes[place] for place in places) for places in lines)


def _is_ordered(definition: Definition, item: str) -> bool:
    """Whether answers may be merged with their neighbours only: scales, and groups declared so."""
    if ":" in item:
        return False
    owner = definition.owner(item)
    declared = any(one.ordered for one in definition.breakdowns if one.question == item)
    return declared or bool(scores_of(owner))


def _stands_first(definition: Definition, item: str, by: str) -> bool:
    """Whether the one table of two questions has the groups of `item`, the earlier of the two."""
    owner = definition.owner(item)
    if owner.kind not in GROUPING:
        return False
    order = [question.code for question in definition.questions()]
    return order.index(item) < order.index(by)
