"""The browser of the tests: the Chromium of this machine, driven by Playwright."""

from __future__ import annotations

import os
import shutil

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "The browser tests need Chromium, and this machine has none.\n"
    "  Debian:  sudo apt-get install chromium\n"
    "If it stands elsewhere, name it: MERILO_CHROMIUM=/path/to/chromium"
)


def find() -> str | None:
    """The path of a Chromium: the one in MERILO_CHROMIUM, or the first that this machine knows by name."""
    named = os.environ.get("MERILO_CHROMIUM")
    if named:
        return shutil.which(named)
    return next((path for path in map(shutil.which, NAMES) if path), None)


def launch(playwright: Playwright) -> Browser:
    """A running Chromium; as root a sandbox is not possible."""
    path = find()
    if path is None:
        raise FileNotFoundError(MISSING)
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    arguments += ["--disable-dev-shm-usage", "--font-render-hinting=none"]
    arguments += ["--disable-gpu"]  # a graphics card that is only pretended costs more than none
    return playwright.chromium.launch(executable_path=path, args=arguments)
