"""The criteria of a plan as it keeps them: `{code, axis, weight, name: {language: text}}`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from merilo.improvement.rules.priorities import Axis, Criterion

_NUMBERED = re.compile(r"own-(\d+)")


def criteria_of(scheme: Sequence[Mapping[str, Any]]) -> list[Criterion]:
    """What the arithmetic needs of a scheme, in its order."""
    return [Criterion(one["code"], Axis(one["axis"]), one["weight"]) for one in scheme]


def name_in(criterion: Mapping[str, Any], language: str) -> str:
    """The name in a language, else in the first one it has.

    >>> name_in({"name": {"bg": "Граждани", "en": "Citizens"}}, "de")
    'Граждани'
    """
    names: Mapping[str, str] = criterion["name"]
    return names.get(language) or next((name for name in names.values() if name), "")


def next_code(codes: Collection[str]) -> str:
    """The code of an added criterion; one that was given before is not given again while it stands.

    >>> next_code({"citizens", "own-2"})
    'own-3'
    """
    numbers = [int(found[1]) for code in codes if (found := _NUMBERED.fullmatch(code))]
    return f"own-{max(numbers, default=0) + 1}"


def is_complete(scheme: Sequence[Mapping[str, Any]], points: Mapping[str, int]) -> bool:
    """Whether every criterion that counts has points."""
    return all(one["code"] in points for one in scheme if one["weight"])


def kept(scheme: Sequence[Mapping[str, Any]], points: Mapping[str, int]) -> dict[str, int]:
    """The points of criteria that the scheme has."""
    codes = {one["code"] for one in scheme}
    return {code: value for code, value in points.items() if code in codes}


def moved(factors: Sequence[int], places: Mapping[int, int]) -> list[int]:
    """Places of success factors after the list has changed; those of removed ones go.

    >>> moved([0, 2], {1: 0, 2: 1})
    [1]
    """
    return sorted(places[place] for place in factors if place in places)
