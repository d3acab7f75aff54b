"""Steps that journeys share: people who sign up, accept, write and agree through the pages."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

from playwright.sync_api import Browser, Page
from xlsxwriter.workbook import Workbook

from merilo.assessment.views.worksheets import EXCEL
from merilo.core import workbooks
from tests.journeys.platform import Platform

PASSWORD = "dalga parola 2026"
BAND_STARTS = (0, 11, 31, 51, 71, 91)

# Sends a page's own form as the browser would, with some fields changed: for what is done hundreds of times.
SEND = """async ([url, marker, changes]) => {
  const page = new DOMParser().parseFromString(await (await fetch(url)).text(), "text/html");
  const form = [...page.querySelectorAll("form")].find((one) => one.querySelector(`[name="${marker}"]`));
  const data = new FormData(form);
  for (const [name, value] of Object.entries(changes)) data.set(name, value);
  const address = form.getAttribute("action") || url;
  const answer = await fetch(address, { method: "POST", body: data, redirect: "manual" });
  return answer.type === "opaqueredirect" ? 302 : answer.status;
}"""


@dataclass
class Visitor:
    """Somebody with a browser of their own."""

    page: Page
    platform: Platform

    def go(self, path: str) -> Visitor:
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status < 400, (path, answer.status)
        return self

    def press(self, name: str) -> None:
        """Press the button with this name and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).first.click()

    def fill(self, **values: str) -> Visitor:
        for name, value in values.items():
            self.page.fill(f'[name="{name}"]', value)
        return self

    def send(self, path: str, marker: str, changes: Mapping[str, str]) -> None:
        """Send the form that has a field `marker` on a page; it must be accepted."""
        status = self.page.evaluate(SEND, [path, marker, dict(changes)])
        assert status == 302, (path, status, changes)

    def text(self) -> str:
        return self.page.locator("main").inner_text()


def visitor(browser: Browser, platform: Platform, *, language: str = "en", width: int = 1280) -> Visitor:
    """A fresh browser without cookies but the chosen language."""
    context = browser.new_context(base_url=platform.address, viewport={"width": width, "height": 900})
    context.set_default_timeout(20_000)
    context.add_cookies([{"name": "language", "value": language, "url": platform.address}])
    return Visitor(context.new_page(), platform)


def sign_up(person: Visitor, name: str, address: str) -> None:
    """Make an account, follow the link in the mail, sign in."""
    person.go("/accounts/signup/").fill(name=name, email=address, password1=PASSWORD)
    person.press("Make an account")
    person.go(person.platform.postbox.link_for(address, containing="confirm-email"))
    person.press("Yes, confirm the address")
    person.fill(login=address, password=PASSWORD)
    person.press("Sign in")


def accept(person: Visitor, address: str) -> None:
    """Follow the invitation in the mail and choose a password."""
    person.go(person.platform.postbox.link_for(address, containing="invitation"))
    person.fill(password=PASSWORD)
    person.press("Accept the invitation")


def band_of(score: int) -> int:
    return max(index for index, start in enumerate(BAND_STARTS) if start <= score)


def judge(person: Visitor, base: str, code: str, score: int, *, strength: str, area: str) -> None:
    """Score one sub-criterion and write two remarks."""
    band = band_of(score)
    changes = {
        "score-band": str(band),
        f"score-points-{band}": str(score),
        "strength-text": strength,
        "area-text": area,
        "ready": "yes",
    }
    person.send(f"{base}my/{code}/", "ready", changes)


def fill_in_workbook(person: Visitor, base: str, judged: Mapping[str, tuple[int, str, str]]) -> None:
    """Download the own sheet, fill in score, strength and area of each sub-criterion, see and take it."""
    content = person.page.request.get(f"{base}my/worksheet/file/").body()
    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True}) as book:
        for grid in workbooks.grids(content):
            sheet = book.add_worksheet(grid.name)
            for number, cells in enumerate(grid.rows):
                row = list(cells)
                if row and (given := judged.get(str(row[0]))):
                    row[2], row[5], row[6], row[8] = *given, "yes"
                sheet.write_row(number, 0, row)
    person.go(f"{base}my/worksheet/").page.set_input_files(
        "[name=file]", {"name": "sheet.xlsx", "mimeType": EXCEL, "buffer": buffer.getvalue()}
    )
    person.press("Show the differences")
    assert person.page.locator(".difference").count() == len(judged)
    person.press("Take this into my sheet")
