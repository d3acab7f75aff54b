"""What of plans people carry in their calendars, and what everybody may carry of a published plan."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any
from uuid import uuid5

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from merilo.core.calendars import Day
from merilo.core.frozen import checksum
from merilo.improvement.actions import measures as actions
from merilo.improvement.actions.measures import ActivityFacts, Dates, What
from merilo.improvement.actions.revisions import publish
from merilo.improvement.dates import own_days
from merilo.improvement.models import Measure, Plan, PlanRevision, Preparation
from merilo.improvement.reporting.revisions import content_of
from merilo.organisations.models import Membership
from tests.people import a_member, an_organisation, as_viewer, today
from tests.plans import a_measure, a_plan, an_activity, an_approved, measured_by

pytestmark = pytest.mark.django_db


def around() -> dict[str, Any]:
    return {"first": today() - timedelta(days=30), "last": today() + timedelta(days=300)}


@pytest.fixture
def coordinator() -> Membership:
    return a_member(an_organisation(), "coordinator")


@pytest.fixture
def owner(coordinator: Membership) -> Membership:
    return a_member(coordinator.organisation, "assessor")


@pytest.fixture
def plan(owner: Membership) -> Plan:
    return a_plan(owner.organisation, state="running")


def days(member: Membership) -> dict[str, Day]:
    """The person's days by the kind of their key."""
    return {day.key.split("/")[0]: day for day in own_days(as_viewer(member), today())}


def test_owners_carry_beginnings_ends_reports_and_measurements(owner: Membership, plan: Plan) -> None:
    measure = a_measure(plan, owner=owner, **around())
    measured_by(measure, days=["2026-12-31"])
    found = days(owner)
    assert {kind: day.first for kind, day in found.items()} == {
        "measure-begins": around()["first"],
        "measure-ends": around()["last"],
        "report": found["report"].first,
        "measured": date(2026, 12, 31),
    }
    assert today() < found["report"].first < around()["last"]


def test_who_carries_out_an_activity_or_prepares_carries_that_alone(owner: Membership, plan: Plan) -> None:
    helper = a_member(owner.organisation)
    an_activity(a_measure(plan, owner=owner), owner=helper)
    row = {"plan": plan, "text": "Отчет", "due": today()}
    Preparation.objects.create(owner=helper, **row)
    Preparation.objects.create(owner=helper, **row, done_on=today())
    assert set(days(helper)) == {"activity-begins", "activity-ends", "preparation"}


def test_drafts_stopped_measures_and_those_of_others_are_not_carried(owner: Membership, plan: Plan) -> None:
    a_measure(a_plan(owner.organisation), owner=owner)
    a_measure(plan, owner=owner, state="stopped")
    a_measure(plan)
    assert days(owner) == {}


def test_a_change_keeps_the_key_and_raises_version_and_moment(
    coordinator: Membership, owner: Membership, plan: Plan
) -> None:
    measure = a_measure(plan, owner=owner, **around())
    Measure.objects.filter(pk=measure.pk).update(changed_at=timezone.now() - timedelta(days=9))
    before = days(owner)["measure-ends"]
    later = Dates(around()["first"], around()["last"] + timedelta(days=7))
    actions.change_measure(
        viewer=as_viewer(coordinator), measure=measure, facts=later, version=1, at=timezone.now()
    )
    after = days(owner)["measure-ends"]
    assert (after.key, after.first) == (before.key, before.first + timedelta(days=7))
    assert after.version == before.version + 1
    assert after.changed_at > before.changed_at


