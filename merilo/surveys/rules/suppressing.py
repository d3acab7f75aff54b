"""Hiding small counts of a table so that nobody can work them out from what is shown.

A table has a row for each group and a column for each answer, "no answer" being one, so that row totals are
the same for all questions. The totals of the single groups and answers are known: they are results of their
own. Lines with small totals are merged before (`floors.merged`). A count from 1 to below the floor is small
and hidden, and so are others beside it, until every small count could, for all a reader can know, be as large
as the floor. Two such tables share nothing but known totals: together they tell no more than each alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import product

from merilo.surveys.rules.floors import Groups, merged

Cell = tuple[int, int]
Counts = Sequence[Sequence[int]]
HIDDEN = None


class MarginTooSmall(ValueError):
    """A row or column total lies under the floor: merge before hiding."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A table as it may be published: margins in full, hidden counts as None.

    `rows` and `columns` are the places of the original groups and answers each line was merged from.
    """

    rows: Groups
    columns: Groups
    cells: tuple[tuple[int | None, ...], ...]
    row_totals: tuple[int, ...]
    column_totals: tuple[int, ...]

    @property
    def base(self) -> int:
        return sum(self.row_totals)

    def is_open(self, row: int) -> bool:
        """Whether nothing of a group is hidden or merged, so that its mean and shares may be shown too.

        A mean beside hidden or merged counts would be one more equation to solve them by.
        """
        return all(len(places) == 1 for places in self.columns) and HIDDEN not in self.cells[row]


def protected(
    counts: Counts,
    floor: int,
    *,
    ordered_rows: bool = False,
    ordered_columns: bool = False,
    strict: bool = False,
    secret: str,
) -> Shown | None:
    """The table with small groups and answers merged and small counts hidden; None for fewer than the floor.

    `strict` is for employees: a group of which all said the same is hidden as well. A merged line is always
    treated so, for if it lies in one cell, its small members do too. Where that is so of the whole table
    there is none: it is of who answered both questions, whose totals are no results of their own. `secret`
    is drawn once for a survey and never published: without it, somebody who knows this program could repeat
    its choices.
    """
    row_totals, column_totals = _totals(counts)
    rows = merged(row_totals, floor, ordered=ordered_rows)
    columns = merged(column_totals, floor, ordered=ordered_columns)
    if rows is None or columns is None:
        return None
    table = [
        [sum(counts[one][other] for one, other in product(row, column)) for column in columns] for row in rows
    ]
    row_totals, column_totals = _totals(table)
    if _all_in_one(column_totals, row_totals, rows, strict=strict) or _all_in_one(
        row_totals, column_totals, columns
    ):
        return None
    sensitive = set(_in_one_cell(table, [strict or len(places) > 1 for places in rows]))
    turned = list(zip(*table, strict=True))
    sensitive |= {
        (row, column) for column, row in _in_one_cell(turned, [len(places) > 1 for places in columns])
    }
    counted = {cell for cell in sensitive if row_totals[cell[0]] and column_totals[cell[1]]}
    hidden = hidden_cells(table, floor, counted, secret)
    cells = tuple(
        tuple(HIDDEN if (row, column) in hidden else count for column, count in enumerate(line))
        for row, line in enumerate(table)
    )
    return Shown(rows, columns, cells, row_totals, column_totals)


def hidden_cells(
    table: Counts, floor: int, sensitive: Collection[Cell] = (), secret: str = ""
) -> frozenset[Cell]:
    """The small and sensitive cells and those that must be hidden with them.

    Errors: MarginTooSmall where a total is from 1 to below the floor.

    >>> sorted(hidden_cells([[3, 20, 30], [20, 30, 9], [40, 11, 8]], 5))
    [(0, 0), (0, 2), (1, 0), (1, 2)]
    """
    if any(0 < total < floor for totals in _totals(table) for total in totals):
        raise MarginTooSmall
    reasons = [*_small(table, floor), *sorted(sensitive)]
    hidden = set(reasons)
    for cell in reasons:
        _cover(table, hidden, cell, floor, secret)
    return frozenset(cell for cell in hidden if len(set(bounds(table, hidden, cell))) > 1)


def bounds(table: Counts, hidden: Collection[Cell], cell: Cell) -> tuple[int, int]:
    """The least and the most a hidden cell can be for somebody who sees all others and the margins.

    The hidden cells are arcs between rows and columns. A cell grows by what can flow from its row to its
    column through the others, shrinking each cell crossed from a row, by its count at most, and growing each
    cell crossed from a column; it shrinks by what can flow the other way.

    >>> bounds([[3, 20], [20, 30]], {(0, 0), (0, 1), (1, 0), (1, 1)}, (0, 0))
    (0, 23)
    """
    row, column = cell
    others = [other for other in hidden if other != cell]
    count = table[row][column]
    room = sum(table[row]) + 1  # more than any count of the row can be
    grows = _flow(table, others, row, column, room, shrinks_from_rows=True)
    shrinks = _flow(table, others, row, column, count, shrinks_from_rows=False)
    return count - shrinks, count + grows


# --- what has to be hidden --------------------------------------------------------------------
def _totals(table: Counts) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return tuple(map(sum, table)), tuple(map(sum, zip(*table, strict=True)))


def _small(table: Counts, floor: int) -> Iterator[Cell]:
    for row, line in enumerate(table):
        for column, count in enumerate(line):
            if 0 < count < floor:
                yield row, column


def _in_one_cell(table: Counts, looked_at: Sequence[bool]) -> Iterator[Cell]:
    """The cells of those rows whose people are all in one cell, zeros included."""
    for row, line in enumerate(table):
        if looked_at[row] and len(line) > 1 and 0 < sum(line) == max(line):
            yield from ((row, column) for column in range(len(line)))


def _all_in_one(totals: Sequence[int], others: Sequence[int], lines: Groups, *, strict: bool = False) -> bool:
    """Whether everybody is in one of several columns (or rows) though a line across must not be in one cell.

    No count of it could be hidden, for the totals alone tell it.
    """
    looked_at = (strict or len(places) > 1 for places, total in zip(lines, others, strict=True) if total)
    return len(totals) > 1 and max(totals) == sum(totals) and any(looked_at)


def _cover(table: Counts, hidden: set[Cell], cell: Cell, floor: int, secret: str) -> None:
    """Hide others until the cell may be as large as the floor, or different at all if it is that large.

    Each step hides the corners of a rectangle: what the cell gains, its neighbours in row and column lose
    and the opposite corner gains. The cheapest rectangle is taken that hides the fewest people.
    """
    least, most = bounds(table, hidden, cell)
    while (most < floor or least == most) and (corners := _cheapest(table, hidden, cell, floor, secret)):
        hidden |= corners
        least, most = bounds(table, hidden, cell)


def _cheapest(table: Counts, hidden: set[Cell], cell: Cell, floor: int, secret: str) -> set[Cell]:
    row, column = cell
    need = max(floor - table[row][column], 1)
    best: tuple[tuple[float, float], set[Cell]] | None = None
    for other_row, other_column in product(range(len(table)), range(len(table[0]))):
        corners = {(row, other_column), (other_row, column), (other_row, other_column)}
        if other_row == row or other_column == column or corners <= hidden:
            continue
        gain = min(table[row][other_column], table[other_row][column], need)
        price = sum(table[one][other] + 1 for one, other in corners - hidden)
        rank = (-gain, price * _whim(secret, cell, (other_row, other_column)))
        if best is None or rank < best[0]:
            best = rank, corners
    return best[1] if best else set()


def _whim(secret: str, *cells: Cell) -> float:
    """A factor from 1 to 2 that only the secret tells."""
    return 1 + sha256(f"{secret}/{cells}".encode()).digest()[0] / 255


# --- what can flow ----------------------------------------------------------------------------
def _flow(
    table: Counts, cells: Collection[Cell], row: int, column: int, most: int, *, shrinks_from_rows: bool
) -> int:
    """How much, up to `most`, can flow from a row to a column through the hidden cells."""
    rows = len(table)
    left: list[dict[int, int]] = [{} for _ in range(rows + len(table[0]))]
    for one, other in cells:
        count = table[one][other]
        left[one][rows + other] = count if shrinks_from_rows else most
        left[rows + other][one] = most if shrinks_from_rows else count
    total = 0
    while total < most and (path := _path(left, row, rows + column)):
        step = min(most - total, *(left[start][end] for start, end in path))
        for start, end in path:
            left[start][end] -= step
            left[end][start] += step
        total += step
    return total


def _path(left: Sequence[dict[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """A shortest way through arcs with something left, as pairs of ends; empty if there is none."""
    came: dict[int, int] = {start: start}
    waiting = [start]
    for place in waiting:
        for beside, room in left[place].items():
            if room > 0 and beside not in came:
                came[beside] = place
                waiting.append(beside)
    path: list[tuple[int, int]] = []
    while end in came and end != start:
        path.append((came[end], end))
        end = came[end]
    return path
