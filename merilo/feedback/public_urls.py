"""Public addresses of labels."""

from __future__ import annotations

from django.urls import path

from merilo.feedback.views import public as views

app_name = "labels"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:slug>/", views.organisation, name="organisation"),
]
