"""An interim report tells how measures stood at the end of a period, and what happened in it."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from typing import Any

import docx
import pypdf
import pytest
import python_calamine
from django.utils import timezone, translation

from merilo.core.periods import Period
from merilo.improvement.models import CheckIn, Measure, Plan
from merilo.improvement.reporting import interim_document as told
from merilo.improvement.reporting.content import Content
from merilo.improvement.reporting.interim import Asked, activities_done, collect, group_of, measures_done
from merilo.improvement.rules.progress import Share
from merilo.indicators.models import Indicator, Value
from merilo.organisations.models import Membership
from tests.people import a_member, an_organisation, signed_in
from tests.plans import a_measure, a_plan, an_activity

pytestmark = pytest.mark.django_db

HALF = Period(date(2026, 1, 1), date(2026, 6, 30))
TODAY = date(2026, 11, 23)


class Carried:
    """A plan in which one measure is done by June, one later, one given up, one silent."""

    def __init__(self) -> None:
        self.organisation = an_organisation()
        self.coordinator = a_member(self.organisation, "coordinator", name="Радка Димова")
        self.plan = a_plan(self.organisation, state="running")
        self.survey = self.measure("Анкета", state="done", state_on=date(2026, 6, 10), last=date(2026, 7, 31))
        an_activity(self.survey, "Въпросник", percent=100, done_on=date(2026, 4, 2))
        an_activity(self.survey, "Доклад", percent=100, done_on=date(2026, 6, 9))
        self.board = self.measure("Табло", state="done", state_on=date(2026, 9, 1), last=date(2026, 7, 31))
        an_activity(self.board, "Показатели", percent=100, done_on=date(2026, 9, 1))
        self.gone = self.measure("Паркинг", state="dropped", state_on=date(2026, 2, 1))
        an_activity(self.gone, "Проект", percent=0)
        self.quiet = self.measure("Обучение", first=date(2026, 1, 1), last=date(2026, 5, 31))
        self.said(self.survey, date(2026, 3, 1), "under_way", 30, "Въпросникът е готов наполовина.")
        self.said(self.survey, date(2026, 6, 10), "done", 100, "Готово.")
        self.said(self.board, date(2026, 5, 1), "under_way", 40, "Данните се събират.")
        self.said(self.board, date(2026, 9, 1), "done", 100, "Таблото работи.")

    def measure(self, text: str, **fields: Any) -> Measure:
        return a_measure(self.plan, text, owner=self.coordinator, **fields)

    def said(self, measure: Measure, on: date, state: str, percent: int, text: str) -> None:
        at = datetime(on.year, on.month, on.day, 10, tzinfo=self.organisation.zone)
        facts = {"state": state, "percent": percent, "text": text, "by": self.coordinator}
        CheckIn.objects.create(measure=measure, at=at, **facts)

    def path(self, rest: str = "") -> str:
        return f"/o/{self.organisation.slug}/plans/{self.plan.pk}/report/{rest}"


@pytest.fixture
def carried() -> Carried:
    return Carried()


def told_of(plan: Plan, period: Period) -> Content:
    return collect(plan, Asked(period, TODAY), language="bg")


def by_text(report: Content) -> dict[str, Any]:
    return {line["text"]: line for line in report["lines"]}


def test_measures_are_told_as_they_stood_at_the_end(carried: Carried) -> None:
    report = told_of(carried.plan, HALF)
    lines = by_text(report)
    assert {text: group_of(line) for text, line in lines.items()} == {
        "Анкета": "done",
        "Табло": "at_risk",  # 40 % in May, and more than 70 % of the time had passed
        "Паркинг": "dropped",
        "Обучение": "late",
    }
    assert measures_done(report["lines"]) == Share(1, 3, 1)
    assert activities_done(report["lines"]) == Share(2, 3, 1)
    assert lines["Табло"]["after"]["percent"] == 40
    assert [line["text"] for line in report["lines"] if line["quiet"]] == ["Обучение"]


def test_what_happened_is_what_lies_in_the_period(carried: Carried) -> None:
    period = Period(date(2026, 4, 1), date(2026, 6, 30))
    line = by_text(told_of(carried.plan, period))["Анкета"]
    with translation.override("en"):
        happened = list(told.happenings(line))
    assert happened[:2] == ["State: under way → done", "Carried out: 30 % → 100 %"]
    assert [one["text"] for one in line["carried_out"]] == ["Въпросник", "Доклад"]
    assert [one["text"] for one in line["reports"]] == ["Готово."]


def test_until_today_it_is_as_it_is_now(carried: Carried) -> None:
    lines = told_of(carried.plan, Period(date(2026, 6, 1), TODAY))["lines"]
    assert (measures_done(lines).done, measures_done(lines).percent) == (2, 67)
    assert (activities_done(lines).done, activities_done(lines).of) == (3, 3)


def test_indicators_have_the_value_known_at_the_end(carried: Carried) -> None:
    indicator = Indicator.objects.create(
        organisation=carried.organisation, code="П1", name="Отговори", direction="up", made_at=timezone.now()
    )
    for month, value in ((3, 40), (6, 90), (9, 150)):
        last = date(2026, month, 30)
        Value.objects.create(
            indicator=indicator,
            first=last - timedelta(days=29),
            last=last,
            value=value,
            entered_at=timezone.now(),
        )
    carried.survey.indicators.create(indicator=indicator, baseline=10, target=120)
    [effect] = by_text(told_of(carried.plan, HALF))["Анкета"]["indicators"]
    assert (effect["value"], effect["last"], effect["reached"]) == ("90", "2026-06-30", False)
    [effect] = by_text(told_of(carried.plan, Period(HALF.first, TODAY)))["Анкета"]["indicators"]
    assert effect["reached"] is True


def test_page_and_files_say_the_same_percentages(carried: Carried) -> None:
    client = signed_in(carried.coordinator)
    query = "?first=01.01.2026&last=30.06.2026"
    page = client.get(carried.path() + query, headers={"accept-language": "bg"})
    assert page.status_code == 200
    told_there = page.content.decode().replace("\u00a0", " ")
    paper = pypdf.PdfReader(io.BytesIO(client.get(carried.path("pdf/") + query).content))
    text = " ".join(" ".join(one.extract_text() for one in paper.pages).replace("\u00a0", " ").split())
    word = docx.Document(io.BytesIO(client.get(carried.path("docx/") + query).content))
    written = "\n".join(one.text for one in word.paragraphs).replace("\u00a0", " ")
    for said in (told_there, text, written):
        assert "33 %" in said
        assert "67 %" in said
        assert "Въпросникът е готов наполовина." in said
    book = python_calamine.load_workbook(io.BytesIO(client.get(carried.path("xlsx/") + query).content))
    values = [row[1] for row in book.get_sheet_by_index(0).to_python() if len(row) > 1]
    assert {33.0, 67.0} <= {value for value in values if isinstance(value, float)}


@pytest.mark.parametrize(
    "query", ["?first=30.06.2026&last=01.01.2026", "?first=01.01.2026&last=01.01.2999", "?first=x&last="]
)
def test_a_period_that_cannot_be_is_refused(carried: Carried, query: str) -> None:
    client = signed_in(carried.coordinator)
    assert client.get(carried.path() + query).status_code == 422
    assert client.get(carried.path("pdf/") + query).status_code == 404


def test_of_a_draft_nothing_is_reported(carried: Carried) -> None:
    carried.plan.state = "draft"
    carried.plan.save()
    assert signed_in(carried.coordinator).get(carried.path()).status_code == 404


@pytest.mark.every_database
def test_the_report_asks_the_database_a_fixed_number_of_times(
    carried: Carried, django_assert_max_num_queries: Any
) -> None:
    def more(count: int) -> None:
        for _number in range(count):
            measure = carried.measure("Още", state="under_way")
            an_activity(measure, owner=carried.coordinator)
            carried.said(measure, date(2026, 5, 1), "under_way", 10, "Върви.")

    more(20)
    client = signed_in(carried.coordinator)
    client.get(carried.path())
    with django_assert_max_num_queries(18):
        assert client.get(carried.path()).status_code == 200


def test_a_reader_inside_reads_it_and_a_stranger_does_not(carried: Carried) -> None:
    reader: Membership = a_member(carried.organisation, "viewer")
    assert signed_in(reader).get(carried.path()).status_code == 200
    stranger = a_member(an_organisation(), "coordinator")
    assert signed_in(stranger).get(carried.path()).status_code == 404
