"""A matrix of two axes: numbered things in the cells of their points, four named corners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from merilo.web.charts.canvas import NARROW, WIDE, Canvas, Drawing
from merilo.web.charts.metrics import text_width, wrap
from merilo.web.charts.palette import WEB, Palette
from merilo.web.charts.words import Number, Words, decimal

GAP = 6.0
CHIP = 30.0
SIZE = 16.0
LINE = 20.0


@dataclass(frozen=True, slots=True)
class Spot:
    """One thing: the sign in its cell, its name for the table, its points; `strong` ones are filled."""

    sign: str
    name: str
    x: Number
    y: Number
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Corners:
    """The names of the four corners; the best one is at the top right."""

    top_left: str
    top_right: str
    bottom_left: str
    bottom_right: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """Both axes run from `low` to `high` in whole steps; the top right corner has a ground of its own."""

    title: str
    spots: Sequence[Spot]
    x_name: str
    y_name: str
    corners: Corners
    low: int = 1
    high: int = 5
    description: str = ""

    @property
    def steps(self) -> int:
        return self.high - self.low

    def cell(self, spot: Spot) -> tuple[int, int]:
        """Column from the left and row from the top; the highest points lie in the last cell."""
        across, up = (min(int(decimal(value) - self.low), self.steps - 1) for value in (spot.x, spot.y))
        return across, self.steps - 1 - up


def matrix(chart: Matrix, *, words: Words = Words(), palette: Palette = WEB) -> Drawing:  # noqa: B008 - immutable
    """A grid whose rows are as high as what lies in them; points decide on the cell, not the place in it."""
    rows = tuple(
        (f"{spot.sign} {spot.name}", words.number(spot.y), words.number(spot.x)) for spot in chart.spots
    )
    head = (words.item, chart.y_name, chart.x_name)
    wide = _Sheet(chart, palette, WIDE).draw()
    return Drawing(chart.title, _Sheet(chart, palette, NARROW).draw(), wide, head, rows)


class _Sheet:
    """One drawing of a matrix at one width."""

    def __init__(self, chart: Matrix, palette: Palette, width: float) -> None:
        self.chart, self.palette, self.width = chart, palette, width
        self.left = 26.0
        self.top = 30.0
        self.step = (width - self.left - 12) / chart.steps
        self.by_cell: dict[tuple[int, int], list[Spot]] = {}
        for spot in chart.spots:
            self.by_cell.setdefault(chart.cell(spot), []).append(spot)
        self.lines = {cell: self._lines(spots) for cell, spots in self.by_cell.items()}
        self.half = chart.steps // 2
        self.names = self._names()
        self.heights = [self._height(row) for row in range(chart.steps)]

    def _lines(self, spots: Sequence[Spot]) -> list[list[Spot]]:
        """The spots of a cell in lines that fit its width."""
        lines: list[list[Spot]] = [[]]
        used = GAP
        for spot in spots:
            wide = _chip_width(spot) + GAP
            if lines[-1] and used + wide > self.step:
                lines.append([])
                used = GAP
            lines[-1].append(spot)
            used += wide
        return lines

    def _height(self, row: int) -> float:
        most = max((len(self.lines.get((column, row), ())) for column in range(self.chart.steps)), default=0)
        return max(self._below_names(row) + most * (CHIP + GAP) + GAP, 64.0)

    def _names(self) -> dict[tuple[int, int], list[str]]:
        """The names of the corners in lines, by the cell in which they begin."""
        corners, half = self.chart.corners, self.half
        named = {
            (0, 0): corners.top_left,
            (half, 0): corners.top_right,
            (0, half): corners.bottom_left,
            (half, half): corners.bottom_right,
        }
        return {cell: wrap(name, self.step * half - 2 * GAP, SIZE) for cell, name in named.items()}

    def _below_names(self, row: int) -> float:
        """How much of a row the names of corners take."""
        return LINE * max(len(self.names.get((column, row), ())) for column in (0, self.half))

    def draw(self) -> str:
        height = self.top + sum(self.heights) + 48
        sheet = Canvas(self.width, height, self.palette)
        right, bottom = self.left + self.step * self.chart.steps, self.top + sum(self.heights)
        sheet.rect(self.left, self.top, right - self.left, bottom - self.top, self.palette.white)
        middle_x, middle_y = self.left + self.step * self.half, self._y(self.half)
        sheet.rect(middle_x, self.top, right - middle_x, middle_y - self.top, self.palette.soft)
        self._draw_grid(sheet, right, bottom)
        sheet.line(middle_x, self.top, middle_x, bottom, self.palette.edge, width=2)
        sheet.line(self.left, middle_y, right, middle_y, self.palette.edge, width=2)
        for (column, row), lines in self.names.items():
            for number, line in enumerate(lines, start=1):
                x, y = self.left + self.step * column + GAP, self._y(row) + LINE * number
                sheet.text(x, y, line, SIZE, weight=600)
        for (column, row), spots in self.lines.items():
            self._draw_cell(sheet, column, row, spots)
        sheet.text(self.left, 16, self.chart.y_name, SIZE, fill=self.palette.quiet)
        sheet.text(right, bottom + 42, self.chart.x_name, SIZE, anchor="end", fill=self.palette.quiet)
        return sheet.finish(self.chart.title, self.chart.description)

    def _y(self, row: int) -> float:
        return self.top + sum(self.heights[:row])

    def _draw_grid(self, sheet: Canvas, right: float, bottom: float) -> None:
        for place in range(self.chart.steps + 1):
            x, y = self.left + self.step * place, self._y(place)
            sheet.line(x, self.top, x, bottom, self.palette.hair)
            sheet.line(self.left, y, right, y, self.palette.hair)
            across, up = str(self.chart.low + place), str(self.chart.high - place)
            sheet.text(x, bottom + 20, across, SIZE, anchor="middle", fill=self.palette.quiet)
            sheet.text(self.left - 8, y + 5, up, SIZE, anchor="end", fill=self.palette.quiet)

    def _draw_cell(self, sheet: Canvas, column: int, row: int, lines: Sequence[Sequence[Spot]]) -> None:
        y = self._y(row) + GAP + self._below_names(row)
        for line in lines:
            x = self.left + self.step * column + GAP
            for spot in line:
                self._draw_chip(sheet, spot, x, y)
                x += _chip_width(spot) + GAP
            y += CHIP + GAP

    def _draw_chip(self, sheet: Canvas, spot: Spot, x: float, y: float) -> None:
        width, own = _chip_width(spot), self.palette.own
        sheet.rect(x, y, width, CHIP, own)
        if not spot.strong:
            sheet.rect(x + 2, y + 2, width - 4, CHIP - 4, self.palette.white)
        ink = self.palette.white if spot.strong else self.palette.ink
        sheet.text(x + width / 2, y + 21, spot.sign, SIZE, weight=600, anchor="middle", fill=ink)


def _chip_width(spot: Spot) -> float:
    return max(CHIP, text_width(spot.sign, SIZE) + 14)
