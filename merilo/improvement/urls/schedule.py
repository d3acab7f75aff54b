"""The plan's own schedule: who prepares what of it by when."""

from __future__ import annotations

from django.urls import path

from merilo.improvement.views import schedule

urlpatterns = [
    path("<uuid:plan>/schedule/", schedule.listing, name="preparations"),
    path("<uuid:plan>/schedule/usual/", schedule.usual, name="preparations_usual"),
    path("<uuid:plan>/schedule/new/", schedule.new, name="new_preparation"),
    path("<uuid:plan>/schedule/<uuid:preparation>/", schedule.edit, name="preparation"),
    path("<uuid:plan>/schedule/<uuid:preparation>/done/", schedule.done, name="preparation_done"),
    path("<uuid:plan>/schedule/<uuid:preparation>/remove/", schedule.remove, name="preparation_remove"),
]
