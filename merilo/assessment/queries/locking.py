"""What is counted before the lock: how far each seat is, which items too few people scored. No contents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from merilo.assessment import permissions
from merilo.assessment.catalogue import framework_of
from merilo.assessment.models import Assessment, Judgement, Sheet
from merilo.assessment.queries.sheets import assigned_codes
from merilo.assessment.rules import progress, scoring
from merilo.core.errors import Refused
from merilo.framework.catalogue import Framework, Item
from merilo.groups.api import Function
from merilo.organisations.api import Viewer


@dataclass(frozen=True, slots=True)
class SeatCount:
    """One seat before the lock: finished items of those it was assigned, and whether it was handed in."""

    name: str
    function: str
    ready: int
    assigned: int
    handed_in_at: datetime | None


@dataclass(frozen=True, slots=True)
class Thin:
    """An item with fewer than three scores, with their number."""

    item: Item
    count: int


@dataclass(frozen=True, slots=True)
class Readiness:
    """What there is to know before locking."""

    seats: list[SeatCount]
    thin: list[Thin]

    @property
    def handed_in(self) -> int:
        return sum(seat.handed_in_at is not None for seat in self.seats)

    @property
    def waiting(self) -> int:
        return len(self.seats) - self.handed_in


def readiness(viewer: Viewer, assessment: Assessment) -> Readiness:
    """Counts for those who may lock. Two queries, whatever the number of seats. Errors: Refused."""
    if not permissions.may_moderate(viewer, assessment):
        raise Refused(_("Only the coordinator, the chair or the facilitator can lock the individual scores."))
    framework = framework_of(assessment)
    ready: dict[UUID, set[str]] = {}
    scored: Counter[str] = Counter()
    for sheet_id, code, is_ready, values, cannot in _marks(assessment):
        if is_ready:
            ready.setdefault(sheet_id, set()).add(code)
        scored[code] += _counts(framework, assessment.method, code, values, cannot=cannot)
    sheets = Sheet.objects.filter(assessment=assessment).select_related("seat__holder")
    findings = progress.too_few_scores({item.code: scored[item.code] for item in framework.items})
    return Readiness(
        seats=[_seat(sheet, framework, ready.get(sheet.pk, set())) for sheet in sheets],
        thin=[Thin(framework.item(found.subject), scored[found.subject]) for found in findings],
    )


def _marks(assessment: Assessment) -> Any:
    rows = Judgement.objects.filter(sheet__assessment=assessment).order_by("id")
    return rows.values_list("sheet_id", "code", "ready", "values", "cannot_judge")


def _counts(framework: Framework, method: str, code: str, values: Mapping[str, int], *, cannot: bool) -> bool:
    return not cannot and scoring.is_complete(framework.scale_for(code, method), values)


def _seat(sheet: Sheet, framework: Framework, ready: set[str]) -> SeatCount:
    assigned = assigned_codes(sheet, framework)
    return SeatCount(
        name=sheet.seat.holder.on_record,
        function=str(Function(sheet.seat.function).label),
        ready=progress.completion(assigned, ready).done,
        assigned=len(assigned),
        handed_in_at=sheet.handed_in_at,
    )
