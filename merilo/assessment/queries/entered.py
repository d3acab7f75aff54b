"""What was agreed in a cycle, entered afterwards or not: scores and statements by item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from merilo.assessment.catalogue import framework_of
from merilo.assessment.models import Agreement, AgreementState, Assessment, EnteredCycle, LineKind, Statement

KINDS = (LineKind.STRENGTH, LineKind.AREA)


@dataclass(frozen=True, slots=True)
class Said:
    """What was agreed on one item; `values` are empty where there is no score."""

    values: Mapping[str, int]
    lines: Mapping[str, tuple[str, ...]]

    @property
    def is_empty(self) -> bool:
        return not self.values and not any(self.lines.values())


def nothing() -> Said:
    """An item on which nothing was agreed."""
    return Said({}, dict.fromkeys((kind.value for kind in KINDS), ()))


def said_in(assessment: Assessment) -> dict[str, Said]:
    """What was agreed on each item of the framework. Two queries."""
    agreed = Agreement.objects.filter(assessment=assessment, state=AgreementState.AGREED)
    values = dict(agreed.values_list("code", "values"))
    lines: dict[str, dict[str, tuple[str, ...]]] = {}
    for row in Statement.objects.filter(assessment=assessment, kind__in=KINDS):
        of_item = lines.setdefault(row.code, dict(nothing().lines))
        of_item[row.kind] += (row.text,)
    empty = nothing()
    return {
        item.code: Said(values.get(item.code, {}), lines.get(item.code, empty.lines))
        for item in framework_of(assessment).items
    }


def cycle_of(assessment: Assessment) -> EnteredCycle:
    """The entry of an assessment obtained through its viewer. Errors: EnteredCycle.DoesNotExist."""
    found = EnteredCycle.objects.select_related("report__file", "entered_by").prefetch_related(
        "corrections__by"
    )
    cycle = found.get(assessment=assessment)
    cycle.assessment, assessment.entered = assessment, cycle
    return cycle
