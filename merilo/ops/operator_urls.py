"""Addresses below `/operator/`: the room of those who run the platform."""

from __future__ import annotations

from django.urls import path

from merilo.ops.views import organisations, overview, people, record, work

app_name = "operator"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("organisations/", organisations.listed, name="organisations"),
    path("organisations/new/", organisations.new, name="organisation_new"),
    path("organisations/<uuid:pk>/", organisations.one, name="organisation"),
    path("organisations/<uuid:pk>/coordinator/", organisations.coordinator, name="coordinator"),
    path("people/", people.listed, name="people"),
    path("people/<uuid:pk>/", people.one, name="person"),
    path("frameworks/", overview.frameworks, name="frameworks"),
    path("mail/", work.mails, name="mail"),
    path("tasks/", work.tasks, name="tasks"),
    path("storage/", overview.storage, name="storage"),
    path("record/", record.record, name="record"),
]
