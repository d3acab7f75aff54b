"""Addresses outside the organisation's pages: phone and wall of a meeting, a colleague's answer."""

from __future__ import annotations

from django.urls import path

from merilo.assessment.views import answering, phone, wall

app_name = "rooms"
urlpatterns = [
    path("m/<uuid:meeting>/", phone.phone, name="phone"),
    path("m/<uuid:meeting>/enter/", phone.enter, name="enter"),
    path("m/<uuid:meeting>/join/", phone.join, name="join"),
    path("m/<uuid:meeting>/vote/<uuid:round_>/", phone.vote, name="vote"),
    path("w/<slug:token>/", wall.wall, name="wall"),
    path("e/<slug:token>/", answering.page, name="request"),
    path("e/<slug:token>/none/", answering.none, name="request_none"),
]
