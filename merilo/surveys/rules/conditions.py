"""When something is shown: a small tree of tests on earlier answers.

Answers are a mapping from items to values. What was not answered is absent, and no comparison with it holds,
"is not" included; who means absence writes Not(Answered(…)).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

Value: TypeAlias = str | bool | int | Decimal | date | tuple[str, ...]
Answers: TypeAlias = Mapping[str, Value]

SIGNS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
ORDERED = ("<", "<=", ">", ">=")


@dataclass(frozen=True, slots=True)
class Compared:
    """An answer held against a value.

    >>> Compared("age", ">=", 18).holds({"age": Decimal(20)}), Compared("age", "!=", 18).holds({})
    (True, False)
    """

    item: str
    sign: str
    value: str | bool | int | Decimal | date

    def holds(self, answers: Answers) -> bool:
        answer = answers.get(self.item)
        if answer is None or (self.sign in ORDERED and not _comparable(answer, self.value)):
            return False
        return SIGNS[self.sign](answer, self.value)

    def items(self) -> Iterator[str]:
        yield self.item


@dataclass(frozen=True, slots=True)
class Contains:
    """An option is among those chosen or ranked."""

    item: str
    option: str

    def holds(self, answers: Answers) -> bool:
        answer = answers.get(self.item)
        return isinstance(answer, tuple) and self.option in answer

    def items(self) -> Iterator[str]:
        yield self.item


@dataclass(frozen=True, slots=True)
class Answered:
    item: str

    def holds(self, answers: Answers) -> bool:
        return self.item in answers

    def items(self) -> Iterator[str]:
        yield self.item


@dataclass(frozen=True, slots=True)
class Every:
    parts: tuple[Condition, ...]

    def holds(self, answers: Answers) -> bool:
        return all(part.holds(answers) for part in self.parts)

    def items(self) -> Iterator[str]:
        for part in self.parts:
            yield from part.items()


@dataclass(frozen=True, slots=True)
class Some:
    parts: tuple[Condition, ...]

    def holds(self, answers: Answers) -> bool:
        return any(part.holds(answers) for part in self.parts)

    def items(self) -> Iterator[str]:
        for part in self.parts:
            yield from part.items()


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition

    def holds(self, answers: Answers) -> bool:
        return not self.part.holds(answers)

    def items(self) -> Iterator[str]:
        return self.part.items()


Condition: TypeAlias = Compared | Contains | Answered | Every | Some | Not
Test: TypeAlias = Compared | Contains | Answered


def leaves(condition: Condition) -> Iterator[Test]:
    """The single tests a condition is made of."""
    if isinstance(condition, Not):
        yield from leaves(condition.part)
    elif isinstance(condition, Every | Some):
        for part in condition.parts:
            yield from leaves(part)
    else:
        yield condition


def holds(condition: Condition | None, answers: Answers) -> bool:
    """Whether a condition holds; none always does."""
    return condition is None or condition.holds(answers)


def _comparable(answer: Value, value: object) -> bool:
    """Whether two values have an order: "don't know" is neither more nor less than a number."""
    if isinstance(answer, int | Decimal):
        return isinstance(value, int | Decimal)
    return type(answer) is type(value) and not isinstance(answer, tuple)
