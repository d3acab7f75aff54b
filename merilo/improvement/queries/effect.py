"""What came of a plan: its indicators, and the points of the next self-assessment; reached by its viewer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch

from merilo.assessment.api import Assessment, SideBySide, follower_of, settled_assessments, side_by_side
from merilo.improvement.models import Measure, MeasureIndicator, MeasureState, Plan
from merilo.improvement.rules import effect
from merilo.improvement.rules.effect import Outcome, Touched
from merilo.indicators.api import Indicator, Value, reached, verdict
from merilo.organisations.api import Viewer


@dataclass(frozen=True, slots=True)
class Aimed:
    """An indicator of a measure: from where, where on the day, to where."""

    measure: Measure
    row: MeasureIndicator
    latest: Value | None
    target: Decimal | None

    @property
    def indicator(self) -> Indicator:
        return self.row.indicator

    @property
    def is_reached(self) -> bool | None:
        """Whether the latest value is at the target; None where there is no value, target or direction."""
        if self.latest is None:
            return None
        return reached(self.latest.value, self.target, self.indicator.direction)

    @property
    def outcome(self) -> Outcome:
        """What became of it since the baseline."""
        known = self.latest is not None and self.row.baseline is not None
        turned = (
            verdict(self.row.baseline, self.latest.value, self.indicator.direction)  # type: ignore[union-attr, arg-type]
            if known
            else None
        )
        return effect.outcome(reached=self.is_reached, verdict=turned)

    @property
    def way(self) -> int | None:
        """The share of the way from baseline to target, in percent."""
        return effect.way(self.row.baseline, self.latest.value if self.latest else None, self.target)


def aimed_in(plan: Plan, *, on: date) -> list[Aimed]:
    """The indicators of all measures that were not dropped, as they stood on a day. Two queries."""
    values = Value.objects.filter(replaced_at=None, last__lte=on).order_by("last", "first", "id")
    rows = MeasureIndicator.objects.filter(measure__plan=plan).exclude(measure__state=MeasureState.DROPPED)
    found = rows.select_related("measure", "indicator").prefetch_related(
        Prefetch("indicator__values", values, to_attr="current")
    )
    return [_aimed(row) for row in found.order_by("measure__number", "id")]


def _aimed(row: MeasureIndicator) -> Aimed:
    current: Sequence[Value] = row.indicator.current  # type: ignore[attr-defined]
    target = row.target if row.target is not None else row.indicator.target
    return Aimed(row.measure, row, current[-1] if current else None, target)


# --- since the self-assessment the plan came from ---------------------------------------------
@dataclass(frozen=True, slots=True)
class Since:
    """One source of a plan beside the approved cycle that followed it; without one there is nothing to join.

    `rows` are empty where the points may not be set against each other.
    """

    source: Assessment
    found: SideBySide | None
    rows: Sequence[Touched[Measure]]

    @property
    def aimed(self) -> list[Touched[Measure]]:
        """Sub-criteria that a measure was to improve."""
        return [row for row in self.rows if row.measures]

    @property
    def others(self) -> list[Touched[Measure]]:
        """Sub-criteria without a measure."""
        return [row for row in self.rows if not row.measures]


def since_sources(viewer: Viewer, plan: Plan, *, on: date) -> list[Since]:
    """The points before the plan and after it, one for each self-assessment it started from."""
    cycles = settled_assessments(viewer, on=on)
    measures = Measure.objects.filter(plan=plan).exclude(state=MeasureState.DROPPED).order_by("number")
    codes = {measure: measure.codes for measure in measures}
    sources = plan.sources.select_related("assessment").values_list("assessment_id", flat=True)
    known = {one.pk: one for one in cycles}
    return [_since(cycles, known[key], codes) for key in sources if key in known]


def _since(cycles: Sequence[Assessment], source: Assessment, codes: dict[Measure, Sequence[str]]) -> Since:
    after = follower_of(cycles, source)
    if after is None:
        return Since(source, None, ())
    found = side_by_side(source, after)
    if found.refusal is not None:
        return Since(source, found, ())
    points = {pair.item.code: (pair.change.before, pair.change.after) for pair in found.items}
    return Since(source, found, effect.touched(codes, points))
