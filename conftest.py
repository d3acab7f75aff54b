"""What all tests share: which floor and which database a test belongs to, and where its files lie."""

from __future__ import annotations

import gc
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from django.utils import timezone, translation

from merilo.core import audit
from tests import databases

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FLOORS = ("pure", "database", "browser")
BROWSER_FIXTURES = {"browser", "looker", "installed"}
BROWSER_WORDS = ("playwright", "looker")
LONG = {"test_backup", "test_kills", "test_mail_killed", "test_many_at_once"}
MEASURED_WORDS = re.compile(r"\b(?:rules|permissions)\b")
# Timings never decide a test; `make test-all` tries four times as many examples.
for profile, examples in (("house", 50), ("wide", 200)):
    hypothesis.settings.register_profile(
        profile,
        max_examples=examples,
        deadline=None,
        suppress_health_check=[hypothesis.HealthCheck.too_slow],
    )
hypothesis.settings.load_profile("wide" if "--wide" in os.environ.get("PYTEST_ADDOPTS", "") else "house")

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--wide", action="store_true", help="every language and width (make test-all)")
    parser.addoption("--floor", choices=FLOORS, help="only the tests of one floor, by what they need")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Read only the few modules that may drive a browser when nothing else is wanted."""
    skipped = config.getoption("floor") == "browser" and collection_path.match("test_*.py")
    return True if skipped and not may_drive_browser(collection_path) else None


@cache
def may_drive_browser(path: Path) -> bool:
    """Whether a module of tests is a journey or has a word of what drives a browser."""
    return "journeys" in path.parts or any(word in path.read_text("utf-8") for word in BROWSER_WORDS)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, by name and not as skipped, what belongs to another database, floor or run."""
    is_wide = config.getoption("wide")
    unwanted = {"sqlite", "postgresql"} - {connection.vendor} | (set() if is_wide else {"wide"})
    everything = is_wide or connection.vendor == "sqlite"
    chosen: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        marks = {mark.name for mark in item.iter_markers()}
        wanted = not marks & unwanted and config.getoption("floor") in {None, floor_of(item)}
        wanted = wanted and (everything or is_decided_by_the_database(item, marks))
        (chosen if wanted else left_out).append(item)
    overlooked = {
        item.path for item in items if floor_of(item) == "browser" and not may_drive_browser(item.path)
    }
    if overlooked:
        raise pytest.UsageError(f"no run of the browser tests would find {overlooked}: {BROWSER_WORDS}")
    if left_out:
        config.hook.pytest_deselected(items=left_out)
    if not is_wide:
        leave_unmeasured(chosen)
    items[:] = (well_ordered if config.getoption("floor") == "browser" else longest_first)(chosen)


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was read to find the tests stays until the end: nobody needs to look for litter among it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


def leave_unmeasured(items: list[pytest.Item]) -> None:
    """Only rules and permissions must be reached completely: what names neither runs without being measured.

    If one of them were needed for it, the part `coverage` would fail. `make test-all` measures everything.
    """
    for item in items:
        if not names_what_is_measured(item.path):
            item.add_marker("no_cover")


@cache
def names_what_is_measured(path: Path) -> bool:
    return bool(MEASURED_WORDS.search(path.read_text("utf-8")))


def longest_first(items: list[pytest.Item]) -> list[pytest.Item]:
    """The order is random, but what takes long comes first, so that no process waits for it at the end."""
    return sorted(items, key=lambda item: item.path.stem not in LONG and "[coordinator]" not in item.name)


def well_ordered(items: list[pytest.Item]) -> list[pytest.Item]:
    """So that no process waits: one builds the installation while the others do what needs none.

    Then come the journeys, which take long, and last the many short looks at pages.
    """
    needing = [item for item in items if "installed" in getattr(item, "fixturenames", ())]
    journeys = [item for item in needing if "journeys" in item.path.parts]
    others = [item for item in items if item not in needing]
    pages = [item for item in needing if item not in journeys]
    return journeys[:1] + others + journeys[1:] + pages


def is_decided_by_the_database(item: pytest.Item, marks: set[str]) -> bool:
    """Whether it is tried on PostgreSQL too: marked so, or it commits, as whatever happens at once has to."""
    asked = item.get_closest_marker("django_db")
    commits = "transactional_db" in getattr(item, "fixturenames", ()) or (
        asked and asked.kwargs.get("transaction")
    )
    return bool(marks & {"every_database", "postgresql"} or commits)


def floor_of(item: pytest.Item) -> str:
    """`browser` if its module drives one, `database` if mark, fixture or class asks for one, else `pure`."""
    if BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())) or drives_browser(
        getattr(item, "module", None)
    ):
        return "browser"
    asks = item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
    return "database" if asks or hasattr(getattr(item, "cls", None), "databases") else "pure"


@cache
def drives_browser(module: ModuleType | None) -> bool:
    """Whether a module of tests uses Playwright or is a journey."""
    named = module.__name__ if module else ""
    used = (getattr(value, "__module__", None) or "" for value in vars(module).values()) if module else ()
    return ".journeys." in f".{named}." or any(origin.startswith("playwright") for origin in used)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None, django_db_blocker: Any) -> bool:
    """On SQLite the tests' own database begins as a copy of one with tables, with nothing of a run before."""
    if connection.vendor == "sqlite":
        with django_db_blocker.unblock():
            databases.copy_tables(Path(connection.settings_dict["TEST"]["NAME"]))
    return bool(connection.vendor == "sqlite")


@pytest.fixture(autouse=True, scope="session")
def own_files(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Uploaded and generated files of a run lie in a folder of their own."""
    settings.FILES_DIR = tmp_path_factory.mktemp("files")


@pytest.fixture(autouse=True, scope="session")
def files_found_when_asked() -> None:
    """A client of the tests asks for few static files, if any: none of them reads the whole folder first."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def own_language_and_zone() -> None:
    """Each test begins in the installation's language and time zone, whatever the one before it has read."""
    translation.deactivate()
    timezone.deactivate()


@pytest.fixture(autouse=True, scope="session")
def emptied_audit() -> Iterator[None]:
    """Tests that commit empty the tables afterwards; the audit's guards are lifted for just that."""
    original = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # noqa: SLF001  the runner's own hook

    def teardown(self: TransactionTestCase) -> None:
        with connection.cursor() as cursor:
            for statement in audit.UNGUARDS[connection.vendor]:
                cursor.execute(statement)
        original(self)
        audit.guard()

    with patch.object(TransactionTestCase, "_fixture_teardown", teardown):
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A running Chromium for the whole run; each test opens contexts of its own in it."""
    from playwright.sync_api import sync_playwright

    from tests import chromium

    # Playwright keeps an event loop in this thread, in which Django would refuse to use the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        running = chromium.launch(playwright)
        yield running
        running.close()
