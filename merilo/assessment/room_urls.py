"""Addresses of a meeting outside the organisation's pages: a member's phone, a screen on the wall."""

from __future__ import annotations

from django.urls import path

from merilo.assessment.views import phone, wall

app_name = "rooms"
urlpatterns = [
    path("m/<uuid:meeting>/", phone.phone, name="phone"),
    path("m/<uuid:meeting>/enter/", phone.enter, name="enter"),
    path("m/<uuid:meeting>/join/", phone.join, name="join"),
    path("m/<uuid:meeting>/vote/<uuid:round_>/", phone.vote, name="vote"),
    path("w/<slug:token>/", wall.wall, name="wall"),
]
