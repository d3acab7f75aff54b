"""An interim report for everybody: without names and what is withheld, frozen as it was looked at."""

from __future__ import annotations

import io
import json
import re
from datetime import date, datetime
from typing import Any

import docx
import pypdf
import pytest
import python_calamine
from django.test import Client
from django.utils import timezone

from merilo.core.models import AuditEntry
from merilo.improvement.actions import revisions
from merilo.improvement.models import CheckIn, Measure, PlanReport, ReportFile
from merilo.improvement.tasks import build_report_documents, draw_report
from merilo.organisations.models import Unit
from tests.people import a_member, an_organisation, as_viewer, signed_in
from tests.plans import a_measure, a_plan, an_activity, an_approved, measured_by

pytestmark = pytest.mark.django_db
DAYS = "?first=01.01.2026&last=30.06.2026"


class Town:
    """A published plan of four measures: one done, one withheld, one dropped, one silent; one came later."""

    def __init__(self) -> None:
        self.organisation = an_organisation()
        self.coordinator = a_member(self.organisation, "coordinator", name="Радка Димова")
        self.sponsor = a_member(self.organisation, "sponsor")
        unit = Unit.objects.create(organisation=self.organisation, name="Дирекция „Услуги“")
        self.owner = a_member(
            self.organisation, "assessor", name="Георги Тодоров", position="главен експерт", unit=unit
        )
        self.plan = a_plan(self.organisation, state="running")
        self.survey = self.measure("Анкета", state="done", state_on=date(2026, 6, 10))
        an_activity(self.survey, "Въпросник", percent=100, done_on=date(2026, 4, 2), owner=self.owner)
        self.said(self.survey, date(2026, 6, 10), "done", "Госпожа Колева събра 120 отговора.")
        self.secret = self.measure("Проверка на касата", state="done", withheld=True)
        self.said(self.secret, date(2026, 6, 11), "done", "Липсват 300 лв.")
        self.gone = self.measure("Паркинг", state="dropped", state_on=date(2026, 2, 1))
        self.quiet = self.measure("Обучение", first=date(2026, 1, 1), last=date(2026, 5, 31))
        measured_by(self.survey, baseline=0, target=120)
        revision = an_approved(self.plan, self.coordinator, self.sponsor)
        revisions.publish(viewer=as_viewer(self.coordinator), revision=revision, at=timezone.now())
        self.later = self.measure("Още неодобрена мярка")
        self.plan.refresh_from_db()
        self.client = signed_in(self.coordinator)

    def measure(self, text: str, **fields: Any) -> Measure:
        return a_measure(self.plan, text, owner=self.owner, **fields)

    def said(self, measure: Measure, on: date, state: str, text: str) -> None:
        at = datetime(on.year, on.month, on.day, 10, tzinfo=self.organisation.zone)
        CheckIn.objects.create(measure=measure, at=at, state=state, percent=100, text=text, by=self.owner)

    def path(self, rest: str = "publish/") -> str:
        return f"/o/{self.organisation.slug}/plans/{self.plan.pk}/report/{rest}"

    def look(self, query: str = DAYS) -> tuple[str, str]:
        """What is to be published and the print of it."""
        page = self.client.get(self.path() + query).content.decode()
        found = re.search(r'name="seen" value="(\w+)"', page)
        return page, found[1] if found else ""

    def publish(self, query: str = DAYS, **typed: str) -> Any:
        _page, seen = self.look(query)
        return self.client.post(self.path() + query, {"seen": seen, **typed})

    def published(self, number: int = 1) -> PlanReport:
        return PlanReport.objects.select_related("plan__organisation").get(plan=self.plan, number=number)

    def public(self, rest: str = "") -> str:
        return f"/plans/{self.plan.public_slug}/reports/1/{rest}"


@pytest.fixture
def town() -> Town:
    return Town()


INSIDE = ("Тодоров", "Димова", "Колева", "Проверка на касата", "Липсват", "Още неодобрена мярка")


def everything(town: Town) -> dict[str, str]:
    """The published report in all its forms, as text."""
    row, visitor = town.published(), Client(headers={"accept-language": "bg"})
    paper = pypdf.PdfReader(io.BytesIO(draw_report(row, "pdf")))
    word = docx.Document(io.BytesIO(draw_report(row, "docx")))
    cells = [cell for table in word.tables for line in table.rows for cell in line.cells]
    book = python_calamine.load_workbook(io.BytesIO(draw_report(row, "xlsx")))
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    told = {
        "page": visitor.get(town.public()).content.decode().partition("<main")[2],
        "json": visitor.get(town.public("json/")).content.decode(),
        "pdf": " ".join(page.extract_text() for page in paper.pages),
        "docx": " ".join(one.text for one in [*word.paragraphs, *cells]),
        "xlsx": json.dumps(sheets, ensure_ascii=False, default=str),
    }
    return {kind: as_one_line(text) for kind, text in told.items()}


def as_one_line(text: str) -> str:
    """The text with words that a line has broken put together again."""
    return " ".join(re.sub("\u00ad\\s*", "", text.replace("\u00a0", " ")).split())


def test_everybody_reads_what_was_looked_at_without_names_and_what_is_withheld(town: Town) -> None:
    page, _seen = town.look()
    assert not [word for word in INSIDE if word in page.split("data-guard", 1)[1]]
    assert town.publish(foreword="Гражданите вече ни казват какво мислят.").status_code == 302
    for kind, text in everything(town).items():
        assert not [word for word in INSIDE if word in text], kind
        assert "Анкета" in text, kind
        assert "Гражданите вече ни казват какво мислят." in text, kind
        assert "главен експерт" in text, kind


