"""The small scripts in a real browser; the server's answers are given by the test."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Dialog, Page, Route, expect

from merilo.web.templatetags.components import render_component

STATIC = Path(__file__).parent.parent / "static" / "web"
HOST = "http://merilo.test"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'"


class Desk:
    """A page with one form, and a server that answers as told and remembers what came."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.came: list[dict[str, list[str]]] = []
        self.answers: list[tuple[int, str]] = []
        page.route("**/*", self._serve)

    def _serve(self, route: Route) -> None:
        path = route.request.url.removeprefix(HOST)
        if path.endswith(".js"):
            route.fulfill(body=(STATIC / path[1:]).read_text("utf-8"), content_type="text/javascript")
        elif path == "/save/":
            self._save(route)
        elif route.request.method == "POST":
            self.came.append(parse_qs(route.request.post_data or ""))
            route.fulfill(body="<h1>Sent</h1>", content_type="text/html")
        else:
            route.fulfill(
                body=self.html, content_type="text/html", headers={"Content-Security-Policy": POLICY}
            )

    def _save(self, route: Route) -> None:
        self.came.append(parse_qs(route.request.post_data or "", keep_blank_values=True))
        status, body = self.answers.pop(0) if self.answers else (200, kept(len(self.came) + 1))
        if status == 0:
            route.abort()
        elif status == 302:
            route.fulfill(status=302, headers={"Location": "/accounts/login/"})
        else:
            route.fulfill(status=status, body=body)

    def open(self, form: str, *scripts: str) -> None:
        tags = "".join(f'<script src="/{name}.js" defer></script>' for name in scripts)
        self.html = f"<!doctype html><meta charset=utf-8><title>t</title>{tags}{form}"
        self.page.goto(f"{HOST}/")


def kept(version: int) -> str:
    return json.dumps({"saved": f"Saved {version}", "version": version})


FORM = (
    '<div data-conflict></div><form method="post" action="/send/" data-autosave="/save/">'
    '<input type="hidden" name="version" value="1"><textarea name="text" id="text"></textarea>'
    '<input name="other">{saved}<button>Send</button></form>'
)


@pytest.fixture
def desk(browser: Browser) -> Iterator[Desk]:
    context = browser.new_context()
    page = context.new_page()
    mistakes: list[str] = []
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    yield Desk(page)
    context.close()
    assert mistakes == []


@pytest.fixture
def sheet(desk: Desk) -> Desk:
    desk.open(FORM.format(saved=render_component("saved", {})), "autosave", "guard")
    return desk


def asking(page: Page) -> list[str]:
    """The kinds of questions the browser asks from now on; each is answered with yes."""
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    return asked


def state(desk: Desk, name: str) -> None:
    expect(desk.page.locator("[data-saved]")).to_have_attribute("data-state", name, timeout=6000)


def test_typing_says_unsaved_at_once_and_is_saved_within_three_seconds(sheet: Desk):
    sheet.page.locator("#text").type("ab")
    state(sheet, "unsaved")
    expect(sheet.page.locator("[data-saved]")).to_have_text("Saved 2", timeout=3000)
    assert sheet.came == [{"version": ["1"], "text": ["ab"], "other": [""]}]
    assert sheet.page.locator("[name=version]").input_value() == "2"
    assert sheet.page.locator("form[data-dirty]").count() == 0


def test_leaving_a_field_saves_at_once_with_the_new_version(sheet: Desk):
    sheet.page.locator("#text").type("a")
    sheet.page.locator("[name=other]").focus()
    expect(sheet.page.locator("[data-saved]")).to_have_text("Saved 2", timeout=900)
    sheet.page.locator("[name=other]").type("b")
    sheet.page.locator("#text").focus()
    expect(sheet.page.locator("[data-saved]")).to_have_text("Saved 3", timeout=900)
    assert [form["version"] for form in sheet.came] == [["1"], ["2"]]


def test_leaving_the_page_saves_what_was_typed(sheet: Desk):
    sheet.page.locator("#text").type("a")
    sheet.page.evaluate("dispatchEvent(new Event('pagehide'))")
    state(sheet, "saved")
    assert sheet.came[0]["text"] == ["a"]


def test_a_lost_connection_is_said_and_tried_again(sheet: Desk):
    sheet.answers = [(0, "")]
    sheet.page.locator("#text").type("a")
    sheet.page.locator("[name=other]").focus()
    state(sheet, "offline")
    sheet.page.evaluate("dispatchEvent(new Event('online'))")
    state(sheet, "saved")
    assert len(sheet.came) == 2


@pytest.mark.parametrize("status", [302, 401, 403])
def test_an_expired_sign_in_is_said_and_the_text_stays(sheet: Desk, status: int):
    sheet.answers = [(status, "")]
    sheet.page.locator("#text").type("a")
    sheet.page.locator("[name=other]").focus()
    state(sheet, "signed_out")
    assert sheet.page.locator("#text").input_value() == "a"
    assert sheet.page.locator("form[data-dirty]").count() == 1


