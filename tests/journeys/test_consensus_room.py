"""A meeting with a wall, who leads it, and five phones: votes, a conflict, a postponement, minutes."""

from __future__ import annotations

import io
import re
from typing import Any

import docx
import pypdf
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import group
from tests.journeys.platform import Platform

PHONE, LAPTOP, WALL = (390, 800), (1280, 900), (1920, 1080)


class Room:
    """Everybody in the room with a screen of their own."""

    def __init__(self, browser: Browser, running: Platform, told: dict[str, Any]) -> None:
        self.browser, self.running, self.told = browser, running, told
        self.base = told["base"]

    def screen(self, size: tuple[int, int], who: str = "") -> Page:
        context = self.browser.new_context(
            base_url=self.running.address, viewport={"width": size[0], "height": size[1]}
        )
        context.set_default_timeout(30_000)
        context.add_cookies([{"name": "language", "value": "bg", "url": self.running.address}])
        if who:
            value = str(self.told["sessions"][who])
            context.add_cookies([{"name": "session", "value": value, "url": self.running.address}])
        return context.new_page()


@pytest.fixture
def room(browser: Browser, platform: Platform, installed: dict[str, Any]) -> Room:
    return Room(browser, platform, installed["groups"]["locked"])


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """Press a button by its name and wait for the page it leads to."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=isinstance(name, str)).first.click()


def test_a_meeting_from_the_first_vote_to_the_minutes(room: Room):
    lead = room.screen(LAPTOP, "facilitator")
    lead.goto(f"{room.base}meeting/")
    press(lead, "Започнете срещата")
    wall = a_wall(room, lead)
    phones = everybody_comes_in(room, lead, wall)
    expect(wall.locator(".state")).to_contain_text("присъстват 5")

    vote_anew(room, lead, wall, phones)
    agree_on_the_wall(lead, wall, phones)
    two_lead_and_one_is_told_both_values(room, lead, wall)
    postpone_and_undo(lead, wall)
    close_ones_together(room, lead)
    read_the_minutes(room, lead, wall, phones)


def a_wall(room: Room, lead: Page) -> Page:
    """The link opens on a projector that nobody is signed in on."""
    with lead.expect_popup() as opened:
        lead.get_by_role("button", name="Отворете екрана в нов прозорец").click()
    opened.value.wait_for_load_state()
    address = opened.value.url
    opened.value.close()
    wall = room.screen(WALL)
    wall.goto(address)
    expect(wall.locator("svg.qr")).to_be_visible()
    return wall


def everybody_comes_in(room: Room, lead: Page, wall: Page) -> list[Page]:
    """Three are signed in, one comes by a mailed code, one by a printed slip."""
    path = re.search(r"/m/[0-9a-f-]+/", wall.locator(".address").inner_text())
    assert path is not None
    phones = [room.screen(PHONE, f"member{n}") for n in range(3)]
    for phone in phones:
        phone.goto(path.group())
        press(phone, "Присъствам")
    lead.goto(f"{room.base}meeting/codes/")
    only(lead, room.told["names"]["member4"])
    press(lead, "Отпечатайте бележки")
    slip = lead.locator(".slip .big").inner_text()
    lead.goto(f"{room.base}meeting/codes/")
    only(lead, room.told["names"]["member3"])
    press(lead, "Изпратете по имейл")
    address = room.told["emails"]["member3"]
    room.running.postbox.link_for(address, containing="/m/")
    mailed = room.running.postbox.mails_to(address)[-1].get_content()
    for code in (re.findall(r"\b\d{4} \d{4}\b", mailed)[-1], slip):
        phone = room.screen(PHONE)
        phone.goto(path.group())
        phone.fill("[name=code]", code)
        press(phone, "Участвайте")
        phones.append(phone)
    return phones


def only(lead: Page, name: str) -> None:
    """Tick this member and no other."""
    for box in lead.locator("[name=seat]").all():
        box.uncheck()
    lead.get_by_label(name).check()


def vote_anew(room: Room, lead: Page, wall: Page, phones: list[Page]) -> None:
    lead.goto(f"{room.base}meeting/")
    press(lead, re.compile(rf"Започнете {group.WIDER}"))
    expect(wall.locator("h1")).to_contain_text(group.WIDER)  # the most disputed comes first
    expect(wall.locator(".mid")).to_contain_text("от 10 до 90")
    press(lead, re.compile("докато гласуват всички"))
    expect(phones[0].locator("main")).to_contain_text("Предишната Ви оценка: 10")
    expect(phones[4].locator("main")).not_to_contain_text("Предишната Ви оценка: 80")  # came by a slip
    for phone, value in zip(phones[:4], (50, 55, 60, 60), strict=False):
        phone.fill("[name=value-score]", str(value))
        press(phone, "Гласувайте")
    expect(wall.locator(".voting")).to_contain_text("4")
    expect(wall.locator("figure")).to_have_count(0)  # hidden until all have voted
    expect(phones[0].locator("main")).to_contain_text("Гласували 4 от 5")
    expect(lead.locator(".now")).to_contain_text("4 от 5")
    phones[4].fill("[name=value-score]", "65")
    press(phones[4], "Гласувайте")
    expect(wall.locator(".mid")).to_contain_text("от 50 до 65, медиана 60, 5 оценки")
    expect(phones[1].locator("main")).to_contain_text("медиана 60")


def agree_on_the_wall(lead: Page, wall: Page, phones: list[Page]) -> None:
    expect(lead.locator("[name=value-score]")).to_have_value("")  # no number is proposed
    lead.fill("[name=value-score]", "60")
    press(lead, "Приемете оценката")
    expect(wall.locator(".decided")).to_contain_text("60")
    expect(phones[2].locator("main")).to_contain_text("60")
    names = re.findall(r"Оценител \d", wall.locator("body").inner_text())
    assert names == []


def two_lead_and_one_is_told_both_values(room: Room, lead: Page, wall: Page) -> None:
    press(lead, re.compile(rf"Следващ: {group.WIDE}"))
    expect(wall.locator("h1")).to_contain_text(group.WIDE)
    chair = room.screen(LAPTOP, "member0")
    chair.goto(f"{room.base}agree/{group.WIDE}/")
    lead.fill("[name=value-score]", "45")
    press(lead, "Приемете оценката")
    chair.fill("[name=value-score]", "50")
    press(chair, "Приемете оценката")
    said = chair.locator("main").inner_text()
    assert "45" in said
    assert "50" in said
    assert "Нищо не е презаписано" in said
    expect(wall.locator(".decided")).to_contain_text("45")
    chair.context.close()


def postpone_and_undo(lead: Page, wall: Page) -> None:
    press(lead, "Отменете")
    expect(wall.locator(".decided")).to_have_count(0)
    press(lead, "Отложете")
    expect(wall.locator(".head")).to_contain_text("отложени 1")


def close_ones_together(room: Room, lead: Page) -> None:
    lead.goto(f"{room.base}agree/close/")
    lead.fill(f"[name='i{group.CLOSE.replace('.', '-')}-value-score']", "44")
    press(lead, "Групата приема тези оценки")


def read_the_minutes(room: Room, lead: Page, wall: Page, phones: list[Page]) -> None:
    lead.goto(f"{room.base}meeting/end/")
    press(lead, "Приключете срещата")
    text = " ".join(lead.locator("main").inner_text().split())
    for name in (f"member{n}" for n in range(5)):
        assert room.told["names"][name] in text
    assert "Оценител 6" not in text  # did not come
    assert "от 50 до 65, медиана 60, 5 оценки" in text
    for format_ in ("pdf", "docx"):
        file = lead.request.get(f"{lead.url}{format_}/").body()
        said = " ".join(words_of(file, format_).split())
        assert "медиана 60" in said, format_
        assert "Отложен" in said, format_
    expect(wall.locator("h1")).to_contain_text("Тук няма среща")
    expect(phones[3].locator("h1")).to_contain_text("Тук няма среща")


def words_of(file: bytes, format_: str) -> str:
    if format_ == "pdf":
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(file)).pages)
    word = docx.Document(io.BytesIO(file))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in word.paragraphs] + cells)
