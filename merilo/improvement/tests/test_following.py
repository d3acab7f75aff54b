"""The next cycle begins from a plan: nothing that was not finished has to be written again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from merilo.assessment.models import Assessment, Evidence, EvidenceUse, State
from merilo.core.errors import Refused
from merilo.improvement.actions import following as actions
from merilo.improvement.models import Plan, PlanSource
from tests.people import a_member, a_seat, an_assessment, an_organisation, as_viewer, signed_in
from tests.plans import a_measure, a_plan, a_proposal, an_item

pytestmark = pytest.mark.django_db


class Town:
    """A plan at its end: one measure done, one under way, one stopped, one dropped; proposals were kept."""

    def __init__(self) -> None:
        self.organisation = an_organisation()
        self.coordinator = a_member(self.organisation, "coordinator")
        self.members = [a_member(self.organisation, "assessor") for _ in range(2)]
        period: dict[str, Any] = {"period_from": date(2022, 1, 1), "period_until": date(2023, 12, 31)}
        self.source = an_assessment(self.organisation, *self.members, state=State.APPROVED, **period)
        a_seat(self.source, a_member(self.organisation, "viewer", left_at=timezone.now()), "member", 2)
        self.plan = a_plan(self.organisation, state="running")
        PlanSource.objects.create(plan=self.plan, assessment=self.source, taken_at=timezone.now())
        for state in ("done", "under_way", "stopped", "dropped"):
            a_measure(self.plan, f"Мярка {state}", state=state, state_reason="Няма средства")
        a_proposal(
            self.plan, an_item(self.plan, code="4.1"), text="Пазя", decision="later", reason="Догодина"
        )
        a_proposal(self.plan, text="Не", decision="declined", reason="Скъпо")
        self.root = f"/o/{self.organisation.slug}/plans/"

    def post(self, rest: str, **sent: Any) -> Any:
        return signed_in(self.coordinator).post(f"{self.root}{rest}", sent)

    def next_plan(self) -> Plan:
        sent = {
            "title": "Следващ",
            "first": "01.01.2028",
            "last": "31.12.2029",
            "previous": str(self.plan.pk),
        }
        assert self.post("new/", **sent).status_code == 302
        return Plan.objects.get(title="Следващ")


def test_the_next_plan_gathers_what_the_one_before_left_each_once() -> None:
    town = Town()
    plan = town.next_plan()
    told = [(one.kind, one.code, one.text, one.origin.partition(": ")[2]) for one in plan.items.all()]
    assert told == [
        ("unfinished", "6.1", "Мярка under_way", "Няма средства"),
        ("unfinished", "6.1", "Мярка stopped", "Няма средства"),
        ("kept", "4.1", "Пазя", "Догодина"),
    ]
    assert actions.take_left(viewer=as_viewer(town.coordinator), plan=plan, at=timezone.now()) == 0
    a_proposal(town.plan, text="Още", decision="later", reason="После")
    assert town.post(f"{plan.pk}/items/take/", sources=["left"]).status_code == 302
    assert plan.items.get(number=4).text == "Още"


def test_one_form_begins_the_next_self_assessment_with_group_and_evidence() -> None:
    town = Town()
    kept = Evidence.objects.create(
        assessment=town.source,
        kind="note",
        title="Справка",
        added_by=town.coordinator,
        added_at=timezone.now(),
    )
    EvidenceUse.objects.create(evidence=kept, code="1.1", page="3")
    sent = {
        "title": "Самооценка 2026",
        "first": "01.01.2024",
        "last": "31.12.2025",
        "report_due": "31.12.2027",
        "with_group": "on",
        "with_evidence": "on",
    }
    answer = town.post(f"{town.plan.pk}/next/", **sent)
    made = Assessment.objects.get(previous=town.source)
    assert answer.headers["Location"].endswith(f"/a/{made.pk}/")
    assert (made.method, made.edition_id) == (town.source.method, town.source.edition_id)
    assert {seat.holder for seat in made.group.seats.all()} == set(town.members)
    assert [(one.title, one.uses.get().page) for one in made.evidence.all()] == [("Справка", "3")]
    context = signed_in(town.members[0]).get(answer.headers["Location"]).content.decode()
    assert "Мярка under_way (6.1)" in context
    assert "Мярка done" not in context
    assert town.post(f"{town.plan.pk}/next/", **sent).status_code == 403
    page = signed_in(town.coordinator).get(f"{town.root}{town.plan.pk}/next/").content.decode()
    assert answer.headers["Location"] in page


def test_nothing_begins_when_the_period_does_not_follow_the_last_one() -> None:
    town = Town()
    sent = {"title": "Пак", "first": "01.01.2022", "last": "31.12.2023", "report_due": "31.12.2027"}
    assert town.post(f"{town.plan.pk}/next/", **sent).status_code == 422
    assert not Assessment.objects.filter(previous=town.source).exists()


def test_a_closed_plan_stays_as_it_is_until_it_is_carried_on() -> None:
    town = Town()
    assert town.post(f"{town.plan.pk}/close/").status_code == 302
    town.plan.refresh_from_db()
    assert town.plan.state == "closed"
    with pytest.raises(Refused):
        actions.close_plan(viewer=as_viewer(town.coordinator), plan=town.plan, at=timezone.now())
    assert town.post(f"{town.plan.pk}/reopen/").status_code == 302
    town.plan.refresh_from_db()
    assert town.plan.state == "running"


def test_only_who_writes_plans_carries_over() -> None:
    town = Town()
    answer = signed_in(town.members[0]).get(f"{town.root}{town.plan.pk}/next/")
    assert answer.status_code == 403
