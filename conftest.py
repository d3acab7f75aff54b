"""What all tests share: the database marks, and no word to the outside world."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, by name and not as skipped, what belongs to the other database or to the wide run."""
    other = {"sqlite", "postgresql"} - {connection.vendor}
    unwanted = other if config.getoption("wide") else other | {"wide"}
    chosen, left_out = [], []
    for item in items:
        marks = {mark.name for mark in item.iter_markers()}
        (left_out if marks & unwanted else chosen).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = chosen


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--wide", action="store_true", help="every language and width (make test-all)")


@pytest.fixture(autouse=True, scope="session")
def own_files(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Uploaded and generated files of a run lie in a folder of their own."""
    settings.FILES_DIR = tmp_path_factory.mktemp("files")
