"""What of single answers may stand beside what tells who somebody is (decision 0021)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from merilo.surveys.analysis.columns import Array
from merilo.surveys.rules.conditions import Condition
from merilo.surveys.rules.definition import Definition, Question


def kept(
    candidates: Sequence[Sequence[Array]], answers: Sequence[Array], floor: int, *, strict: bool
) -> dict[int, int]:
    """The places of the candidates that may stay, taken one after the other, each with the way it may stay.

    A candidate is a column in one or more ways, from fine to coarse. With all that stay, every combination
    that occurs has at least `floor` people, and so has every answer to every question within it; strictly,
    no combination has given one answer alone.
    """
    given = [np.unique(column, return_inverse=True) for column in answers]
    places = [(found, len(values)) for values, found in given]
    together, chosen = np.zeros(len(answers[0]) if answers else 0, np.int64), dict[int, int]()
    for place, ways in enumerate(candidates):
        for way, column in enumerate(ways):
            wanted = _combined(together, column)
            if _is_safe(wanted, places, floor, strict=strict):
                together, chosen[place] = wanted, way
                break
    return chosen


def _combined(first: Array, second: Array) -> Array:
    """A number for each pair that occurs."""
    _values, places = np.unique(second, return_inverse=True)
    _pairs, combined = np.unique(first * (len(_values) + 1) + places, return_inverse=True)
    return np.asarray(combined, np.int64)


_Places: TypeAlias = tuple[Array, int]  # which answer each response gave, and how many there are


def _is_safe(groups: Array, answers: Sequence[_Places], floor: int, *, strict: bool) -> bool:
    sizes = np.bincount(groups)
    if sizes.size == 0 or sizes.min() < floor:
        return False
    return all(_may_stand(groups, sizes, given, floor, strict=strict) for given in answers)


def _may_stand(groups: Array, sizes: Array, given: _Places, floor: int, *, strict: bool) -> bool:
    places, count = given
    cells = np.bincount(groups * count + places, minlength=len(sizes) * count).reshape(len(sizes), count)
    if strict and len(sizes) > 1 and (cells == sizes[:, None]).any():
        return False
    return not ((cells > 0) & (cells < floor)).any()


def telling(definition: Definition) -> frozenset[str]:
    """The questions whose answers tell who somebody is.

    They are marked so, or results are broken down by them, or they are shown only to who answered one of
    these in a certain way: that an answer is there tells as much.
    """
    found = {question.code for question in definition.questions() if question.attribute}
    found |= {breakdown.question for breakdown in definition.breakdowns}
    size = -1
    while size != len(found):
        size = len(found)
        found |= {question.code for question, items in _shown_by(definition) if items & found}
    return frozenset(found)


def _shown_by(definition: Definition) -> list[tuple[Question, set[str]]]:
    """Each question with those that decide whether it is shown."""
    return [
        (part, {definition.owner(item).code for one in (page.show_if, part.show_if) for item in _items(one)})
        for page in definition.pages
        for part in page.parts
        if isinstance(part, Question)
    ]


def _items(condition: Condition | None) -> list[str]:
    return [] if condition is None else list(condition.items())
