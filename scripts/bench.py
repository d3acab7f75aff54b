"""Measure on SQLite, then visits to a survey once more on PostgreSQL; arguments go to `merilo bench`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import test

NAME = "merilo_bench"


@contextmanager
def database_of_its_own() -> Iterator[str]:
    """An empty database on the server that tests use, dropped afterwards."""
    with test.postgres_url() as server:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {NAME}")
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{NAME}"))
        finally:
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


def bench(*arguments: str, **environment: str) -> None:
    command = [sys.executable, "-m", "merilo", "bench", *arguments]
    subprocess.run(command, cwd=Path(__file__).parent.parent, env=os.environ | environment, check=True)


def main() -> None:
    """Run both."""
    given = sys.argv[1:]
    bench(*given)
    if not {"results", "board", "-h", "--help"} & set(given):
        with database_of_its_own() as url:
            bench("--only", "visits", *(one for one in given if one == "--quick"), DATABASE_URL_BENCH=url)


if __name__ == "__main__":
    main()
