"""Proposals of a plan."""

from __future__ import annotations

from django.urls import path

from merilo.improvement.views import proposals

urlpatterns = [
    path("<uuid:plan>/proposals/", proposals.proposals, name="proposals"),
    path("<uuid:plan>/proposals/<uuid:proposal>/", proposals.proposal, name="proposal"),
]
