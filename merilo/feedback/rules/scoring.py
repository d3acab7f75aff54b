"""Points of items, the rules of awards, and what would be awarded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from merilo.core.numbers import mean
from merilo.core.periods import months_after
from merilo.feedback.rules.scheme import Award, Item, Rule, Scheme

Points = Mapping[str, int]  # question -> points


def points_of(item: Item, given: Points) -> Fraction | None:
    """The exact mean of the item's questions, None until all of them have points."""
    own = [given[question.code] for question in item.questions if question.code in given]
    return mean(own) if len(own) == len(item.questions) else None


def all_points(scheme: Scheme, given: Points) -> dict[str, Fraction | None]:
    """The points of every item, by its code."""
    return {item.code: points_of(item, given) for _pillar, item in scheme.items()}


def open_questions(scheme: Scheme, given: Points) -> int:
    """How many questions have no points yet."""
    return sum(code not in given for code in scheme.questions())


@dataclass(frozen=True, slots=True)
class Verdict:
    """One rule and whether it is met; `reached` is the sum, or the fewest points, over its items.

    None where points are still missing.
    """

    rule: Rule
    reached: Fraction | None

    @property
    def is_met(self) -> bool:
        """Whether the rule is met; what is not complete is not met."""
        return self.reached is not None and self.reached >= self.rule.least


def verdicts(award: Award, points: Mapping[str, Fraction | None]) -> list[Verdict]:
    """Every rule of an award over the points of the items. Compared exactly, without rounding."""
    return [Verdict(rule, _reached(rule, points)) for rule in award.rules]


def _reached(rule: Rule, points: Mapping[str, Fraction | None]) -> Fraction | None:
    found = [value for code in rule.items if (value := points[code]) is not None]
    if len(found) < len(rule.items):
        return None
    return sum(found, Fraction(0)) if rule.kind == "sum" else min(found)


def awarded(scheme: Scheme, points: Mapping[str, Fraction | None]) -> Award | None:
    """The highest award all of whose rules are met, None where that is none."""
    met = [one for one in scheme.awards if all(verdict.is_met for verdict in verdicts(one, points))]
    return met[-1] if met else None


def range_of(values: Iterable[int]) -> tuple[int, int] | None:
    """The fewest and the most points that actors gave, None where nobody gave any."""
    given = sorted(values)
    return (given[0], given[-1]) if given else None


# --- how long it holds ------------------------------------------------------------------------
def valid_until(award: Award, granted_on: date) -> date:
    """The last day on which the award holds: the same day so many years later."""
    return months_after(granted_on, 12 * award.years)
