"""The parts of the yearly report on the satisfaction of users, and what may still be missing in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

TEXTS = ("introduction", "service", "analysis", "conclusion")
METHODS = ("survey", "mystery", "staff", "signals", "observation", "media", "interviews", "box")
SIGNALS = ("complaints", "signals", "proposals", "praise")
MEASURE_STATES = ("planned", "going_on", "done")
DUE_MONTH, DUE_DAY = 4, 1  # of the year after


@dataclass(frozen=True, slots=True)
class Measured:
    """One result: `figure` in `unit` from `n` people; `earlier` is the wave before.

    Units are mean, with the ends of its `scale`, share, nps, and amount, which is neither good nor bad.
    """

    item: str
    title: str
    figure: float
    unit: str
    n: int
    earlier: float | None = None
    scale: Sequence[int] = ()


def due_of(year: int) -> date:
    """The day by which the report for a year is published.

    >>> due_of(2025)
    datetime.date(2026, 4, 1)
    """
    return date(year + 1, DUE_MONTH, DUE_DAY)


def missing(parts: Mapping[str, Any], surveys: int) -> tuple[str, ...]:
    """What the report does not say yet: codes of parts, in their order.

    >>> missing({"texts": {"introduction": "x"}, "methods": {"survey": {"used": True}}}, 0)
    ('service', 'analysis', 'conclusion', 'results', 'measures')
    """
    texts = parts.get("texts", {})
    found = [code for code in TEXTS if not texts.get(code)]
    if not any(row.get("used") for row in parts.get("methods", {}).values()):
        found.append("methods")
    if parts.get("methods", {}).get("survey", {}).get("used") and not surveys:
        found.append("results")
    if not parts.get("measures"):
        found.append("measures")
    return tuple(found)


def usual_scale(results: Sequence[Measured]) -> tuple[int, ...]:
    """The scale of most means; empty where there are none.

    >>> scales = ((1, 5), (-1, 1), (1, 5))
    >>> usual_scale([Measured("q", "Q", 1.0, "mean", 40, scale=scale) for scale in scales])
    (1, 5)
    """
    scales = [tuple(result.scale) for result in results if result.unit == "mean"]
    return max(scales, key=scales.count, default=())


def comparable(results: Sequence[Measured], unit: str) -> list[Measured]:
    """The results in a unit that can be ranked together: means of the usual scale only."""
    usual = usual_scale(results) if unit == "mean" else ()
    return [result for result in results if result.unit == unit and tuple(result.scale) == usual]


def extremes(results: Sequence[Measured], most: int = 3) -> tuple[list[Measured], list[Measured]]:
    """The best and the worst results that can be ranked together, the best first and the worst first.

    Fewer than twice as many results as asked for are halved, so that nothing is best and worst at once.

    >>> rows = [Measured(name, name, figure, "mean", 40) for name, figure in (("a", 3.1), ("b", 4.2))]
    >>> [[row.item for row in side] for side in extremes(rows)]
    [['b'], ['a']]
    """
    count = min(most, len(results) // 2)
    ranked = sorted(results, key=lambda result: (-result.figure, result.item))
    return ranked[:count], ranked[::-1][:count]


def changed(results: Sequence[Measured], least: float) -> tuple[list[Measured], list[Measured]]:
    """What rose and what fell by at least `least` since the wave before, the greatest change first."""
    moves = [(result.figure - result.earlier, result) for result in results if result.earlier is not None]
    rose = sorted((move for move in moves if move[0] >= least), key=lambda move: -move[0])
    fell = sorted((move for move in moves if move[0] <= -least), key=lambda move: move[0])
    return [result for _, result in rose], [result for _, result in fell]
