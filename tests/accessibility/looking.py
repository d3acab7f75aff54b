"""Opens a page as one person in one language and width, and tells what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Request, Response
from playwright.sync_api import Page as Tab

from tests.accessibility.example import Page

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COOKIES = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME}
HEIGHT = 900
HEAVY = 150_000  # bytes of a first load, compressed

RUN_AXE = """async (rules) => {
  const wanted = { runOnly: { type: "tag", values: rules }, resultTypes: ["violations"], preload: false };
  const told = (node) => `${node.target.join(" ")} ${node.failureSummary}`;
  const found = await axe.run(document, wanted);
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(told).join(" | ")}`);
}"""

# What reaches beyond the page's edge, leaving out what lies in a part that scrolls by itself.
TOO_WIDE = """() => {
  const edge = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= edge) return [];
  const beyond = [...document.body.querySelectorAll("*")].filter((one) => {
    if (one.getBoundingClientRect().right <= edge + 1) return false;
    for (let up = one.parentElement; up; up = up.parentElement)
      if (/auto|scroll|hidden|clip/.test(getComputedStyle(up).overflowX)) return false;
    return true;
  });
  const told = (one) => `${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 40)}`;
  const named = beyond.slice(-3).map(told);
  return [`${document.documentElement.scrollWidth} px wide`, ...named];
}"""

# Pictures of numbers without a table of the same numbers beside them (R11).
BARE_CHARTS = """() => [...document.querySelectorAll("main figure")]
  .filter((figure) => figure.querySelector(".chart") && !figure.querySelector("table")
    && !document.querySelector("main table"))
  .map((figure) => figure.textContent.trim().slice(0, 60))"""


@cache
def axe() -> str:
    return AXE.read_text("utf-8")


@dataclass
class Noted:
    """What a tab loaded and complained about."""

    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)


@dataclass
class Looker:
    """Opens pages of one running example."""

    browser: Browser
    address: str
    pages: dict[str, Page]
    sessions: dict[str, str]
    emails: dict[str, str]
    spare: dict[str, str]

    def context(self, who: str, language: str, width: int, **more: Any) -> BrowserContext:
        """A browser of its own, signed in as a person of the example."""
        context = self.browser.new_context(
            base_url=self.address, viewport={"width": width, "height": HEIGHT}, **more
        )
        context.set_default_timeout(20_000)
        cookies = {settings.LANGUAGE_COOKIE_NAME: language}
        if who:
            cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        context.add_cookies(
            [{"name": name, "value": value, "url": self.address} for name, value in cookies.items()]
        )
        return context

    def faults(self, name: str, language: str, width: int, **more: Any) -> list[str]:
        """Everything that is wrong with a page in one language and width."""
        page = self.pages[name]
        context = self.context(page.who, language, width, **more)
        tab, noted = context.new_page(), Noted()
        listen(tab, noted)
        try:
            answer = self.open(tab, page)
            found = list(judged(tab, noted, answer, self.address, page))
            if tab.locator("html").get_attribute("lang") != language:
                found.append(f"the page is not in {language}")
            found += [f"the cookie {one}" for one in sorted({c["name"] for c in context.cookies()} - COOKIES)]
        finally:
            context.close()
        return found

    def open(self, tab: Tab, page: Page) -> Response:
        """Open the page, or fill in its form and press the button."""
        answer = tab.goto(page.path, wait_until="load")
        assert answer is not None
        if page.press:
            for name, value in page.fill.items():
                tab.locator(f'main [name="{name}"]').first.evaluate(
                    "(one, value) => { one.value = value; }", value
                )
            with tab.expect_navigation() as pressed:
                tab.locator(page.press).first.click()
            answer = pressed.value
            assert answer is not None
        tab.wait_for_load_state()
        return answer

    def too_wide(self, tab: Tab) -> list[str]:
        """What makes the page scroll sideways."""
        return list(tab.evaluate(TOO_WIDE))


def listen(tab: Tab, noted: Noted) -> None:
    def on_console(message: ConsoleMessage) -> None:
        # The browser tells of each answer from 400 on; the page's status is judged by itself.
        if message.type == "error" and "Failed to load resource" not in message.text:
            noted.complaints.append(message.text)

    def on_request(request: Request) -> None:
        noted.requests.append(request.url)

    def on_response(answer: Response) -> None:
        noted.answers.append(answer)

    tab.on("console", on_console)
    tab.on("pageerror", lambda error: noted.complaints.append(str(error)))
    tab.on("request", on_request)
    tab.on("response", on_response)


def judged(tab: Tab, noted: Noted, answer: Response, address: str, page: Page) -> Iterator[str]:
    if answer.status != page.answers:
        yield f"the answer {answer.status}, not {page.answers}"
    if tab.locator("h1").count() != page.headings:
        yield f"{tab.locator('h1').count()} main headings"
    yield from (f"a request to {url}" for url in noted.requests if not url.startswith((address, "data:")))
    yield from (
        f"{one.url} answered {one.status}"
        for one in noted.answers
        if one.status >= 400 and one.url != answer.url
    )
    weight = loaded(noted.answers)
    if weight > HEAVY:
        yield f"a first load of {weight} bytes"
    yield from tab.evaluate(TOO_WIDE)
    yield from (f"a chart without a table: {text}" for text in tab.evaluate(BARE_CHARTS))
    tab.evaluate(axe())
    yield from tab.evaluate(RUN_AXE, RULES)
    yield from (f"the console says: {text}" for text in noted.complaints)


def loaded(answers: list[Response]) -> int:
    """Bytes of all bodies as they came over the wire, each address once."""
    seen: dict[str, int] = {}
    for answer in answers:
        if answer.url.startswith("http") and answer.url not in seen and answer.status == 200:
            seen[answer.url] = int(answer.request.sizes()["responseBodySize"])
    return sum(seen.values())


def told(found: list[str]) -> str:
    return json.dumps(found, ensure_ascii=False, indent=1)
