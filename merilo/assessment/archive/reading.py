"""Reading an archive that anybody may have made: every part is checked before anything is believed."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from merilo.assessment.archive.tables import TABLES, Table
from merilo.assessment.archive.writing import FILES, FORMAT, KIND, MANIFEST, RECORD, Told, canonical
from merilo.core import archives, files
from merilo.core.archives import Bounds
from merilo.core.errors import BadFile

MOST_ENTRIES = 5_000
MOST_UNPACKED = 1 << 31  # nothing is packed, so that this is the size of the archive
MOST_ROWS = 100_000
MOST_RECORD = 64 * 1024 * 1024
ONE = {"group", "communication", "framework", "assessment", "report"}
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Opened:
    """An archive whose manifest, record and sizes are what they should be; files are checked when read."""

    archive: zipfile.ZipFile
    organisation: str
    record: Told

    def content(self, row: dict[str, Any]) -> bytes:
        """The bytes of a file, as carefully taken as an upload. Errors: BadFile."""
        content = _part(self.archive, f"{FILES}{row['sha256']}", row["size"])
        if hashlib.sha256(content).hexdigest() != row["sha256"]:
            raise BadFile(_("The archive is damaged: a file in it is not what its list says."))
        files.check(SimpleUploadedFile(str(row["name"]), content))
        return content


@contextmanager
def opened(source: IO[bytes]) -> Iterator[Opened]:
    """The archive in a file. Errors: BadFile with a sentence that says what is wrong."""
    try:
        with archives.opened(source, Bounds(MOST_ENTRIES, MOST_UNPACKED)) as archive:
            manifest, record = _checked(archive)
            yield Opened(archive, manifest["organisation"], record)
    except (*archives.DAMAGED, KeyError, RecursionError) as error:
        raise BadFile(_("This is no archive of a self-assessment, or it is damaged.")) from error


def _checked(archive: zipfile.ZipFile) -> tuple[dict[str, Any], Told]:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
        raise BadFile(_("The archive is packed or locked by another program and is not taken."))
    manifest = _object(_part(archive, MANIFEST, archive.getinfo(MANIFEST).file_size))
    _check_manifest(manifest, set(names))
    raw = _part(archive, RECORD, archive.getinfo(RECORD).file_size)
    if hashlib.sha256(raw).hexdigest() != manifest["record"]:
        raise BadFile(_("The archive is damaged: its record is not what its list says."))
    record = _object(raw)
    _check_record(record, manifest["files"])
    return manifest, record


def _part(archive: zipfile.ZipFile, name: str, size: int) -> bytes:
    """One part, never more than it says and never more than is allowed."""
    most = MOST_RECORD if name in {MANIFEST, RECORD} else settings.UPLOAD_LIMIT_BYTES
    if archive.getinfo(name).file_size != size or size > most:
        raise BadFile(_("A part of the archive is too large, or another size than its list says."))
    with archive.open(name) as entry:
        content = entry.read(size + 1)
    if len(content) != size:
        raise BadFile(_("A part of the archive is too large, or another size than its list says."))
    return content


def _object(raw: bytes) -> dict[str, Any]:
    """JSON as we write it and no other way, so that what comes in can go out again the same."""
    told = json.loads(raw)
    if not isinstance(told, dict) or b"\\u0000" in raw or canonical(told) != raw:
        raise ValueError("not canonical")
    return told


def _check_manifest(manifest: dict[str, Any], names: set[str]) -> None:
    if manifest.get("kind") != KIND:
        raise BadFile(_("This is no archive of a self-assessment, or it is damaged."))
    if manifest.get("format") != FORMAT:
        raise BadFile(
            _("The archive was made by a newer version of the platform, which this one cannot read.")
        )
    sizes, organisation = manifest["files"], manifest["organisation"]
    if not isinstance(sizes, dict) or not isinstance(organisation, str) or not 0 < len(organisation) <= 200:
        raise ValueError("manifest")
    if not all(_SHA256.fullmatch(sha256) and type(size) is int for sha256, size in sizes.items()):
        raise ValueError("files")
    if names != {MANIFEST, RECORD} | {f"{FILES}{sha256}" for sha256 in sizes}:
        raise BadFile(_("The archive holds parts that its list does not name, or lacks some of it."))


def _check_record(record: dict[str, Any], sizes: dict[str, int]) -> None:
    """The tables and columns that we write, pointing only at rows that are there."""
    if record.keys() != {table.name for table in TABLES}:
        raise ValueError("tables")
    if not all(isinstance(rows, list) for rows in record.values()):
        raise ValueError("rows")
    if sum(len(rows) for rows in record.values()) > MOST_ROWS or any(len(record[name]) != 1 for name in ONE):
        raise ValueError("rows")
    for table in TABLES:
        for row in record[table.name]:
            _check_row(table, row, record)
    if {row["sha256"]: row["size"] for row in record["files"]} != sizes:
        raise BadFile(_("The archive holds parts that its list does not name, or lacks some of it."))


def _check_row(table: Table, row: Any, record: dict[str, Any]) -> None:
    if not isinstance(row, dict) or row.keys() != {*table.columns, *table.links, *table.many}:
        raise ValueError(table.name)
    for column, name in table.links.items():
        if row[column] is not None:
            _check_number(row[column], record[name])
    for column, name in table.many.items():
        if not isinstance(row[column], list) or sorted(set(row[column])) != row[column]:
            raise ValueError(table.name)
        for number in row[column]:
            _check_number(number, record[name])


def _check_number(number: Any, rows: list[Any]) -> None:
    if type(number) is not int or not 1 <= number <= len(rows):
        raise ValueError("number")
