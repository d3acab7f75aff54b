"""The tables: migrations are made, and no list is shown in whatever order the database likes."""

from __future__ import annotations

from django.apps import apps
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation

# Tables without an order of their own: why none is needed.
READ_ONE_BY_ONE = {
    "accounts.Person": "looked up by id or address",
    "assessment.Report": "one per self-assessment",
    "core.AuditHead": "looked up by chain; listed by chain in core.audit.chains",
    "core.AuditPayload": "read with its entry",
    "core.KeptForm": "looked up by token",
    "core.Limit": "looked up by key",
    "core.OnceKey": "looked up by key",
    "core.StoredFile": "read from what refers to it",
    "groups.Group": "one per undertaking",
    "groups.Material": "ordered by title where it is listed",
    "organisations.CalendarLink": "one per person",
    "organisations.CommunicationPlan": "one per undertaking",
    "organisations.Correspondence": "one per person",
    "organisations.Invitation": "ordered by date where it is listed",
    "organisations.OfficialDocument": "read from what refers to it",
    "organisations.Organisation": "ordered by name where it is listed",
    "organisations.SignInService": "ordered by name where it is listed",
    "surveys.Export": "looked up by its key",
    "surveys.NamedResponse": "read with its response",
    "surveys.Publication": "ordered by date where it is listed",
    "surveys.Response": "has no order on purpose: rows are shuffled every day",
    "surveys.SavedAnswers": "read with its invitation",
    "surveys.Snapshot": "one per survey",
    "surveys.QuotaCount": "counted up and read by its quota",
    "surveys.UsedForm": "looked up by key",
}


def test_migrations_are_made():
    loader = MigrationLoader(None)
    with translation.override(None):
        wanted = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
        changes = wanted.changes(graph=loader.graph)
    assert changes == {}
    assert loader.detect_conflicts() == {}
    assert connection.vendor in {"sqlite", "postgresql"}


def test_every_table_has_an_order_or_a_reason():
    unordered = {
        model._meta.label
        for model in apps.get_models()
        if model.__module__.startswith("merilo.") and not model._meta.ordering
    }
    assert unordered == READ_ONE_BY_ONE.keys()
