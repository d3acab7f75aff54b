"""Writing a backup: complete or not at all, with a manifest of what is in it."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyrage
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from merilo.core import disk, files
from merilo.core.models import AuditHead, StoredFile
from merilo.ops.backup import rows
from merilo.ops.backup.snapshot import snapshot

FORMAT = 1
MANIFEST = "manifest.json"
BLOCK = 1 << 20


class NotComplete(Exception):
    """A file that the database names is missing or not what it was; the backup was not made."""


def write(folder: Path, *, recipients: Sequence[str], version: str, at: datetime) -> Path:
    """Make a backup in the folder; answers the file. Errors: NotComplete, OSError, pyrage.RecipientError.

    It is written under another name and gets its own only when it is complete and on disk.
    """
    keys = [pyrage.x25519.Recipient.from_str(key) for key in recipients]
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"merilo-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}.zip"
    plain = folder / f".{name}.part"
    try:
        _pack(plain, version, at)
        return _lock(plain, folder / f"{name}.age", keys) if keys else _finish(plain, folder / name)
    finally:
        plain.unlink(missing_ok=True)


def _pack(path: Path, version: str, at: datetime) -> None:
    with _private(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        with snapshot() as using:
            told = _contents(archive, using)
        told |= {
            "format": FORMAT,
            "product": "merilo",
            "version": version,
            "made_at": at.astimezone(UTC).isoformat(timespec="seconds"),
            "database": connections["default"].vendor,
        }
        archive.writestr(MANIFEST, rows.canonical(told))


def _contents(archive: zipfile.ZipFile, using: str) -> dict[str, Any]:
    """Write tables and files as they are at one moment, with the tables of the migrations applied then."""
    applied = sorted(MigrationRecorder(connections[using]).applied_migrations())
    apps = rows.apps_at(using, rows.last_of(using, applied))
    return {
        "migrations": applied,
        "tables": {model._meta.label_lower: _table(archive, model, using) for model in rows.tables(apps)},
        "files": _files(archive, using),
        "audit_heads": _heads(using),
    }


def _private(path: Path) -> Any:
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b")


def _table(archive: zipfile.ZipFile, model: rows.Model, using: str) -> dict[str, Any]:
    found = rows.Checksum()
    with archive.open(f"tables/{model._meta.label_lower}.jsonl", "w", force_zip64=True) as entry:
        for line in rows.lines(model, using):
            found.add(line)
            entry.write(line)
    return {"rows": found.rows, "checksum": str(found)}


def _files(archive: zipfile.ZipFile, using: str) -> dict[str, int]:
    """Every file that the snapshot names, once, with its size; checked while it is copied."""
    found: dict[str, int] = {}
    stored = StoredFile.objects.using(using).order_by("sha256").values_list("sha256", flat=True).distinct()
    for sha256 in stored.iterator(chunk_size=rows.CHUNK):
        found[sha256] = _file(archive, sha256)
    return found


def _file(archive: zipfile.ZipFile, sha256: str) -> int:
    digest, size = hashlib.sha256(), 0
    try:
        source = files.path_of(sha256).open("rb")
    except FileNotFoundError as error:
        raise NotComplete(sha256) from error
    with source, archive.open(f"files/{sha256}", "w", force_zip64=True) as entry:
        while block := source.read(BLOCK):
            digest.update(block)
            entry.write(block)
            size += len(block)
    if digest.hexdigest() != sha256:
        raise NotComplete(sha256)
    return size


def _heads(using: str) -> dict[str, list[Any]]:
    heads = AuditHead.objects.using(using).order_by("chain").values_list("chain", "number", "hash")
    return {chain: [number, head] for chain, number, head in heads}


def _lock(plain: Path, target: Path, keys: Sequence[Any]) -> Path:
    part = target.with_name(f".{target.name}.part")
    try:
        with plain.open("rb") as source, _private(part) as sink:
            pyrage.encrypt_io(source, sink, list(keys))
        return _finish(part, target)
    finally:
        part.unlink(missing_ok=True)


def _finish(part: Path, target: Path) -> Path:
    """Give the complete file its name, on disk before anybody is told."""
    disk.put_in_place(part, target)
    return target


def rotate(folder: Path, *, keep: int) -> list[Path]:
    """Delete all but the newest `keep` backups of a folder; answers those that went."""
    ours = [path for path in folder.glob("merilo-*Z.zip*") if path.suffix in {".zip", ".age"}]
    found = sorted(ours, key=lambda path: path.name.removesuffix(".age"))
    old = found[:-keep] if keep else []
    for path in old:
        path.unlink()
    return old
