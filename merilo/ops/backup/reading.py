"""Reading a backup: unlocking it, and checking every byte against its manifest."""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyrage

from merilo.ops.backup.rows import Checksum
from merilo.ops.backup.writing import BLOCK, FORMAT, MANIFEST


class NotABackup(Exception):
    """A file that is no backup of ours, needs another key, or is not what its manifest says; says which."""


@dataclass(frozen=True)
class Backup:
    """An open backup and its manifest."""

    archive: zipfile.ZipFile
    manifest: dict[str, Any]

    def lines(self, table: str) -> Iterator[bytes]:
        """The rows of one table, each with its line end."""
        with self.archive.open(f"tables/{table}.jsonl") as entry:
            yield from entry

    def blocks(self, sha256: str) -> Iterator[bytes]:
        """The bytes of one file. Errors: NotABackup when they are others than its name says."""
        digest = hashlib.sha256()
        with self.archive.open(f"files/{sha256}") as entry:
            while block := entry.read(BLOCK):
                digest.update(block)
                yield block
        if digest.hexdigest() != sha256:
            raise NotABackup(f"the file {sha256} is damaged")


@contextmanager
def opened(path: Path, *, identity: Path | None = None) -> Iterator[Backup]:
    """The backup in a file; `identity` holds the age key of an encrypted one. Errors: NotABackup, OSError."""
    with _unlocked(path, identity) as plain:
        try:
            with zipfile.ZipFile(plain) as archive:
                yield Backup(archive, _manifest(archive))
        except (zipfile.BadZipFile, EOFError, KeyError, ValueError) as error:
            raise NotABackup(f"{path.name} is damaged or no backup: {error}") from error


@contextmanager
def _unlocked(path: Path, identity: Path | None) -> Iterator[Path]:
    if path.suffix != ".age":
        yield path
        return
    if identity is None:
        raise NotABackup(f"{path.name} is encrypted: name the file with its key (--identity)")
    with tempfile.NamedTemporaryFile(prefix=".merilo-", dir=path.parent) as plain:
        with path.open("rb") as source:
            try:
                pyrage.decrypt_io(source, plain, _identities(identity))
            except pyrage.DecryptError as error:
                raise NotABackup(f"{path.name}: this key does not open it") from error
        plain.flush()
        yield Path(plain.name)


def _identities(path: Path) -> list[Any]:
    lines = [line.strip() for line in path.read_text("utf-8").splitlines()]
    try:
        return [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except pyrage.IdentityError as error:
        raise NotABackup(f"{path.name} holds no age key") from error


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(archive.read(MANIFEST))
    if told.get("product") != "merilo":
        raise ValueError("its manifest is of another product")
    if told.get("format") != FORMAT:
        raise ValueError(f"format {told.get('format')} is not known to this version")
    return told


def check(backup: Backup) -> None:
    """Read everything and compare it with the manifest. Errors: NotABackup names the first difference."""
    named = {f"tables/{label}.jsonl" for label in backup.manifest["tables"]}
    named |= {f"files/{sha256}" for sha256 in backup.manifest["files"]} | {MANIFEST}
    if set(backup.archive.namelist()) != named:
        raise NotABackup("its parts are not those of its manifest")
    for label, told in backup.manifest["tables"].items():
        found = Checksum()
        for line in backup.lines(label):
            found.add(line)
        if (found.rows, str(found)) != (told["rows"], told["checksum"]):
            raise NotABackup(f"the table {label} is not what its manifest says")
    for sha256, size in backup.manifest["files"].items():
        if sum(len(block) for block in backup.blocks(sha256)) != size:
            raise NotABackup(f"the file {sha256} has another size")
