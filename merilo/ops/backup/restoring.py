"""Restoring a backup: the old state stands until the new one is complete and proven."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from merilo.core import audit, disk, files
from merilo.ops.backup import reading, rows
from merilo.ops.backup.reading import Backup, NotABackup


class NotEmpty(Exception):
    """The installation holds data, and nobody said that they may be replaced."""


def restore(backup: Backup, *, replace: bool) -> dict[str, int]:
    """Put database and files in place; answers the rows of each table.

    The rows are written at the state of the tables that the backup was made in, compared with its
    checksums there, and only then brought up to the present. Errors: NotABackup, NotEmpty, rows.Unknown.
    """
    if not replace and not is_empty():
        raise NotEmpty
    reading.check(backup)
    _put_files(backup)
    with _place():
        counts = _load(backup)
        call_command("migrate", verbosity=0, skip_checks=True)
    return counts


def unverified() -> list[str]:
    """The audit chains that this installation's key does not verify: keys are not in a backup."""
    return [chain for chain in audit.chains() if audit.verify(chain)]


def is_empty() -> bool:
    """Whether nobody has an account here yet."""
    from merilo.accounts.api import Person

    with connection.cursor() as cursor:
        there = Person._meta.db_table in connection.introspection.table_names(cursor)
    return not there or not Person.objects.exists()


def _put_files(backup: Backup) -> None:
    """Files first: they lie under their hash, so that those of the old state are never touched."""
    for sha256 in backup.manifest["files"]:
        path = files.path_of(sha256)
        if files.is_there(path):
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        with part.open("wb") as sink:
            for block in backup.blocks(sha256):
                sink.write(block)
        disk.put_in_place(part, path, top=Path(settings.FILES_DIR))


@contextmanager
def _place() -> Iterator[None]:
    """The default connection leads to a database to build in, which takes the old one's place at the end.

    In one step or not at all. It is the default one because migrations of libraries write to no other.
    """
    with _beside() if connection.vendor == "sqlite" else _inside():
        yield


@contextmanager
def _beside() -> Iterator[None]:
    """SQLite: a new file that is renamed over the old one when it is complete and on disk."""
    target = Path(connection.settings_dict["NAME"])
    built = target.with_name(f"{target.name}.restoring")
    _remove(built)
    if target.exists():
        _settle()
    connection.close()
    connection.settings_dict["NAME"] = str(built)
    try:
        yield
        _settle()
    finally:
        connection.close()
        connection.settings_dict["NAME"] = str(target)
    disk.put_in_place(built, target)


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _settle() -> None:
    """Bring the write-ahead log into the file and drop it, so that the file alone is the database."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute("PRAGMA journal_mode=DELETE")


@contextmanager
def _inside() -> Iterator[None]:
    """PostgreSQL: everything in one transaction, the old tables with it."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        yield


def _load(backup: Backup) -> dict[str, int]:
    """Make the tables as the backup knew them, fill them, and prove that they hold what it holds."""
    using = DEFAULT_DB_ALIAS
    targets = rows.last_of(using, [(app, name) for app, name in backup.manifest["migrations"]])
    MigrationExecutor(connection).migrate(targets)
    tables = {model._meta.label_lower: model for model in rows.tables(rows.apps_at(using, targets))}
    told = backup.manifest["tables"]
    if told.keys() != tables.keys():
        raise NotABackup("its tables are not those of its migrations")
    with transaction.atomic():
        _defer_constraints()
        for label, model in tables.items():
            rows.everything(model, using).delete()  # what migrations put in
            rows.load(model, backup.lines(label), using)
        connection.check_constraints()  # now: tables with checks still open cannot be changed any more
        _reset_sequences(list(tables.values()))
        for label, model in tables.items():
            if str(rows.checksum(model, using)) != told[label]["checksum"]:
                raise NotABackup(f"the table {label} did not arrive as it left")
    return {label: count["rows"] for label, count in told.items()}


def _defer_constraints() -> None:
    """References are checked when all tables are filled; migrations may have asked for it at once."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _reset_sequences(tables: list[Any]) -> None:
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
