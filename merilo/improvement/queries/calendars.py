"""What of running plans belongs into the calendar of a viewer."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from merilo.improvement.models import (
    Activity,
    Measure,
    MeasureIndicator,
    MeasureState,
    PlanState,
    Preparation,
)
from merilo.improvement.queries.reporting import with_moments
from merilo.organisations.api import Viewer

GONE = (MeasureState.DROPPED, MeasureState.STOPPED)


def _carried_out(viewer: Viewer, to: str = "") -> dict[str, Any]:
    """Conditions: of running plans of the acting organisation, `to` leads to the measure."""
    return {f"{to}plan__organisation": viewer.organisation, f"{to}plan__state": PlanState.RUNNING}


def own_measures(viewer: Viewer) -> QuerySet[Measure]:
    """Measures that the viewer owns or is deputy of, with their moments. One query."""
    mine = Q(owner=viewer.membership) | Q(deputy=viewer.membership)
    rows = Measure.objects.filter(mine, **_carried_out(viewer)).exclude(state__in=GONE)
    return with_moments(rows.select_related("plan__organisation")).order_by("plan", "number")


def own_activities(viewer: Viewer) -> QuerySet[Activity]:
    """Activities that are the viewer's. One query."""
    rows = Activity.objects.filter(owner=viewer.membership, **_carried_out(viewer, "measure__"))
    return rows.exclude(measure__state__in=GONE).select_related("measure__plan")


def own_indicators(viewer: Viewer) -> QuerySet[MeasureIndicator]:
    """By what the effects of the viewer's measures are seen. One query."""
    mine = Q(measure__owner=viewer.membership) | Q(measure__deputy=viewer.membership)
    rows = MeasureIndicator.objects.filter(mine, **_carried_out(viewer, "measure__"))
    return rows.exclude(measure__state__in=GONE).select_related("indicator", "measure__plan")


def own_preparations(viewer: Viewer) -> QuerySet[Preparation]:
    """Rows of plans' own schedules that the viewer still has to do. One query."""
    rows = Preparation.objects.filter(owner=viewer.membership, plan__organisation=viewer.organisation)
    return rows.filter(done_on=None).exclude(plan__state=PlanState.CLOSED).select_related("plan")
