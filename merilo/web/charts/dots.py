"""Dot plot of the scores of one sub-criterion: equal dots, no names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from merilo.web.charts.canvas import NARROW, WIDE, Canvas, Drawing
from merilo.web.charts.metrics import text_width
from merilo.web.charts.palette import WEB, Palette
from merilo.web.charts.scale import CAF, Scale, Track, draw_figures, draw_rule
from merilo.web.charts.words import Number, Words

WALL = 600


@dataclass(frozen=True, slots=True)
class Dots:
    """Scores in any order; `middle` is the median, or the two middle values of an even number.

    `bands` are the names of the scale's bands, one fewer than its marks; empty ones are not written.
    """

    title: str
    scores: Sequence[Number]
    middle: tuple[Number, ...] = ()
    description: str = ""
    bands: Sequence[str] = ()
    scale: Scale = CAF


def dots(chart: Dots, *, words: Words = Words(), palette: Palette = WEB) -> Drawing:  # noqa: B008 - immutable
    """Equal dots stacked on the rule, bands in sand, the median as a line or its interval as two."""
    counted = sorted(Counter(chart.scores).items())
    rows = tuple((words.number(score), str(count)) for score, count in counted)
    narrow = _draw(chart, words, palette, NARROW, 8.0)
    return Drawing(
        chart.title, narrow, _draw(chart, words, palette, WIDE, 11.0), (words.score, words.people), rows
    )


def wall_dots(chart: Dots, *, words: Words = Words(), palette: Palette = WEB) -> str:  # noqa: B008 - immutable
    """The same for a projector: fewer units across, so that its text is twice as large on the wall."""
    return _draw(chart, words, palette, WALL, 13.0)


def levels(places: Sequence[float], gap: float) -> list[int]:
    """For each place from left to right the lowest level on which it is free, dots being `gap` wide.

    >>> levels([10, 10, 12, 40], 20)
    [0, 1, 2, 0]
    """
    ends: list[float] = []
    found = []
    for place in places:
        level = next((n for n, end in enumerate(ends) if place - end >= gap), len(ends))
        if level == len(ends):
            ends.append(place)
        ends[level] = place
        found.append(level)
    return found


def _draw(chart: Dots, words: Words, palette: Palette, width: float, radius: float) -> str:
    track = Track(chart.scale, 22.0, width - 22.0)
    places = [track.x(score) for score in sorted(chart.scores)]
    gap = 2 * radius + 2
    stacked = levels(places, gap)
    top = 34.0 if width == NARROW else 64.0
    floor = top + max(3, max(stacked, default=0) + 1) * gap + 12
    sheet = Canvas(width, floor + 40, palette)
    _bands(sheet, track, top, floor)
    _middle(sheet, chart, words, track, floor)
    _names(sheet, chart, track, top)
    for x, level in zip(places, stacked, strict=True):
        sheet.circle(x, floor - radius - 3 - level * gap, radius, palette.own, edge=palette.white)
    draw_rule(sheet, track, floor)
    draw_figures(sheet, track, floor + 30)
    return sheet.finish(chart.title, chart.description)


def _bands(sheet: Canvas, track: Track, top: float, floor: float) -> None:
    for low, high in list(pairwise(track.scale.marks))[::2]:
        sheet.rect(track.x(low), top, track.x(high) - track.x(low), floor - top, sheet.palette.sand)


def _names(sheet: Canvas, chart: Dots, track: Track, top: float) -> None:
    """The names of the bands, where there is room; drawn over the median, so that they stay whole."""
    if sheet.width == NARROW:
        return
    for (low, high), name in zip(pairwise(chart.scale.marks), chart.bands, strict=False):
        left, width = track.x(low), track.x(high) - track.x(low)
        if name and text_width(name, 16) <= width - 4:
            quiet = sheet.palette.quiet
            sheet.text(left + width / 2, top - 10, name, 16, anchor="middle", fill=quiet, halo=True)


def _middle(sheet: Canvas, chart: Dots, words: Words, track: Track, floor: float) -> None:
    """The median as a line, or the interval of the two middle values as two lines with soft ground."""
    if not chart.middle:
        return
    low, high = min(chart.middle), max(chart.middle)
    label, x1, x2 = _middle_words(words, low, high), track.x(low), track.x(high)
    length = text_width(label, 17) + 10
    free_after, free_before = x2 + length <= sheet.width, x1 - length >= 0
    head = 8.0 if free_after or free_before else 26.0  # without room on either side the words stand above
    if low != high:
        sheet.rect(x1, head, x2 - x1, floor - head, sheet.palette.soft)
        sheet.line(x2, head, x2, floor, sheet.palette.own, width=3)
    sheet.line(x1, head, x1, floor, sheet.palette.own, width=3)
    x, anchor = (x2 + 10, "start") if free_after else (x1 - 10, "end")
    if not (free_after or free_before):
        x, anchor = (x1 + x2) / 2, "middle"
    sheet.text(x, 22, label, 17, weight=600, anchor=anchor, halo=True)


def _middle_words(words: Words, low: Number, high: Number) -> str:
    if low == high:
        return words.median.format(value=words.number(low))
    return words.interval.format(low=words.number(low), high=words.number(high))
