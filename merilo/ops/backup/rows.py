"""Rows as canonical text, the same from SQLite and PostgreSQL, and back again."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connections, models
from django.db.migrations.loader import MigrationLoader

# Made anew by the program itself, or worthless after a restore: people sign in again.
LEFT_OUT = {
    "sessions.session",
    "contenttypes.contenttype",
    "auth.permission",
    "auth.group",
    "auth.group_permissions",
}
CHUNK = 2_000
BATCH = 500
_ALL = 1 << 256

Model = type[models.Model]


class Unknown(Exception):
    """Migrations that this version does not know: the tables are those of a newer one."""


class Checksum:
    """A checksum of a table that does not depend on the order of its rows.

    The sum of the SHA-256 of all lines modulo 2**256: databases order text differently, and a table is
    too large to be sorted here.
    """

    def __init__(self) -> None:
        self.rows, self._sum = 0, 0

    def add(self, line: bytes) -> None:
        self.rows += 1
        self._sum = (self._sum + int.from_bytes(hashlib.sha256(line).digest(), "big")) % _ALL

    def __str__(self) -> str:
        return f"{self._sum:064x}"


def tables(apps: Any) -> list[Model]:
    """All tables whose rows are kept, in an order that does not change."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label_lower not in LEFT_OUT
    ]
    return sorted(found, key=lambda model: model._meta.label_lower)


def everything(model: Model, using: str) -> models.QuerySet[Any]:
    """All rows of a table, whatever its managers leave out."""
    return models.QuerySet(model, using=using)


def apps_at(using: str, targets: Sequence[tuple[str, str]]) -> Any:
    """The tables as they are after these migrations."""
    loader = MigrationLoader(connections[using])
    return loader.project_state(list(targets)).apps


def last_of(using: str, applied: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The last migration of each app among those applied. Errors: Unknown for one that is not known here."""
    graph, known = MigrationLoader(connections[using]).graph, set(applied)
    if unknown := known - graph.nodes.keys():
        raise Unknown(", ".join(f"{app} {name}" for app, name in sorted(unknown)))
    return sorted(key for key in known if not _followed(graph.node_map[key], known))


def _followed(node: Any, applied: set[tuple[str, str]]) -> bool:
    return any(child.key[0] == node.key[0] and child.key in applied for child in node.children)


def fields_of(model: Model) -> list[Any]:
    """The columns of a table by name."""
    return sorted(model._meta.concrete_fields, key=lambda field: str(field.attname))


def lines(model: Model, using: str) -> Iterator[bytes]:
    """The rows of a table as canonical JSON with a line end, by primary key."""
    names = [field.attname for field in fields_of(model)]
    rows = everything(model, using).order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=CHUNK):
        told = {name: _plain(value) for name, value in zip(names, row, strict=True)}
        yield canonical(told) + b"\n"


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and nothing to choose."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case Decimal() | UUID():
            return str(value)
        case bytes() | memoryview():
            return base64.b64encode(bytes(value)).decode()
        case _:
            return value


def checksum(model: Model, using: str) -> Checksum:
    """The checksum of a table as it is now."""
    found = Checksum()
    for line in lines(model, using):
        found.add(line)
    return found


def load(model: Model, told: Iterable[bytes], using: str) -> Checksum:
    """Write rows into a table that is empty; answers the checksum of what was read."""
    fields = fields_of(model)
    found, waiting = Checksum(), list[models.Model]()
    for line in told:
        found.add(line)
        waiting.append(_row(model, fields, json.loads(line)))
        if len(waiting) == BATCH:
            _write(model, waiting, using)
            waiting = []
    _write(model, waiting, using)
    return found


def _row(model: Model, fields: Sequence[Any], told: dict[str, Any]) -> models.Model:
    return model(**{field.attname: _value(field, told[field.attname]) for field in fields})


def _value(field: Any, told: Any) -> Any:
    target = field.target_field if field.is_relation else field
    if told is None or isinstance(target, models.JSONField):
        return told
    if isinstance(target, models.BinaryField):
        return base64.b64decode(told)
    return target.to_python(told)


def _write(model: Model, rows: list[models.Model], using: str) -> None:
    if rows:
        everything(model, using).bulk_create(rows)
