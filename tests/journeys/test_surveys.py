"""A survey from the first question to the evidence: two languages, two phones, a tablet and a desk."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pyreadstat
import pytest
from playwright.sync_api import Browser, Page, expect

from merilo.core import workbooks
from tests.journeys.platform import Platform
from tests.journeys.test_answering import heard, named

PHONE, LAPTOP = (390, 780), (1280, 900)
TITLE = {"bg": "Гише „Едно обслужване“", "en": "One-stop desk"}
POINTS = (5, 5, 4, 3, 4, 2)  # given on the tablet; the phones give 4 and 5
GIVEN = (4, 5, *POINTS)
ITEM = "6.1"
MAILED = "guest@desk.example"  # nobody else in the installation is mailed there


class Town:
    """A coordinator with a self-assessment in work, and people with phones."""

    def __init__(self, browser: Browser, running: Platform, told: dict[str, Any]) -> None:
        self.browser, self.running, self.told = browser, running, told
        self.surveys = re.sub(r"/a/.*", "/s/", str(told["base"]))

    def screen(self, size: tuple[int, int], language: str, who: str = "", *, scripts: bool = True) -> Page:
        context = self.browser.new_context(
            base_url=self.running.address,
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=scripts,
            locale=language,  # public pages of a survey look at no cookie
        )
        context.set_default_timeout(30_000)
        cookies = {"language": language} | ({"session": str(self.told["sessions"][who])} if who else {})
        context.add_cookies(
            [{"name": name, "value": value, "url": self.running.address} for name, value in cookies.items()]
        )
        return context.new_page()


@pytest.fixture
def town(browser: Browser, platform: Platform, installed: dict[str, Any]) -> Town:
    return Town(browser, platform, installed["groups"]["open"])


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """Press a button by its name and wait for the page it leads to."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=isinstance(name, str)).first.click()


def follow(page: Page, name: str | re.Pattern[str]) -> None:
    with page.expect_navigation():
        page.get_by_role("link", name=name, exact=isinstance(name, str)).first.click()


def test_a_survey_from_the_first_question_to_the_evidence(town: Town, tmp_path: Path):
    desk = town.screen(LAPTOP, "bg", "coordinator")
    base = begin(town, desk)
    write(desk, base)
    address, tablet = open_(desk, base)
    with_scripts(town.screen(PHONE, "bg"), address)
    without_scripts(town, town.screen(PHONE, "en", scripts=False), address)
    at_the_desk(town.screen(PHONE, "bg"), tablet)
    close(desk, base)
    read(desk, base)
    take_away(desk, base, tmp_path)
    use(town, desk, base)


def begin(town: Town, desk: Page) -> str:
    """An empty questionnaire in two languages; answers its address."""
    desk.goto(f"{town.surveys}new/empty/")
    desk.fill("[name=title_bg]", TITLE["bg"])
    desk.fill("[name=title_en]", TITLE["en"])
    desk.get_by_label("Граждани").check()
    desk.get_by_label("Анонимна").check()
    press(desk, "Започнете анкетата")
    return desk.url


def write(desk: Page, base: str) -> None:
    """Two pages and three questions; how good it was is asked only of those who came."""
    desk.goto(f"{base}questions/")
    follow(desk, re.compile("Променете.*страница 1"))
    told(desk, "title", "За Вас", "About you")
    press(desk, "Запишете")
    follow(desk, "Добавете страница")
    told(desk, "title", "Обслужването", "The service")
    press(desk, "Запишете")
    add(desk, "За Вас", "yesno")
    told(desk, "text", "Посещавали ли сте гишето?", "Have you been at the desk?")
    desk.fill("[name=code]", "visited")
    desk.check("[name=required]")
    press(desk, "Запишете")
    add(desk, "Обслужването", "rating")
    told(desk, "text", "Доволни ли сте?", "Are you satisfied?")
    told(desk, "least_text", "никак", "not at all")
    told(desk, "most_text", "напълно", "fully")
    desk.fill("[name=code]", "overall")
    desk.select_option("#if-0", "visited")
    press(desk, re.compile("Продължете"))
    desk.select_option("#if-0-value", label="да")
    press(desk, "Запишете")
    add(desk, "Обслужването", "long")
    told(desk, "text", "Какво да подобрим?", "What should we improve?")
    press(desk, "Запишете")


def told(desk: Page, name: str, bg: str, en: str) -> None:
    """A text in both languages, side by side."""
    for language, text in (("bg", bg), ("en", en)):
        desk.fill(f'[name="{name}-{language}"]', text)


def add(desk: Page, page: str, kind: str) -> None:
    section = desk.get_by_role("region", name=re.compile(page))
    section.locator("[name=kind]").select_option(kind)
    with desk.expect_navigation():
        section.locator(".q-add button").click()


def open_(desk: Page, base: str) -> tuple[str, str]:
    """Preview, a tablet besides, open; answers the address on the poster and that of the tablet."""
    desk.goto(f"{base}preview/")
    desk.goto(f"{base}settings/")
    desk.check("[name=kiosk]")
    desk.fill("[name=contact]", "Център за услуги, 0888 000 000")
    press(desk, "Запишете настройките")
    desk.goto(f"{base}open/")
    press(desk, "Отворете анкетата")
    desk.goto(f"{base}share/")
    address, tablet = (link.get_attribute("href") or "" for link in desk.locator(".address a").all())
    return address, tablet


