"""Measures in somebody's table: each row, or several rows of one measure, becomes a draft to look at."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from merilo.core.cells import Grid, Problem, shown
from merilo.improvement.rules.drafting import Builder
from merilo.improvement.rules.drafts import Draft, Entry, Known, Layout, Rows
from merilo.improvement.rules.headings import Holds, headings
from merilo.improvement.rules.reading import alike

MOST_MEASURES = 500
_ABOVE = {Holds.NUMBER, Holds.CODES, Holds.KIND}  # alone in a row they are a title, and say no more

_TOTALS = {"общо", "всичко", "всичко общо", "сума", "общо за плана", "total", "grand total", "sum"}


@dataclass(frozen=True, slots=True)
class Read:
    """The drafts, and rows that were passed over because they hold no measure."""

    drafts: tuple[Draft, ...]
    passed: tuple[Problem, ...]
    is_too_long: bool = False


def read(grid: Grid, layout: Layout, known: Known) -> Read:
    """All measures of a sheet, in its order."""
    rows = list(_measures(grid, layout))
    names = headings(grid, layout.head)
    drafts = [Builder(grid, names, known, one).draft() for one in rows if one.is_measure]
    passed = [Problem("no_measure", grid.name, one.row, params={"text": one.said()}) for one in rows]
    return Read(
        tuple(drafts[:MOST_MEASURES]),
        tuple(one for one, row in zip(passed, rows, strict=True) if not row.is_measure),
        len(drafts) > MOST_MEASURES,
    )


# --- rows that belong together --------------------------------------------------------------------
def _measures(grid: Grid, layout: Layout) -> Iterator[Rows]:
    """Rows without a text of their own, and rows that repeat it, go on with the measure above."""
    now: Rows | None = None
    key = ("", "")
    for row in range(0 if layout.head is None else layout.head + 1, len(grid.rows)):
        filled = [at for at in sorted(layout.holds) if shown(grid.at(row, at)) or (row, at) in grid.unknown]
        if not filled:
            continue
        said = {layout.holds[at]: shown(grid.at(row, at)) for at in filled}
        own = (said.get(Holds.TEXT, ""), said.get(Holds.NUMBER, ""))
        is_title = _is_title(grid, row, filled) or alike(own[0]) in _TOTALS
        if now and now.is_measure and not is_title and _goes_on(said, own, key):
            filled = [at for at in filled if layout.holds[at] not in {Holds.TEXT, Holds.NUMBER}]
        else:
            if now:
                yield now
            now, key = Rows(row, bool(own[0]) and not is_title), own
            if now.is_measure:
                filled = sorted({*filled, *_joined(grid, layout, row)})
        for at in filled:
            top = _top(grid, layout, row, at)
            now.add(layout.holds[at], Entry(top, at, grid.at(top, at)))
    if now:
        yield now


def _goes_on(said: Collection[Holds], own: tuple[str, str], key: tuple[str, str]) -> bool:
    """Whether a row says more of the measure above: it has no text, or the same number and text."""
    text, number = own
    if text:
        return bool(number) and own == key
    return number in {"", key[1]} and any(holds not in _ABOVE for holds in said)


def _is_title(grid: Grid, row: int, filled: Collection[int]) -> bool:
    """Whether a row is a title between measures: one text joined over several columns."""
    return len(filled) == 1 and any(
        top <= row <= bottom and right - left > 1 and left <= min(filled) <= right
        for top, left, bottom, right in grid.merged
    )


def _joined(grid: Grid, layout: Layout, row: int) -> Iterator[int]:
    """The columns whose cell is part of one above: what stands there is said of this measure, too."""
    yield from (at for at in layout.holds if _top(grid, layout, row, at) != row)


def _top(grid: Grid, layout: Layout, row: int, column: int) -> int:
    """The row in which the value of a cell stands, which may be joined with cells above."""
    begin = 0 if layout.head is None else layout.head + 1
    for top, left, bottom, _right in grid.merged:
        if left == column and begin <= top < row <= bottom and shown(grid.at(top, column)):
            return top
    return row
