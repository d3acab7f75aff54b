"""Public addresses of published yearly reports."""

from __future__ import annotations

from django.urls import path

from merilo.surveys.views import yearly

app_name = "yearly"
urlpatterns = [
    path("<slug:slug>/<int:year>/", yearly.published, name="report"),
    path("<slug:slug>/<int:year>/<slug:format_>/", yearly.published_file, name="file"),
]
