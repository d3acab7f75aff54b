"""The group's shared shelf as a viewer may see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from merilo.assessment import permissions
from merilo.assessment.models import Assessment, Evidence, EvidenceKind, EvidenceUse
from merilo.assessment.rules.evidence import Direction, Indicator
from merilo.core.errors import Refused
from merilo.organisations.api import Viewer

YEARS_FRESH = 3
REMOVED_KEPT = timedelta(days=30)


def _visible(viewer: Viewer) -> Q:
    """All but what is kept for the coordinator; one's own stays visible to the one who added it."""
    if viewer.can("assessment.plan"):
        return Q()
    return Q(only_coordinator=False) | Q(added_by=viewer.membership)


def _on_shelf(viewer: Viewer, assessment: Assessment) -> QuerySet[Evidence]:
    return Evidence.objects.filter(_visible(viewer), assessment=assessment, removed_at=None)


def shelf(viewer: Viewer, assessment: Assessment, *, on: date) -> QuerySet[Evidence]:
    """Everything on the shelf that the viewer may see; raises Refused for those outside the group."""
    if not permissions.may_see_shelf(viewer, assessment, on=on):
        raise Refused(_("The evidence shelf is open to the group and to those who prepare the report."))
    return _on_shelf(viewer, assessment).select_related("unit", "file").prefetch_related("uses")


def removed(viewer: Viewer, assessment: Assessment, *, at: datetime) -> QuerySet[Evidence]:
    """What the viewer could see and was taken off the shelf in the last 30 days, the latest first."""
    return (
        Evidence.objects.filter(_visible(viewer), assessment=assessment, removed_at__gt=at - REMOVED_KEPT)
        .select_related("removed_by")
        .prefetch_related("uses")
        .order_by("-removed_at", "pk")
    )


def evidence(viewer: Viewer, assessment: Assessment, pk: UUID, *, on: date) -> Evidence:
    """One thing on the shelf; raises Evidence.DoesNotExist, also for what the viewer may not see."""
    return shelf(viewer, assessment, on=on).get(pk=pk)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a person looks for on the shelf; empty means everything."""

    text: str = ""
    kind: str = ""
    code: str = ""
    state: str = ""  # old: older than three years; unused: used for nothing


def found(viewer: Viewer, assessment: Assessment, filters: Filters, *, on: date) -> list[Evidence]:
    """The part of the shelf that was looked for, by title. Two queries.

    Compared here and not in the database, where SQLite knows no upper and lower case of Cyrillic.
    """
    rows = shelf(viewer, assessment, on=on)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    return [row for row in rows if _fits(row, filters, on.year)]


def _fits(row: Evidence, filters: Filters, year: int) -> bool:
    codes = {use.code for use in row.uses.all()}
    return (
        (not filters.text or filters.text.casefold() in _words(row))
        and (not filters.code or filters.code in codes)
        and (filters.state != "old" or is_old(row, year))
        and (filters.state != "unused" or not codes)
    )


def _words(row: Evidence) -> str:
    unit = row.unit.name if row.unit else ""
    return "\n".join([row.title, row.text, row.url, unit, str(row.details.get("source", ""))]).casefold()


def is_old(row: Evidence, year: int) -> bool:
    """The evidence is of a year more than three years back."""
    return row.year is not None and year - row.year > YEARS_FRESH


def uses_of_item(viewer: Viewer, assessment: Assessment, code: str) -> QuerySet[EvidenceUse]:
    """What the viewer sees of the evidence used for one item. One query."""
    return (
        EvidenceUse.objects.filter(code=code, evidence__in=_on_shelf(viewer, assessment))
        .select_related("evidence__unit", "evidence__file")
        .order_by("evidence__title", "id")
    )


@dataclass(slots=True)
class Support:
    """What stands behind one item: how many things, and whether figures among them have trend and target."""

    count: int = 0
    has_trend: bool = False
    has_target: bool = False


def support(viewer: Viewer, assessment: Assessment) -> dict[str, Support]:
    """The support of each item that has evidence. One query."""
    rows = EvidenceUse.objects.filter(evidence__in=_on_shelf(viewer, assessment)).order_by("code")
    by_code: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for code, kind, details in rows.values_list("code", "evidence__kind", "evidence__details"):
        by_code.setdefault(code, []).append((kind, details))
    return {code: support_of(uses) for code, uses in by_code.items()}


def support_of(uses: Iterable[tuple[str, dict[str, Any]]]) -> Support:
    """The support given by some evidence, by kind and details."""
    found_support = Support()
    for kind, details in uses:
        found_support.count += 1
        if kind == EvidenceKind.INDICATOR:
            figure = indicator_of(details)
            found_support.has_trend |= figure.has_trend
            found_support.has_target |= figure.has_target
    return found_support


def indicator_of(details: dict[str, Any]) -> Indicator:
    """The figure kept in the details of an evidence of the kind indicator."""
    values = {int(year): Decimal(value) for year, value in details.get("values", {}).items()}
    target = details.get("target")
    better: Direction = "lower" if details.get("better") == "lower" else "higher"
    return Indicator(values, Decimal(target) if target else None, better)


def from_last_cycle(viewer: Viewer, assessment: Assessment, *, on: date) -> list[Evidence]:
    """What stood on the shelf of the cycle before and is not on this one (by title). Three queries."""
    if assessment.previous is None:
        return []
    here = set(shelf(viewer, assessment, on=on).values_list("title", flat=True))
    return [row for row in shelf(viewer, assessment.previous, on=on) if row.title not in here]