def with_scripts(phone: Page, address: str) -> None:
    """In Bulgarian, on a phone that computes; a forgotten answer is told beside the question and above."""
    phone.goto(address)
    expect(phone.locator("main")).to_contain_text("Никой не може да разбере кой какво е отговорил")
    press(phone, "Започнете")
    expect(phone.locator("main")).to_contain_text("Страница 1 от 2")
    press(phone, "Напред")
    assert phone.title().startswith("Грешка:")
    tree = heard(phone)
    assert "alert" in {node["role"] for node in tree}
    group = next(node for node in tree if node["role"] == "group" and "Посещавали" in node["name"])
    assert "Моля, отговорете на този въпрос." in group["described"]
    phone.get_by_label("Да", exact=True).check()
    press(phone, "Напред")
    expect(phone.locator("main")).to_contain_text("Страница 2 от 2")
    rate(phone, 4, "никак", "напълно")
    phone.get_by_label("Какво да подобрим?").fill("Повече гишета")
    press(phone, "Напред")
    expect(phone.locator("main")).to_contain_text("Повече гишета")
    phone.get_by_text("Изчислението е готово").wait_for()
    press(phone, "Изпратете")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Благодарим")


def without_scripts(town: Town, phone: Page, address: str) -> None:
    """In English, without JavaScript: a code by mail stands for the computation."""
    phone.goto(address)
    expect(phone.get_by_role("heading", level=1)).to_have_text(TITLE["en"])
    press(phone, "Begin")
    phone.get_by_label("Yes", exact=True).check()
    press(phone, "Next")
    rate(phone, 5, "not at all", "fully")
    press(phone, "Next")
    phone.get_by_text("Send without the computation").click()
    phone.get_by_label("Your e-mail address").fill(MAILED)
    press(phone, "Send me a code")
    phone.get_by_label("The code from the mail").fill(code_for(town.running, MAILED))
    press(phone, "Send")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you")


def rate(phone: Page, point: int, low: str, high: str) -> None:
    """Choose a point of the scale, whose ends are heard with their words."""
    points = [name for name in named(phone, "radio") if name]
    assert (points[0], points[-1]) == (f"1 – {low}", f"5 – {high}")
    assert points[1:-1] == ["2", "3", "4"]
    phone.get_by_role("radio").nth(point - 1).check()


def code_for(running: Platform, address: str) -> str:
    """The code in the newest mail to an address; waits for the worker."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if mails := running.postbox.mails_to(address):
            return str(re.findall(r"\b\d{4} \d{4}\b", mails[-1].get_content())[-1])
        time.sleep(0.1)
    raise AssertionError("no code was mailed")


def at_the_desk(tablet: Page, address: str) -> None:
    """Further people, one after the other, on the tablet."""
    for point in POINTS:
        tablet.goto(address)
        press(tablet, "Започнете")
        tablet.get_by_label("Да", exact=True).check()
        press(tablet, "Напред")
        tablet.get_by_role("radio").nth(point - 1).check()
        press(tablet, "Напред")
        press(tablet, "Изпратете")
    expect(tablet.get_by_role("heading", level=1)).to_have_text("Благодарим")


def close(desk: Page, base: str) -> None:
    """Until now there is a number in steps and no results; the worker makes them."""
    desk.goto(f"{base}participation/")
    expect(desk.locator("main")).to_contain_text(re.compile(r"5\s*отговора, най-малко"))
    desk.goto(f"{base}close/")
    press(desk, "Приключете окончателно")
    press(desk, "English")
    until = time.monotonic() + 60
    desk.goto(f"{base}results/")
    while not desk.locator("main table").count() and time.monotonic() < until:
        time.sleep(0.2)
        desk.reload()


def read(desk: Page, base: str) -> None:
    """In English: counts, mean and share; what one person alone wrote is not told."""
    table = desk.get_by_role("table", name="Are you satisfied?")
    counts = [line.get_by_role("cell").first.inner_text() for line in table.locator("tbody tr").all()]
    assert counts == [str(GIVEN.count(point)) for point in range(1, 6)]
    shown = desk.locator("main").inner_text()
    assert "4.00" in shown
    assert "75.0" in shown
    assert "Повече гишета" not in shown


def take_away(desk: Page, base: str, folder: Path) -> None:
    """The workbook and the file for SPSS say what the page says."""
    desk.goto(f"{base}files/")
    got = {kind: desk.request.get(f"{base}files/{kind}/").body() for kind in ("results", "sav")}
    sheets = {grid.name: grid for grid in workbooks.grids(got["results"])}
    results = sheets["Results"]
    first = next(n for n, row in enumerate(results.rows) if row[:1] == ("Are you satisfied?",))
    counts = [GIVEN.count(point) for point in range(1, 6)]
    assert [results.at(first + 1 + point, 1) for point in range(1, 6)] == counts
    place = folder / "answers.sav"
    place.write_bytes(got["sav"])
    frame, _about = pyreadstat.read_sav(str(place))
    assert sorted(frame["overall"]) == sorted(GIVEN)


def use(town: Town, desk: Page, base: str) -> None:
    """The mean goes to a self-assessment and stands at its sub-criterion."""
    desk.goto(f"{base}use/")
    mean = desk.get_by_label(re.compile("4.00"))
    desk.locator(".offered details", has=mean).locator("> summary").click()
    mean.check()
    desk.locator("[name=to]").first.check()
    press(desk, "Continue")
    assert desk.get_by_label(re.compile("4.00")).is_checked()
    box = desk.locator(f'[id="use-{ITEM}"]')
    for summary in desk.locator("details:not([open])", has=box).locator("> summary").all():
        summary.click()
    box.check()
    press(desk, "Put on the shelf")
    desk.goto(f"{town.told['base']}evidence/for/{ITEM}/")
    expect(desk.locator("main")).to_contain_text("4.00")
    expect(desk.locator("main")).to_contain_text("8 answers")
