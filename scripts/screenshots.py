"""Take a picture of every kind of page of the example, on phone and desktop, as each role and as a visitor.

Pictures go to var/screenshots/<who>/<page>-<width>.png; without --who also docs/images/home.png is renewed,
the picture of the README.

Usage: screenshots.py [--who WHO] [--language bg|en]
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
PLACES = ("town", "other", "outside")
HOME = "town-coordinator"
VISITOR = "visitor"
PER_KIND = 2  # a picture of two things of a kind shows whether the second differs
START_SECONDS = 180  # the first start writes the example
sys.path.insert(0, str(ROOT))
os.environ |= {"DJANGO_SETTINGS_MODULE": "merilo.site.settings", "DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
OUTSIDE = dict(os.environ)
os.environ |= {"MERILO_DEMO": "1", "MERILO_VAR": str(ROOT / "var" / "demo")}

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import Resolver404, resolve  # noqa: E402
from django.utils import translation  # noqa: E402
from django.utils.text import slugify  # noqa: E402
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright  # noqa: E402

from merilo.accounts.models import Person  # noqa: E402
from merilo.site import cast  # noqa: E402
from tests import chromium  # noqa: E402


def main() -> None:
    """Serve the example on a free port and take the pictures."""
    everybody = {**actors(), VISITOR: ""}
    parser = argparse.ArgumentParser(description="Take pictures of every kind of page.")
    parser.add_argument("--who", choices=everybody)
    parser.add_argument("--language", choices=("bg", "en"), default="bg")
    chosen = parser.parse_args()
    with served() as address, sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        if not chosen.who:
            picture_of_home(browser, address, everybody[HOME])
        for who in (chosen.who,) if chosen.who else everybody:
            folder = emptied(PICTURES / who)
            count = pictures_of(browser, address, folder, everybody[who], chosen.language)
            print(f"{who}: {count} pictures", flush=True)


def actors() -> dict[str, str]:
    """The first person of each role in each place: a short name and the address to sign in with."""
    found: dict[str, str] = {}
    with translation.override("en"):
        for place, (_, people) in zip(PLACES, cast.groups(), strict=True):
            for actor in people:
                found.setdefault(f"{place}-{slugify(actor.role)}", actor.email)
    return found


@contextlib.contextmanager
def served() -> Iterator[str]:
    """The address of an example of our own that ends with the pictures."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "merilo", "demo", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=OUTSIDE, stdout=subprocess.DEVNULL)
    try:
        address = f"http://localhost:{port}"
        wait_for(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(30)


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(START_SECONDS * 5):
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(address)  # noqa: S310 - our own process
            return
        if process.poll() is not None:
            break
        time.sleep(0.2)
    sys.exit("the example did not start; `make demo` says why")


def emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


# --- who looks ----------------------------------------------------------------------------------
def pictures_of(browser: Browser, address: str, folder: Path, email: str, language: str) -> int:
    """Follow every link a person sees and take a picture of each kind of page; how many were taken."""
    contexts = {width: context_of(browser, address, email, language, width) for width in WIDTHS}
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


def context_of(browser: Browser, address: str, email: str, language: str, width: int) -> BrowserContext:
    context = browser.new_context(viewport={"width": width, "height": WIDTHS[width]}, locale=language)
    context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": address}])
    if email:
        session = Client()
        session.force_login(Person.objects.get(email=email))
        value = session.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": address}])
    return context


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


def picture_of_home(browser: Browser, address: str, email: str) -> None:
    context = context_of(browser, address, email, "en", 1440)
    page = context.new_page()
    page.goto(address)
    page.screenshot(path=ROOT / "docs" / "images" / "home.png")
    context.close()


if __name__ == "__main__":
    main()
