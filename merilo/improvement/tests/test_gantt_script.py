"""Bars of the calendar are moved by pointer and by keyboard; what is sent is the form of the dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from merilo.web import charts

SCRIPT = Path(__file__).parent.parent / "static" / "improvement" / "gantt.js"
TALL = "#after { margin-top: 150vh }"  # so that there is something to scroll to
HOST = "http://merilo.test"
STYLES = SCRIPT.with_name("gantt.css")
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; form-action 'self'"
PAGE = (
    '<!doctype html><html lang="bg"><meta charset=utf-8><title>t</title>'
    '<meta name=viewport content="width=device-width"><link rel=stylesheet href="/gantt.css">'
    '<script src="/gantt.js" defer></script>'
    '<div class="gantt" data-gantt>{drawing}</div>'
    '<form method="post" data-gantt-form hidden><input type="hidden" name="once" value="key">'
    '<input type="hidden" name="first"><input type="hidden" name="last"><input type="hidden" name="version">'
    '</form><p data-gantt-told></p><p data-gantt-hint hidden></p><p id="after" tabindex="0">After</p></html>'
)


def drawn() -> str:
    """The step from 1 to 30 April on a calendar of one year, two units wide a day."""
    step = {
        "href": "/move/?open=9",
        "aria-label": "Step",
        "data-bar": "step",
        "data-from": "2026-04-01",
        "data-to": "2026-04-30",
        "data-version": "7",
    }
    year = charts.Stretch("1", "Year", date(2026, 1, 1), date(2026, 12, 31))
    rows = [
        year,
        charts.Stretch("", "Step", date(2026, 4, 1), date(2026, 4, 30), is_step=True, bar_link=step),
    ]
    chart = charts.Schedule("t", rows, ["m"] * 12, wide=1000.0, labels=264.0)
    return charts.schedule(chart).wide.replace("<svg ", '<svg width="1000" ')


class Desk:
    """A page with one bar, and a server that remembers what came."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.came: list[tuple[str, dict[str, list[str]]]] = []
        page.route("**/*", self._serve)

    @property
    def bar(self) -> Locator:
        return self.page.locator("a[data-bar]")

    @property
    def told(self) -> Locator:
        return self.page.locator("[data-gantt-told]")

    def _serve(self, route: Route) -> None:
        path = route.request.url.removeprefix(HOST)
        if path == "/gantt.js":
            route.fulfill(body=SCRIPT.read_text("utf-8"), content_type="text/javascript")
        elif path == "/gantt.css":
            route.fulfill(body=STYLES.read_text("utf-8") + TALL, content_type="text/css")
        elif route.request.method == "POST":
            self.came.append((path, parse_qs(route.request.post_data or "")))
            route.fulfill(body="<h1>Sent</h1>", content_type="text/html")
        else:
            body, policy = PAGE.format(drawing=drawn()), {"Content-Security-Policy": POLICY}
            route.fulfill(body=body, content_type="text/html", headers=policy)

    def drag(self, start: float, way: float, *, then: str = "") -> None:
        """From a part of the bar's length so many pixels to the right."""
        box = self.bar.locator("polygon").bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] * start, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + way, y, steps=4)
        if then:
            self.page.keyboard.press(then)
        self.page.mouse.up()


@pytest.fixture
def desk(browser: Browser) -> Iterator[Desk]:
    context = browser.new_context(viewport={"width": 1100, "height": 600})
    page = context.new_page()
    mistakes: list[str] = []
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    made = Desk(page)
    page.goto(f"{HOST}/#step")
    yield made
    context.close()
    assert mistakes == []


def sent(first: str, last: str) -> tuple[str, dict[str, list[str]]]:
    fields = {"once": ["key"], "first": [first], "last": [last], "version": ["7"]}
    return "/move/?open=9", fields


def test_a_bar_is_dragged_and_its_end_is_pulled(desk: Desk) -> None:
    desk.drag(0.5, 20)
    expect(desk.page.locator("h1")).to_have_text("Sent")
    desk.page.goto(f"{HOST}/")
    desk.drag(0.97, 20)
    expect(desk.page.locator("h1")).to_have_text("Sent")
    assert desk.came == [sent("2026-04-11", "2026-05-10"), sent("2026-04-01", "2026-05-10")]


