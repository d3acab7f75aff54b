"""Ranges: from the lowest to the highest, with the middle marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from merilo.web.charts.canvas import NARROW, WIDE, Canvas, Drawing
from merilo.web.charts.metrics import wrap
from merilo.web.charts.palette import WEB, Palette
from merilo.web.charts.scale import CAF, Scale, Track, draw_grid, draw_rule
from merilo.web.charts.words import Number, Words


@dataclass(frozen=True, slots=True)
class Range:
    """One row; None for all three when nobody scored."""

    label: str
    low: Number | None
    high: Number | None
    middle: Number | None = None


@dataclass(frozen=True, slots=True)
class Ranges:
    """Rows on a common rule."""

    title: str
    rows: Sequence[Range]
    description: str = ""
    scale: Scale = CAF


def ranges(chart: Ranges, *, words: Words = Words(), palette: Palette = WEB) -> Drawing:  # noqa: B008 - immutable
    """A light bar from low to high with the middle as an accent mark."""
    rows = tuple(
        (row.label, words.number(row.low), words.number(row.middle), words.number(row.high))
        for row in chart.rows
    )
    head = (words.item, words.lowest, words.middle, words.highest)
    wide = _draw(chart, words, palette, WIDE)
    return Drawing(chart.title, _draw(chart, words, palette, NARROW), wide, head, rows)


def _draw(chart: Ranges, words: Words, palette: Palette, width: float) -> str:
    beside = width == WIDE
    track = Track(chart.scale, 290.0, 738.0) if beside else Track(chart.scale, 10.0, 346.0)
    labels = [wrap(row.label, 278 if beside else width, 17) for row in chart.rows]
    steps = [40.0 if beside else 34.0 + 18 * max(len(lines), 1) for lines in labels]
    height = 26 + sum(steps) + 22
    sheet = Canvas(width, height, palette)
    draw_grid(sheet, track, 26, height - 20)
    y = 26.0
    for row, lines, step in zip(chart.rows, labels, steps, strict=True):
        first = y + (25 if beside and len(lines) < 2 else 18)
        for n, text in enumerate(lines):
            sheet.text(0, first + 18 * n, text, 17, halo=not beside and len(lines) == 1)
        _span(sheet, track, row, words, y + (10 if beside else step - 24))
        y += step
    draw_rule(sheet, track, height - 20)
    return sheet.finish(chart.title, chart.description)


def _span(sheet: Canvas, track: Track, row: Range, words: Words, y: float) -> None:
    if row.low is None or row.high is None:
        sheet.text(track.left + 8, y + 15, words.missing, 16, fill=sheet.palette.quiet, halo=True)
        return
    x1, x2 = track.x(row.low), track.x(row.high)
    sheet.rect(x1, y + 4, max(x2 - x1, 2), 12, sheet.palette.line)
    for x in (x1, x2):
        sheet.line(x, y, x, y + 20, sheet.palette.own, width=2)
    if row.middle is not None:
        x = track.x(row.middle)
        sheet.line(x, y - 2, x, y + 22, sheet.palette.white, width=9)
        sheet.line(x, y - 2, x, y + 22, sheet.palette.own, width=5)
