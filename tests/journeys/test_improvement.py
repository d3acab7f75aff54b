"""125 ideas of an approved report become 25 measures that are carried out for half a year and reported on."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest
import python_calamine
from django.utils import timezone, translation
from playwright.sync_api import Browser, Page, expect

from merilo.core.periods import months_after
from merilo.improvement.models import MeasureState
from tests.journeys.improving import TITLE, Backstage, backstage
from tests.journeys.platform import Platform
from tests.journeys.walking import Visitor

PLAN = "План за подобрение на Община Тополово"
PROPOSALS, QUICK, KEY = 41, 15, 10
WEIGHTS = {"results": 2, "citizens": 3, "people": 1, "visibility": 1, "ease": 2, "resources": 1, "speed": 1}
IMPACT = ("results", "citizens", "people", "visibility")
DISPUTED = 4  # place of the proposal on which the two members are far apart
PER_TABLE = 30
MOST_TABS = 60

# After half a year: 9 of 24 measures, for the one that was dropped leaves the count with its activities;
# nine measures with three activities each and one activity of each of ten others, of 24 times three.
MEASURES_DONE, ACTIVITIES_DONE = (9, 24, 38), (37, 72, 51)
REASON = "Средствата са пренасочени към ремонта на училището."


class Town:
    """Everybody who has a part in it, each with a browser of their own."""

    def __init__(self, browser: Browser, running: Platform, told: dict[str, Any]) -> None:
        self.browser, self.running, self.told = browser, running, told
        self.plans = f"/o/{told['slug']}/plans/"

    def enter(self, who: str = "", *, width: int = 1280) -> Visitor:
        context = self.browser.new_context(
            base_url=self.running.address, viewport={"width": width, "height": 860}, locale="bg"
        )
        context.set_default_timeout(20_000)
        cookies = {"language": "bg"} | ({"session": self.told["sessions"][who]} if who else {})
        context.add_cookies(
            [{"name": name, "value": value, "url": self.running.address} for name, value in cookies.items()]
        )
        return Visitor(context.new_page(), self.running)


@pytest.fixture
def town(browser: Browser, platform: Platform, installed: dict[str, Any]) -> Town:
    return Town(browser, platform, installed["ideas"])


@pytest.fixture
def others(installed: dict[str, Any]) -> Iterator[Backstage]:
    with backstage(Path(installed["mails"]).parent, installed["ideas"]["slug"]) as process:
        yield process


def test_125_ideas_become_measures_that_are_carried_out_and_reported(town: Town, others: Backstage) -> None:
    coordinator, mayor = town.enter("coordinator"), town.enter("mayor")
    base = start(town, coordinator)
    accept_what_is_alike(coordinator, base)
    bring_together_by_keyboard(coordinator, base)
    give_a_theme(coordinator, base)
    split_and_set_aside(coordinator, base)
    others.play("gather")
    numbers = merge(coordinator, base)
    weigh(coordinator, base)
    score_alone(town.enter("member"), base, numbers)
    score_alone(town.enter("other"), base, numbers, apart=3)
    agree(coordinator, base)
    see_how_firm_the_order_is(coordinator, base)
    choose(coordinator, base)
    describe_the_first_measure(coordinator, base)
    others.play("fill_in")
    approve(coordinator, mayor, base)
    others.play("half_a_year")
    check_in_on_the_phone(town.enter("owner", width=390), town)
    drop_one(coordinator, base)
    read_the_interim_report(mayor, base)
    publish_the_interim_report(coordinator, base)
    citizen = town.enter()
    path = read_as_a_citizen(citizen, coordinator, base)
    read_the_published_report(citizen, path)


# --- gathering --------------------------------------------------------------------------------
def start(town: Town, coordinator: Visitor) -> str:
    """From the approved report, for two years that began seven months ago; answers the plan's address."""
    first = months_after(timezone.localdate().replace(day=1), -7)
    last = months_after(first, 24)
    coordinator.go(f"{town.plans}new/")
    assert coordinator.page.get_by_label(TITLE).is_checked()
    coordinator.fill(title=PLAN, first=f"{first:%d.%m.%Y}", last=f"{last:%d.%m.%Y}")
    coordinator.press("Започнете плана")
    base = coordinator.page.url.removeprefix(coordinator.platform.address)
    assert re.search(r"\b153\b", coordinator.text())
    coordinator.go(f"{base}items/?kind=idea")
    expect(coordinator.page.get_by_text("Показани: 125")).to_be_visible()
    return base


