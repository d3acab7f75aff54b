"""Measures that are offered to a plan."""

from __future__ import annotations

from django.urls import path

from merilo.improvement.views import drafts as views

urlpatterns = [
    path("<uuid:plan>/inbox/", views.inbox, name="inbox"),
    path("<uuid:plan>/inbox/offer/", views.offer, name="offer"),
    path("<uuid:plan>/inbox/<uuid:draft>/accept/", views.accept, name="accept_draft"),
    path("<uuid:plan>/inbox/<uuid:draft>/decline/", views.decline, name="decline_draft"),
]
