"""Addresses of self-assessments, below `/o/<org>/`; one module per part of the work."""

from __future__ import annotations

from merilo.assessment.urls import agreement, cycles, meeting, planning, report, requests, sheets

app_name = "assessment"
urlpatterns = [
    *cycles.urlpatterns,
    *planning.urlpatterns,
    *sheets.urlpatterns,
    *requests.urlpatterns,
    *agreement.urlpatterns,
    *meeting.urlpatterns,
    *report.urlpatterns,
]
