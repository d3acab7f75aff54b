"""The list of plans, and one of them."""

from __future__ import annotations

from django.urls import path

from merilo.improvement.views import plans

urlpatterns = [
    path("", plans.listing, name="list"),
    path("new/", plans.new, name="new"),
    path("<uuid:plan>/", plans.overview, name="overview"),
    path("<uuid:plan>/settings/", plans.settings, name="settings"),
]
