"""Empty databases for processes that tests start: of the kind that the tests themselves run on."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connection

_numbers = itertools.count(1)


@contextmanager
def empty(folder: Path) -> Iterator[str]:
    """The address of a database that nobody else uses; gone afterwards."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{folder / 'merilo.sqlite3'}"
        return
    server = os.environ["DATABASE_URL"]
    name = f"merilo_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
