"""Approval of a plan, and its public page."""

from __future__ import annotations

from django.urls import path

from merilo.improvement.views import revisions as views

_ONE = "<uuid:plan>/approval/<int:number>/"

urlpatterns = [
    path("<uuid:plan>/approval/", views.listing, name="revisions"),
    path("<uuid:plan>/approval/withdraw/", views.withdraw, name="withdraw"),
    path(_ONE, views.revision, name="revision"),
    path(f"{_ONE}approve/", views.approve, name="approve"),
    path(f"{_ONE}return/", views.send_back, name="send_back"),
    path(f"{_ONE}on-paper/", views.record_approval, name="record_approval"),
    path(f"{_ONE}publish/", views.publish, name="publish"),
    path(f"{_ONE}documents/", views.make_documents_again, name="make_documents"),
    path(f"{_ONE}<slug:format_>/", views.document, name="revision_file"),
]