def test_a_published_plan_gives_everybody_what_its_page_shows(coordinator: Membership, plan: Plan) -> None:
    sponsor = a_member(coordinator.organisation, "sponsor")
    an_activity(a_measure(plan, "Анкета", owner=sponsor), "Въпросник")
    a_measure(plan, "Тайна", withheld=True)
    a_published(plan, coordinator, sponsor)
    answer = Client().get(f"/plans/{plan.public_slug}/calendar.ics")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert len(events) == len({str(event["UID"]) for event in events}) == 3
    told = answer.content.decode()
    assert ("Въпросник" in told, "Тайна" in told, sponsor.name in told) == (True, False, False)
    assert {event["SEQUENCE"] for event in events} == {0}
    assert Client().get(f"/plans/{plan.public_slug}/").status_code == 200
    assert Client().get("/plans/nowhere/calendar.ics").status_code == 404


def events_of(plan: Plan) -> dict[str, Any]:
    """The entries of the public calendar by what they say."""
    answer = Client().get(f"/plans/{plan.public_slug}/calendar.ics")
    return {str(one["SUMMARY"]): one for one in Calendar.from_ical(answer.content).walk("VEVENT")}


def a_published(plan: Plan, coordinator: Membership, sponsor: Membership) -> PlanRevision:
    revision = an_approved(plan, coordinator, sponsor)
    publish(viewer=as_viewer(coordinator), revision=revision, at=timezone.now())
    plan.refresh_from_db()
    return revision


def test_an_entry_of_everybodys_calendar_stays_the_same_whatever_is_amended(
    coordinator: Membership, plan: Plan
) -> None:
    sponsor = a_member(coordinator.organisation, "sponsor")
    measure = a_measure(plan, "Анкета")
    early = an_activity(measure, "Въпросник", last=date(2026, 4, 1))
    late = an_activity(measure, "Отчет")
    a_published(plan, coordinator, sponsor)
    before = events_of(plan)
    viewer, now = as_viewer(coordinator), timezone.now()
    first, last = date(2026, 11, 1), date(2026, 12, 1)
    for activity, facts in (
        (early, ActivityFacts("Отчет", first, last)),  # now the later one, called as the other was
        (late, ActivityFacts("Доклад", late.first, late.last)),
    ):
        actions.change_activity(viewer=viewer, activity=activity, facts=facts, version=1, at=now)
    an_activity(measure, "Въпросник", last=date(2026, 5, 1))
    what = What(text="Допитване", kind=measure.kind, codes=measure.codes)
    actions.change_measure(viewer=viewer, measure=measure, facts=what, version=1, at=now)
    a_published(plan, coordinator, sponsor)
    after = events_of(plan)
    same = {
        "Приключва: Въпросник": "Приключва: Отчет",
        "Приключва: Отчет": "Приключва: Доклад",
        "Мярка 1 започва: Анкета": "Мярка 1 започва: Допитване",
        "Мярка 1 приключва: Анкета": "Мярка 1 приключва: Допитване",
    }
    assert set(before) == set(same)
    assert {was: after[now]["UID"] for was, now in same.items()} == {
        was: one["UID"] for was, one in before.items()
    }
    assert after["Приключва: Отчет"]["DTSTART"].dt == last
    assert after["Приключва: Отчет"]["SEQUENCE"] > before["Приключва: Въпросник"]["SEQUENCE"]
    assert len({str(one["UID"]) for one in after.values()}) == len(after) == 5


def test_a_plan_frozen_before_ids_were_kept_still_has_its_calendar(
    coordinator: Membership, plan: Plan
) -> None:
    sponsor = a_member(coordinator.organisation, "sponsor")
    an_activity(a_measure(plan, "Анкета"), "Въпросник")
    revision = a_published(plan, coordinator, sponsor)
    content = content_of(revision)
    for one in content["measures"][0]["activities"]:
        del one["id"]
    frozen = json.dumps(content)
    PlanRevision.objects.filter(pk=revision.pk).update(content=frozen, checksum=checksum(frozen))
    named = uuid5(plan.pk, "Въпросник")
    assert events_of(plan)["Приключва: Въпросник"]["UID"] == f"plan-activity/{plan.pk}/1/{named}@merilo"
    assert Client().get(f"/plans/{plan.public_slug}/").status_code == 200
