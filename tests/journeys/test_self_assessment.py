"""A group of ten goes from the order to the published report; all formats say the same numbers."""

from __future__ import annotations

import io
import json
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from statistics import mean
from typing import Any

import docx
import pypdf
import pytest
import python_calamine
from playwright.sync_api import Browser

from tests.journeys.platform import Platform
from tests.journeys.walking import Visitor, accept, fill_in_workbook, judge, sign_up, visitor

CRITERIA = {"1": 4, "2": 4, "3": 3, "4": 6, "5": 3, "6": 2, "7": 2, "8": 2, "9": 2}
ON_PAGES = (1, 10)
CODES = [f"{criterion}.{n}" for criterion, count in CRITERIA.items() for n in range(1, count + 1)]
MEMBERS = range(1, 11)
TOWN = "/o/obshtina-bregovo"
PDF = b"%PDF-1.7\nsigned\n%%EOF"


def individual(member: int, code: str) -> int:
    """Scores that are close on some sub-criteria and wide on others; each assessor differs."""
    place = CODES.index(code)
    return 40 + member if place % 3 == 0 else (15 + 7 * member + place) % 101


def agreed(code: str) -> int:
    """What the group agrees on, within the range of the individual scores."""
    return sorted(individual(member, code) for member in MEMBERS)[5]


def test_group_of_ten_goes_from_the_order_to_the_published_report(
    browser: Browser, platform: Platform
) -> None:
    coordinator = visitor(browser, platform)
    found(coordinator)
    people = invite(browser, platform, coordinator)
    base = plan(coordinator)
    communicate(coordinator, base)
    compose(coordinator, base)
    coordinator.go(f"{base}open/").press("Open the individual assessment")
    assess(people, base)
    see_progress_without_content(coordinator, base)
    coordinator.go(f"{base}lock/").press("Lock the scores")
    agree(people[0], base)
    number = report(coordinator, people[10], base)
    slug = publish(coordinator, base, number)
    read_everywhere(coordinator, f"{base}report/{number}/")
    read_as_a_citizen(visitor(browser, platform), slug)


def found(coordinator: Visitor) -> None:
    sign_up(coordinator, "Елена Маринова", "elena@bregovo.example")
    coordinator.go("/join/").fill(name="Община Брегово")
    coordinator.page.check('[name="kind"][value="municipality"]')
    coordinator.press("Found the organisation")
    assert TOWN in coordinator.page.url


def invite(browser: Browser, platform: Platform, coordinator: Visitor) -> list[Visitor]:
    """Ten assessors and the mayor; a bad line is named and nothing is sent before it is mended."""
    lines = [f"Оценител {n}, member{n}@bregovo.example, Финанси, експерт" for n in MEMBERS]
    _paste(coordinator, [*lines, "без поща"], "assessor")
    coordinator.press("Look at the list")
    assert "без поща" in coordinator.text()
    assert [platform.postbox.mails_to(f"member{n}@bregovo.example") for n in MEMBERS] == [[]] * 10
    _paste(coordinator, lines, "assessor")
    coordinator.press("Look at the list")
    coordinator.press("Invite 10 people")
    _paste(coordinator, ["Кметът, mayor@bregovo.example"], "sponsor")
    coordinator.press("Look at the list")
    coordinator.press("Invite 1 person")
    people = [visitor(browser, platform) for _ in range(11)]
    for n in MEMBERS:
        accept(people[n - 1], f"member{n}@bregovo.example")
    accept(people[10], "mayor@bregovo.example")
    return people


def _paste(coordinator: Visitor, lines: list[str], role: str) -> None:
    coordinator.go(f"{TOWN}/organisation/people/invite/").fill(people="\n".join(lines))
    coordinator.page.check(f'[name="roles"][value="{role}"]')


