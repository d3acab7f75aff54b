"""Words and number marks of a drawing: handed in, because the functions know no language."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from merilo.core.numbers import as_decimal, display

Number = int | float | Decimal | Fraction


@dataclass(frozen=True, slots=True)
class Words:
    """Words of the table and the direct labels; `merilo.web.drawings` gives them in the page's language."""

    item: str = "Criterion"
    change: str = "Change"
    missing: str = "not scored"
    median: str = "median {value}"
    interval: str = "median between {low} and {high}"
    score: str = "Score"
    people: str = "Assessors"
    lowest: str = "Lowest"
    highest: str = "Highest"
    middle: str = "Middle"
    year: str = "Year"
    value: str = "Value"
    target: str = "Target"
    step: str = "Step"
    state: str = "State"
    mark: str = "."

    def number(self, value: Number | None) -> str:
        """A number as people read it: one decimal, half up; a dash where there is none."""
        if value is None:
            return "–"
        return display(decimal(value), mark=self.mark)

    def signed(self, value: Number | None) -> str:
        """A difference with its sign."""
        if value is None:
            return "–"
        text = self.number(value)
        return f"+{text}" if decimal(value) > 0 and text != "0" else text


def decimal(value: Number) -> Decimal:
    """Any number as an exact decimal."""
    if isinstance(value, Fraction):
        return as_decimal(value)
    return value if isinstance(value, Decimal) else Decimal(str(value))
