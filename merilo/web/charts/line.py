"""A line over the years with its target, for indicators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from merilo.web.charts.canvas import NARROW, WIDE, Canvas, Drawing
from merilo.web.charts.metrics import text_width
from merilo.web.charts.palette import WEB, Palette
from merilo.web.charts.words import Number, Words


@dataclass(frozen=True, slots=True)
class Year:
    """One point; None is not known and leaves a gap."""

    label: str
    value: Number | None


@dataclass(frozen=True, slots=True)
class Line:
    """Points from left to right; `target` is drawn as a broken line with its number."""

    title: str
    points: Sequence[Year]
    unit: str = ""
    target: Number | None = None
    description: str = ""


def line(chart: Line, *, words: Words = Words(), palette: Palette = WEB) -> Drawing:  # noqa: B008 - immutable
    """Values joined by a line, each with its number; the axis begins at zero unless that hides change."""
    heading = f"{words.value}, {chart.unit}" if chart.unit else words.value
    rows = [(point.label, words.number(point.value)) for point in chart.points]
    if chart.target is not None:
        rows.append((words.target, words.number(chart.target)))
    wide = _draw(chart, words, palette, WIDE)
    return Drawing(
        chart.title, _draw(chart, words, palette, NARROW), wide, (words.year, heading), tuple(rows)
    )


def bounds(values: Sequence[float]) -> tuple[float, float]:
    """Lowest and highest value of the axis, with room; from zero when the values reach near it.

    >>> bounds([34.0, 11.0])
    (0.0, 34.0)
    """
    low, high = min(values), max(values)
    if 0 <= low <= high * 2 / 3 or low == high == 0:
        low = 0.0
    elif high > low:
        low -= (high - low) / 2
    return (low, high) if high > low else (low - 1, high + 1)


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where the points of a chart stand: x per point, y from `low` (at `floor`) to `high` (at `top`)."""

    places: Sequence[float]
    low: float
    high: float
    top: float = 62.0
    floor: float = 200.0

    def y(self, value: Number) -> float:
        return (
            self.floor
            - 16
            - (self.floor - self.top - 16) * (float(value) - self.low) / (self.high - self.low)
        )


def _draw(chart: Line, words: Words, palette: Palette, width: float) -> str:
    sheet = Canvas(width, 240, palette)
    plot = _plot(chart, width)
    sheet.line(0, plot.floor, width, plot.floor, palette.ink, width=2)
    _curve(sheet, chart, plot)
    _target(sheet, chart, words, plot)
    _labels(sheet, chart, words, plot)
    return sheet.finish(chart.title, chart.description)


def _plot(chart: Line, width: float) -> _Plot:
    values = [float(point.value) for point in chart.points if point.value is not None]
    if chart.target is not None:
        values.append(float(chart.target))
    low, high = bounds(values or [0.0])
    count, left = len(chart.points), 34.0
    places = [left + (width - 2 * left) * (n / (count - 1) if count > 1 else 0.5) for n in range(count)]
    return _Plot(places, low, high)


def _target(sheet: Canvas, chart: Line, words: Words, plot: _Plot) -> None:
    """A broken line; its words stand at the end where the values are farther away."""
    if chart.target is None:
        return
    y = plot.y(chart.target)
    sheet.line(0, y, sheet.width, y, sheet.palette.ink, width=2, dash="2 6")
    known = [plot.y(point.value) for point in chart.points if point.value is not None] or [y]
    at_end = abs(known[-1] - y) > abs(known[0] - y)
    x, anchor = (sheet.width, "end") if at_end else (0.0, "start")
    near = known[-1] if at_end else known[0]
    sheet.text(x, y - 8 if near >= y else y + 20, _target_words(chart, words), 16, anchor=anchor, halo=True)


def _target_words(chart: Line, words: Words) -> str:
    return f"{words.target} {words.number(chart.target)}"


def _curve(sheet: Canvas, chart: Line, plot: _Plot) -> None:
    """The line in pieces: a missing year parts it."""
    pieces: list[list[tuple[float, float]]] = [[]]
    for x, point in zip(plot.places, chart.points, strict=True):
        if point.value is None:
            pieces.append([])
        else:
            pieces[-1].append((x, plot.y(point.value)))
    for piece in pieces:
        if len(piece) > 1:
            sheet.polyline(piece, sheet.palette.own, 4)


def _labels(sheet: Canvas, chart: Line, words: Words, plot: _Plot) -> None:
    free = -1000.0
    for x, point in zip(plot.places, chart.points, strict=True):
        sheet.line(x, plot.floor, x, plot.floor + 8, sheet.palette.ink, width=2)
        half = text_width(point.label, 16) / 2
        if x - half >= free:
            sheet.text(x, plot.floor + 30, point.label, 16, anchor="middle")
            free = x + half + 6
        if point.value is not None:
            y = plot.y(point.value)
            sheet.circle(x, y, 6, sheet.palette.own, edge=sheet.palette.ground)
            sheet.text(x, y - 14, words.number(point.value), 18, weight=800, anchor="middle", halo=True)
