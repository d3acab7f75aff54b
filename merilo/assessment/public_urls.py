"""Public addresses of published reports."""

from __future__ import annotations

from django.urls import path

from merilo.assessment.views import public as views

app_name = "reports"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:slug>/", views.report, name="report"),
    path("<slug:slug>/<slug:format_>/", views.document, name="document"),
]
