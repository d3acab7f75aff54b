"""Reports while a plan is carried out."""

from __future__ import annotations

from django.urls import path

from merilo.improvement.views import interim as views

urlpatterns = [
    path("<uuid:plan>/report/", views.report, name="interim"),
    path("<uuid:plan>/report/<slug:format_>/", views.document, name="interim_file"),
]
