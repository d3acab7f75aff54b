"""Stacked distribution: how many chose what, rows of the same length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from merilo.web.charts.canvas import NARROW, WIDE, Canvas, Drawing
from merilo.web.charts.metrics import fit, text_width
from merilo.web.charts.palette import WEB, Palette
from merilo.web.charts.words import Words


@dataclass(frozen=True, slots=True)
class Share:
    """One row: how many in each category, in the order of the categories."""

    label: str
    counts: Sequence[int]


@dataclass(frozen=True, slots=True)
class Distribution:
    """Categories from low to high, at most six of them told apart by shade."""

    title: str
    categories: Sequence[str]
    rows: Sequence[Share]
    description: str = ""


def distribution(chart: Distribution, *, words: Words = Words(), palette: Palette = WEB) -> Drawing:  # noqa: B008 - immutable
    """Rows divided by category from stone to accent; figures stand inside, names above the first row."""
    rows = tuple((row.label, *(str(count) for count in row.counts)) for row in chart.rows)
    wide = _draw(chart, palette, WIDE)
    return Drawing(chart.title, _draw(chart, palette, NARROW), wide, (words.item, *chart.categories), rows)


def _shades(count: int, palette: Palette) -> list[tuple[str, str]]:
    """Ground and text colour per category: stone for the low ones, the accent for the high ones."""
    ladder = [
        (palette.quiet, palette.white),
        (palette.hair, palette.ink),
        (palette.sand, palette.ink),
        (palette.soft, palette.ink),
        (palette.line, palette.ink),
        (palette.own, palette.white),
    ]
    picks = {1: (5,), 2: (1, 5), 3: (1, 4, 5), 4: (0, 1, 4, 5), 5: (0, 1, 3, 4, 5)}.get(
        count, (0, 1, 2, 3, 4, 5)
    )
    return [ladder[picks[min(n, len(picks) - 1)]] for n in range(count)]


def _draw(chart: Distribution, palette: Palette, width: float) -> str:
    beside = width == WIDE
    left, right, step = (268.0, 752.0, 38.0) if beside else (0.0, 360.0, 60.0)
    shades = _shades(len(chart.categories), palette)
    key = _key(chart.categories, left if beside else 0.0, width)
    top = 26.0 * (key[-1][1] + 1 if key else 0) + 12
    sheet = Canvas(width, top + step * len(chart.rows) + 4, palette)
    for (x, row, name), (ground, _) in zip(key, shades, strict=True):
        sheet.rect(x, 26.0 * row + 5, 14, 14, palette.edge)
        sheet.rect(x + 1, 26.0 * row + 6, 12, 12, ground)
        sheet.text(x + 20, 26.0 * row + 18, name, 16)
    for n, share in enumerate(chart.rows):
        y = top + n * step
        sheet.text(0, y + (21 if beside else 18), fit(share.label, left - 14 if beside else width, 17), 17)
        _stack(sheet, share, shades, (left, right), y + (2 if beside else 26))
    return sheet.finish(chart.title, chart.description)


def _key(categories: Sequence[str], left: float, width: float) -> list[tuple[float, int, str]]:
    """Place, line and (shortened) name of each category, broken into lines where they do not fit."""
    x, row, found = left, 0, []
    for category in categories:
        name = fit(category, width - left - 24, 16)
        need = 20 + text_width(name, 16)
        if x + need > width and x > left:
            x, row = left, row + 1
        found.append((x, row, name))
        x += need + 18
    return found


def _stack(
    sheet: Canvas, share: Share, shades: Sequence[tuple[str, str]], ends: tuple[float, float], y: float
) -> None:
    (left, right), total = ends, sum(share.counts)
    x = left
    for count, (ground, text) in zip(share.counts, shades, strict=False):
        width = (right - left) * count / total if total else 0.0
        sheet.rect(x, y, width, 27, ground)
        if width >= text_width(str(count), 16) + 6:
            sheet.text(x + width / 2, y + 19, str(count), 16, weight=600, anchor="middle", fill=text)
        x += width
        if count and x < right - 1:
            sheet.line(x, y, x, y + 27, sheet.palette.white, width=2)
    sheet.line(left, y + 27, right, y + 27, sheet.palette.edge)
