"""Whether this installation can serve: database, migrations, worker, clock and room on the disk."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Case, Count, F, Min, When
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

LEAST_FREE = 200 * 1024 * 1024
LONGEST_WAIT = timedelta(minutes=15)
LARGEST_DRIFT = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; no address, path or version stands in it."""

    name: str
    ok: bool


def checks() -> list[Check]:
    """All checks in order; migrations are looked at only where the database answers."""
    database = Check("database", _database_answers())
    migrations = Check("migrations", database.ok and _migrated())
    return [
        database,
        migrations,
        Check("tasks", migrations.ok and _are_done()),
        Check("clock", database.ok and _agrees()),
        Check("disk", _has_room(settings.VAR_DIR)),
    ]


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone() == (1,))
    except DatabaseError:
        return False


def _migrated() -> bool:
    try:
        return _known() <= MigrationRecorder(connection).applied_migrations().keys()
    except DatabaseError:
        return False


@cache
def _known() -> frozenset[tuple[str, str]]:
    """All migrations of this program, as (app, name). Reading them takes long and anybody may ask: once."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.nodes)


def _are_done() -> bool:
    """Whether the worker is there: no task that could run has waited for long."""
    _length, oldest = queue(timezone.now())
    return oldest < LONGEST_WAIT


def queue(now: datetime) -> tuple[int, timedelta]:
    """How many tasks could be done now, and how long the oldest of them has waited."""
    since = Case(When(run_after=get_date_max(), then=F("enqueued_at")), default=F("run_after"))
    ready = DBTaskResult.objects.filter(status=TaskResultStatus.READY).annotate(since=since)
    told = ready.filter(since__lte=now).aggregate(length=Count("pk"), oldest=Min("since"))
    return told["length"], now - (told["oldest"] or now)


@dataclass(frozen=True, slots=True)
class Backup:
    """The newest backup: when it was made, and its bytes."""

    made_at: datetime
    size: int


def last_backup() -> Backup | None:
    """The newest backup in the folder, or None."""
    found = [path.stat() for path in Path(settings.BACKUPS_DIR).glob("merilo-*Z.zip*")]
    last = max(found, key=lambda state: state.st_mtime, default=None)
    return last and Backup(datetime.fromtimestamp(last.st_mtime, tz=UTC), last.st_size)


def backup_age(now: datetime) -> timedelta | None:
    """The age of the newest backup in the folder of backups; None where there is none."""
    last = last_backup()
    return None if last is None else now - last.made_at


def _agrees() -> bool:
    """Whether the database's clock and ours tell the same time; a file has no clock of its own."""
    if connection.vendor == "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (told,) = cursor.fetchone() or (timezone.now(),)
    return bool(abs(told - timezone.now()) < LARGEST_DRIFT)


def _has_room(folder: Path) -> bool:
    there = next(place for place in (folder, *folder.parents) if place.exists())
    return shutil.disk_usage(there).free >= LEAST_FREE
