"""Writing an archive: the same self-assessment gives the same bytes."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import IO, Any

from django.db import models

from merilo.assessment.archive.tables import TABLES, Table
from merilo.assessment.models import Assessment, State
from merilo.core import files
from merilo.core.archives import DATED

FORMAT = 1
KIND = "merilo-assessment"
RECORD, MANIFEST, FILES = "record.json", "manifest.json", "files/"
BLOCK = 1 << 20

Told = dict[str, list[dict[str, Any]]]


class FileMissing(Exception):
    """A file that the self-assessment names is not there, or is not what it was."""


def write(assessment: Assessment, *, organisation: str, sink: IO[bytes]) -> None:
    """Write the archive of a self-assessment into a file that can be sought. Errors: FileMissing."""
    told = record_of(assessment)
    sizes = {row["sha256"]: row["size"] for row in told["files"]}
    record = canonical(told)
    manifest = {
        "kind": KIND,
        "format": FORMAT,
        "organisation": organisation,
        "framework": told["framework"][0]["fingerprint"],
        "record": hashlib.sha256(record).hexdigest(),
        "files": sizes,
    }
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr(_entry(MANIFEST), canonical(manifest))
        archive.writestr(_entry(RECORD), record)
        for sha256 in sorted(sizes):
            _copy(archive, sha256)


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and nothing to choose."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _entry(name: str) -> zipfile.ZipInfo:
    """Stored as it is: how well a library packs differs from one version to the next."""
    entry = zipfile.ZipInfo(name, DATED)
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    return entry


def _copy(archive: zipfile.ZipFile, sha256: str) -> None:
    digest = hashlib.sha256()
    try:
        source = files.path_of(sha256).open("rb")
    except FileNotFoundError as error:
        raise FileMissing(sha256) from error
    with source, archive.open(_entry(f"{FILES}{sha256}"), "w") as entry:
        while block := source.read(BLOCK):
            digest.update(block)
            entry.write(block)
    if digest.hexdigest() != sha256:
        raise FileMissing(sha256)


# --- the record -------------------------------------------------------------------------------------------
def record_of(assessment: Assessment) -> Told:
    """All rows by table. A row points to another by its number, counted from 1 in the order of the file."""
    found = {table.name: list(table.rows(assessment).order_by("pk")) for table in TABLES if table.rows}
    for table in TABLES:
        if table.rows is None:
            found[table.name] = _pointed_at(table, found)
    numbers = {
        name: {row.pk: number for number, row in enumerate(rows, start=1)} for name, rows in found.items()
    }
    return {table.name: [_row(table, row, numbers) for row in found[table.name]] for table in TABLES}


def _pointed_at(target: Table, found: Mapping[str, Sequence[Any]]) -> list[Any]:
    keys = {
        getattr(row, f"{column}_id")
        for table in TABLES
        for column, name in table.links.items()
        if name == target.name
        for row in found[table.name]
    }
    return list(models.QuerySet(target.model).filter(pk__in=keys - {None}).order_by("pk"))


def _row(table: Table, row: Any, numbers: Mapping[str, Mapping[Any, int]]) -> dict[str, Any]:
    told = {column: plain(getattr(row, column)) for column in table.columns}
    for column, name in table.links.items():
        told[column] = numbers[name].get(getattr(row, f"{column}_id"))
    for column, name in table.many.items():
        told[column] = sorted(numbers[name][key] for key in getattr(row, column).values_list("pk", flat=True))
    if table.name == "assessment" and row.state == State.PUBLISHED:
        told["state"] = str(State.APPROVED)  # publishing belongs to the installation that does it
    return told


def plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case str():
            return str(value)
        case _:
            return value
