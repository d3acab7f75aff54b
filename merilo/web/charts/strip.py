"""A strip of equal dots on a short rule, small enough to stand in a row of a list."""

from __future__ import annotations

from collections.abc import Sequence

from merilo.web.charts.canvas import number
from merilo.web.charts.dots import levels
from merilo.web.charts.palette import WEB, Palette
from merilo.web.charts.scale import CAF, Scale, Track
from merilo.web.charts.words import Number

_WIDTH, _RADIUS, _FLOOR = 200.0, 4.0, 30.0


def strip(scores: Sequence[Number], *, scale: Scale = CAF, palette: Palette = WEB) -> str:
    """Scores in any order as dots of one kind, the scale's long marks below; the words stand beside it.

    >>> strip([45, 45, 70]).count("<circle")
    3
    """
    track = Track(scale, 6.0, _WIDTH - 6.0)
    places = [track.x(score) for score in sorted(scores)]
    stacked = levels(places, 2 * _RADIUS + 1)
    crowd = max(
        1.0, max(stacked, default=0) / 2
    )  # a tall stack is pressed together, the row keeps its height
    dots = "".join(
        f'<circle cx="{number(x)}" cy="{number(_FLOOR - _RADIUS - 2 - level * 9 / crowd)}" r="4"/>'
        for x, level in zip(places, stacked, strict=True)
    )
    marks = "".join(f"M{number(track.x(mark))} 30v5" for mark in scale.marks)
    return (
        '<svg class="strip" viewBox="0 0 200 36" width="200" height="36" aria-hidden="true">'
        f'<path d="M6 30H194{marks}" stroke="{palette.edge}" fill="none"/>'
        f'<g fill="{palette.own}" stroke="{palette.white}">{dots}</g></svg>'
    )
