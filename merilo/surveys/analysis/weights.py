"""Results weighted to known totals of the population, beside the unweighted ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from merilo.surveys.analysis.columns import Array, Columns
from merilo.surveys.analysis.protecting import Promise, may_split, table
from merilo.surveys.analysis.variables import scores_of, unknown_codes
from merilo.surveys.rules.definition import Definition
from merilo.surveys.rules.weighting import Combination, Weights, raked

KnownTotals: TypeAlias = Mapping[str, Mapping[str, float]]  # question -> answer -> people
Weighted: TypeAlias = dict[str, Any]


def weighted(columns: Columns, definition: Definition, totals: KnownTotals, promise: Promise) -> Weighted:
    """Weighted shares and means of the questions for which they tell nothing that is hidden elsewhere.

    Shape: {"by", "effective", "gap", "items": {item: {"shares": {code: share}, "mean"}}}. A weighted figure
    is one more equation about who said what in the groups it is weighted by; so there is one only where the
    tables by all these groups are shown in full, and where of each combination of them nobody or enough
    people gave each answer: figures of six digits leave few whole numbers to choose from. Who did not tell a
    group counts as one. Errors: TooFewTogether, rules.weighting.CannotWeight.
    """
    questions = tuple(totals)
    groups = _groups(columns, questions)
    if not all(map(promise.allows, groups.counts)):
        raise TooFewTogether
    weights, weight = _weights(groups, totals)
    items = [item for question in definition.questions() for item in question.items]
    told = {
        item: _item(columns, definition, item, weight)
        for item in items
        if _may(columns, definition, item, groups, promise)
    }
    return {"by": list(questions), "effective": weights.effective, "gap": weights.gap, "items": told}


class TooFewTogether(ValueError):
    """Of some combination of the groups there are fewer people than the floor."""


@dataclass(frozen=True, slots=True)
class _Groups:
    """Combinations of answers to the questions that are weighted by: how many gave each, and who.

    `places` are the combinations of the responses; of those that are not `known` it says nothing.
    """

    questions: Sequence[str]
    names: Sequence[Combination]
    counts: Sequence[int]
    places: Array
    known: Array


def _groups(columns: Columns, questions: Sequence[str]) -> _Groups:
    codes = [columns.variables[question].codes for question in questions]
    known = np.logical_and.reduce([columns[question] >= 0 for question in questions])
    sizes = [len(one) for one in codes]
    places = np.zeros(len(columns), np.int64)
    for question, size in zip(questions, sizes, strict=True):
        places = places * size + np.maximum(columns[question], 0)
    names = [
        tuple(one[place] for one, place in zip(codes, np.unravel_index(number, sizes), strict=True))
        for number in range(int(np.prod(sizes)))
    ]
    counts = np.bincount(places[known], minlength=len(names)).tolist()
    return _Groups(questions, names, counts, places, known)


def _weights(groups: _Groups, totals: KnownTotals) -> tuple[Weights, Array]:
    """The weights by combination of answers, and that of each response."""
    counts = dict(zip(groups.names, groups.counts, strict=True))
    found = raked(counts, [totals[question] for question in groups.questions])
    lookup = np.array([found.by_combination.get(name, 1.0) for name in groups.names])
    return found, np.where(groups.known, lookup[groups.places], 1.0)


def _may(columns: Columns, definition: Definition, item: str, groups: _Groups, promise: Promise) -> bool:
    owner = definition.owner(item)
    if item in groups.questions or not may_split(definition, item) or owner.kind == "multiple":
        return False
    tables = (table(columns, definition, item, by, promise) for by in groups.questions)
    is_open = all(found is not None and found.is_open for found in tables)
    return is_open and (len(groups.questions) == 1 or _is_safe(columns, item, groups, promise))


def _is_safe(columns: Columns, item: str, groups: _Groups, promise: Promise) -> bool:
    """Whether all combinations of groups could be shown beside the answers, nothing merged or hidden."""
    answers = columns[item]
    there = groups.known & (answers >= 0)
    size = len(columns.variables[item].codes)
    counts = np.bincount(groups.places[there] * size + answers[there], minlength=len(groups.names) * size)
    rows = counts.reshape(-1, size)
    agreed = (rows.max(axis=1) == rows.sum(axis=1)) & (rows.sum(axis=1) > 0)
    return all(map(promise.allows, counts.tolist())) and not (promise.strict and agreed.any())


def _item(columns: Columns, definition: Definition, item: str, weight: Array) -> Weighted:
    owner, column = definition.owner(item), columns[item]
    silent, codes = unknown_codes(owner), columns.variables[item].codes
    sums = np.bincount(column[column >= 0], weights=weight[column >= 0], minlength=len(codes)).tolist()
    counted = {code: total for code, total in zip(codes, sums, strict=True) if code not in silent}
    base, values = sum(counted.values()), scores_of(owner)
    if not base:
        return {"shares": {}, "mean": None}
    shares = {code: round(total / base, 6) for code, total in counted.items()}
    scaled = sum(total for code, total in counted.items() if code in values)
    mean = sum(values[code] * total for code, total in counted.items() if code in values)
    return {"shares": shares, "mean": round(mean / scaled, 6) if scaled and len(values) > 2 else None}
