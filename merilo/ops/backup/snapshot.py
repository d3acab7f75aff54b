"""One consistent view of the database while everybody goes on working."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy

from django.db import connections, transaction

ALIAS = "snapshot"


@contextmanager
def snapshot() -> Iterator[str]:
    """A second connection in a transaction that sees one moment and blocks nobody: its alias."""
    known = deepcopy(connections["default"].settings_dict)
    options = known.setdefault("OPTIONS", {})
    if connections["default"].vendor == "sqlite":
        options["transaction_mode"] = "DEFERRED"  # a reader of the write-ahead log
    else:
        from django.db.backends.postgresql.psycopg_any import IsolationLevel

        options["isolation_level"] = IsolationLevel.REPEATABLE_READ
    with added(ALIAS, known), transaction.atomic(using=ALIAS):
        yield ALIAS


@contextmanager
def added(alias: str, known: dict[str, object]) -> Iterator[None]:
    """A further database by an alias of its own, closed and forgotten afterwards."""
    connections.databases[alias] = known
    try:
        yield
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]
