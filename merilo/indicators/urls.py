"""Addresses of indicators, below `/o/<org>/indicators/`."""

from __future__ import annotations

from django.urls import path

from merilo.indicators import views

app_name = "indicators"
urlpatterns = [
    path("", views.listing, name="list"),
    path("new/", views.new, name="new"),
    path("<uuid:indicator>/", views.indicator, name="indicator"),
    path("<uuid:indicator>/edit/", views.edit, name="edit"),
    path("<uuid:indicator>/retire/", views.retire, name="retire"),
    path("<uuid:indicator>/values/new/", views.new_value, name="new_value"),
    path("<uuid:indicator>/values/<uuid:value>/", views.value, name="value"),
    path("<uuid:indicator>/values/<uuid:value>/take-back/", views.take_back, name="take_back"),
]
