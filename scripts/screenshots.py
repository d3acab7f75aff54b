"""Take a picture of every kind of page, on a phone and on a desktop, as each role and as a visitor.

The example's data must be there (`make demo` once). Pictures go to var/screenshots/<role>/<page>-<width>.png;
without --role also docs/images/home.png is taken anew, the picture of the README.

Usage: screenshots.py [--role ROLE] [--language bg|en]
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "var" / "screenshots"
WIDTHS = {320: 640, 1440: 900}
ROLES = ("coordinator", "sponsor", "assessor", "editor", "viewer")
VISITOR = "visitor"
PER_KIND = 2  # a picture of two things of a kind shows whether the second differs
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "merilo.site.settings")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import Resolver404, resolve  # noqa: E402
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright  # noqa: E402

from merilo.accounts.models import Person  # noqa: E402
from merilo.organisations.models import Membership  # noqa: E402
from tests import chromium  # noqa: E402


def main() -> None:
    """Serve the example on a free port and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--role", choices=(*ROLES, VISITOR))
    parser.add_argument("--language", choices=("bg", "en"), default="bg")
    chosen = parser.parse_args()
    with served() as address, sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        if not chosen.role:
            picture_of_home(browser, address)
        for role in (chosen.role,) if chosen.role else (*ROLES, VISITOR):
            print(f"{role}: {pictures_of(browser, address, role, chosen.language)} pictures", flush=True)


@contextlib.contextmanager
def served() -> Iterator[str]:
    """The address of a web process of our own that ends with the pictures."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws"]
    process = subprocess.Popen(
        [Path(sys.executable).parent / command[0], *command[1:], "merilo.site.wsgi:application"]
    )
    try:
        address = f"http://localhost:{port}"
        wait_for(address)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def wait_for(address: str) -> None:
    for _ in range(100):
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(address)  # noqa: S310 - our own process
            return
        time.sleep(0.1)
    sys.exit("the web process did not answer within ten seconds")


# --- who looks ----------------------------------------------------------------------------------
def pictures_of(browser: Browser, address: str, role: str, language: str) -> int:
    """Follow every link a role sees and take a picture of each kind of page; how many were taken."""
    folder = PICTURES / role
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    contexts = {width: context_of(browser, address, role, language, width) for width in WIDTHS}
    pages = {width: context.new_page() for width, context in contexts.items()}
    taken = 0
    for kind, path in kinds_of_pages(pages[1440], address):
        for width, page in pages.items():
            page.goto(f"{address}{path}")
            page.screenshot(path=folder / f"{kind}-{width}.png", full_page=True)
            taken += 1
    for context in contexts.values():
        context.close()
    return taken


def context_of(browser: Browser, address: str, role: str, language: str, width: int) -> BrowserContext:
    context = browser.new_context(viewport={"width": width, "height": WIDTHS[width]}, locale=language)
    context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": address}])
    if role != VISITOR:
        session = Client()
        session.force_login(person_in(role))
        value = session.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": address}])
    return context


def person_in(role: str) -> Person:
    """The first person of the example in a role."""
    for membership in Membership.objects.order_by("pk"):
        if role in membership.roles and membership.person_id:
            return Person.objects.get(pk=membership.person_id)
    sys.exit(f"nobody is {role} here: run `make demo` once before taking pictures")


# --- where they go ------------------------------------------------------------------------------
def kinds_of_pages(page: Page, address: str) -> Iterator[tuple[str, str]]:
    """A name and a path for each kind of page that can be reached by links."""
    waiting, seen, kinds = ["/"], {"/"}, dict[str, int]()
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(path)
        kinds[kind] = kinds.get(kind, 0) + 1
        if kinds[kind] > PER_KIND or not is_page(page, f"{address}{path}"):
            continue
        for link in links_on(page, address):
            if link not in seen:
                seen.add(link)
                waiting.append(link)
        yield f"{kind}-{kinds[kind]}" if kinds[kind] > 1 else kind, path


def kind_of(path: str) -> str:
    try:
        return resolve(path.partition("?")[0]).view_name.replace(":", "-")
    except Resolver404:
        return "unknown"


def is_page(page: Page, address: str) -> bool:
    """Open an address; files and fragments are not pages."""
    head = page.request.get(address)
    if "text/html" not in head.headers.get("content-type", ""):
        return False
    page.goto(address)
    return page.locator("h1").count() > 0


def links_on(page: Page, address: str) -> list[str]:
    found = []
    for link in page.locator("a[href]").evaluate_all("links => links.map(link => link.href)"):
        parts = urlsplit(urljoin(page.url, link))
        if f"{parts.scheme}://{parts.netloc}" == address:
            found.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    return found


def picture_of_home(browser: Browser, address: str) -> None:
    context = context_of(browser, address, "coordinator", "en", 1440)
    page = context.new_page()
    page.goto(address)
    page.screenshot(path=ROOT / "docs" / "images" / "home.png")
    context.close()


if __name__ == "__main__":
    main()
