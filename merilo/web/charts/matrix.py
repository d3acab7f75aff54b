"""A matrix of two axes: numbered things at the place of their points, four named corners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from merilo.web.charts.apart import Axis, apart
from merilo.web.charts.canvas import NARROW, WIDE, Canvas, Drawing
from merilo.web.charts.metrics import text_width, wrap
from merilo.web.charts.palette import WEB, Palette
from merilo.web.charts.words import Number, Words, decimal

GAP = 6.0
CHIP = 24.0
BETWEEN = 2.0
EDGE = CHIP / 2 + GAP
SIZE = 16.0
LINE = 20.0
STEPS = (72.0, 108.0, 160.0, 240.0, 360.0)  # a step upwards: more where spots would get far from their places
CROWD = 40  # so many spots need the next step from the beginning: low ones need not be tried
FAR = 0.25  # of a step: so far a spot may lie off without more room
DEAR = 800.0  # so much height is as bad as a whole step off
NO_END = float("inf")


@dataclass(frozen=True, slots=True)
class Spot:
    """One thing: the sign at its place, its name for the table, its points; `strong` ones are filled."""

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

    @property
    def middle(self) -> Decimal:
        return decimal(self.low + self.high) / 2


def matrix(chart: Matrix, *, words: Words = Words(), palette: Palette = WEB) -> Drawing:  # noqa: B008 - immutable
    """Spots at the place of their points; close ones are moved apart, never past each other or the middle."""
    rows = tuple(
        (f"{spot.sign} {spot.name}", words.number(spot.y), words.number(spot.x)) for spot in chart.spots
    )
    head = (words.item, chart.y_name, chart.x_name)
    wide = _Sheet(chart, palette, WIDE).draw()
    return Drawing(chart.title, _Sheet(chart, palette, NARROW).draw(), wide, head, rows)


class _Sheet:
    """One drawing of a matrix at one width."""

    def __init__(self, chart: Matrix, palette: Palette, width: float) -> None:
        self.chart, self.palette = chart, palette
        self.width = width
        self.left, self.right, self.top = 26.0, width - 12, 30.0
        self.widths = [_chip_width(spot) for spot in chart.spots]
        self.inset = max(max(self.widths, default=CHIP) / 2 + GAP, EDGE)
        self.step = (self.right - self.left - 2 * self.inset) / chart.steps
        self.names = self._names()
        self.rise, self.places = self._placed()
        highs = [place[1] for place in self.places]
        above = max([EDGE, *(high - self.rise * chart.steps + EDGE for high in highs)])
        below = max([EDGE, *(EDGE - high for high in highs)])
        self.highest = self.top + self._height_of(self.names[:2]) + above
        self.lowest = self.highest + self.rise * chart.steps
        self.bottom = self.lowest + below + self._height_of(self.names[2:])

    def _names(self) -> list[list[str]]:
        """The names of the corners in lines: both at the top, then both at the bottom."""
        corners, room = self.chart.corners, (self.right - self.left) / 2 - 2 * GAP
        named = (corners.top_left, corners.top_right, corners.bottom_left, corners.bottom_right)
        return [wrap(name, room, SIZE) for name in named]

    def _height_of(self, names: Sequence[Sequence[str]]) -> float:
        return LINE * max(map(len, names)) + GAP

    # --- places ---------------------------------------------------------------------------------
    def _placed(self) -> tuple[float, list[tuple[float, float]]]:
        """How high a step is and where the spots lie; what lies lowest on the axis up is 0."""
        found = []
        crowd = min(len(self.chart.spots) // CROWD, len(STEPS) - 1)
        for rise in STEPS[crowd:]:
            across = self._axis([spot.x for spot in self.chart.spots], self.step, self.widths, self.inset)
            heights = [CHIP] * len(self.chart.spots)
            up = self._axis([spot.y for spot in self.chart.spots], rise, heights, NO_END)
            places = apart(across, up)
            found.append((rise, places, _farthest(places, across, up)))
            if found[-1][-1] <= FAR:
                break
        rise, places, _far = min(found, key=lambda row: row[-1] + row[0] / DEAR)
        return rise, places

    def _axis(self, values: Sequence[Number], step: float, sizes: Sequence[float], beyond: float) -> Axis:
        """An axis from 0; things stay on their side of the middle and less than `beyond` out of the scale."""
        chart = self.chart
        points = [decimal(value) for value in values]
        middle = float(chart.middle - chart.low) * step
        low, high = GAP - beyond, chart.steps * step + beyond - GAP
        bounds = [
            (middle, high - size / 2) if point >= chart.middle else (low + size / 2, middle)
            for point, size in zip(points, sizes, strict=True)
        ]
        wanted = [float(point - chart.low) * step for point in points]
        return Axis(wanted, [size + BETWEEN for size in sizes], bounds, step)

    def _x(self, value: float) -> float:
        return self.left + self.inset + value

    def _y(self, value: float) -> float:
        return self.lowest - value

    # --- the drawing ----------------------------------------------------------------------------
    def draw(self) -> str:
        sheet = Canvas(self.width, self.bottom + 48, self.palette)
        left, top, right, bottom = self.left, self.top, self.right, self.bottom
        middle = float(self.chart.middle - self.chart.low)
        x, y = self._x(middle * self.step), self._y(middle * self.rise)
        sheet.rect(left, top, right - left, bottom - top, self.palette.white)
        sheet.rect(x, top, right - x, y - top, self.palette.soft)
        self._draw_grid(sheet)
        sheet.line(x, top, x, bottom, self.palette.edge, width=2)
        sheet.line(left, y, right, y, self.palette.edge, width=2)
        self._draw_names(sheet, x)
        for spot, width, place in zip(self.chart.spots, self.widths, self.places, strict=True):
            self._draw_chip(sheet, spot, width, place)
        sheet.text(left, 16, self.chart.y_name, SIZE, fill=self.palette.quiet)
        sheet.text(right, bottom + 42, self.chart.x_name, SIZE, anchor="end", fill=self.palette.quiet)
        return sheet.finish(self.chart.title, self.chart.description)

    def _draw_names(self, sheet: Canvas, middle: float) -> None:
        below = self.bottom - self._height_of(self.names[2:])
        for place, lines in enumerate(self.names):
            x = (middle if place % 2 else self.left) + GAP
            for number, line in enumerate(lines, start=1):
                sheet.text(x, (self.top if place < 2 else below) + LINE * number, line, SIZE, weight=600)

    def _draw_grid(self, sheet: Canvas) -> None:
        quiet = self.palette.quiet
        for place in range(self.chart.steps + 1):
            x, y = self._x(place * self.step), self._y(place * self.rise)
            sheet.line(x, self.top, x, self.bottom, self.palette.hair)
            sheet.line(self.left, y, self.right, y, self.palette.hair)
            step = str(self.chart.low + place)
            sheet.text(x, self.bottom + 20, step, SIZE, anchor="middle", fill=quiet)
            sheet.text(self.left - 8, y + 5, step, SIZE, anchor="end", fill=quiet)

    def _draw_chip(self, sheet: Canvas, spot: Spot, width: float, place: tuple[float, float]) -> None:
        x, y = self._x(place[0]) - width / 2, self._y(place[1]) - CHIP / 2
        sheet.rect(x, y, width, CHIP, self.palette.own)
        if not spot.strong:
            sheet.rect(x + 2, y + 2, width - 4, CHIP - 4, self.palette.white)
        ink = self.palette.white if spot.strong else self.palette.ink
        sheet.text(x + width / 2, y + 18, spot.sign, SIZE, weight=600, anchor="middle", fill=ink)


def _farthest(places: Sequence[tuple[float, float]], across: Axis, up: Axis) -> float:
    """How many steps the spot lies off that lies farthest from its place."""
    off = (
        max(abs(x - wanted_x) / across.step, abs(y - wanted_y) / up.step)
        for (x, y), wanted_x, wanted_y in zip(places, across.wanted, up.wanted, strict=True)
    )
    return max(off, default=0.0)


def _chip_width(spot: Spot) -> float:
    return max(CHIP, text_width(spot.sign, SIZE) + 10)