def accept_what_is_alike(coordinator: Visitor, base: str) -> None:
    """The first proposed group without one of its three, in better words; the next one as it is."""
    page = coordinator.go(f"{base}items/alike/").page
    assert page.locator("form.alike").count() == 42
    group = page.locator("form.alike").first
    group.get_by_role("checkbox").last.uncheck()
    group.get_by_role("textbox").fill("Нова мисия и визия, написани със служителите")
    for _ in range(2):
        with page.expect_navigation():
            page.locator("form.alike").first.get_by_role("button").click()
    assert page.locator("form.alike").count() == 40
    assert "Предложение № 1: Нова мисия" in proposal_of(coordinator, base, "мисията")


def proposal_of(person: Visitor, base: str, word: str) -> str:
    """What the list says of the items with a word."""
    return person.go(f"{base}items/?state=all&q={word}").text()


def bring_together_by_keyboard(coordinator: Visitor, base: str) -> None:
    """Find by a word in any of its forms, tick with the space bar, name it, press the button: no mouse."""
    page = coordinator.go(f"{base}items/?q=рискове").page
    tab_to(coordinator, '[name="items"] >> nth=0')
    for key in ("Space", "Shift+ArrowDown", "ArrowDown", "Space"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    expect(page.locator("#bar")).to_be_focused()
    expect(page.locator("#h-bar")).to_have_text("С отбелязаните (3)")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator('[name="items"] >> nth=2')).to_be_focused()
    tab_to(coordinator, '[name="wording"]')
    page.keyboard.type("Регистър на рисковете във всяка дирекция")
    tab_to(coordinator, '[name="together"]')
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Създадено е предложение № 3")


def tab_to(person: Visitor, selector: str) -> None:
    """Press Tab until the focus is there."""
    wanted = person.page.locator(selector)
    for _ in range(MOST_TABS):
        person.page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"{selector} is not reached by Tab on {person.page.url}")


def give_a_theme(coordinator: Visitor, base: str) -> None:
    """Everything that a search finds, ticked at once."""
    page = coordinator.go(f"{base}items/?criterion=3&kind=idea").page
    with page.expect_navigation():
        page.get_by_role("link", name="Отбележете всички показани").click()
    coordinator.fill(theme="Хората в общината")
    coordinator.press("Дайте тази тема")
    expect(page.locator(".gathered .chip")).to_have_count(18)


def split_and_set_aside(coordinator: Visitor, base: str) -> None:
    """Of one idea two are made; one that does not belong here is left aside with the reason."""
    page = coordinator.go(f"{base}items/?q=рампата").page
    with page.expect_navigation():
        page.get_by_role("link", name="Разделяне").first.click()
    parts = page.locator('[name="parts"]')
    parts.nth(0).fill("Да се ремонтира рампата за хора с увреждания.")
    parts.nth(1).fill("Да се обучат портиерите да посрещат хора с увреждания.")
    coordinator.press("Разделете")
    page = coordinator.go(f"{base}items/?q=портиерите").page
    page.locator('[name="items"]').check()
    coordinator.fill(reason="Вече е в програмата за обучение.")
    coordinator.press("Оставете настрани")
    assert "Вече е в програмата" in coordinator.go(f"{base}items/?state=aside").text()


