"""Owners are reminded once of each occasion, in one mail, with a link that takes one report."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from merilo.core.models import AuditEntry
from merilo.improvement import reminding
from merilo.improvement.models import CheckIn, CheckInLink, Measure, Plan, Reminded
from merilo.organisations.models import Correspondence, Membership, Notification
from tests.people import a_member, an_organisation
from tests.plans import a_link, a_measure, a_plan, an_activity

pytestmark = pytest.mark.django_db
NOW = timezone.now().astimezone(ZoneInfo("Europe/Sofia")).replace(hour=9)
TODAY = NOW.date()
LONG: dict[str, Any] = {"first": TODAY - timedelta(days=200), "last": TODAY + timedelta(days=300)}
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _mail(settings: Any) -> None:
    settings.MAIL_SERVER = "smtp://localhost:1"


@pytest.fixture
def owner() -> Membership:
    return a_member(an_organisation(), "assessor", name="Иво Кехайов")


@pytest.fixture
def plan(owner: Membership) -> Plan:
    return a_plan(owner.organisation, state="running")


def remind(at: datetime = NOW) -> None:
    reminding.remind_owners(at=at)


def link_in(mail: Any) -> str:
    found = re.search(r"/c/[\w-]+/", mail.body)
    assert found is not None
    return found[0]


def sent(measure: Measure, **more: str) -> dict[str, str]:
    measure.refresh_from_db()
    return {"state": "under_way", "percent": "40", "version": str(measure.version), "once": "a-key"} | more


# --- reminders ------------------------------------------------------------------------------------
def test_all_that_is_due_comes_in_one_mail_and_once(owner: Membership, plan: Plan, mailoutbox: Any) -> None:
    a_measure(plan, "Анкета", owner=owner, **LONG)
    late = a_measure(plan, "Закъсняла", owner=owner, first=TODAY - 9 * DAY, last=TODAY - DAY)
    an_activity(late, "Стъпка", owner=owner)
    for _ in range(3):
        remind()
    (mail,) = mailoutbox
    assert mail.to == [owner.email]
    for words in ("Анкета", "Закъсняла", "Стъпка"):
        assert words in mail.body
    assert CheckInLink.objects.count() == 2  # one for each measure, none for the activity
    Plan.objects.update(looked_on=None)  # as if the worker had died at its last step
    remind()
    remind(NOW + DAY)
    assert len(mailoutbox) == 1


def test_what_stays_due_is_told_again_after_a_week(owner: Membership, plan: Plan, mailoutbox: Any) -> None:
    a_measure(plan, owner=owner, first=TODAY - 9 * DAY, last=TODAY - DAY)
    for days in range(9):
        remind(NOW + timedelta(days=days))
    assert len(mailoutbox) == 2


def test_a_reminder_held_back_is_dropped_when_the_report_is_there(
    owner: Membership, plan: Plan, mailoutbox: Any
) -> None:
    measure = a_measure(plan, owner=owner, **LONG)
    assert owner.person is not None
    Correspondence.objects.create(person=owner.person, reminded_at=NOW - DAY)
    remind()
    assert (len(mailoutbox), Notification.objects.filter(waits_for="reminder").count()) == (0, 1)
    Measure.objects.filter(pk=measure.pk).update(state="done")
    remind(NOW + DAY)
    assert mailoutbox == []


@pytest.mark.parametrize("state", ["done", "stopped", "dropped"])
def test_nobody_is_reminded_of_what_is_not_worked_on(
    owner: Membership, plan: Plan, mailoutbox: Any, state: str
) -> None:
    an_activity(a_measure(plan, owner=owner, state=state, **LONG), owner=owner, last=TODAY - DAY)
    a_measure(a_plan(owner.organisation), owner=owner, **LONG)  # a draft
    a_measure(plan, **LONG)  # nobody's
    remind()
    assert (mailoutbox, Reminded.objects.count()) == ([], 0)


def test_the_deputy_is_reminded_when_the_owner_has_left(
    owner: Membership, plan: Plan, mailoutbox: Any
) -> None:
    deputy = a_member(owner.organisation)
    a_measure(plan, owner=owner, deputy=deputy, **LONG)
    owner.left_at = timezone.now()
    owner.save()
    remind()
    assert [mail.to for mail in mailoutbox] == [[deputy.email]]


def test_nobody_is_woken(owner: Membership, plan: Plan, mailoutbox: Any) -> None:
    a_measure(plan, owner=owner, **LONG)
    remind(NOW.replace(hour=5))
    assert mailoutbox == []


def test_what_fails_for_one_keeps_nobody_else_from_theirs(
    owner: Membership, plan: Plan, mailoutbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = a_member(owner.organisation)
    for one in (owner, other):
        a_measure(plan, owner=one, **LONG)
    real = reminding.remind_person

    def fails_once(**words: Any) -> None:
        if words["to"] == owner:
            raise RuntimeError
        real(**words)

    monkeypatch.setattr(reminding, "remind_person", fails_once)
    remind()
    assert [mail.to for mail in mailoutbox] == [[other.email]]
    monkeypatch.setattr(reminding, "remind_person", real)
    remind()
    assert [mail.to for mail in mailoutbox] == [[other.email], [owner.email]]


# --- the link -------------------------------------------------------------------------------------
def test_the_link_of_the_mail_takes_one_report_without_signing_in(
    owner: Membership, plan: Plan, mailoutbox: Any
) -> None:
    measure, visitor = a_measure(plan, owner=owner, **LONG), Client()
    remind()
    path = link_in(mailoutbox[0])
    assert path.strip("/").split("/")[1] not in str(list(CheckInLink.objects.values_list()))
    page = visitor.get(path)
    assert (page.status_code, page["Cache-Control"]) == (200, "private, no-store")
    assert measure.text in page.content.decode()
    assert CheckIn.objects.count() == 0
    for _ in range(2):  # a double click
        assert visitor.post(path, sent(measure, version="1")).status_code in {302, 410}
    kept = CheckIn.objects.get()
    assert (kept.by, kept.percent, kept.measure) == (owner, 40, measure)
    assert AuditEntry.objects.filter(verb="measure.reported_by_link").count() == 1
    assert visitor.get(path).status_code == 200
    assert visitor.post(path, sent(measure, once="other")).status_code == 410
    assert CheckIn.objects.count() == 1


def test_who_says_by_link_that_a_measure_is_done_hears_what_of_it_is_not(
    owner: Membership, plan: Plan
) -> None:
    measure = a_measure(plan, owner=owner, state="under_way", **LONG)
    step = an_activity(measure, percent=60)
    a_link(measure, owner, "token")
    done = sent(measure, state="done") | {f"percent_{step.pk}": "60"}
    answer = Client().post("/c/token/", done, follow=True, headers={"accept-language": "bg"})
    assert "но 1 от дейностите ѝ не е изпълнена" in answer.content.decode()


def test_a_link_opens_one_measure_and_nothing_else(owner: Membership, plan: Plan) -> None:
    a_measure(plan, "Друга", owner=owner, **LONG)
    a_link(a_measure(plan, "Анкета", owner=owner, **LONG), owner, "token")
    client = Client()
    assert "Друга" not in client.get("/c/token/").content.decode()
    assert client.get(f"/o/{plan.organisation.slug}/plans/").status_code == 302
    assert client.get("/c/guess/").status_code == 404


@pytest.mark.parametrize("over", ["handed over", "expired", "left", "suspended", "closed plan"])
def test_a_link_ends_with_its_time_and_with_its_task(owner: Membership, plan: Plan, over: str) -> None:
    measure = a_measure(plan, owner=owner, **LONG)
    link = a_link(measure, owner, "token")
    assert owner.person is not None
    match over:
        case "handed over":
            Measure.objects.update(owner=a_member(owner.organisation))
        case "expired":
            CheckInLink.objects.filter(pk=link.pk).update(until=timezone.now() - DAY)
        case "left":
            Membership.objects.filter(pk=owner.pk).update(left_at=timezone.now())
        case "suspended":
            type(owner.person).objects.filter(pk=owner.person.pk).update(is_active=False)
        case _:
            Plan.objects.update(state="closed")
    client = Client()
    assert client.get("/c/token/").status_code == 410
    assert client.post("/c/token/", sent(measure)).status_code == 410
    assert CheckIn.objects.count() == 0


def test_a_closed_organisation_answers_to_no_link(owner: Membership, plan: Plan) -> None:
    a_link(a_measure(plan, owner=owner, **LONG), owner, "token")
    owner.organisation.closed_at = timezone.now()
    owner.organisation.save()
    assert Client().get("/c/token/").status_code == 404


def test_what_is_refused_by_link_stands_in_the_form_again(owner: Membership, plan: Plan) -> None:
    measure = a_measure(plan, owner=owner, **LONG)
    a_link(measure, owner, "token")
    client = Client()
    refused = client.post("/c/token/", sent(measure, state="stopped"))
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["text"])
    Measure.objects.filter(pk=measure.pk).update(percent=20, version=2)
    conflict = client.post("/c/token/", sent(measure, version="1"))
    assert conflict.status_code == 409
    assert [(one.mine, one.theirs) for one in conflict.context["differences"] if one.mine == "40"] == [
        ("40", "20")
    ]
    assert client.post("/c/token/", sent(measure)).status_code == 302
    assert CheckIn.objects.count() == 1


def test_links_are_forgotten_long_after_their_end(owner: Membership, plan: Plan) -> None:
    measure = a_measure(plan, owner=owner, **LONG)
    a_link(measure, owner, "old", until=timezone.now() - 100 * DAY)
    a_link(measure, owner, "new")
    reminding.work()
    assert CheckInLink.objects.filter(until__lt=timezone.now()).count() == 0
    assert CheckInLink.objects.count() >= 1
