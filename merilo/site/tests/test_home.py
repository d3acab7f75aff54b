"""The first pages: public, choosing an organisation, “My work” for each person."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone, translation

from merilo.assessment.models import Judgement, State, StepPlan
from merilo.core.navigation import WorkItem
from merilo.site import words
from tests.people import a_member, a_person, an_assessment, an_organisation, signed_in

pytestmark = pytest.mark.django_db


def test_landing_tells_a_visitor_what_this_is(client):
    page = client.get("/", headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert "begins with an order" in page.content.decode()
    assert "/accounts/login/" in page.content.decode()


def test_landing_offers_no_account_where_founding_is_closed(client, settings):
    settings.FOUNDING = "operator"
    assert "/accounts/signup/" not in client.get("/").content.decode()
    settings.FOUNDING, settings.MAIL_SERVER = "open", "smtp://127.0.0.1:9"
    assert "/accounts/signup/" in client.get("/").content.decode()


def test_home_leads_to_the_one_organisation():
    member = a_member(an_organisation("one"))
    assert signed_in(member).get("/").headers["Location"] == "/o/one/"


def test_home_lets_a_person_of_two_organisations_choose():
    person = a_person()
    for slug in ("first", "second"):
        a_member(an_organisation(slug))
        member = a_member(an_organisation(f"{slug}-own"))
        member.person = person
        member.save()
    page = signed_in(person).get("/").content.decode()
    assert "/o/first-own/" in page
    assert "/o/second-own/" in page
    assert 'href="/o/first/"' not in page


def test_home_leads_a_person_without_organisation_to_founding():
    assert signed_in(a_person()).get("/").headers["Location"] == "/join/"


def test_home_shows_the_operator_the_list_of_organisations():
    page = signed_in(a_person(is_operator=True)).get("/")
    assert page.status_code == 200
    assert "/operator/" in page.content.decode()


def test_work_of_a_stranger_is_not_there():
    an_organisation("walled")
    assert signed_in(a_member(an_organisation())).get("/o/walled/").status_code == 404


def test_work_asks_a_visitor_to_sign_in(client):
    an_organisation("closed")
    assert "/accounts/login/" in client.get("/o/closed/").headers["Location"]


def test_work_without_assessment_says_what_will_be_here():
    organisation = an_organisation("empty")
    coordinator, viewer = a_member(organisation, "coordinator"), a_member(organisation, "viewer")
    assert "/o/empty/a/new/" in signed_in(coordinator).get("/o/empty/").content.decode()
    page = signed_in(viewer).get("/o/empty/").content.decode()
    assert "/o/empty/a/new/" not in page


def a_cycle(members=3, **fields):
    organisation = an_organisation("cycle")
    coordinator = a_member(organisation, "coordinator", name="Координатор Първи")
    assessors = [a_member(organisation, "assessor", name=f"Оценител {n}") for n in range(members)]
    lock_at = timezone.now() + timedelta(days=9)
    assessment = an_assessment(organisation, *assessors, lock_at=lock_at, **fields)
    StepPlan.objects.filter(assessment=assessment, number__lt=5).update(done_at=timezone.now())
    StepPlan.objects.filter(assessment=assessment, number=5).update(begun_at=timezone.now())
    return organisation, coordinator, assessors, assessment


def test_work_shows_the_coordinator_whom_we_wait_for():
    _, coordinator, assessors, assessment = a_cycle()
    sheet = assessment.sheets.get(seat__holder=assessors[0])
    Judgement.objects.create(sheet=sheet, code="1.1", values={"score": 40}, saved_at=timezone.now())
    page = signed_in(coordinator).get("/o/cycle/", headers={"Accept-Language": "en"})
    assert [row.name for row in page.context["cycle"].not_begun] == ["Оценител 1", "Оценител 2"]
    assert "1 of 3 assessors" in page.context["lead"]


def test_work_shows_an_assessor_only_what_is_theirs():
    _, _, assessors, _ = a_cycle()
    page = signed_in(assessors[0]).get("/o/cycle/")
    assert page.context["cycle"].assessors is None
    assert "Оценител 1" not in page.content.decode()
    assert any("/my/" in task.url for task in page.context["items"])


def test_work_tells_the_coming_lock():
    _, _, assessors, assessment = a_cycle()
    coming = signed_in(assessors[0]).get("/o/cycle/").context["cycle"].coming
    assert timezone.localtime(assessment.lock_at).date() in [row.on for row in coming]


def test_work_after_publication_still_shows_the_cycle():
    _, _, assessors, _ = a_cycle(state=State.PUBLISHED)
    page = signed_in(assessors[0]).get("/o/cycle/")
    assert page.context["cycle"].assessors is None


def test_work_prefers_the_running_assessment_to_a_later_published_one():
    organisation, coordinator, _, running = a_cycle()
    later = an_assessment(organisation, state=State.PUBLISHED, title="Публикувана")
    later.period_until = date(2030, 12, 31)
    later.save()
    assert signed_in(coordinator).get("/o/cycle/").context["cycle"].title == running.title


@pytest.mark.parametrize("members", [1, 3])
def test_work_needs_the_same_queries_for_one_and_for_three(members, django_assert_max_num_queries):
    _, coordinator, _, _ = a_cycle(members)
    browser = signed_in(coordinator)
    browser.get("/o/cycle/")
    with django_assert_max_num_queries(29):
        assert browser.get("/o/cycle/").status_code == 200


def test_task_is_late_after_its_last_day():
    yesterday = timezone.now() - timedelta(days=1)
    assert words.task(WorkItem("x", "/", due=yesterday, status="progress")).status == "late"
    assert words.task(WorkItem("x", "/", due=yesterday, status="done")).status == "done"
    assert words.task(WorkItem("x", "/", help="a", status_text="b", due=timezone.now())).help == "a · b"
    with translation.override("en"):
        far = WorkItem("x", "/", due=datetime(2099, 1, 5, tzinfo=UTC))
        assert words.task(far).status_text == "by 5 January 2099"
