"""The plan's own schedule: who prepares what of it by when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from merilo.core.errors import Refused
from merilo.improvement.actions import schedule as actions
from merilo.improvement.models import Plan, Preparation
from merilo.organisations.models import Membership
from tests.people import a_member, an_organisation, as_viewer, signed_in
from tests.plans import a_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator() -> Membership:
    return a_member(an_organisation(), "coordinator")


@pytest.fixture
def plan(coordinator: Membership) -> Plan:
    return a_plan(coordinator.organisation)


def root(plan: Plan) -> str:
    return f"/o/{plan.organisation.slug}/plans/{plan.pk}/schedule/"


def test_the_usual_rows_come_once_and_in_their_order(coordinator: Membership, plan: Plan) -> None:
    client = signed_in(coordinator)
    for _ in range(2):
        assert client.post(f"{root(plan)}usual/").status_code == 302
    rows = list(plan.preparations.all())
    assert len(rows) == len(actions.USUAL)
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))


def test_rows_stand_by_day(coordinator: Membership, plan: Plan) -> None:
    client = signed_in(coordinator)
    for text, due in (("без ден", ""), ("юни", "1.6.2026"), ("май", "1.5.2026")):
        sent: dict[str, Any] = {"text": text, "due": due, "owner": coordinator.pk}
        assert client.post(f"{root(plan)}new/", sent).status_code == 302
    rows = client.get(root(plan)).context["rows"]
    assert [(row.text, row.owner) for row in rows] == [
        (text, coordinator) for text in ("май", "юни", "без ден")
    ]


def test_a_row_is_marked_and_changed_and_removed(coordinator: Membership, plan: Plan) -> None:
    row = Preparation.objects.create(plan=plan, text="Обучение", due=date(2026, 5, 1))
    client, path = signed_in(coordinator), f"{root(plan)}{row.pk}/"
    client.post(f"{path}done/")
    row.refresh_from_db()
    assert (row.done_on, row.version) == (timezone.localdate(), 2)
    assert client.post(path, {"text": "Обучение", "version": "1"}).status_code == 409
    client.post(f"{path}done/", {"done": "no"})
    sent = {"text": "Обучение на групата", "due": "2.5.2026", "version": "3"}
    assert client.post(path, sent).status_code == 302
    row.refresh_from_db()
    assert (row.text, row.due, row.done_on) == ("Обучение на групата", date(2026, 5, 2), None)
    assert client.post(f"{path}remove/").status_code == 302
    assert not plan.preparations.exists()


def test_readers_of_the_plan_read_its_schedule_only(coordinator: Membership, plan: Plan) -> None:
    sponsor = a_member(coordinator.organisation, "sponsor")
    late = timezone.localdate() - timedelta(days=3)
    row = Preparation.objects.create(plan=plan, text="Обучение", due=late)
    client = signed_in(sponsor)
    assert client.get(root(plan)).status_code == 200
    assert client.post(f"{root(plan)}usual/").status_code == 403
    with pytest.raises(Refused):
        actions.mark_done(viewer=as_viewer(sponsor), plan=plan, row=row, on=late, at=timezone.now())