def test_a_bar_is_moved_by_keyboard_and_can_be_left_as_it_was(desk: Desk) -> None:
    expect(desk.bar).to_be_focused()  # the address names what was moved last
    desk.page.keyboard.press("ArrowLeft")
    desk.page.keyboard.press("Shift+ArrowRight")
    expect(desk.told).to_have_text("31.03.2026 г. – 30.04.2026 г.")
    desk.page.keyboard.press("Escape")
    expect(desk.told).to_have_text("")
    desk.page.keyboard.press("ArrowRight")
    desk.page.keyboard.press("Tab")
    expect(desk.told).to_have_text("")
    desk.bar.focus()
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        desk.page.keyboard.press(key)
    expect(desk.page.locator("h1")).to_have_text("Sent")
    assert desk.came == [sent("2026-04-03", "2026-05-02")]


def test_a_click_is_no_move_and_escape_ends_a_drag(desk: Desk) -> None:
    desk.drag(0.5, 30, then="Escape")
    expect(desk.told).to_have_text("")
    assert desk.came == []
    desk.bar.click()
    expect(desk.page).to_have_url(f"{HOST}/move/?open=9")
    assert desk.came == []


# --- by finger --------------------------------------------------------------------------------------
class Finger:
    """A finger on a touch screen: the browser decides itself whether it scrolls or the page has its way."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.page = desk, desk.page
        self.session = self.page.context.new_cdp_session(self.page)

    def on_the_bar(self, part: float) -> tuple[float, float]:
        box = self.desk.bar.locator("polygon").bounding_box()
        assert box is not None
        return box["x"] + box["width"] * part, box["y"] + box["height"] / 2

    def beside_the_bar(self) -> tuple[float, float]:
        x, y = self.on_the_bar(1)
        return x + 60, y

    def drag(self, start: tuple[float, float], *, right: float = 0, down: float = 0, steps: int = 12) -> None:
        x, y = start
        self._touch("touchStart", x, y)
        for step in range(1, steps + 1):
            self._touch("touchMove", x + right * step / steps, y + down * step / steps)
            self.page.wait_for_timeout(16)
        self._touch("touchEnd")

    def _touch(self, kind: str, *point: float) -> None:
        points = [dict(zip("xy", point, strict=True))] if point else []
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def scrolled(self) -> tuple[float, float]:
        """How far the calendar went to the side, and the page down."""
        found = self.page.evaluate("[document.querySelector('.gantt').scrollLeft, scrollY]")
        return found[0], found[1]


@pytest.fixture
def finger(browser: Browser) -> Iterator[Finger]:
    context = browser.new_context(viewport={"width": 700, "height": 600}, has_touch=True, is_mobile=True)
    page = context.new_page()
    made = Desk(page)
    page.goto(f"{HOST}/")
    yield Finger(made)
    context.close()


def test_a_finger_drags_a_bar_and_pulls_its_end(finger: Finger) -> None:
    finger.drag(finger.on_the_bar(0.3), right=40)
    expect(finger.page.locator("h1")).to_have_text("Sent")
    finger.page.goto(f"{HOST}/")
    finger.drag(finger.on_the_bar(0.75), right=40)  # a finger is thicker than an arrow
    expect(finger.page.locator("h1")).to_have_text("Sent")
    assert finger.desk.came == [sent("2026-04-21", "2026-05-20"), sent("2026-04-01", "2026-05-20")]


def test_a_finger_still_scrolls_over_bars_and_beside_them(finger: Finger) -> None:
    finger.drag(finger.on_the_bar(0.5), down=-150)
    finger.page.wait_for_timeout(200)
    assert finger.scrolled()[1] > 60
    finger.page.evaluate("scrollTo(0, 0)")
    finger.drag(finger.beside_the_bar(), right=-150)
    finger.page.wait_for_timeout(200)
    assert finger.scrolled()[0] > 60
    expect(finger.desk.told).to_have_text("")
    assert finger.desk.came == []


def test_a_tap_that_trembles_opens_the_form(finger: Finger) -> None:
    finger.drag(finger.on_the_bar(0.5), right=6, down=2, steps=3)
    expect(finger.page).to_have_url(f"{HOST}/move/?open=9")
    assert finger.desk.came == []
