"""Opens a page as one person in one language and width, and tells what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Response
from playwright.sync_api import Page as Tab

from tests.accessibility.example import Page

PHONE, TABLET, DESK = 320, 768, 1440
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# They take most of the time of a look, and what they find lies in the styles that all pages share.
COSTLY = ["color-contrast", "target-size"]
COOKIES = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME}
HEIGHT = 900
HEAVY = 150_000  # bytes of a first load, compressed

# Without selectors, which would be made for each element looked at; a fault shows the element itself.
RUN_AXE = """async ([rules, without]) => {
  const wanted = {
    runOnly: { type: "tag", values: rules }, resultTypes: ["violations"], preload: false, selectors: false,
    rules: Object.fromEntries(without.map((rule) => [rule, { enabled: false }])),
  };
  const told = (node) => `${node.html.slice(0, 150)} ${node.failureSummary}`;
  const found = await axe.run(document, wanted);
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(told).join(" | ")}`);
}"""

# What stands at the top, and pictures of numbers without a table of the same numbers beside them (R11).
READ = """() => ({
  language: document.documentElement.lang,
  headings: document.querySelectorAll("h1").length,
  bare: [...document.querySelectorAll("main figure")]
    .filter((figure) => figure.querySelector(".chart") && !figure.querySelector("table")
      && !document.querySelector("main table"))
    .map((figure) => figure.textContent.trim().slice(0, 60)),
})"""

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


@cache
def axe() -> str:
    return AXE.read_text("utf-8")


@dataclass
class Noted:
    """What a tab loaded and complained about."""

    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)

    def forget(self) -> None:
        for noted in (self.requests, self.complaints, self.answers):
            noted.clear()


@dataclass
class Looker:
    """Opens pages of one running example.

    It looks at all pages through one window for each language: a browser that has read the styles, the fonts
    and axe once goes from page to page in a fifth of the time of a fresh one. Whoever looks changes with the
    cookies; the program keeps nothing else in a browser.
    """

    browser: Browser
    address: str
    pages: dict[str, Page]
    sessions: dict[str, str]
    emails: dict[str, str]
    spare: dict[str, str]
    windows: dict[tuple[str, ...], tuple[Tab, Noted]] = field(default_factory=dict)
    weights: dict[str, int] = field(default_factory=dict)

    def context(self, who: str, language: str, width: int, **more: Any) -> BrowserContext:
        """A browser of its own, signed in as a person of the example."""
        context = self.browser.new_context(
            base_url=self.address,
            viewport={"width": width, "height": HEIGHT},
            locale={"bg": "bg-BG"}.get(language, "en-GB"),  # pages without cookies ask the browser
            **more,
        )
        context.set_default_timeout(20_000)
        context.add_cookies(self.cookies(who, language))
        return context

    def cookies(self, who: str, language: str) -> list[Any]:
        values = {settings.LANGUAGE_COOKIE_NAME: language}
        if who:
            values[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        return [{"name": name, "value": value, "url": self.address} for name, value in values.items()]

    def window(self, language: str, more: dict[str, Any]) -> tuple[Tab, Noted]:
        """The window of a language, opened once."""
        key = (language, *more)
        if key not in self.windows:
            context, noted = self.context("", language, PHONE, **more), Noted()
            context.add_init_script(axe())
            tab = context.new_page()
            listen(tab, noted)
            self.windows[key] = tab, noted
        return self.windows[key]

    def faults(
        self, name: str, language: str, *widths: int, without: Sequence[str] = (), **more: Any
    ) -> list[str]:
        """Everything that is wrong with a page in one language; axe looks at the first of the widths.

        Then it becomes as wide as the others in turn, and nothing may reach beyond the edge. `without`: rules
        that axe leaves out.
        """
        page = self.pages[name]
        tab, noted = self.window(language, more)
        tab.context.clear_cookies()
        tab.context.add_cookies(self.cookies(page.who, language))
        tab.set_viewport_size({"width": widths[0], "height": HEIGHT})
        noted.forget()
        answer = self.open(tab, page)
        found = [
            *self.judged(tab, noted, answer, page, language),
            *tab.evaluate(RUN_AXE, [RULES, list(without)]),
        ]
        for width in widths:
            tab.set_viewport_size({"width": width, "height": HEIGHT})
            found += self.too_wide(tab)
        return found + [f"the console says: {text}" for text in noted.complaints]

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
        return answer

    def judged(self, tab: Tab, noted: Noted, answer: Response, page: Page, language: str) -> Iterator[str]:
        """What is wrong with a page at any width."""
        read = tab.evaluate(READ)
        if answer.status != page.answers:
            yield f"the answer {answer.status}, not {page.answers}"
        if read["headings"] != page.headings:
            yield f"{read['headings']} main headings"
        if read["language"] != language:
            yield f"the page is not in {language}"
        yield from (f"a chart without a table: {text}" for text in read["bare"])
        yield from (
            f"a request to {url}" for url in noted.requests if not url.startswith((self.address, "data:"))
        )
        yield from (
            f"{one.url} answered {one.status}"
            for one in noted.answers
            if one.status >= 400 and one.url != answer.url
        )
        weight = self.loaded(noted.answers)
        if weight > HEAVY:
            yield f"a first load of {weight} bytes"
        names = {cookie["name"] for cookie in tab.context.cookies()}
        yield from (f"the cookie {name}" for name in sorted(names - COOKIES))

    def loaded(self, answers: list[Response]) -> int:
        """Bytes of all bodies over the wire, each address once; what the browser keeps, as it first came."""
        urls = {answer.url for answer in answers if answer.status == 200 and answer.url.startswith("http")}
        for answer in answers:
            if answer.url in urls and not (answer.url in self.weights and "/static/" in answer.url):
                self.weights[answer.url] = int(answer.request.sizes()["responseBodySize"])
        return sum(self.weights[url] for url in urls)

    def too_wide(self, tab: Tab) -> list[str]:
        """What makes the page scroll sideways."""
        return list(tab.evaluate(TOO_WIDE))


def listen(tab: Tab, noted: Noted) -> None:
    def on_console(message: ConsoleMessage) -> None:
        # The browser tells of each answer from 400 on; the page's status is judged by itself.
        if message.type == "error" and "Failed to load resource" not in message.text:
            noted.complaints.append(message.text)

    def on_response(answer: Response) -> None:
        noted.answers.append(answer)

    tab.on("console", on_console)
    tab.on("pageerror", lambda error: noted.complaints.append(str(error)))
    tab.on("request", lambda request: noted.requests.append(request.url))
    tab.on("response", on_response)
    tab.on("dialog", lambda dialog: dialog.accept())  # the question whether to leave what was filled in


def told(found: list[str]) -> str:
    return json.dumps(found, ensure_ascii=False, indent=1)