def test_a_faster_colleague_shows_both_texts_and_stops_the_saving(sheet: Desk):
    sheet.answers = [(409, "<section><h2>Changed</h2><p>theirs</p></section>")]
    sheet.page.locator("#text").type("mine")
    sheet.page.locator("[name=other]").focus()
    state(sheet, "conflict")
    expect(sheet.page.locator("[data-conflict] h2")).to_have_text("Changed")
    sheet.page.locator("#text").type("more")
    sheet.page.locator("[name=other]").focus()
    sheet.page.wait_for_timeout(300)
    assert len(sheet.came) == 1


def test_a_refusal_is_shown_at_the_field_and_goes_when_it_is_mended(sheet: Desk):
    sheet.answers = [(422, json.dumps({"saved": "Not saved", "errors": {"text": "Too long"}}))]
    sheet.page.locator("#text").type("a")
    sheet.page.locator("[name=other]").focus()
    state(sheet, "refused")
    expect(sheet.page.locator("p.err")).to_have_text("Too long")
    expect(sheet.page.locator("#text")).to_have_attribute("aria-invalid", "true")
    sheet.page.locator("#text").type("b")
    sheet.page.locator("[name=other]").focus()
    state(sheet, "saved")
    assert sheet.page.locator("p.err").count() == 0


def test_sending_the_form_sends_once_and_does_not_ask(sheet: Desk):
    asked = asking(sheet.page)
    sheet.page.locator("#text").type("a")
    sheet.page.locator("button").click()
    expect(sheet.page.locator("h1")).to_have_text("Sent")
    assert asked == []
    assert sheet.came[-1]["text"] == ["a"]


def test_a_send_waits_for_the_save_on_its_way_so_that_its_version_is_not_old(desk: Desk):
    desk.open(FORM.format(saved=render_component("saved", {})), "autosave")
    desk.page.evaluate(
        "() => { const real = fetch; window.fetch = async (...a) => "
        "{ await new Promise(r => setTimeout(r, 400)); return real(...a); }; }"
    )
    desk.page.locator("#text").type("a")
    desk.page.locator("[name=other]").focus()
    desk.page.locator("button").click()
    expect(desk.page.locator("h1")).to_have_text("Sent")
    assert desk.came[-1]["version"] == ["2"]


def test_a_guarded_form_asks_before_leaving_only_when_something_was_typed(desk: Desk):
    asked = asking(desk.page)
    form = '<form data-guard method="post" action="/send/"><input id="a"><button>Send</button></form>'
    desk.open(form, "guard")
    desk.page.goto(f"{HOST}/")
    assert asked == []
    desk.page.locator("#a").type("x")
    desk.page.goto(f"{HOST}/")
    assert asked == ["beforeunload"]


@pytest.fixture
def list_of_ideas(desk: Desk) -> Desk:
    ideas = render_component("lines", {"name": "s", "noun": "Strength", "id": "id_s", "values": ["one"]})
    desk.open(f"<form>{ideas}</form>", "lines")
    return desk


def texts(desk: Desk) -> list[str]:
    fields = desk.page.locator("textarea")
    return [fields.nth(n).input_value() for n in range(fields.count())]


def test_filling_the_last_line_adds_an_empty_one_with_its_own_name(list_of_ideas: Desk):
    page = list_of_ideas.page
    page.locator("textarea").last.type("two")
    assert texts(list_of_ideas) == ["one", "two", ""]
    expect(page.locator("textarea").last).to_have_attribute("aria-label", "Strength 3")
    ids = page.locator("textarea").evaluate_all("fields => fields.map(field => field.id)")
    assert ids == ["id_s", "id_s_2", "id_s_3"]


def test_enter_goes_on_and_splits_a_line_in_the_middle(list_of_ideas: Desk):
    page = list_of_ideas.page
    page.locator("textarea").first.focus()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type("two")
    assert texts(list_of_ideas) == ["one", "two", ""]
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    assert texts(list_of_ideas) == ["one", "tw", "o", ""]


def test_pasted_lines_are_spread_without_their_bullets(list_of_ideas: Desk):
    list_of_ideas.page.locator("textarea").last.focus()
    list_of_ideas.page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData('text/plain', '• a\\n- b\\r\\n\\n3. c');
            document.activeElement.dispatchEvent(new ClipboardEvent('paste',
                { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    assert texts(list_of_ideas) == ["one", "a", "b", "c", ""]


def test_backspace_in_an_empty_line_removes_it_but_never_the_last(list_of_ideas: Desk):
    page = list_of_ideas.page
    page.locator("textarea").last.focus()
    page.keyboard.press("Backspace")
    assert texts(list_of_ideas) == ["one", ""]
    page.keyboard.type("x")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    assert texts(list_of_ideas) == ["one", ""]


def test_the_error_summary_takes_the_focus(desk: Desk):
    desk.open('<div tabindex="-1" data-focus id="e">x</div>', "focus")
    expect(desk.page.locator("#e")).to_be_focused()


def test_no_script_writes_styles_or_evaluates_text():
    for script in STATIC.glob("*.js"):
        text = script.read_text("utf-8")
        assert not re.search(r"\beval\b|new Function|\.style\b|setAttribute\(.style", text), script.name
