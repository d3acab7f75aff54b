"""What journeys and accessibility tests share: one running installation for the whole run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests import installation
from tests.accessibility.example import Page
from tests.accessibility.looking import Looker
from tests.journeys.platform import Platform, Postbox


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """The running installation with the example, shared by all processes of a run."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "installation"
    with installation.shared(folder) as known:
        yield known


@pytest.fixture(scope="session")
def platform(installed: dict[str, Any]) -> Platform:
    """Where the installation answers and where its mail arrives."""
    return Platform(installed["address"], Postbox(Path(installed["mails"])))


@pytest.fixture(scope="session")
def looker(browser: Browser, installed: dict[str, Any]) -> Looker:
    """The installation with the addresses of its pages and everybody signed in."""
    pages = {name: Page(**page) for name, page in installed["pages"].items()}
    known = {key: installed[key] for key in ("address", "sessions", "emails", "spare")}
    return Looker(browser, pages=pages, **known)
