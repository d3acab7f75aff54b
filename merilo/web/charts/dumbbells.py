"""Dumbbells on the measuring rule: the last cycle an open ring, this one a full dot, the way between them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from merilo.web.charts.bars import Bar, Bars, Group
from merilo.web.charts.canvas import NARROW, WIDE, Canvas, Drawing
from merilo.web.charts.metrics import fit, text_width, wrap
from merilo.web.charts.palette import WEB, Palette
from merilo.web.charts.scale import Track, draw_grid, draw_rule
from merilo.web.charts.words import Words, decimal

SIDE = 62.0  # room for the difference at the right


def dumbbells(chart: Bars, *, words: Words = Words(), palette: Palette = WEB) -> Drawing:  # noqa: B008 - immutable
    """What two cycles scored, and the difference with its sign: no colour says better or worse.

    >>> group = Group("", [Bar("1", "Leadership", 48, 41)])
    >>> dumbbells(Bars("Change", [group], "2026", "2024")).rows
    (('1 Leadership', '41', '48', '+7'),)
    """
    head = (words.item, chart.before, chart.now, words.change)
    rows = tuple(_row(bar, words) for group in chart.groups for bar in group.bars)
    narrow, wide = (_draw(chart, words, palette, width) for width in (NARROW, WIDE))
    return Drawing(chart.title, narrow, wide, head, rows)


def in_words(groups: Sequence[Group], words: Words) -> str:
    """All rows as one sentence, for those who do not see the drawing.

    >>> in_words([Group("", [Bar("1", "Leadership", 48, 41)])], Words())
    '1 Leadership: 41 → 48 (+7)'
    """
    rows = (_row(bar, words) for group in groups for bar in group.bars)
    return "; ".join(f"{name}: {before} → {now} ({change})" for name, before, now, change in rows)


def _row(bar: Bar, words: Words) -> tuple[str, str, str, str]:
    name = f"{bar.number} {bar.label}".strip()
    return name, words.number(bar.before), words.number(bar.value), words.signed(_difference(bar))


def _difference(bar: Bar) -> Decimal | None:
    if bar.value is None or bar.before is None:
        return None
    return decimal(bar.value) - decimal(bar.before)


def _draw(chart: Bars, words: Words, palette: Palette, width: float) -> str:
    beside = width == WIDE
    left, right = (300.0, width - SIDE - 8) if beside else (10.0, width - SIDE - 8)
    track = Track(chart.scale, left, right)
    top = 58.0
    height = top + sum(_head(chart, group) + sum(_steps(group, width)) for group in chart.groups) + 22
    sheet = Canvas(width, height, palette)
    _legend(sheet, chart, left if beside else 0.0)
    draw_grid(sheet, track, top, height - 18)
    y = top
    for group in chart.groups:
        y += _head(chart, group)
        if group.label:
            sheet.text(
                0, y - 8, fit(group.label, left - 20 if beside else width, 16), 16, weight=600, halo=True
            )
        for bar, step in zip(group.bars, _steps(group, width), strict=True):
            _name(sheet, bar, y, beside=beside)
            _dumbbell(sheet, track, bar, words, y + (step / 2 if beside else step - 16))
            y += step
    draw_rule(sheet, track, height - 18)
    return sheet.finish(chart.title, chart.description)


def _head(chart: Bars, group: Group) -> float:
    return (28.0 if group.label else 0.0) + (10.0 if group is not chart.groups[0] else 0.0)


def _lines(bar: Bar, width: float) -> list[str]:
    room = (284.0 if width == WIDE else width) - _indent(bar)
    return wrap(bar.label, room, 17, 2)


def _steps(group: Group, width: float) -> list[float]:
    """The height of each row."""
    if width == WIDE:
        return [40.0] * len(group.bars)
    return [34.0 + 18 * max(len(_lines(bar, width)), 1) for bar in group.bars]


def _indent(bar: Bar) -> float:
    return max(22.0, text_width(bar.number, 17) + 7) if bar.number else 0.0


def _name(sheet: Canvas, bar: Bar, y: float, *, beside: bool) -> None:
    lines = _lines(bar, sheet.width)
    first = y + (26 if beside and len(lines) < 2 else 17)
    sheet.text(0, first, bar.number, 17, weight=800, halo=len(lines) == 1)
    for place, text in enumerate(lines):
        sheet.text(_indent(bar), first + 18 * place, text, 17, halo=len(lines) == 1)


def _dumbbell(sheet: Canvas, track: Track, bar: Bar, words: Words, y: float) -> None:
    """The way from before to now; where one of them is missing there is no way and no difference."""
    palette, difference = sheet.palette, _difference(bar)
    if bar.value is not None and bar.before is not None:
        sheet.line(track.x(bar.before), y, track.x(bar.value), y, palette.line, width=6)
    fill = palette.quiet if difference is None else ""
    sheet.text(
        sheet.width, y + 6, words.signed(difference), 17, weight=800, anchor="end", fill=fill, halo=True
    )
    if bar.before is not None:
        _then(sheet, track.x(bar.before), y)
    if bar.value is not None:
        _now(sheet, track.x(bar.value), y)


def _then(sheet: Canvas, x: float, y: float) -> None:
    """The ring is wider than the dot: where nothing changed both are seen."""
    sheet.circle(x, y, 9, sheet.palette.white, edge=sheet.palette.ink, edge_width=3)


def _now(sheet: Canvas, x: float, y: float) -> None:
    sheet.circle(x, y, 6, sheet.palette.own, edge=sheet.palette.white, edge_width=1.5)


def _legend(sheet: Canvas, chart: Bars, x: float) -> None:
    """Which mark is which cycle."""
    room = (sheet.width - x) / 2 - 26
    before = fit(chart.before, room, 16)
    _then(sheet, x + 11, 12)
    sheet.text(x + 26, 18, before, 16)
    x += 26 + text_width(before, 16) + 16
    _now(sheet, x + 9, 12)
    sheet.text(x + 23, 18, fit(chart.now, room, 16), 16)
