"""What all tests share: which floor and which database a test belongs to, and where its files lie."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING
from unittest.mock import patch

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase

from merilo.core import audit

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FLOORS = ("pure", "database", "browser")
BROWSER_FIXTURES = {"browser", "looker"}
# Timings never decide a test.
hypothesis.settings.register_profile(
    "house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("house")

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--wide", action="store_true", help="every language and width (make test-all)")
    parser.addoption("--floor", choices=FLOORS, help="only the tests of one floor, by what they need")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, by name and not as skipped, what belongs to another database, floor or run."""
    unwanted = {"sqlite", "postgresql"} - {connection.vendor}
    if not config.getoption("wide"):
        unwanted.add("wide")
    chosen: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        marks = {mark.name for mark in item.iter_markers()}
        wanted = not marks & unwanted and config.getoption("floor") in {None, floor_of(item)}
        (chosen if wanted else left_out).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = chosen


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


@pytest.fixture(autouse=True, scope="session")
def own_files(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Uploaded and generated files of a run lie in a folder of their own."""
    settings.FILES_DIR = tmp_path_factory.mktemp("files")


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
