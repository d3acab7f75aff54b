"""How much room the installation takes, and how much is left."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from merilo.core.files import Kept, kept
from merilo.ops.health import Backup, last_backup


@dataclass(frozen=True, slots=True)
class Storage:
    """Bytes of the database, the files, what is free on their disk, and the newest backup."""

    database: int
    kind: str
    files: Kept
    free: int
    total: int
    backup: Backup | None


def storage() -> Storage:
    """Look now; reads the names of all files."""
    disk = shutil.disk_usage(settings.VAR_DIR)
    return Storage(_database_size(), connection.vendor, kept(), disk.free, disk.total, last_backup())


def _database_size() -> int:
    if connection.vendor == "sqlite":
        name = Path(str(connection.settings_dict["NAME"]))
        return sum(path.stat().st_size for path in (name, Path(f"{name}-wal")) if path.exists())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        (size,) = cursor.fetchone() or (0,)
    return int(size)
