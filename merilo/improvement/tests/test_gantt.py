"""The calendar of a plan: activities on demand, what follows what, moves that overwrite nothing; its cost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from merilo.core.errors import Refused
from merilo.improvement.actions import measures as actions
from merilo.improvement.models import Activity, Measure, Plan
from merilo.organisations.models import Membership
from tests.people import a_member, an_organisation, as_viewer, signed_in
from tests.plans import a_measure, a_plan, a_proposal, an_activity

pytestmark = pytest.mark.django_db
MARCH, APRIL = (date(2026, 3, 1), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 4, 30))


@pytest.fixture
def coordinator() -> Membership:
    return a_member(an_organisation(), "coordinator")


@pytest.fixture
def plan(coordinator: Membership) -> Plan:
    return a_plan(coordinator.organisation)


def root(plan: Plan) -> str:
    return f"/o/{plan.organisation.slug}/plans/{plan.pk}/measures/"


def names(client: Client, plan: Plan, query: str = "") -> list[str]:
    return [bar["name"] for bar in client.get(f"{root(plan)}calendar/{query}").context["bars"]]


def dated(measure: Measure, text: str, days: tuple[date, date], *after: Activity) -> Activity:
    made = an_activity(measure, text, first=days[0], last=days[1])
    made.follows.set(after)
    return made


# --- what it shows --------------------------------------------------------------------------------
def test_activities_are_shown_on_demand(coordinator: Membership, plan: Plan) -> None:
    for text in ("Първа", "Втора"):
        an_activity(a_measure(plan, text), f"Стъпка на {text}")
    client = signed_in(coordinator)
    assert names(client, plan) == ["Първа", "Втора"]
    assert names(client, plan, "?open=2") == ["Първа", "Втора", "Стъпка на Втора"]
    assert names(client, plan, "?open=all") == ["Първа", "Стъпка на Първа", "Втора", "Стъпка на Втора"]
    assert names(client, plan, "?open=-1,x,99") == ["Първа", "Втора"]
    (first, _step, _second) = client.get(f"{root(plan)}calendar/?open=1&kind=other").context["bars"]
    assert first["turn"].current
    assert names(client, plan, first["turn"].url.partition("calendar/")[2]) == ["Първа", "Втора"]


def test_what_begins_too_early_is_told_where_it_stands_and_in_a_list(
    coordinator: Membership, plan: Plan
) -> None:
    measure = a_measure(plan)
    before = dated(a_measure(plan, "Друга"), "Обучение", MARCH)
    dated(measure, "Навреме", APRIL, before)
    dated(measure, "Прибързано", (date(2026, 3, 31), date(2026, 4, 30)), before)
    context = signed_in(coordinator).get(f"{root(plan)}calendar/?open=1").context
    bars = [bar for bar in context["bars"] if bar["is_step"]]
    told = {bar["name"]: (bar["after"], "01.04.2026" in bar["tag"]) for bar in bars}
    assert told == {"Прибързано": (["след „2. Обучение“"], True), "Навреме": (["след „2. Обучение“"], False)}
    ((hurried),) = context["hurried"]
    assert (hurried["text"], hurried["earliest"][:10]) == ("Прибързано", "01.04.2026")


def test_long_lists_come_in_pages_and_figures_stay_whole(coordinator: Membership, plan: Plan) -> None:
    Measure.objects.bulk_create(
        Measure(plan=plan, number=number, text=f"Мярка {number}", first=MARCH[0], last=MARCH[1])
        for number in range(1, 62)
    )
    client = signed_in(coordinator)
    for view, first, last in (("", 31, 60), ("calendar/", 21, 40), ("matrix/", 31, 60)):
        context = client.get(f"{root(plan)}{view}?page=2&kind=other").context
        assert [line.row.measure.number for line in context["lines"]] == list(range(first, last + 1))
        assert context["told"]["count"].value == 61
        assert context["query"] == "kind=other"
    assert len(names(client, plan, "?open=all")) == 20


def test_with_all_activities_a_page_has_fewer_measures(coordinator: Membership, plan: Plan) -> None:
    for number in range(1, 13):
        measure = a_measure(plan, f"Мярка {number}")
        for step in range(10):
            an_activity(measure, f"Дейност {step}")
    assert len(names(signed_in(coordinator), plan, "?open=all")) == 5 * (1 + 10)
    assert len(names(signed_in(coordinator), plan, "?open=all&page=3")) == 2 * (1 + 10)


# --- dates ------------------------------------------------------------------------------------------
def test_dates_are_changed_and_the_way_back_keeps_what_was_shown(coordinator: Membership, plan: Plan) -> None:
    step, client = dated(a_measure(plan), "Въпросник", MARCH), signed_in(coordinator)
    measure_bar, step_bar = client.get(f"{root(plan)}calendar/?open=1&kind=other").context["bars"]
    for bar, moved in ((measure_bar, step.measure), (step_bar, step)):
        sent = {"first": "2026-04-01", "last": "2026-04-30", "version": "1"}
        answer = client.post(bar["dates_url"], sent)
        assert answer.headers["Location"] == f"{root(plan)}calendar/?open=1&kind=other#{moved.pk}"
        moved.refresh_from_db()
        assert ((moved.first, moved.last), moved.version) == (APRIL, 2)


def test_an_activity_moved_by_two_is_shown_with_both_dates(coordinator: Membership, plan: Plan) -> None:
    step = dated(a_measure(plan), "Въпросник", MARCH, dated(a_measure(plan, "Друга"), "Обучение", MARCH))
    path = f"{root(plan)}{step.measure_id}/activities/{step.pk}/dates/"
    client, sent = signed_in(coordinator), {"first": "01.04.2026", "last": "30.04.2026", "version": "1"}
    assert client.post(path, sent).status_code == 302
    answer = client.post(path, sent | {"last": "05.04.2026"})
    assert answer.status_code == 409
    (told,) = answer.context["differences"]
    assert (told.mine[:10], told.theirs[:10]) == ("05.04.2026", "30.04.2026")
    assert client.post(path, sent | {"last": "01.03.2026", "version": "2"}).status_code == 422
    step.refresh_from_db()
    assert ((step.first, step.last), step.text, step.follows.count()) == (APRIL, "Въпросник", 1)


def test_who_only_reads_the_plan_moves_nothing(coordinator: Membership, plan: Plan) -> None:
    step, reader = dated(a_measure(plan), "Въпросник", MARCH), a_member(plan.organisation, "sponsor")
    answer = signed_in(reader).get(f"{root(plan)}calendar/?open=1")
    assert "data-bar" not in answer.content.decode()
    with pytest.raises(Refused):
        actions.move_activity(
            viewer=as_viewer(reader), activity=step, dates=actions.Dates(*APRIL), version=1, at=timezone.now()
        )


# --- what it costs ----------------------------------------------------------------------------------
def grown(plan: Plan, owner: Membership, count: int) -> None:
    """So many more measures with a proposal and three activities each, one after the other."""
    for number in range(plan.measures.count(), plan.measures.count() + count):
        points = {one["code"]: 3 for one in plan.scheme}
        proposal = a_proposal(plan, text=f"Предложение {number}", points=points)
        measure, before = a_measure(plan, f"Мярка {number}", owner=owner, proposal=proposal), None
        for _step in range(3):
            before = dated(measure, "Стъпка", MARCH, *([before] if before else []))


def asked(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


def test_a_board_asks_the_database_as_often_for_many_measures_as_for_one(
    coordinator: Membership, plan: Plan
) -> None:
    client = signed_in(coordinator)
    views = ("", "calendar/", "calendar/?open=all", "matrix/")
    counts: list[dict[str, Any]] = []
    for more in (1, 8):
        grown(plan, coordinator, more)
        client.get(root(plan))
        counts.append({view: asked(client, f"{root(plan)}{view}") for view in views})
    few, many = counts
    assert many == few
    assert max(few.values()) <= 15
