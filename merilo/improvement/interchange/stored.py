"""A plan as the rows of our own workbook, each with the key by which the file knows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from merilo.improvement.interchange.fields import PARTS, values_of
from merilo.improvement.interchange.knowing import Names, names_of
from merilo.improvement.models import Measure, Plan
from merilo.organisations.api import Viewer

_PARTS = {part.key: part for part in PARTS}


@dataclass(frozen=True, slots=True)
class Stored:
    """One row: its id, the measure it belongs to, its key in a file made now, and what it says."""

    part: str
    id: str
    key: str
    measure: Measure
    row: Any
    values: Mapping[str, str]

    @property
    def version(self) -> int:
        """The version of what it says."""
        return int(self.row.version)


@dataclass(frozen=True, slots=True)
class Whole:
    """All rows of a plan by part and id, and the names in them."""

    rows: Mapping[tuple[str, str], Stored]
    names: Names

    def steps(self, *, with_text: bool = False) -> dict[str, str]:
        """What activities are called, by id: the number in a file made now, for people with the text."""
        own = (one for one in self.rows.values() if one.part == "activity")
        return {one.id: f"{one.key} {one.row.text}" if with_text else one.key for one in own}


def whole(viewer: Viewer, plan: Plan) -> Whole:
    """What a plan says now. A fixed number of queries, whatever the size."""
    own = Measure.objects.filter(plan=plan).select_related("plan", "owner__unit", "deputy__unit")
    lists = ("units", "activities__owner__unit", "activities__follows", "indicators__indicator")
    measures = list(own.prefetch_related(*lists).order_by("number"))
    found = {(one.part, one.id): one for measure in measures for one in _rows(measure)}
    named = [getattr(one.row, name, None) for one in found.values() for name in ("owner", "deputy")]
    return Whole(found, names_of(viewer, *named))


def _rows(measure: Measure) -> Iterator[Stored]:
    yield _stored("measure", measure, measure, str(measure.number))
    for place, activity in enumerate(measure.activities.all(), start=1):
        yield _stored("activity", activity, measure, f"{measure.number}.{place}")
    for measured in measure.indicators.all():
        yield _stored("indicator", measured, measure, f"{measure.number}/{measured.indicator.code}")


def _stored(part: str, row: Any, measure: Measure, key: str) -> Stored:
    return Stored(part, str(row.pk), key, measure, row, values_of(row, _PARTS[part].fields))
