"""A questionnaire on paper: conditions in words, the numbers a clerk types, a PDF for everybody."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from pypdf import PdfReader

from merilo.surveys.models import State
from merilo.surveys.printing import Imprint, sheet_of
from merilo.surveys.rules.conditions import Answered, Compared, Contains, Every, Not, Some
from merilo.surveys.rules.plain import from_plain
from merilo.surveys.rules.tests.examples import complete
from merilo.surveys.saying import Speaker
from merilo.web.documents.sheet import Asking, Grid, Scale, Sheet, Tick, Ticks, sheet_pdf
from tests.people import a_member, an_organisation, signed_in
from tests.surveys import a_questionnaire, a_survey

MINE = Imprint(author="Община Примерово", code="k3m9x2p – 1", address="town.example/s/k3m9x2p/")


def on_paper(language: str = "en") -> Sheet:
    return sheet_of(complete(), language, MINE)


def asking(sheet: Sheet, number: int) -> Asking:
    return next(part for part in sheet.parts if isinstance(part, Asking) and part.number == number)


def read(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (Compared("visited", "=", value=True), "you answered “yes” to question 2"),
        (Compared("service", "!=", "post"), "you gave another answer than “post” to question 1"),
        (Compared("wait", ">", 60), "your answer to question 5 is more than 60"),
        (Compared("staff.fast", "=", "dk"), "you answered “?” to question 4, row “Fast”"),
        (Compared("overall", "=", "unknown"), "you answered “?” to question 8"),
        (Contains("reasons", "permit"), "you chose “permit” in question 3"),
        (Answered("town"), "you answered question 10"),
        (Not(Answered("town")), "you left question 10 without an answer"),
        (Not(Contains("reasons", "tax")), "you did not choose “tax” in question 3"),
        (Not(Compared("service", "=", "post")), "you did not answer “post” to question 1"),
        (Not(Compared("wait", "<", 5)), "it is not so that your answer to question 5 is less than 5"),
        (
            Every((Answered("wait"), Some((Answered("town"), Answered("say"))))),
            "you answered question 5 and (you answered question 10 or you answered question 11)",
        ),
    ],
)
def test_conditions_are_said_by_the_numbers_of_questions(condition, words) -> None:
    with translation.override("en"):
        assert Speaker(complete(), "en").words(condition) == words


@pytest.mark.sqlite
def test_a_sheet_says_who_answers_how_and_what_the_clerk_types() -> None:
    sheet = on_paper()
    reasons, staff, overall = (asking(sheet, number).answer for number in (3, 4, 8))
    assert isinstance(reasons, Ticks)
    assert [tick.number for tick in reasons.options] == ["1", "2", "3"]
    assert isinstance(staff, Grid)
    assert staff.rows == ("Polite", "Fast")
    assert isinstance(overall, Scale)
    assert overall.beside is not None
    assert (overall.points[-1], overall.beside.number) == ("5", "99")
    assert asking(sheet, 3).hint == "Tick at most 2 boxes."
    assert asking(sheet, 6).rule == "Answer only if your answer to question 5 is more than 60."
    assert asking(sheet, 11).hint == "About [your answer to question 1] in [your answer to question 10]?"


@pytest.mark.sqlite
def test_the_pdf_is_tagged_and_carries_its_code_on_each_page() -> None:
    content = sheet_pdf(on_paper("bg"), fonts=settings.PDF_FONTS_DIR, at=timezone.now())
    reader = PdfReader(io.BytesIO(content))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert reader.trailer["/Root"]["/Lang"].startswith("bg")  # type: ignore[index]
    assert all("k3m9x2p – 1" in page.extract_text() for page in reader.pages)


@pytest.mark.sqlite
def test_heads_of_columns_are_parted_between_words_where_these_fit() -> None:
    heads = ("Много лошо", "Лошо", "Средно", "Добре", "Много добре", "Не мога да преценя")
    grid = Grid(tuple(Tick(str(place), head) for place, head in enumerate(heads, start=1)), ("Учтивост",))
    sheet = replace(on_paper("bg"), parts=(Asking(1, "Доволни ли сте?", grid),))
    content = sheet_pdf(sheet, fonts=settings.PDF_FONTS_DIR, at=timezone.now())
    words = PdfReader(io.BytesIO(content)).pages[0].extract_text().split()
    assert words.count("Много") == words.count("лошо") + words.count("добре") == 2
    assert sheet.name  # a survey with names has a line for it


@pytest.mark.sqlite
def test_letters_that_cannot_be_drawn_are_told_of() -> None:
    definition = from_plain(a_questionnaire(description={"bg": "Здравейте 😀", "en": "Hello 😀"}))
    content = sheet_pdf(sheet_of(definition, "en", MINE), fonts=settings.PDF_FONTS_DIR, at=timezone.now())
    assert "[?] stands for a character" in read(content)


# --- the pages --------------------------------------------------------------------------------
@pytest.fixture
def town(db):
    return an_organisation()


@pytest.fixture
def clerk(town):
    return signed_in(a_member(town, "clerk"))


def url(survey, name: str, **more: str) -> str:
    kwargs = {"org": survey.organisation.slug, "survey": survey.pk, **more}
    return reverse(f"surveys:{name}", kwargs=kwargs)


def test_an_open_survey_is_printed_with_its_address(town, clerk) -> None:
    survey = a_survey(town)
    page = clerk.get(url(survey, "paper")).content.decode()
    assert f"{survey.short} – 1" in page
    answer = clerk.get(url(survey, "paper_file", language="bg"))
    assert answer["Content-Type"] == "application/pdf"
    assert f"/s/{survey.short}/" in read(answer.content).replace("\n", "")


def test_where_people_are_invited_paper_has_no_address_and_is_not_entered(town, clerk) -> None:
    survey = a_survey(town, entry="invited")
    assert "/s/" not in read(clerk.get(url(survey, "paper_file", language="en")).content)
    assert clerk.get(url(survey, "enter")).status_code == 200
    assert clerk.post(url(survey, "enter"), {"a:age": "1"}).status_code == 409


def test_a_draft_with_mistakes_and_a_language_it_has_not_are_not_printed(town, clerk) -> None:
    survey = a_survey(town, state=State.DRAFT)
    assert clerk.get(url(survey, "paper_file", language="de")).status_code == 404
    survey.draft = "{}"
    survey.save(update_fields=["draft"])
    assert clerk.get(url(survey, "paper")).status_code == 200
    assert clerk.get(url(survey, "paper_file", language="bg")).status_code == 404


def test_who_only_reads_results_prints_nothing(town) -> None:
    survey = a_survey(town)
    reader = signed_in(a_member(town, "assessor"))
    assert reader.get(url(survey, "paper")).status_code == 403
    assert reader.get(url(survey, "enter")).status_code == 403
