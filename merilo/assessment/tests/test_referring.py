"""Evidence that points at results of other rooms: put on the shelf, shown, changed since, taken over."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from merilo.assessment.models import Evidence
from merilo.assessment.reporting.content import collect
from merilo.assessment.tests.test_archives import a_stranger, filled, made, taken
from merilo.assessment.tests.test_sheets_pages import Town, html
from merilo.core import references
from merilo.core.models import AuditEntry
from merilo.core.references import Kind, Place, Reference, Snapshot
from tests.people import NOON

pytestmark = pytest.mark.django_db
SEEN = Snapshot(
    title="How satisfied are you?",
    figure=Decimal("3.84"),
    measure="Mean, from 1 to 5",
    n=187,
    method="Anonymous questionnaire",
    first=date(2025, 10, 1),
    last=date(2025, 10, 31),
    source="Citizens 2025",
    path="/there/",
)
DAYS = Snapshot(
    title="6.2-1 Days to answer",
    figure=Decimal("8.5"),
    unit="days",
    first=date(2025, 1, 1),
    last=date(2025, 12, 31),
    series={2023: Decimal("12.5"), 2024: Decimal(10), 2025: Decimal("8.5")},
    target=Decimal(9),
    better="lower",
)


class Room:
    """Another room with one place; its things can be changed or taken away, and hidden from all."""

    def __init__(self, code: str, thing: Snapshot) -> None:
        self.code, self.things, self.hidden = code, {"p/1": thing}, False

    def kind(self) -> Kind:
        return Kind(self.code, self.code, self.places, self.offered, self.look)

    def places(self, _viewer: Any) -> list[Place]:
        return [] if self.hidden else [Place("p", "Citizens 2025", "187 responses")]

    def offered(self, _viewer: Any, place: str) -> list[Reference]:
        seen = {} if self.hidden or place != "p" else self.things
        return [Reference(self.code, key, one) for key, one in seen.items()]

    def look(self, _viewer: Any, ids: Collection[str]) -> dict[str, Snapshot | None]:
        return {} if self.hidden else {one: self.things.get(one) for one in ids}


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Room:
    survey, indicator = Room("survey", SEEN), Room("indicator", DAYS)
    kinds = {room.code: room.kind() for room in (survey, indicator)}
    monkeypatch.setattr(references, "_kinds", kinds)
    return survey


def put(town: Town, kind: str = "survey", *uses: str) -> Evidence:
    url = town.url(f"evidence/from/{kind}/?place=p&for=6.1")
    answer = town.client(town.ana).post(url, {"take": "p/1", "use": uses or ["6.1"]})
    assert (answer.status_code, answer["Location"]) == (302, town.url("my/6.1/"))
    return Evidence.objects.get()


def test_a_result_is_chosen_and_stands_at_its_sub_criterion(town: Town, asked: Room) -> None:
    client = town.client(town.ana)
    assert town.url("evidence/from/survey/?for=6.1") in html(client.get(town.url("evidence/new/?for=6.1")))
    places = html(client.get(town.url("evidence/from/survey/?for=6.1")))
    assert "Citizens 2025" in places
    row = put(town)
    assert (row.kind, row.year, row.title) == ("survey", 2025, "How satisfied are you? (Mean, from 1 to 5)")
    assert (row.details["n"], row.details["reference"]["id"]) == (187, "p/1")
    assert AuditEntry.objects.get(verb="evidence.added").object_id == str(row.pk)
    for page in ("my/6.1/", "evidence/"):
        shown = html(client.get(town.url(page)))
        assert "3.84" in shown
        assert "187 answers" in shown


def test_the_same_result_lies_on_the_shelf_once(town: Town, asked: Room) -> None:
    put(town)
    page = html(town.client(town.bob).get(town.url("evidence/from/survey/?place=p")))
    assert "already chosen" in page
    assert "<details open><summary>Used for which sub-criteria?" in page  # there is nothing else to do
    assert " disabled" in page
    put(town)


def test_nothing_chosen_is_refused_and_keeps_what_was_ticked(town: Town, asked: Room) -> None:
    client, url = town.client(town.ana), town.url("evidence/from/survey/?place=p")
    answer = client.post(url, {"use": ["7.1"]})
    assert answer.status_code == 422
    assert 'value="7.1" id="use-7.1" checked' in html(answer)
    answer = client.post(url, {"take": "p/1", "use": ["7.1"], "page-7.1": "x" * 100})
    assert answer.status_code == 422
    assert not Evidence.objects.exists()


def test_only_what_one_may_point_at_is_taken(town: Town, asked: Room) -> None:
    client = town.client(town.ana)
    forged = client.post(town.url("evidence/from/survey/?place=p"), {"take": ["p/2", "q/1"]})
    assert forged.status_code == 422
    asked.hidden = True
    client.post(town.url("evidence/from/survey/?place=p"), {"take": "p/1"})
    assert not Evidence.objects.exists()
    assert client.get(town.url("evidence/from/note/")).status_code == 404
    assert town.client(town.stranger).get(town.url("evidence/from/survey/")).status_code == 404


def test_an_indicator_brings_its_years_and_its_target(town: Town, asked: Room) -> None:
    row = put(town, "indicator")
    assert row.details["values"] == {"2023": "12.5", "2024": "10", "2025": "8.5"}
    assert (row.details["target"], row.details["better"]) == ("9", "lower")
    assert "2023–2025: 12.5 → 10 → 8.5 days" in html(town.client(town.ana).get(town.url("my/6.1/")))


def test_a_changed_source_is_told_everywhere_and_taken_over(town: Town, asked: Room) -> None:
    row, client = put(town), town.client(town.ana)
    asked.things["p/1"] = replace(SEEN, figure=Decimal("3.9"), n=200)
    words = "the source says 3.9 (n = 200) now"
    for page in ("my/6.1/", "evidence/", f"evidence/{row.pk}/", "evidence/for/6.1/"):
        shown = html(client.get(town.url(page)))
        assert words in shown, page
        assert "3.84" in shown, page
    client.post(town.url(f"evidence/{row.pk}/renew/"))
    row.refresh_from_db()
    assert (row.details["n"], row.details["reference"]["snapshot"]["figure"]) == (200, "3.9")
    assert AuditEntry.objects.filter(verb="evidence.renewed").count() == 1
    assert words not in html(client.get(town.url("evidence/")))
    client.post(town.url(f"evidence/{row.pk}/renew/"))
    assert AuditEntry.objects.filter(verb="evidence.renewed").count() == 1


def test_what_is_gone_stays_on_the_shelf_as_it_was_seen(town: Town, asked: Room) -> None:
    row, client = put(town), town.client(town.ana)
    asked.things.clear()
    page = html(client.get(town.url(f"evidence/{row.pk}/")))
    assert "the source is no longer there" in page
    assert "Citizens 2025" in page
    assert client.post(town.url(f"evidence/{row.pk}/renew/")).status_code == 422
    row.refresh_from_db()
    assert row.details["n"] == 187


def test_who_may_not_see_the_source_reads_what_was_seen_and_nothing_more(town: Town, asked: Room) -> None:
    row = put(town)
    asked.things.clear()
    asked.hidden = True
    page = html(town.client(town.ana).get(town.url(f"evidence/{row.pk}/")))
    assert "Citizens 2025" in page
    assert "no longer" not in page
    assert "/there/" not in page


def test_changing_the_rest_keeps_the_figures(town: Town, asked: Room) -> None:
    row, client = put(town), town.client(town.ana)
    fields = {"title": "Satisfaction", "text": "Best in years", "only_coordinator": "no", "version": 1}
    client.post(town.url(f"evidence/{row.pk}/"), fields | {"use": ["6.1"], "n": "999999"})
    changed = Evidence.objects.get()
    assert (changed.title, changed.text, changed.details) == ("Satisfaction", "Best in years", row.details)


def test_the_report_prints_what_was_seen(town: Town, asked: Room) -> None:
    put(town)
    (told,) = collect(town.assessment, language="en")["evidence"]
    assert told["result"] == "3.84, n = 187, 01.10.2025 – 31.10.2025, Anonymous questionnaire"
    assert json.loads(json.dumps(told))["reference"]["id"] == "p/1"


def test_an_archive_carries_references_and_comes_out_the_same() -> None:
    case = filled()
    kept = {"reference": Reference("survey", "p/1", SEEN).plain(), "n": 187, "wave": "2025", "method": ""}
    Evidence.objects.create(
        assessment=case.assessment, kind="survey", title="Satisfaction", details=kept, added_at=NOON
    )
    case.approved()
    first = made(case.viewer, case.assessment)
    stranger = a_stranger()
    assert made(stranger, taken(stranger, first)) == first
