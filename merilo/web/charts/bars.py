"""Bars on the measuring rule, last cycle as a black mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from merilo.web.charts.canvas import NARROW, WIDE, Canvas, Drawing
from merilo.web.charts.metrics import fit, text_width, wrap
from merilo.web.charts.palette import WEB, Palette
from merilo.web.charts.scale import CAF, Scale, Track, draw_grid, draw_rule
from merilo.web.charts.words import Number, Words, decimal


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its number and name, its value now and in the last cycle; None is not scored, never 0."""

    number: str
    label: str
    value: Number | None
    before: Number | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Bars under a common name, such as enablers and results."""

    label: str
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Bars:
    """What is drawn; `now` and `before` name the two cycles ("2026", "2024")."""

    title: str
    groups: Sequence[Group]
    now: str
    before: str = ""
    description: str = ""
    scale: Scale = CAF


def bars(chart: Bars, *, words: Words = Words(), palette: Palette = WEB) -> Drawing:  # noqa: B008 - immutable
    """Bars by criterion with the last cycle's mark.

    >>> bars(Bars("Scores", [Group("Enablers", [Bar("1", "Leadership", 48, 41)])], "2026", "2024")).rows
    (('1 Leadership', '48', '41', '+7'),)
    """
    head = (words.item, chart.now, *((chart.before, words.change) if chart.before else ()))
    rows = tuple(_row(bar, chart, words) for group in chart.groups for bar in group.bars)
    return Drawing(chart.title, _narrow(chart, words, palette), _wide(chart, words, palette), head, rows)


def _row(bar: Bar, chart: Bars, words: Words) -> tuple[str, ...]:
    name = f"{bar.number} {bar.label}".strip()
    if not chart.before:
        return name, words.number(bar.value)
    both = bar.value is not None and bar.before is not None
    change = decimal(bar.value) - decimal(bar.before) if both else None  # type: ignore[arg-type]
    return name, words.number(bar.value), words.number(bar.before), words.signed(change)


def _wide(chart: Bars, words: Words, palette: Palette) -> str:
    track, top, step = Track(chart.scale, 290.0, 738.0), 26.0, 40.0
    height = top + sum(_head(chart, group) + step * len(group.bars) for group in chart.groups) + 26
    sheet = Canvas(WIDE, height, palette)
    draw_grid(sheet, track, top, height - 22)
    y = top
    for group in chart.groups:
        y += _head(chart, group)
        if group.label:
            sheet.text(0, y - 13, fit(group.label, 280, 16), 16, weight=600)
        for bar in group.bars:
            lines = _label(bar, 278, 2)
            _name(sheet, bar, lines, y + (25 if len(lines) < 2 else 17))
            _bar(sheet, track, bar, words, y + 8)
            y += step
    draw_rule(sheet, track, height - 22)
    return sheet.finish(chart.title, chart.description)


def _narrow(chart: Bars, words: Words, palette: Palette) -> str:
    track, top = Track(chart.scale, 10.0, 346.0), 26.0
    rows = {id(bar): _label(bar, NARROW - 60, 3) for group in chart.groups for bar in group.bars}
    steps = sum(36 + 18 * max(len(lines), 1) for lines in rows.values())
    height = top + sum(_head(chart, group) for group in chart.groups) + steps + 22
    sheet = Canvas(NARROW, height, palette)
    draw_grid(sheet, track, top, height - 18)
    y = top
    for group in chart.groups:
        y += _head(chart, group)
        if group.label:
            sheet.text(0, y - 12, fit(group.label, NARROW, 16), 16, weight=600, halo=True)
        for bar in group.bars:
            lines = rows[id(bar)]
            _name(sheet, bar, lines, y + 20)
            y += 18 * max(len(lines), 1)
            sheet.text(NARROW, y + 2, words.number(bar.value), 17, weight=800, anchor="end", halo=True)
            _shape(sheet, track, bar, y + 10, 16)
            y += 36
    draw_rule(sheet, track, height - 18)
    return sheet.finish(chart.title, chart.description)


def _head(chart: Bars, group: Group) -> float:
    """Room for a group's name, more between groups."""
    return (30.0 if group.label else 0.0) + (14.0 if group is not chart.groups[0] else 0.0)


def _label(bar: Bar, width: float, most: int) -> list[str]:
    """The name in lines no wider than what the number leaves free."""
    return wrap(bar.label, width - _indent(bar), 17, most)


def _indent(bar: Bar) -> float:
    return max(22.0, text_width(bar.number, 17) + 7) if bar.number else 0.0


def _name(sheet: Canvas, bar: Bar, lines: list[str], y: float) -> None:
    sheet.text(0, y, bar.number, 17, weight=800, halo=True)
    for n, text in enumerate(lines):
        # The halo of a second line would cut into the first.
        sheet.text(_indent(bar), y + 18 * n, text, 17, halo=len(lines) == 1)


def _shape(sheet: Canvas, track: Track, bar: Bar, y: float, height: float) -> None:
    """The bar and last cycle's mark, black with white sides."""
    if bar.value is not None:
        sheet.rect(track.left, y, track.x(bar.value) - track.left, height, sheet.palette.own)
    if bar.before is not None:
        x = track.x(bar.before)
        sheet.line(x, y - 5, x, y + height + 5, sheet.palette.white, width=7)
        sheet.line(x, y - 5, x, y + height + 5, sheet.palette.ink, width=3)


def _bar(sheet: Canvas, track: Track, bar: Bar, words: Words, y: float) -> None:
    _shape(sheet, track, bar, y, 22)
    x = (
        max((track.x(value) for value in (bar.value, bar.before) if value is not None), default=track.left)
        + 10
    )
    if bar.value is None:
        sheet.text(x, y + 17, words.missing, 16, fill=sheet.palette.quiet, halo=True)
        return
    number = words.number(bar.value)
    if bar.before is None and x + text_width(number, 18) > WIDE:  # no room beside a bar that is full
        sheet.text(x - 18, y + 17, number, 18, weight=800, anchor="end", fill=sheet.palette.white)
    else:
        sheet.text(x, y + 17, number, 18, weight=800, halo=True)
