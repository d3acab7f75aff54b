"""The yearly report on satisfaction: written, approved, published, and read as page, PDF and Word file."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document as WordFile
from pypdf import PdfReader

from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.surveys.actions import yearly as actions
from merilo.surveys.analysis.storing import make_snapshot
from merilo.surveys.models import State, YearlyReport
from tests.people import a_member, an_organisation, as_viewer, signed_in
from tests.surveys import a_survey, answered

pytestmark = pytest.mark.django_db
PARTS: dict[str, Any] = {
    "texts": {
        "introduction": "Докладът обхваща 2025 г.",
        "service": "Обслужването е на едно гише.",
        "analysis": "Най-добре са оценени служителите.",
        "conclusion": "Ще питаме отново през есента.",
    },
    "methods": {
        "survey": {"used": True, "when": "октомври", "sample": "40 граждани", "note": ""},
        "mystery": {"used": True, "when": "май", "sample": "6 посещения", "note": "Изчакване 12 минути."},
    },
    "signals": {"complaints": 4, "praise": 11, "note": "Най-често за паркирането."},
    "measures": [{"text": "Второ гише", "who": "Секретарят", "when": "юни 2026", "state": "planned"}],
}


@pytest.fixture
def town():
    return an_organisation()


@pytest.fixture
def coordinator(town):
    return a_member(town, "coordinator")


@pytest.fixture
def report(town):
    made = YearlyReport.objects.create(
        organisation=town, year=2025, language="bg", parts=PARTS, made_at=timezone.now()
    )
    survey = a_survey(town, state=State.CLOSED)
    answered(survey, *({"age": "young", "overall": 4, "visited": True} for _ in range(40)))
    make_snapshot(survey, timezone.now())
    made.surveys.add(survey)
    return made


def page(report, name, **parts):
    kwargs = {"org": report.organisation.slug, "yearly": report.pk, **parts}
    return reverse(f"surveys:{name}", kwargs=kwargs)


def word_text(content: bytes) -> str:
    word = WordFile(io.BytesIO(content))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in word.paragraphs] + cells)


def test_the_files_tell_methods_samples_and_measures(coordinator, report) -> None:
    client = signed_in(coordinator)
    word = word_text(client.get(page(report, "yearly_file", format_="docx")).content)
    printed = PdfReader(io.BytesIO(client.get(page(report, "yearly_file", format_="pdf")).content))
    for text in (word, "\n".join(sheet.extract_text() for sheet in printed.pages)):
        flat = " ".join(text.split())
        for said in (
            "Обща оценка",
            "4,00",
            "40 граждани",
            "6 посещения",
            "Второ гише",
            "Секретарят",
            "обслужването е на",
            "11",
        ):
            assert said.casefold() in flat.casefold()


def test_each_part_is_written_by_itself(coordinator, report) -> None:
    client = signed_in(coordinator)
    measures = {
        "m0_text": "Трето гише",
        "m0_who": "Кметът",
        "m0_when": "",
        "m0_state": "done",
        "m1_text": "",
        "version": "1",
    }
    assert client.post(page(report, "yearly_part", part="measures"), measures).status_code == 302
    report.refresh_from_db()
    assert [row["text"] for row in report.parts["measures"]] == ["Трето гише"]
    assert report.parts["texts"] == PARTS["texts"]
    assert report.version == 2


def test_a_row_without_a_measure_is_named_and_kept(coordinator, report) -> None:
    sent = {"m0_text": "", "m0_who": "Кметът", "version": "1"}
    answer = signed_in(coordinator).post(page(report, "yearly_part", part="measures"), sent)
    assert answer.status_code == 422
    assert "Кметът" in answer.content.decode()


def test_who_wrote_later_sees_both(coordinator, report) -> None:
    client = signed_in(coordinator)
    texts: dict[str, str] = {**PARTS["texts"], "version": "1"}
    client.post(page(report, "yearly_part", part="texts"), texts | {"service": "Две гишета."})
    answer = client.post(page(report, "yearly_part", part="texts"), texts | {"service": "Едно гише и сайт."})
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "Две гишета." in shown
    assert "Едно гише и сайт." in shown


def test_only_a_complete_report_is_approved_and_then_it_stays(town, coordinator, report) -> None:
    viewer = as_viewer(coordinator)
    empty = YearlyReport.objects.create(organisation=town, year=2024, language="bg", made_at=timezone.now())
    with pytest.raises(MeriloError):
        actions.approve(viewer=viewer, report=empty, frozen=[], version=1, at=timezone.now())
    actions.approve(viewer=viewer, report=report, frozen=[], version=1, at=timezone.now())
    report.refresh_from_db()
    with pytest.raises(Refused):
        actions.write_part(viewer=viewer, report=report, key="texts", value={}, version=2, at=timezone.now())
    with pytest.raises(Conflict):
        actions.withdraw(viewer=viewer, report=report, at=timezone.now())


def test_everybody_reads_what_is_published_until_it_is_taken_back(client, coordinator, report) -> None:
    viewer, address = as_viewer(coordinator), reverse("yearly:report", args=[report.organisation.slug, 2025])
    actions.approve(viewer=viewer, report=report, frozen=[], version=1, at=timezone.now())
    report.refresh_from_db()
    assert client.get(address).status_code == 404
    actions.publish(viewer=viewer, report=report, at=timezone.now())
    assert "Второ гише" in client.get(address).content.decode()
    report.refresh_from_db()
    actions.withdraw(viewer=viewer, report=report, at=timezone.now())
    assert client.get(address).status_code == 404


def test_a_year_has_one_report(coordinator, report) -> None:
    answer = signed_in(coordinator).post(
        reverse("surveys:yearly_new", args=[report.organisation.slug]), {"year": "2025"}
    )
    assert answer.status_code == 422
    assert YearlyReport.objects.filter(organisation=report.organisation).count() == 1


def test_another_town_reaches_nothing(report) -> None:
    stranger = a_member(an_organisation(), "coordinator")
    for name, parts in (("yearly_report", {}), ("yearly_part", {"part": "texts"})):
        assert signed_in(stranger).get(page(report, name, **parts)).status_code == 404
    with pytest.raises(Refused):
        actions.approve(viewer=as_viewer(stranger), report=report, frozen=[], version=1, at=timezone.now())
