"""The measuring rule: an axis whose long marks are the limits of the model's bands."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from merilo.web.charts.canvas import Canvas

Number = int | float | Decimal | Fraction


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis from the first to the last of `marks`; `minor` is the distance of the short marks (0: none)."""

    marks: tuple[int, ...]
    minor: Decimal = Decimal(0)

    @property
    def low(self) -> int:
        """Lowest value."""
        return self.marks[0]

    @property
    def high(self) -> int:
        """Highest value."""
        return self.marks[-1]

    def share(self, value: Number) -> float:
        """Where a value lies between low (0) and high (1); values outside are held at the ends."""
        return min(max((float(value) - self.low) / (self.high - self.low), 0.0), 1.0)

    def ticks(self) -> list[float]:
        """Values of the short marks."""
        if not self.minor:
            return []
        steps = int((self.high - self.low) / self.minor)
        return [self.low + float(self.minor * n) for n in range(steps + 1)]


CAF = Scale((0, 10, 30, 50, 70, 90, 100), Decimal(2))


@dataclass(frozen=True, slots=True)
class Track:
    """A scale laid out on a sheet from `left` to `right`."""

    scale: Scale
    left: float
    right: float

    def x(self, value: Number) -> float:
        """Where a value stands."""
        return self.left + (self.right - self.left) * self.scale.share(value)


def draw_rule(canvas: Canvas, track: Track, y: float) -> None:
    """The rule as an axis: a strong line with its marks below."""
    for value in track.scale.ticks():
        canvas.line(track.x(value), y, track.x(value), y + 5, canvas.palette.ink)
    for mark in track.scale.marks:
        canvas.line(track.x(mark), y, track.x(mark), y + 10, canvas.palette.ink, width=2)
    canvas.line(track.left, y, track.right, y, canvas.palette.ink, width=2)


def draw_grid(canvas: Canvas, track: Track, top: float, bottom: float) -> None:
    """Hair lines at the long marks with their figures above."""
    for mark in track.scale.marks:
        canvas.line(track.x(mark), top, track.x(mark), bottom, canvas.palette.hair)
    draw_figures(canvas, track, top - 10)


def draw_figures(canvas: Canvas, track: Track, y: float) -> None:
    """The figures of the long marks, those that would touch their neighbour left out."""
    free, size = -1000.0, 16
    last = track.x(track.scale.high) - size * 0.31 * len(str(track.scale.high)) - 4
    for mark in track.scale.marks:
        half = size * 0.31 * len(str(mark))
        x = track.x(mark)
        if mark == track.scale.high or (x - half >= free and x + half <= last):
            canvas.text(x, y, str(mark), size, anchor="middle")
            free = x + half + 4
