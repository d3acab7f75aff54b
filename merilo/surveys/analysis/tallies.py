"""The counts of every question, made once, so that a page of results costs what its questions cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np

from merilo.surveys.analysis.columns import EPOCH, NO_ANSWER, NOT_SHOWN, SOURCES, Array, Columns
from merilo.surveys.analysis.variables import Variable
from merilo.surveys.rules.definition import Definition

Tally: TypeAlias = dict[str, Any]
FORMAT = 1
RANGES = 6  # of a number or date, as equal in size as whole steps allow


def tallied(columns: Columns, definition: Definition) -> Tally:
    """The tallies of a survey in plain values: of all responses, and without the marked ones if there are.

    Shape: {"format", "responses", "marked", "sources", "languages", "days", "all": {item: tally},
    "unmarked": {item: tally}}, the items in the order of the questionnaire. A tally has its "kind" and, of
    those who could answer, "none" who did not, and "away" whom the question was not shown to:

    choice  "codes", "counts"; "base" answered
    flags   "codes" of the options, "counts" of who chose each; "base" answered
    ranks   "codes" of the options, "counts": for each option how often it stood first, second, …; "base"
    number  "edges", "counts": ranges from an edge to below the next; "base", "mean", "sd", "median"
    day     "edges" as dates, "counts"; "base"
    text    "base" wrote something
    """
    marked = int(columns.marked.sum())
    told: Tally = {
        "format": FORMAT,
        "responses": len(columns),
        "marked": marked,
        "sources": _named(columns.source, SOURCES),
        "languages": _named(columns.language, columns.languages),
        "days": _days(columns.day),
    }
    items = [item for question in definition.questions() for item in question.items]
    edges = {item: _edges(columns, item) for item in items}
    told["all"] = {item: tally_of(columns, item, edges[item]) for item in items}
    if marked:
        rest = columns.where(~columns.marked)
        told["unmarked"] = {item: tally_of(rest, item, edges[item]) for item in items}
    return told


def tally_of(columns: Columns, item: str, edges: Sequence[float] = ()) -> Tally:
    """The tally of one item; `edges` are those of all responses, so that parts are counted alike."""
    variables = columns.of_item(item)
    counted = _COUNTED[variables[0].kind]
    column = columns[variables[0].key]
    missing, away = _absent(column)
    base = len(column) - missing - away
    return {"base": base, "none": missing, "away": away} | counted(columns, variables, edges)


def _absent(column: Array) -> tuple[int, int]:
    if column.dtype.kind == "f":
        return int(np.isnan(column).sum()), int(np.isneginf(column).sum())
    return int((column == NO_ANSWER).sum()), int((column == NOT_SHOWN).sum())


def _named(column: Array, names: Sequence[str]) -> dict[str, int]:
    counts = np.bincount(column, minlength=len(names)).tolist() if len(column) else [0] * len(names)
    return {name: count for name, count in zip(names, counts, strict=True) if count}


def _days(column: Array) -> list[tuple[str, int]]:
    days, counts = np.unique(column, return_counts=True)
    return [(_iso(day), int(count)) for day, count in zip(days, counts, strict=True)]


def _iso(day: float) -> str:
    return (EPOCH + timedelta(days=int(day))).isoformat()


# --- by kind ----------------------------------------------------------------------------------
def _choice(columns: Columns, variables: Sequence[Variable], edges: Sequence[float]) -> Tally:
    (variable,) = variables
    column = columns[variable.key]
    counts = np.bincount(column[column >= 0], minlength=len(variable.codes)).tolist()
    return {"kind": "choice", "codes": list(variable.codes), "counts": counts}


def _flags(columns: Columns, variables: Sequence[Variable], edges: Sequence[float]) -> Tally:
    counts = [int((columns[one.key] == 1).sum()) for one in variables]
    return {"kind": "flags", "codes": [one.option for one in variables], "counts": counts}


def _ranks(columns: Columns, variables: Sequence[Variable], edges: Sequence[float]) -> Tally:
    most = len(variables)
    counts = []
    for one in variables:
        column = columns[one.key]
        counts.append(np.bincount(column[column > 0], minlength=most + 1)[1:].tolist())
    return {"kind": "ranks", "codes": [one.option for one in variables], "counts": counts}


def _number(columns: Columns, variables: Sequence[Variable], edges: Sequence[float]) -> Tally:
    values = _finite(columns[variables[0].key])
    told: Tally = {"kind": "number", "edges": list(edges), "counts": _in_ranges(values, edges)}
    if len(values) > 1:
        spread = {"mean": values.mean(), "sd": values.std(ddof=1), "median": np.median(values)}
        told |= {name: float(value) for name, value in spread.items()}
    return told


def _day(columns: Columns, variables: Sequence[Variable], edges: Sequence[float]) -> Tally:
    counts = _in_ranges(_finite(columns[variables[0].key]), edges)
    return {"kind": "day", "edges": [_iso(edge) for edge in edges], "counts": counts}


def _text(columns: Columns, variables: Sequence[Variable], edges: Sequence[float]) -> Tally:
    return {"kind": "text"}


_COUNTED = {
    "choice": _choice,
    "flag": _flags,
    "rank": _ranks,
    "number": _number,
    "day": _day,
    "text": _text,
}


# --- ranges of numbers ------------------------------------------------------------------------
def _finite(column: Array) -> Array:
    return column[np.isfinite(column)]


def _edges(columns: Columns, item: str) -> list[float]:
    """Edges between ranges of about as many people each; the outer ranges are open and tell no extremes."""
    variables = columns.of_item(item)
    if not variables or variables[0].kind not in {"number", "day"}:
        return []
    values = _finite(columns[variables[0].key])
    if not len(values):
        return []
    cuts = np.quantile(values, [part / RANGES for part in range(1, RANGES)])
    step = _step(float(cuts[-1] - cuts[0]) / RANGES)
    rounded = sorted({round(round(float(cut) / step) * step, 6) for cut in cuts})
    return [edge for edge in rounded if values.min() < edge <= values.max()]


def _step(width: float) -> float:
    """A round number near a width: 1, 2 or 5 times a power of ten."""
    if width <= 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(width))
    return float(next(step * power for step in (1, 2, 5, 10) if step * power >= width * 0.7))


def _in_ranges(values: Array, edges: Sequence[float]) -> list[int]:
    ends = [-np.inf, *edges, np.inf]
    return [int(((values >= low) & (values < high)).sum()) for low, high in pairwise(ends)]


def edges_of(tally: Tally) -> list[float]:
    """The edges of a tally as its column has them; none for what is not counted in ranges."""
    edges = tally.get("edges", [])
    if tally["kind"] == "day":
        return [float((date.fromisoformat(edge) - EPOCH).days) for edge in edges]
    return list(edges)


def ranges(edges: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """The ends of the ranges that a tally's counts stand for; None for the open ones."""
    yield from pairwise([None, *edges, None])
