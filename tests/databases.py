"""Databases with tables: the tests' own, and empty ones for processes that tests start.

Reading all migrations takes longer than most tests. On SQLite they are read once into a file that is copied
as long as no migration changes; on PostgreSQL each process of tests reads them, and the server copies them.
"""

from __future__ import annotations

import fcntl
import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection

_numbers = itertools.count(1)


@contextmanager
def empty(folder: Path) -> Iterator[str]:
    """The address of a database without tables that nobody else uses; gone afterwards."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{folder / 'merilo.sqlite3'}"
        return
    with _made("") as address:
        yield address


@contextmanager
def with_tables(folder: Path) -> Iterator[str]:
    """The address of a database with tables that nobody else uses; gone afterwards.

    On PostgreSQL it is copied from the tests' own, which nobody may use meanwhile.
    """
    if connection.vendor == "sqlite":
        copy_tables(folder / "merilo.sqlite3")
        yield f"sqlite:///{folder / 'merilo.sqlite3'}"
        return
    template = str(connection.settings_dict["NAME"])
    connection.close()
    with _made(f'TEMPLATE "{template}"') as address:
        yield address


@contextmanager
def _made(how: str) -> Iterator[str]:
    server = os.environ["DATABASE_URL"]
    name = f"merilo_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" {how}')
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


# --- SQLite: migrations are read once -----------------------------------------------------------------
def copy_tables(target: Path) -> None:
    """Put a SQLite database with tables, and nothing else in them, where another may have been."""
    for ending in ("-wal", "-shm"):
        target.with_name(target.name + ending).unlink(missing_ok=True)
    shutil.copyfile(_migrated(), target)


def _migrated() -> Path:
    """A SQLite file in which all migrations of today have been read; whoever comes first makes it."""
    folder = settings.VAR_DIR / "cache" / "tables"
    folder.mkdir(parents=True, exist_ok=True)
    found: Path = folder / f"{_fingerprint()}.sqlite3"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not found.exists():
            for old in folder.glob("*.sqlite3*"):
                old.unlink()
            _migrate(found)
    return found


def _fingerprint() -> str:
    """Changes with every migration, of ours and of the libraries."""
    told = sha256(django.__version__.encode())
    for app in sorted(apps.get_app_configs(), key=lambda app: app.name):
        for path in sorted(Path(app.path, "migrations").glob("*.py")):
            told.update(f"{app.name} {path.name}".encode() + path.read_bytes())
    return told.hexdigest()[:16]


def _migrate(path: Path) -> None:
    making, own = path.with_suffix(".making"), _settings()["NAME"]
    making.unlink(missing_ok=True)
    connection.close()
    _settings()["NAME"] = str(making)
    try:
        call_command("migrate", verbosity=0, skip_checks=True)
    finally:
        connection.close()  # the last one to close leaves all in one file
        _settings()["NAME"] = own
    making.rename(path)


def _settings() -> dict[str, Any]:
    return connection.settings_dict
