"""The cycle as a rule with marks, for documents; pages use the component `cycle`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from merilo.web.charts.canvas import NARROW, WIDE, Canvas, Drawing
from merilo.web.charts.metrics import fit, wrap
from merilo.web.charts.palette import WEB, Palette
from merilo.web.charts.words import Words


@dataclass(frozen=True, slots=True)
class Mark:
    """One step: its number, its name, `done` or `now`, and the word of its state for the table."""

    number: int
    label: str
    done: bool = False
    now: bool = False
    state: str = ""


@dataclass(frozen=True, slots=True)
class CycleChart:
    """The steps from first to last."""

    title: str
    steps: Sequence[Mark]
    description: str = ""


def cycle(chart: CycleChart, *, words: Words = Words(), palette: Palette = WEB) -> Drawing:  # noqa: B008 - immutable
    """A rule that is filled up to where the work stands."""
    rows = tuple((f"{step.number} {step.label}", step.state) for step in chart.steps)
    wide = _wide(chart, palette)
    return Drawing(chart.title, _narrow(chart, palette), wide, (words.step, words.state), rows)


def _wide(chart: CycleChart, palette: Palette) -> str:
    """Names stand in two rows by turns, each with twice the room of its mark; the last stands below."""
    sheet = Canvas(WIDE, 154, palette)
    width = WIDE / max(len(chart.steps), 1)
    sheet.line(0, 10, WIDE, 10, palette.ink, width=2)
    for n, step in enumerate(chart.steps):
        _fill(sheet, step, n * width, width)
        sheet.line(n * width + 1, 10, n * width + 1, 28 + _drop(chart, n), palette.edge, width=2)
    for n, step in enumerate(chart.steps):
        last = n == len(chart.steps) - 1
        for row, text in enumerate(wrap(f"{step.number} {step.label}", 2 * width - 14, 15)):
            x, y = (WIDE, 42.0) if last else (n * width + 7, 42.0)
            y += _drop(chart, n) + 18 * row
            anchor = "end" if last else "start"
            sheet.text(x, y, text, 15, weight=600 if step.now else 400, anchor=anchor, halo=True)
    return sheet.finish(chart.title, chart.description)


def _drop(chart: CycleChart, index: int) -> float:
    """How far below the rule a name stands."""
    return 84.0 if index == len(chart.steps) - 1 else 42.0 * (index % 2)


def _narrow(chart: CycleChart, palette: Palette) -> str:
    current = next((step for step in chart.steps if step.now), None)
    sheet = Canvas(NARROW, 76, palette)
    width = NARROW / max(len(chart.steps), 1)
    sheet.line(0, 10, NARROW, 10, palette.ink, width=2)
    for n, step in enumerate(chart.steps):
        _fill(sheet, step, n * width, width)
        sheet.line(n * width + 1, 10, n * width + 1, 22, palette.ink, width=2)
        sheet.text(n * width + 1, 42, str(step.number), 16, weight=600)
    if current:
        sheet.text(0, 68, fit(f"{current.number} {current.label}", NARROW, 17), 17, weight=600)
    return sheet.finish(chart.title, chart.description)


def _fill(sheet: Canvas, step: Mark, x: float, width: float) -> None:
    if step.done or step.now:
        sheet.rect(x, 5, width if step.done else width * 0.45, 10, sheet.palette.own)