def test_its_figures_are_counted_among_the_measures_that_are_shown(town: Town) -> None:
    town.publish()
    told = everything(town)
    shares = json.loads(told["json"])["shares"]
    assert shares["measures"] == {"done": 1, "of": 2, "dropped": 1, "percent": 50}
    assert shares["activities"] == {"done": 1, "of": 1, "dropped": 0, "percent": 100}
    for kind in ("page", "pdf", "docx"):
        assert "50 %" in told[kind], kind
        assert "2 мерки от плана не са показани тук" in told[kind], kind
        assert "1 отпаднала мярка" in told[kind], kind
    assert "50.0" in told["xlsx"]


def test_what_was_reported_leaves_only_where_it_is_wanted_and_without_names(town: Town) -> None:
    town.publish(f"{DAYS}&reports=on")
    for kind, text in everything(town).items():
        assert "Госпожа Колева събра 120 отговора." in text, kind
        assert "Тодоров" not in text, kind
        assert "Липсват" not in text, kind


def test_what_was_withheld_since_is_left_out_and_the_approved_wording_is_told(
    town: Town,
) -> None:
    Measure.objects.filter(pk=town.quiet.pk).update(withheld=True)
    Measure.objects.filter(pk=town.survey.pk).update(text="Съвсем друго, неодобрено")
    town.publish()
    lines = json.loads(town.published().content)["lines"]
    assert [line["text"] for line in lines] == ["Анкета", "Паркинг"]


def test_a_report_stays_as_it_was_published(town: Town) -> None:
    town.publish()
    before = everything(town)
    town.said(town.quiet, date(2026, 5, 5), "under_way", "Вписано със задна дата.")
    Measure.objects.filter(pk=town.survey.pk).update(text="Друго", state="stopped")
    assert everything(town) == before


def test_what_has_changed_since_it_was_looked_at_is_not_published_unseen(town: Town) -> None:
    _page, seen = town.look()
    an_activity(town.quiet, "Лектор", percent=100, done_on=date(2026, 5, 5))
    typed = {"seen": seen, "foreword": "Важно за всички."}
    answer = town.client.post(town.path() + DAYS, typed)
    assert answer.status_code == 422
    assert "Важно за всички." in answer.content.decode()
    assert not PlanReport.objects.exists()
    now = re.search(r'name="seen" value="(\w+)"', answer.content.decode())
    assert now is not None
    assert town.client.post(town.path() + DAYS, {**typed, "seen": now[1]}).status_code == 302
    assert "Лектор" in town.published().content


def test_the_same_days_published_again_take_the_place_of_the_older_report(town: Town) -> None:
    town.publish()
    town.publish(foreword="Второ издание.")
    assert [row.number for row in PlanReport.objects.filter(withdrawn_at=None)] == [2]
    visitor = Client()
    assert visitor.get(town.public()).status_code == 404
    assert "/reports/2/" in visitor.get(f"/plans/{town.plan.public_slug}/").content.decode()
    verbs = AuditEntry.objects.filter(verb__startswith="plan.report_").order_by("number")
    assert [entry.verb for entry in verbs] == [
        "plan.report_published",
        "plan.report_replaced",
        "plan.report_published",
    ]


def test_a_withdrawn_report_and_one_of_a_withdrawn_plan_are_read_by_nobody_outside(town: Town) -> None:
    town.publish()
    visitor = Client()
    assert visitor.get(town.public()).status_code == 200
    revisions.withdraw(viewer=as_viewer(town.coordinator), plan=town.plan, at=timezone.now())
    for rest in ("", "json/", "pdf/"):
        assert visitor.get(town.public(rest)).status_code == 404
    page = town.client.get(town.path() + DAYS)
    assert page.status_code == 200
    assert 'name="seen"' not in page.content.decode()
    [revision] = town.plan.revisions.all()
    revisions.publish(viewer=as_viewer(town.coordinator), revision=revision, at=timezone.now())
    assert visitor.get(town.public()).status_code == 200
    assert town.client.post(town.path("1/withdraw/")).status_code == 302
    assert visitor.get(town.public()).status_code == 404
    assert town.client.post(town.path("1/withdraw/")).status_code == 404


def test_its_documents_are_made_once_and_those_that_failed_again(town: Town) -> None:
    town.publish()
    row = town.published()
    assert build_report_documents.func(str(row.pk)) == 3
    assert build_report_documents.func(str(row.pk)) == 3
    assert ReportFile.objects.count() == 3
    answer = Client().get(town.public("pdf/"))
    assert answer.getvalue().startswith(b"%PDF")
    ReportFile.objects.filter(format="pdf").update(file=None, error="TypstError")
    assert Client().get(town.public("pdf/")).status_code == 404
    town.client.post(town.path("1/documents/"))
    assert not ReportFile.objects.exclude(error="").exists()


def test_a_stored_report_that_was_tampered_with_is_not_shown(town: Town) -> None:
    town.publish()
    PlanReport.objects.update(content=town.published().content.replace("Анкета", "Всичко е наред"))
    assert Client().get(town.public()).status_code == 409


def test_only_who_publishes_publishes(town: Town) -> None:
    for role, status in (("editor", 200), ("viewer", 403), ("assessor", 403), ("sponsor", 403)):
        member = a_member(town.organisation, role)
        assert signed_in(member).get(town.path()).status_code == status
    stranger = a_member(an_organisation(), "coordinator")
    assert signed_in(stranger).post(town.path(), {"seen": "x"}).status_code == 404


@pytest.mark.parametrize("query", ["?first=30.06.2026&last=01.01.2026", "?first=x&last="])
def test_days_that_cannot_be_are_said_and_nothing_is_published(town: Town, query: str) -> None:
    assert town.client.get(town.path() + query).status_code == 422
    assert town.client.post(town.path() + query, {"seen": "x"}).status_code == 422
    assert not PlanReport.objects.exists()
