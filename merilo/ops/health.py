"""Whether this installation can serve: the database answers, migrations are applied, the disk has room."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

LEAST_FREE = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; no address, path or version stands in it."""

    name: str
    ok: bool


def checks() -> list[Check]:
    """All checks in order; migrations are looked at only where the database answers."""
    database = Check("database", _database_answers())
    migrations = Check("migrations", database.ok and _migrated())
    return [database, migrations, Check("disk", _has_room(settings.VAR_DIR))]


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


def _has_room(folder: Path) -> bool:
    there = next(place for place in (folder, *folder.parents) if place.exists())
    return shutil.disk_usage(there).free >= LEAST_FREE
