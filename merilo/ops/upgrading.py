"""Bringing an installation to this version of the program: its tables and its static files."""

from __future__ import annotations

from django.contrib.staticfiles.management.commands import collectstatic
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def waiting_migrations() -> list[str]:
    """The migrations that this program brings and the database has not seen, in order."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _backwards in plan]


def unknown_migrations() -> list[str]:
    """Migrations of our rooms that the database has seen and this program does not know: it is older."""
    loader = MigrationExecutor(connection).loader
    known, rooms = loader.disk_migrations.keys(), loader.migrated_apps
    seen = loader.applied_migrations.keys()
    return sorted(f"{room}.{name}" for room, name in seen - known if room in rooms)


def uncollected() -> int:
    """How many static files are newer than their collected copy, or have none."""
    command = collectstatic.Command()
    command.set_options(
        interactive=False,
        verbosity=0,
        link=False,
        clear=False,
        dry_run=True,
        ignore_patterns=[],
        use_default_ignore_patterns=True,
        post_process=True,
    )
    return len(command.collect()["modified"])


def migrate() -> None:
    """Bring the tables to this version, each migration in one transaction."""
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)


def collect() -> None:
    """Collect the static files; those of the version before stay for pages that are still open."""
    call_command("collectstatic", verbosity=0, interactive=False, skip_checks=True)
