"""Health says what is wrong and nothing else."""

from __future__ import annotations

import shutil
from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from django.db import DatabaseError
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from merilo.ops import health

pytestmark = pytest.mark.every_database


def test_live_asks_nothing(client):
    answer = client.get("/health/live")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_ready_names_what_it_looked_at(client, db):
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json() == dict.fromkeys(("database", "migrations", "tasks", "clock", "disk"), "ok")


def test_ready_when_the_disk_is_full(client, db, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=1))
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["disk"]) == (503, "failed")


def test_ready_when_the_worker_is_away(client, db):
    """A task that could have run long ago says so; one that is to run later does not."""
    now = timezone.now()
    task = {"task_path": "x", "args_kwargs": {}, "backend_name": "default", "status": "READY"}
    later = DBTaskResult.objects.create(**task, run_after=now + timedelta(hours=1))
    DBTaskResult.objects.filter(pk=later.pk).update(enqueued_at=now - timedelta(days=1))
    assert client.get("/health/ready").status_code == 200
    old = DBTaskResult.objects.create(**task, run_after=get_date_max())
    DBTaskResult.objects.filter(pk=old.pk).update(enqueued_at=now - timedelta(minutes=16))
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["tasks"]) == (503, "failed")


def test_ready_when_a_migration_waits(client, db):
    MigrationRecorder.Migration.objects.filter(app="core", name="0002_guard_the_audit").delete()
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["migrations"]) == (503, "failed")


def test_the_migrations_are_read_from_the_disk_once_and_asked_of_the_database_each_time(client, db):
    client.get("/health/ready")
    with patch.object(MigrationLoader, "build_graph", side_effect=AssertionError):
        assert client.get("/health/ready").status_code == 200
        MigrationRecorder.Migration.objects.all().delete()
        assert client.get("/health/ready").status_code == 503


def test_ready_when_the_database_is_away(client, monkeypatch):
    def away():
        raise DatabaseError

    monkeypatch.setattr(health, "connection", SimpleNamespace(cursor=away))
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["database"] == answer.json()["migrations"] == "failed"


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_health_takes_no_posts(client, path):
    assert client.post(path).status_code == 405
