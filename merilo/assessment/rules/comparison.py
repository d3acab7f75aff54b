"""Change since the last cycle: only between assessments of one framework scored by one method."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from merilo.assessment.rules.totals import Scores, Totals, totals
from merilo.core.numbers import as_decimal
from merilo.framework.catalogue import Framework, Scale

# Sub-criteria whose wording CAF 2020 changed most against CAF 2013, under the numbers both have.
REWORDED = frozenset({"1.3", "2.1", "2.2", "2.3", "2.4", "3.1", "3.2", "3.3", "4.2", "5.1", "5.2", "9.1"})


class Reason(StrEnum):
    """Why two assessments cannot be compared."""

    OTHER_FRAMEWORK = "other_framework"
    OTHER_METHOD = "other_method"
    OTHER_SCALE = "other_scale"


@dataclass(frozen=True, slots=True)
class NotComparable:
    """The refusal to compare, with what each side has (framework code, method or scale limits)."""

    reason: Reason
    previous: str
    current: str


@dataclass(frozen=True, slots=True)
class Cycle:
    """The agreed scores of one assessment; `scope` are the items it covers, all when None."""

    framework: Framework
    method: str
    scores: Scores
    scope: Collection[str] | None = None

    def totals(self) -> Totals:
        return totals(self.framework, self.method, self.scores, scope=self.scope)


@dataclass(frozen=True, slots=True)
class Change:
    """Points before and after; None where not scored, and then there is no difference either."""

    code: str
    before: Decimal | None
    after: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """After minus before, exact, in points; positive is better."""
        if self.before is None or self.after is None:
            return None
        return as_decimal(Fraction(self.after) - Fraction(self.before))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Changes of items, criteria and panels that both cycles have, and of the two overall means.

    `changed_edition` says that the version of the framework changed in between (same code, same scales).
    """

    items: tuple[Change, ...]
    criteria: tuple[Change, ...]
    panels: tuple[Change, ...]
    mean_of_criteria: Change
    mean_of_items: Change
    changed_edition: bool


def compare(previous: Cycle, current: Cycle) -> Comparison | NotComparable:
    """What changed from one cycle to the next, or why that cannot be said.

    Classical and fine-tuned scores mean different things, so they are never set against each other.
    The panels' change is that of their mean of criteria.
    """
    if refusal := _refusal(previous, current):
        return refusal
    before, after = previous.totals(), current.totals()
    known = {item.code for item in previous.framework.items}
    codes = [item.code for item in current.framework.items if item.code in known]
    return Comparison(
        items=tuple(Change(code, previous.scores.get(code), current.scores.get(code)) for code in codes),
        criteria=_changes(
            {total.code: total.mean for total in before.criteria},
            {total.code: total.mean for total in after.criteria},
        ),
        panels=_changes(
            {total.code: total.mean_of_criteria for total in before.panels},
            {total.code: total.mean_of_criteria for total in after.panels},
        ),
        mean_of_criteria=Change("mean_of_criteria", before.mean_of_criteria, after.mean_of_criteria),
        mean_of_items=Change("mean_of_items", before.mean_of_items, after.mean_of_items),
        changed_edition=previous.framework.version != current.framework.version,
    )


def _changes(before: Scores, after: Scores) -> tuple[Change, ...]:
    return tuple(Change(code, before[code], after[code]) for code in after if code in before)


def _refusal(previous: Cycle, current: Cycle) -> NotComparable | None:
    if previous.framework.code != current.framework.code:
        return NotComparable(Reason.OTHER_FRAMEWORK, previous.framework.code, current.framework.code)
    if previous.method != current.method:
        return NotComparable(Reason.OTHER_METHOD, previous.method, current.method)
    before, after = _scales(previous), _scales(current)
    for panel in before.keys() & after.keys():
        if before[panel] != after[panel]:
            return NotComparable(Reason.OTHER_SCALE, before[panel], after[panel])
    return None


def _scales(cycle: Cycle) -> dict[str, str]:
    """Panel -> limits and components of its scale."""
    method = cycle.framework.method(cycle.method)
    return {panel: _form(cycle.framework.scale(scale)) for panel, scale in method.scales}


def _form(scale: Scale) -> str:
    components = ", ".join(component.code for component in scale.components)
    limits = f"{scale.minimum}–{scale.maximum}"
    return f"{limits} ({components})" if components else limits
