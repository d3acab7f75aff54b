"""The example as an operator runs it, once for all pages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from playwright.sync_api import Browser

from tests.accessibility.example import Page
from tests.accessibility.looking import Looker
from tests.journeys import platform as platforms


@pytest.fixture(scope="session")
def looker(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looker]:
    """The running example with the addresses of its pages and everybody signed in."""
    folder = tmp_path_factory.mktemp("example")
    write_example(folder)
    found = json.loads((folder / "pages.json").read_text("utf-8"))
    pages = {name: Page(**page) for name, page in found["pages"].items()}
    with patch.dict(os.environ, MERILO_DEMO="1"), platforms.running(folder) as running:
        more = {key: found[key] for key in ("sessions", "emails", "spare")}
        yield Looker(browser, running.address, pages, **more)


def write_example(folder: Path) -> None:
    environment = os.environ | {
        "MERILO_DEMO": "1",
        "MERILO_VAR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'merilo.sqlite3'}",
    }
    command = [sys.executable, "-m", "tests.accessibility.example", str(folder)]
    subprocess.run(command, cwd=platforms.ROOT, env=environment, check=True)