def merge(coordinator: Visitor, base: str) -> list[int]:
    """Another proposal comes into the first, and nothing waits; answers the numbers of what is there."""
    page = coordinator.go(f"{base}proposals/").page
    before = page.locator("tbody tr").count()
    with page.expect_navigation():
        page.get_by_role("link", name="Нова мисия и визия").click()
    page.get_by_text("Включване на друго предложение").click()
    other = page.locator('[name="other"] option', has_text="карти на основните").inner_text()
    page.select_option('[name="other"]', label=other)
    coordinator.press("Включете го")
    assert re.search(r"\b0\s+чакат", coordinator.go(base).text())
    cells = coordinator.go(f"{base}proposals/").page.locator("tbody td:first-child").all_inner_texts()
    assert len(cells) == before - 1 == PROPOSALS
    return [int(cell) for cell in cells]


# --- prioritising -----------------------------------------------------------------------------
def weigh(coordinator: Visitor, base: str) -> None:
    """Citizens count most; what the plan must not fail in stands beside it."""
    page = coordinator.go(f"{base}priorities/criteria/").page
    for code, weight in WEIGHTS.items():
        page.fill(f'[name="weight-{code}"]', str(weight))
    page.locator('[name="factor-0"]').fill("Доверие на гражданите")
    coordinator.press("Запишете критериите и факторите")


