"""Addresses of plans, below `/o/<org>/plans/`; one module per part of the work."""

from __future__ import annotations

from merilo.improvement.urls import (
    communication,
    drafts,
    effect,
    group,
    interim,
    items,
    measures,
    plans,
    priorities,
    proposals,
    revisions,
    schedule,
)

app_name = "improvement"
urlpatterns = [
    *plans.urlpatterns,
    *drafts.urlpatterns,
    *group.urlpatterns,
    *items.urlpatterns,
    *proposals.urlpatterns,
    *priorities.urlpatterns,
    *measures.urlpatterns,
    *schedule.urlpatterns,
    *revisions.urlpatterns,
    *communication.urlpatterns,
    *interim.urlpatterns,
    *effect.urlpatterns,
]
