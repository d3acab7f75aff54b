"""Public addresses of published plans."""

from __future__ import annotations

from django.urls import path

from merilo.improvement.views import public as views

app_name = "plans"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:slug>/", views.plan, name="plan"),
    path("<slug:slug>/calendar.ics", views.calendar, name="calendar"),
    path("<slug:slug>/reports/<int:number>/", views.report, name="report"),
    path("<slug:slug>/reports/<int:number>/<slug:format_>/", views.report_document, name="report_document"),
    path("<slug:slug>/<slug:format_>/", views.document, name="document"),
]