def plan(coordinator: Visitor) -> str:
    coordinator.go(f"{TOWN}/a/new/?framework=caf-2020")
    coordinator.page.check('[name="method"][value="classical"]')
    coordinator.fill(report_due="30.06.2027", scope="Цялата администрация")
    coordinator.press("Start the self-assessment")
    base = coordinator.page.url.removeprefix(coordinator.platform.address)
    coordinator.go(f"{base}documents/order/").fill(number="РД-09-1", date="23.11.2026")
    coordinator.page.set_input_files(
        '[name="file"]', {"name": "заповед.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    coordinator.press("Save")
    assert "РД-09-1" in coordinator.go(f"{base}documents/").text()
    return base


def communicate(coordinator: Visitor, base: str) -> None:
    coordinator.go(f"{base}communication/").press("Add the usual messages")
    coordinator.go(f"{base}notice/new/").fill(title="Започваме самооценка", body="Групата работи до юни.")
    coordinator.press("Save as a draft")
    draft = coordinator.page.request.get(f"{base}drafts/order/?language=bg")
    headings = [paragraph.text for paragraph in docx.Document(io.BytesIO(draft.body())).paragraphs]
    assert any("ЗАПОВЕД" in text.upper() for text in headings)


def compose(coordinator: Visitor, base: str) -> None:
    for n in MEMBERS:
        coordinator.go(f"{base}group/")
        names = coordinator.page.locator('[name="holder"] option').all_inner_texts()
        label = next(name for name in names if _is(name, n))
        coordinator.page.select_option('[name="holder"]', label=label)
        coordinator.page.select_option('[name="function"]', "chair" if n == 1 else "member")
        coordinator.press("Add to the group")
    coordinator.go(f"{base}gatherings/new/training/")
    coordinator.fill(
        title="Обучение по CAF", from_date="01.12.2026", until_date="02.12.2026", lecturer="Лектор"
    )
    coordinator.press("Save")


def _is(label: str, number: int) -> bool:
    digits = "".join(character for character in label if character.isdigit())
    return digits == str(number)


def assess(people: list[Visitor], base: str) -> None:
    """Two on the pages, the others in the workbook: all say something on every sub-criterion."""
    write_by_hand(people[0], base)
    for n in MEMBERS:
        person = people[n - 1]
        judged = {code: (individual(n, code), *said(n, code)) for code in CODES}
        if n in ON_PAGES:
            for code, (score, strength, area) in judged.items():
                judge(person, base, code, score, strength=strength, area=area)
        else:
            fill_in_workbook(person, base, judged)
        person.go(f"{base}my/check/").press("Hand in my assessment")


def said(member: int, code: str) -> tuple[str, str]:
    """A strength and an area for improvement."""
    return f"Силна страна {code} от {member}", f"Област {code} от {member}"


def write_by_hand(person: Visitor, base: str) -> None:
    """One sub-criterion in the browser: it says "not saved" at once and saves itself within seconds."""
    page = person.go(f"{base}my/2.2/").page
    page.locator('[name="strength-text"]').first.click()
    page.keyboard.type("Планът се отчита на всеки шест месеца.")
    page.get_by_text("not saved", exact=False).first.wait_for()
    page.get_by_text("Saved at", exact=False).first.wait_for(timeout=8000)
    again = person.go(f"{base}my/2.2/").page
    assert (
        again.locator('[name="strength-text"]').first.input_value()
        == "Планът се отчита на всеки шест месеца."
    )


def see_progress_without_content(coordinator: Visitor, base: str) -> None:
    words = coordinator.go(f"{base}progress/").text()
    assert "28" in words
    assert "Силна страна" not in coordinator.page.content()


def agree(chair: Visitor, base: str) -> None:
    """The chair agrees on every sub-criterion; where the score leaves the middle half, a reason is needed."""
    for code in CODES:
        if code in {"1.1", "2.3"}:
            page = chair.go(f"{base}agree/{code}/").page
            with page.expect_navigation():
                page.locator('button[name="take"]').first.click()
        reason = f"Групата се съгласи за {code}."
        changes = {"value-score": str(agreed(code)), "justification": reason, "decision": "agree"}
        chair.send(f"{base}agree/{code}/", "value-score", changes)
    chair.go(f"{base}agree/finish/")
    chair.page.locator("main form button").last.click()
    chair.page.wait_for_load_state()


def report(coordinator: Visitor, mayor: Visitor, base: str) -> int:
    coordinator.go(f"{base}report/sections/introduction/").press("Save")
    coordinator.go(f"{base}report/")
    coordinator.page.check('main [name="language"][value="bg"]')
    coordinator.press("Make a revision")
    number = int(coordinator.page.url.rstrip("/").rpartition("/")[2])
    coordinator.press("Submit for approval")
    mayor.go(f"{base}report/{number}/").press("Approve the report")
    assert "Approved" in mayor.text()
    return number


def publish(coordinator: Visitor, base: str, number: int) -> str:
    coordinator.go(f"{base}report/{number}/")
    coordinator.page.get_by_text("Publish chosen parts").click()
    coordinator.press("Publish")
    href = coordinator.page.locator('a[href^="/reports/"]').first.get_attribute("href")
    assert href is not None
    return href


def expected() -> dict[str, Decimal]:
    """Means computed by other means than the product's."""
    return {
        criterion: Decimal(mean([Decimal(agreed(f"{criterion}.{n}")) for n in range(1, count + 1)]))
        for criterion, count in CRITERIA.items()
    }


def shown(value: Decimal) -> str:
    rounded = value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return str(rounded.normalize() if rounded == rounded.to_integral() else rounded).replace(".", ",")


def read_everywhere(person: Visitor, address: str) -> None:
    numbers = expected()
    page = person.go(address).text()
    data = json.loads(person.page.request.get(f"{address}json/").body())
    for criterion in data["criteria"]:
        exact = numbers[criterion["code"]]
        assert abs(Decimal(criterion["mean"]) - exact) < Decimal("1e-20")
        assert shown(exact) in page
    check_files(
        {kind: person.page.request.get(f"{address}{kind}/").body() for kind in ("pdf", "docx", "xlsx")}
    )


def check_files(files: dict[str, bytes]) -> None:
    numbers = expected()
    words = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(files["pdf"])).pages)
    cells = {c.text for t in docx.Document(io.BytesIO(files["docx"])).tables for r in t.rows for c in r.cells}
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(files["xlsx"]))
    rows: list[list[Any]] = book.get_sheet_by_index(1).to_python()
    for criterion, exact in numbers.items():
        assert shown(exact) in words
        assert shown(exact) in cells
        found = next(row for row in rows if str(row[0]).removesuffix(".0") == criterion)
        assert found[2] == pytest.approx(float(exact), abs=1e-12)


def read_as_a_citizen(citizen: Visitor, path: str) -> None:
    """The published parts are there; the group's names and the evidence are not."""
    text = citizen.go(path).text()
    assert all(shown(value) in text for value in expected().values())
    assert "Оценител 1" not in citizen.page.content()
    data = citizen.page.request.get(f"{path}json/").text()
    assert "Оценител 1" not in data
    assert Path(path).name in {Path(link).name for link in _links(citizen.go("/reports/"))}


def _links(person: Visitor) -> list[str]:
    return [str(link.get_attribute("href")) for link in person.page.locator("main a").all()]
