"""What changed between two values, and whether that is good; how a period is named and a value written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from merilo.core.periods import Period

Verdict = Literal["better", "worse", "same", "changed"]


@dataclass(frozen=True, slots=True)
class Point:
    """One value in its period."""

    period: Period
    value: Decimal


def verdict(before: Decimal, after: Decimal, direction: str) -> Verdict:
    """Whether a change is for the better; "changed" where the indicator has no direction.

    >>> verdict(Decimal(10), Decimal(8), "down"), verdict(Decimal(10), Decimal(8), "none")
    ('better', 'changed')
    """
    if before == after:
        return "same"
    if direction == "none":
        return "changed"
    return "better" if (after > before) == (direction == "up") else "worse"


def comparable(points: Iterable[Point]) -> list[Point]:
    """The points that make one line: those whose period is about as long as the latest, in order.

    A quarter beside a year says nothing; months and leap years may differ by a tenth.

    >>> from merilo.core.periods import years
    >>> len(comparable([Point(years(2024, 2024), Decimal(1)), Point(years(2025, 2025), Decimal(2))]))
    2
    """
    ordered = sorted(points, key=lambda point: (point.period.last, point.period.first))
    if not ordered:
        return []
    length = ordered[-1].period.days
    return [point for point in ordered if abs(point.period.days - length) * 10 <= length]


def reached(value: Decimal, target: Decimal | None, direction: str) -> bool | None:
    """Whether the target is reached; None where there is no target or no direction.

    >>> reached(Decimal("4.2"), Decimal(4), "up"), reached(Decimal(5), None, "up")
    (True, None)
    """
    if target is None or direction == "none":
        return None
    return value >= target if direction == "up" else value <= target


def plain(value: Decimal) -> str:
    """The value without zeros that say nothing, with a decimal point.

    >>> plain(Decimal("12.500000")), plain(Decimal("300.000000")), plain(Decimal("0E-6"))
    ('12.5', '300', '0')
    """
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
