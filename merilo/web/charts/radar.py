"""Radar: the shape of a result, always beside bars and table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from merilo.web.charts.canvas import Canvas, Drawing
from merilo.web.charts.palette import WEB, Palette
from merilo.web.charts.scale import CAF, Scale
from merilo.web.charts.words import Number, Words

_WIDTH, _HEIGHT, _RADIUS = 360.0, 330.0, 124.0
_CENTRE = (_WIDTH / 2, _HEIGHT / 2)


@dataclass(frozen=True, slots=True)
class Axis:
    """One ray: the number written at its end, its name for the table, the values of the two cycles."""

    number: str
    label: str
    value: Number | None
    before: Number | None = None


@dataclass(frozen=True, slots=True)
class Radar:
    """What is drawn; with fewer than three axes there is no shape, only the table."""

    title: str
    axes: Sequence[Axis]
    now: str
    before: str = ""
    description: str = ""
    scale: Scale = CAF


def radar(chart: Radar, *, words: Words = Words(), palette: Palette = WEB) -> Drawing:  # noqa: B008 - immutable
    """A polygon in the accent, last cycle dotted; an axis without a score leaves a gap in the line."""
    sheet = Canvas(_WIDTH, _HEIGHT, palette)
    _web(sheet, chart)
    if chart.before:
        _shape(sheet, chart.scale, [axis.before for axis in chart.axes], dotted=True)
    _shape(sheet, chart.scale, [axis.value for axis in chart.axes], dotted=False)
    svg = sheet.finish(chart.title, chart.description, kind="square")
    head = (words.item, chart.now, *((chart.before,) if chart.before else ()))
    return Drawing(chart.title, svg, svg, head, tuple(_row(axis, chart, words) for axis in chart.axes))


def _row(axis: Axis, chart: Radar, words: Words) -> tuple[str, ...]:
    past = (words.number(axis.before),) if chart.before else ()
    return f"{axis.number} {axis.label}".strip(), words.number(axis.value), *past


def _at(index: int, count: int, share: float) -> tuple[float, float]:
    angle = 2 * math.pi * index / count - math.pi / 2
    return _CENTRE[0] + _RADIUS * share * math.cos(angle), _CENTRE[1] + _RADIUS * share * math.sin(angle)


def _web(sheet: Canvas, chart: Radar) -> None:
    count = len(chart.axes)
    for mark in chart.scale.marks[1:]:
        ring = [_at(n, count, chart.scale.share(mark)) for n in range(count)]
        outer = mark == chart.scale.high
        sheet.polyline(ring, sheet.palette.edge if outer else sheet.palette.hair, 1, closed=True)
    for n, axis in enumerate(chart.axes):
        sheet.line(*_CENTRE, *_at(n, count, 1), sheet.palette.hair)
        x, y = _at(n, count, 1.14)
        sheet.text(x, y + 7, axis.number, 20, weight=800, anchor="middle")


def _shape(sheet: Canvas, scale: Scale, values: Sequence[Number | None], *, dotted: bool) -> None:
    count = len(values)
    points = [None if value is None else _at(n, count, scale.share(value)) for n, value in enumerate(values)]
    known = [point for point in points if point is not None]
    whole = len(known) == count and count >= 3
    if whole and not dotted:
        sheet.polyline(known, sheet.palette.own, 4, closed=True, fill=sheet.palette.own, opacity=0.14)
    elif whole:
        sheet.polyline(known, sheet.palette.ink, 2.5, closed=True, dash="2 5")
    else:
        _pieces(sheet, points, dotted=dotted)
    if not dotted:
        for x, y in known:
            sheet.circle(x, y, 6, sheet.palette.own, edge=sheet.palette.ground, edge_width=1.5)


def _pieces(sheet: Canvas, points: Sequence[tuple[float, float] | None], *, dotted: bool) -> None:
    """Lines between neighbours that both have a score."""
    for first, second in zip(points, [*points[1:], *points[:1]], strict=True):
        if first and second and first != second:
            colour = sheet.palette.ink if dotted else sheet.palette.own
            dash = "2 5" if dotted else ""
            sheet.line(*first, *second, colour, width=2.5 if dotted else 4, dash=dash)
