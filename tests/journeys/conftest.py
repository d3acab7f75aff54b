"""What all journeys do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser


@pytest.fixture(autouse=True)
def closed_afterwards(browser: Browser) -> Iterator[None]:
    """Close what a journey has opened: a live page asks the server again and again."""
    kept = set(browser.contexts)
    yield
    for context in set(browser.contexts) - kept:
        context.close()
