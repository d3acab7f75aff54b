"""Public addresses of published results of surveys."""

from __future__ import annotations

from django.urls import path

from merilo.surveys.views import public as views

app_name = "published"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:result>/", views.survey, name="survey"),
    path("<slug:result>/data/<slug:format_>/", views.data, name="data"),
]
