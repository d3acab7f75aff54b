"""Scores of items from what people entered: whole numbers in, exact decimals out.

A value that is absent is not answered, which is never 0; "cannot judge" has no values at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from merilo.core.numbers import as_decimal, mean
from merilo.framework.catalogue import Scale

SINGLE = "score"  # the one component of a scale that is not taken apart

Values = Mapping[str, int | None]


class ScoreError(ValueError):
    """Values that give no score."""


class ScoreOutOfRange(ScoreError):
    """A value outside the scale, or no whole number; names the component, the value and the limits."""

    def __init__(self, component: str, value: object, scale: Scale) -> None:
        super().__init__(f"{component}: {value!r} is not a whole number {scale.minimum}–{scale.maximum}")
        self.component = component
        self.value = value
        self.minimum = scale.minimum
        self.maximum = scale.maximum


class ScoreIncomplete(ScoreError):
    """Components without a value; `missing` names them in the scale's order."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


class UnknownComponent(ScoreError):
    """Values for components the scale does not have, as when a method was changed; `unknown` names them."""

    def __init__(self, unknown: tuple[str, ...]) -> None:
        super().__init__(", ".join(unknown))
        self.unknown = unknown


def components_of(scale: Scale) -> tuple[str, ...]:
    """Codes of the values one score is made of, in order."""
    return tuple(component.code for component in scale.components) or (SINGLE,)


def check_value(scale: Scale, component: str, value: object) -> int:
    """The value, if it is a whole number on the scale. Errors: ScoreOutOfRange.

    Unit: points, scale.minimum–scale.maximum.
    """
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not whole or not isinstance(value, int) or not scale.minimum <= value <= scale.maximum:
        raise ScoreOutOfRange(component, value, scale)
    return value


def answered(values: Values) -> dict[str, int]:
    """Only what was answered: absent and None are the same, 0 is an answer.

    >>> answered({"plan": 0, "do": None})
    {'plan': 0}
    """
    return {component: value for component, value in values.items() if value is not None}


def is_complete(scale: Scale, values: Values) -> bool:
    """Whether every component has a value."""
    return set(components_of(scale)) <= answered(values).keys()


def score_of(scale: Scale, values: Values) -> Decimal:
    """Score of one item: the value itself, or the exact mean of the components, never rounded here.

    Shape:  component code -> whole number; the result in points, scale.minimum–scale.maximum.
    Errors: ScoreOutOfRange, ScoreIncomplete, UnknownComponent.
    Source: CAF 2020 guide, classical scoring and fine-tuned scoring (sum of the phases, or of trend and
    targets, as a share of the maximum, which is their mean).
    """
    given = answered(values)
    needed = components_of(scale)
    if unknown := tuple(sorted(given.keys() - set(needed))):
        raise UnknownComponent(unknown)
    if missing := tuple(component for component in needed if component not in given):
        raise ScoreIncomplete(missing)
    exact = mean(check_value(scale, component, given[component]) for component in needed)
    if exact is None:
        raise AssertionError("a scale has at least one component")
    return as_decimal(exact)


def score_or_none(scale: Scale, values: Values) -> Decimal | None:
    """The score, or None as long as a component has no value. Errors: ScoreOutOfRange, UnknownComponent."""
    try:
        return score_of(scale, values)
    except ScoreIncomplete:
        return None