def points(place: int) -> dict[str, int]:
    """What the group thinks of the proposal at a place of the list: quick wins first, then key ones."""
    impact = 4 if place < QUICK + KEY else 2
    ease = 4 if place < QUICK or (place >= QUICK + KEY and place % 2) else 2
    return {
        code: (impact + (place + number) % 3 - 1)
        if code in IMPACT
        else (ease + (place // 3 + number * 2 + place // 7) % 3 - 1)
        for number, code in enumerate(WEIGHTS)
    }


def score_alone(person: Visitor, base: str, numbers: list[int], *, apart: int = 0) -> None:
    """One proposal on its own page, the others in the table; nobody sees what the other gave."""
    page = person.go(f"{base}priorities/mine/").page
    with page.expect_navigation():
        page.get_by_role("link", name="Оценете следващото предложение").click()
    for code, value in points(0).items():
        page.check(f'[name="points-{code}"][value="{value}"]')
    person.press("Запишете и продължете")
    for first in range(0, PROPOSALS, PER_TABLE):
        given: dict[str, str] = {}
        for place, number in list(enumerate(numbers))[first : first + PER_TABLE]:
            less = apart if place == DISPUTED else 0
            given |= {f"p{number}-{code}": str(max(1, value - less)) for code, value in points(place).items()}
        address = f"{base}priorities/mine/table/?page={first // PER_TABLE + 1}"
        person.send(address, f"v{numbers[first]}", given)
    assert f"{PROPOSALS} от {PROPOSALS}" in person.go(f"{base}priorities/mine/").text()


def fits_on_a_wall(page: Page) -> None:
    """All points of a proposal and the button stand on one screen of a projector, side by side."""
    before = page.viewport_size
    page.set_viewport_size({"width": 1920, "height": 1080})
    boxes = [page.locator(f'[name="points-{code}"]').first.bounding_box() for code in WEIGHTS]
    button = page.get_by_role("button", name="Запишете и продължете").bounding_box()
    assert all(box and box["y"] + box["height"] <= 1080 for box in [*boxes, button])
    assert len({round(box["x"]) for box in boxes if box}) == 2
    if before:
        page.set_viewport_size(before)


def agree(coordinator: Visitor, base: str) -> None:
    """Where the members are close their median is taken at once; on the disputed one the group decides."""
    page = coordinator.go(f"{base}priorities/group/").page
    assert page.locator(".task", has_text="Различни").count() == 0
    coordinator.press("Закрийте самостоятелното оценяване и покажете точките")
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("Вземете медианата")).click()
    with page.expect_navigation():
        page.get_by_role("link", name=re.compile(r"^\d+\. ")).first.click()
    expect(page.locator("main .hint", has_text=re.compile("1.*4")).first).to_be_visible()
    fits_on_a_wall(page)
    for code, value in points(DISPUTED).items():
        page.check(f'[name="points-{code}"][value="{value}"]')
    coordinator.press("Запишете и продължете")
    assert f"{PROPOSALS} от {PROPOSALS}" in coordinator.go(f"{base}priorities/group/").text()


def axes(given: Mapping[str, int], weights: Mapping[str, Fraction]) -> tuple[Fraction, Fraction]:
    """Impact and feasibility, computed by other means than the product's."""

    def mean(codes: list[str]) -> Fraction:
        total = sum((weights[code] for code in codes), Fraction())
        return sum((weights[code] * given[code] for code in codes), Fraction()) / total

    return mean([*IMPACT]), mean([code for code in WEIGHTS if code not in IMPACT])


def first_ten(weights: Mapping[str, Fraction]) -> set[int]:
    """The places in the list of the ten best."""
    placed = {place: axes(points(place), weights) for place in range(PROPOSALS)}
    return set(
        sorted(placed, key=lambda place: (-placed[place][0] * placed[place][1], -placed[place][0]))[:10]
    )


def see_how_firm_the_order_is(coordinator: Visitor, base: str) -> None:
    """The moves of a weight by a fifth that change the first ten are those that a count by hand finds."""
    exact = {code: Fraction(weight) for code, weight in WEIGHTS.items()}
    moves = [
        exact | {code: exact[code] * (1 + by)} for code in WEIGHTS for by in (Fraction(1, 5), Fraction(-1, 5))
    ]
    changing = sum(first_ten(moved) != first_ten(exact) for moved in moves)
    page = coordinator.go(f"{base}priorities/order/").page
    assert page.locator('[aria-labelledby="h-first"] tbody tr').count() == 10
    assert page.locator("main tbody tr").count() - 10 == changing > 0


def choose(coordinator: Visitor, base: str) -> None:
    """Quick wins and key projects become measures; what is left waits for the next cycle, with the reason."""
    page = coordinator.go(f"{base}priorities/").page
    assert page.locator("main svg").count() >= 1
    for place, count in (("quick_win", QUICK), ("key_project", KEY)):
        decide(coordinator, f"{base}priorities/?place={place}", count, "chosen", "")
    decide(
        coordinator, f"{base}priorities/?state=open", PROPOSALS - QUICK - KEY, "later", "Няма хора за всичко."
    )
    coordinator.go(f"{base}priorities/").press("Мерки от избраните предложения")
    assert "25" in coordinator.go(f"{base}measures/").text()
    assert page.locator("tbody tr").count() == QUICK + KEY


def decide(person: Visitor, address: str, count: int, decision: str, reason: str) -> None:
    """Tick everything that is shown and decide on it."""
    page = person.go(address).page
    with page.expect_navigation():
        page.locator('main a[href*="all=1"]').click()
    expect(page.locator('[name="proposals"]:checked')).to_have_count(count)
    page.check(f'[name="decision"][value="{decision}"]')
    person.fill(reason=reason)
    person.press("Запишете решението")


# --- planning and deciding --------------------------------------------------------------------
def describe_the_first_measure(coordinator: Visitor, base: str) -> None:
    """Who, three activities, one after the other, and by what its effect is seen."""
    page = coordinator.go(f"{base}measures/").page
    with page.expect_navigation():
        page.locator("tbody th a").first.click()
    measure = page.url
    coordinator.go(f"{measure}who/")
    label = page.locator('[name="owner"] option', has_text="Стоян Велев").inner_text()
    page.select_option('[name="owner"]', label=label)
    coordinator.press("Запишете")
    for text in ("Подготовка и възлагане", "Изпълнение", "Отчет пред ръководството"):
        coordinator.go(f"{measure}activities/new/").fill(text=text)
        coordinator.press("Добавете дейността")
    coordinator.go(f"{measure}indicators/begin/").fill(code="П-1", name="Дял на доволните граждани", unit="%")
    page.get_by_label("По-високата стойност е по-добра").check()
    coordinator.fill(baseline="61,5", target="75")
    coordinator.press("Добавете показателя")
    for said in ("Стоян Велев", "Отчет пред ръководството", "61,5", "75"):
        expect(page.locator("main")).to_contain_text(said)


def approve(coordinator: Visitor, mayor: Visitor, base: str) -> None:
    """The mayor reads what is to be decided and approves exactly this; everybody can read it then."""
    page = coordinator.go(f"{base}approval/").page
    expect(page.locator("main")).to_contain_text(f"2–{QUICK + KEY}")  # have no indicator
    page.check('main [name="language"][value="bg"]')
    coordinator.press("Внесете за утвърждаване")
    mayor.go(f"{base}approval/1/")
    expect(mayor.page.locator("article.document")).to_contain_text("Дял на доволните граждани")
    mayor.press("Утвърдете плана")
    coordinator.go(f"{base}approval/1/")
    coordinator.press("Публикувайте плана")


# --- carrying out -----------------------------------------------------------------------------
def check_in_on_the_phone(owner: Visitor, town: Town) -> None:
    """From “my measures” to “done” with a thumb; nothing is wider than the phone."""
    page = owner.go(f"{town.plans}mine/").page
    row = page.locator("tbody tr", has_text="33 %").first
    with page.expect_navigation():
        row.get_by_role("link", name="Отчетете напредък").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.check('[name="state"][value="done"]')
    for field in page.locator('[name^="percent_"]').all():
        field.fill("100")
    owner.fill(text="Въведено е, служителите го ползват.")
    owner.press("Запишете отчета")
    expect(page.locator("main")).to_contain_text("Въведено е, служителите го ползват.")


def drop_one(coordinator: Visitor, base: str) -> None:
    """The last measure is given up; without a reason that is refused."""
    page = coordinator.go(f"{base}measures/").page
    with page.expect_navigation():
        page.locator("tbody th a").last.click()
    coordinator.go(f"{page.url}check-in/")
    page.check('[name="state"][value="dropped"]')
    coordinator.press("Запишете отчета")
    expect(page.get_by_role("alert")).to_contain_text("изисква мотив")
    coordinator.fill(text=REASON)
    coordinator.press("Запишете отчета")
    expect(page.locator("main")).to_contain_text(REASON)


# --- reporting --------------------------------------------------------------------------------
NAMED = (("Изпълнени мерки", MEASURES_DONE), ("Изпълнени планирани дейности", ACTIVITIES_DONE))
FORMATS = ("pdf", "docx", "xlsx")
FOREWORD = "Половин година след началото опашките намаляха."
DROPPED_LINE = "1 отпаднала мярка не влиза в двата процента."


def read_the_interim_report(mayor: Visitor, base: str) -> None:
    """Two percentages with their names, and what is not counted: on the page and in every file."""
    page = mayor.go(f"{base}report/").page
    see_both_percentages(mayor)
    said = as_one_line(mayor.text())
    assert DROPPED_LINE in said
    assert REASON in said
    check_the_files({kind: page.request.get(f"{base}report/{kind}/").body() for kind in FORMATS})


def see_both_percentages(person: Visitor) -> None:
    """The two figures of a page with their names."""
    for name, (done, of, percent) in NAMED:
        expect(person.page.locator(".counts li", has_text=name)).to_contain_text(f"{percent} %")
        expect(person.page.locator(".counts li", has_text=name)).to_contain_text(f"{done} от {of}")


def check_the_files(files: dict[str, bytes]) -> None:
    """PDF, Word and Excel of a report say the same as its page."""
    told = {"pdf": text_of_pdf(files["pdf"]), "docx": text_of_docx(files["docx"])}
    for kind, text in told.items():
        for name, (done, of, percent) in NAMED:
            assert re.search(rf"{name}:? {done} от {of} \({percent} ?%\)", text), (kind, name)
        assert DROPPED_LINE in text, kind
    facts = facts_of_xlsx(files["xlsx"])
    for name, share in NAMED:
        assert tuple(facts[f"{name}, {part}"] for part in ("брой", "от общо", "%")) == share
    assert facts["Отпаднали мерки, извън броя"] == 1


def as_one_line(text: str) -> str:
    return " ".join(text.split())


def text_of_pdf(content: bytes) -> str:
    """The text with words that a line has broken put together again."""
    pages = (page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    return as_one_line(re.sub("\u00ad\\s*", "", " ".join(pages)))


def text_of_docx(content: bytes) -> str:
    return as_one_line(" ".join(one.text for one in docx.Document(io.BytesIO(content)).paragraphs))


def facts_of_xlsx(content: bytes) -> dict[str, Any]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows = book.get_sheet_by_index(0).to_python()
    return {str(row[0]): row[1] for row in rows if len(row) > 1}


def read_as_a_citizen(citizen: Visitor, coordinator: Visitor, base: str) -> str:
    """Everybody reads the same figures, by name, with who answers by position; reasons stay inside.

    Answers the public address.
    """
    page = coordinator.go(f"{base}approval/1/").page
    path = page.locator('a[href^="/plans/"]').first.get_attribute("href")
    page = citizen.go(str(path)).page
    see_both_percentages(citizen)
    assert "1 отпаднала мярка не се брои." in as_one_line(citizen.text())
    data = json.loads(page.request.get(f"{path}json/").body())
    for key, (done, of, percent) in zip(
        ("measures", "activities"), (MEASURES_DONE, ACTIVITIES_DONE), strict=True
    ):
        assert data["shares"][key] == {
            "done": done,
            "of": of,
            "percent": percent,
            "dropped": 1 if key == "measures" else 3,
        }
    table = page.request.get(f"{path}csv/").text()
    with translation.override("bg"):
        words = [str(state.label) for state in (MeasureState.DONE, MeasureState.DROPPED)]
    states = [value for row in csv.reader(io.StringIO(table)) for value in row]
    assert [states.count(word) for word in words] == [MEASURES_DONE[0], 1]
    for inside in ("Стоян Велев", REASON):
        assert inside not in page.content() + table + json.dumps(data, ensure_ascii=False)
    return str(path)


def publish_the_interim_report(coordinator: Visitor, base: str) -> None:
    """From the report by what everybody would read; what owners reported stays inside."""
    page = coordinator.go(f"{base}report/").page
    page.get_by_role("link", name="Публикувайте този отчет").click()
    see_both_percentages(coordinator)
    assert REASON not in as_one_line(coordinator.text())
    coordinator.fill(foreword=FOREWORD)
    coordinator.press("Публикувайте отчета")
    expect(page.get_by_text("Отчетът вече е публикуван.")).to_be_visible()


def read_the_published_report(citizen: Visitor, path: str) -> None:
    """From the plan to its report: the same two percentages on the page and in every file, no names."""
    page = citizen.go(path).page
    page.locator('a[href*="/reports/1/"]').click()
    see_both_percentages(citizen)
    expect(page.get_by_text(FOREWORD)).to_be_visible()
    address = page.url.removeprefix(citizen.platform.address)
    for _second in range(60):
        if page.get_by_role("link", name="PDF").count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    files = {kind: page.request.get(f"{address}{kind}/").body() for kind in FORMATS}
    check_the_files(files)
    data = page.request.get(f"{address}json/").text()
    assert [json.loads(data)["shares"][key]["percent"] for key in ("measures", "activities")] == [38, 51]
    written = text_of_pdf(files["pdf"]) + text_of_docx(files["docx"])
    for inside in ("Стоян Велев", REASON):
        assert inside not in page.content() + data + written
