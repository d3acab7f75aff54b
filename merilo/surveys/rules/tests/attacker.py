"""Somebody who knows all that is published and tries every table that fits it; shares no code with us."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from merilo.surveys.rules.suppressing import Shown

Table = tuple[tuple[int, ...], ...]


def tables_that_fit(shown: Shown, row_totals: Sequence[int], column_totals: Sequence[int]) -> Iterator[Table]:
    """All original tables with these totals whose merged counts are the published ones."""
    for rows in _rows(tuple(row_totals), tuple(column_totals)):
        if all(
            count is None or count == sum(rows[row][column] for row in group for column in answers)
            for group, line in zip(shown.rows, shown.cells, strict=True)
            for answers, count in zip(shown.columns, line, strict=True)
        ):
            yield rows


def _rows(row_totals: tuple[int, ...], left: tuple[int, ...]) -> Iterator[Table]:
    if len(row_totals) == 1:
        yield (left,)
        return
    for row in _row(row_totals[0], left):
        rest = tuple(total - count for total, count in zip(left, row, strict=True))
        for rows in _rows(row_totals[1:], rest):
            yield (row, *rows)


def _row(total: int, most: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    if len(most) == 1:
        if total <= most[0]:
            yield (total,)
        return
    for count in range(min(total, most[0]) + 1):
        for rest in _row(total - count, most[1:]):
            yield (count, *rest)
