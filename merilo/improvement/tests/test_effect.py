"""What came of a plan stands on one page: its indicators, and the points of the next self-assessment."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pypdf
import pytest
import python_calamine
from django.test import Client
from django.utils import timezone

from merilo.assessment.models import Agreement, Assessment, State
from merilo.improvement.models import PlanSource
from merilo.indicators.models import Value
from tests.people import a_member, an_assessment, an_organisation, signed_in
from tests.plans import a_measure, a_plan, measured_by

pytestmark = pytest.mark.django_db


class Town:
    """A running plan from a cycle of 2023, with one measure that was measured, and one without."""

    def __init__(self) -> None:
        self.organisation = an_organisation()
        self.coordinator = a_member(self.organisation, "coordinator")
        self.source = self.cycle(2023, {"1.1": 40, "6.1": 30, "6.2": 30})
        self.plan = a_plan(self.organisation, state="running")
        PlanSource.objects.create(plan=self.plan, assessment=self.source, taken_at=timezone.now())
        self.survey = a_measure(self.plan, "Анкета", codes=["6.1"])
        self.desk = a_measure(self.plan, "Гише", codes=["6.2", "1.1"])
        aim = measured_by(self.survey, baseline=20, target=60)
        for last, value in ((date(2026, 3, 31), 30), (date(2026, 6, 30), 50)):
            Value.objects.create(
                indicator=aim.indicator,
                first=last.replace(day=1),
                last=last,
                value=value,
                entered_at=timezone.now(),
            )

    def cycle(self, year: int, scores: dict[str, int], **fields: Any) -> Assessment:
        period = {"period_from": date(year - 1, 1, 1), "period_until": date(year, 12, 31)}
        values = {"state": State.APPROVED, "title": f"Самооценка {year}"} | period | fields
        made = an_assessment(self.organisation, **values)
        for code, score in scores.items():
            Agreement.objects.create(assessment=made, code=code, state="agreed", values={"score": score})
        return made

    def client(self) -> Client:
        client = signed_in(self.coordinator)
        client.cookies["language"] = "en"
        return client

    def get(self, rest: str) -> Any:
        return self.client().get(f"/o/{self.organisation.slug}/plans/{self.plan.pk}/{rest}")


def test_an_indicator_stands_from_baseline_over_the_latest_value_to_the_target() -> None:
    town = Town()
    answer = town.get("effect/")
    (row,) = answer.context["rows"]
    assert [row[name] for name in ("baseline", "latest", "target", "change")] == ["20", "50", "60", "+30"]
    assert [one.value for one in answer.context["figures"]] == [1]
    assert [one.text for one in answer.context["without"]] == ["2. Гише"]
    assert "indicators/" in row["indicator"].url
    assert not town.get("effect/?show=reached").context["rows"]


def test_without_a_later_cycle_the_page_says_what_it_waits_for() -> None:
    town = Town()
    town.cycle(2025, {"6.1": 50}, state=State.AGREEING)
    assert "no self-assessment has been approved yet" in town.get("effect/").content.decode()


def test_measures_are_joined_to_the_points_of_the_next_approved_cycle() -> None:
    town = Town()
    town.cycle(2025, {"1.1": 40, "6.1": 52, "6.2": 25})
    (source,) = town.get("effect/").context["sources"]
    joined = [
        (row["code"], [one["link"].text for one in row["measures"]], row["difference"])
        for row in source["rows"]
    ]
    assert joined == [("1.1", ["2. Гише"], "0"), ("6.1", ["1. Анкета"], "+22"), ("6.2", ["2. Гише"], "−5")]
    assert source["rows"][1]["url"] == f"{source['url']}#item-6.1"
    (lower,) = town.get("effect/?turn=lower").context["sources"]
    assert [row["code"] for row in lower["rows"]] == ["6.2"]
    assert source["means"][0].startswith("Sub-criteria with measures: +5.7 points")


def test_points_by_another_method_are_not_set_against_each_other() -> None:
    town = Town()
    town.cycle(2025, {}, method="fine-tuned")
    (source,) = town.get("effect/").context["sources"]
    assert "different methods" in source["refusal"]
    assert (source["rows"], source["figures"], source["drawing"]) == ([], [], None)


def test_the_report_of_a_period_says_it_too() -> None:
    town = Town()
    town.cycle(2025, {"1.1": 40, "6.1": 52, "6.2": 25})
    assert "+22" in town.get("report/").content.decode()
    pages = pypdf.PdfReader(io.BytesIO(town.get("report/pdf/").content)).pages
    assert "+22" in "".join(page.extract_text() for page in pages)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(town.get("report/xlsx/").content))
    cells = [cell for row in book.get_sheet_by_name(book.sheet_names[-1]).to_python() for cell in row]
    assert {30.0, 52.0, 22.0} <= set(cells)


def test_a_draft_has_no_effect_yet() -> None:
    town = Town()
    type(town.plan).objects.update(state="draft")
    assert town.get("effect/").status_code == 404
