"""Asking colleagues for evidence: who may, what is mailed, and how what came gets on the shelf."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone

from merilo.assessment import permissions, work
from merilo.assessment.actions import requests as actions
from merilo.assessment.models import Evidence, EvidenceRequest, RequestLink, State
from merilo.assessment.queries import requests as queries
from merilo.assessment.tests.asking import EMAIL, NAME, PDF, Asking, a_pdf, path_of
from merilo.assessment.tests.test_sheets_pages import Town, html
from merilo.core import postage
from merilo.core.errors import MeriloError, Refused
from merilo.core.models import AuditEntry, AuditPayload
from tests.at_once import at_once
from tests.people import a_member, a_seat, as_viewer, today

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]


@pytest.fixture(autouse=True)
def mail_server(settings: Any) -> None:
    settings.MAIL_SERVER = "smtp://mail.example"


@pytest.fixture
def asking() -> Asking:
    return Asking()


def mails_to(address: str) -> list[EmailMessage]:
    return [message for message in mail.outbox if message.to == [address]]


def day(days: int) -> str:
    return (today() + timedelta(days=days)).strftime("%d.%m.%Y")


def form(**more: Any) -> dict[str, Any]:
    return {"what": "Minutes", "due": day(7), "name": NAME, "email": EMAIL, "use": ["1.2"], **more}


# --- asking ---------------------------------------------------------------------------------------
def test_the_colleague_gets_a_mail_in_the_language_of_the_organisation_with_a_link_kept_nowhere(asking):
    (message,) = mails_to(EMAIL)
    assert asking.address in message.body
    assert "Minutes of 2025" in message.subject
    token = asking.link.split("/")[2]
    assert len(token) >= 43
    assert token not in str(list(RequestLink.objects.values()) + list(AuditPayload.objects.values()))
    assert AuditEntry.objects.get(verb="request.made").object_id == str(asking.made.pk)


def test_nobodys_name_or_address_stands_in_the_record(asking):
    told = str(list(AuditPayload.objects.values_list("data", flat=True)))
    assert EMAIL not in told
    assert NAME not in told


def test_a_coordinator_asks_on_a_page_and_the_list_says_where_it_is():
    town = Town()
    client = town.client(town.coordinator)
    assert "Nobody has been asked yet" in html(client.get(town.url("evidence/requests/")))
    answer = client.post(town.url("evidence/requests/new/"), form(once="a"))
    assert (answer.status_code, answer["Location"]) == (302, town.url("evidence/requests/"))
    client.post(town.url("evidence/requests/new/"), form(once="a"))
    row = EvidenceRequest.objects.get()
    assert (row.codes, row.due) == (["1.2"], today() + timedelta(days=7))
    page = html(client.get(town.url("evidence/requests/")))
    assert "Requested" in page
    assert NAME in page
    assert len(mails_to(EMAIL)) == 1


def test_without_a_mail_server_the_link_is_shown_once_and_not_kept(settings):
    settings.MAIL_SERVER = ""
    town = Town()
    answer = town.client(town.coordinator).post(town.url("evidence/requests/new/"), form(once="a"))
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert "/e/" in html(answer)
    assert mails_to(EMAIL) == []
    again = town.client(town.coordinator).post(town.url("evidence/requests/new/"), form(once="a"))
    assert again.status_code == 302


@pytest.mark.parametrize(
    "bad",
    [
        {"what": ""},
        {"what": "x\x00"},
        {"due": day(-1)},
        {"due": day(400)},
        {"due": "soon"},
        {"email": "nobody"},
        {"email": "a@b.example\nBcc: c@d.example"},
        {"name": ""},
        {"name": "n" * 151},
    ],
)
def test_a_bad_request_is_refused_and_stays_typed(bad):
    town = Town()
    answer = town.client(town.coordinator).post(town.url("evidence/requests/new/"), form(**bad))
    assert answer.status_code == 422
    assert 'value="1.2" id="use-1.2" checked' in html(answer)
    assert EvidenceRequest.objects.count() == 0


def test_who_may_ask_see_and_settle(asking):
    facilitator = a_member(asking.organisation, "viewer")
    a_seat(asking.assessment, facilitator, "facilitator", 9)
    made, request = asking.assessment, asking.request
    members = [asking.coordinator, asking.ana, asking.bob, facilitator, asking.stranger]
    viewers = [as_viewer(member) for member in members]
    assert [permissions.may_request(viewer, made) for viewer in viewers] == [True, True, False, False, False]
    assert [permissions.may_see_requests(viewer, made) for viewer in viewers] == [
        True,
        True,
        True,
        False,
        False,
    ]
    settles = [permissions.may_settle(viewer, request) for viewer in viewers]
    assert settles == [True, False, False, False, False]
    asking.change(asked_by=asking.ana)
    assert permissions.may_settle(as_viewer(asking.ana), asking.request)


def test_a_stranger_and_a_group_member_who_did_not_ask_see_nothing_of_it(asking):
    asking.sends(uploads=[a_pdf()])
    thing = asking.request.received.get()
    for rest in ("", "accept/", "return/", "deadline/", "withdraw/", f"{thing.pk}/file/"):
        assert asking.client(asking.stranger).get(asking.where(rest)).status_code == 404
        assert asking.client(asking.bob).get(asking.where(rest)).status_code == 404
    assert asking.client(asking.stranger).get(asking.url("evidence/requests/")).status_code == 404
    page = html(asking.client(asking.bob).get(asking.url("evidence/requests/")))
    assert "Minutes of 2025" in page
    assert EMAIL not in page


def test_ones_own_address_leads_to_no_request_of_another_self_assessment(asking):
    other = Asking()
    where = asking.url(f"evidence/requests/{other.made.pk}/")
    assert asking.client(asking.coordinator).get(where).status_code == 404


def test_a_file_that_came_is_served_to_who_decides_about_it(asking):
    asking.sends(uploads=[a_pdf()], text="and a word")
    file, word = asking.request.received.all()
    client = asking.client(asking.coordinator)
    served = client.get(asking.where(f"{file.pk}/file/"))
    assert b"".join(served.streaming_content) == PDF
    assert "sandbox" in served["Content-Security-Policy"]
    assert client.get(asking.where(f"{word.pk}/file/")).status_code == 404
    assert client.get(asking.where("999999/file/")).status_code == 404


def test_nobody_asks_for_a_sub_criterion_that_is_none_or_settles_for_another(asking):
    now = timezone.now()
    asked = actions.Asked("What", ["9.9"], today(), NAME, EMAIL)
    with pytest.raises(MeriloError):
        actions.ask(viewer=as_viewer(asking.coordinator), assessment=asking.assessment, asked=asked, at=now)
    with pytest.raises(Refused):
        actions.ask(viewer=as_viewer(asking.bob), assessment=asking.assessment, asked=asked, at=now)
    with pytest.raises(Refused):
        actions.withdraw(viewer=as_viewer(asking.bob), request=asking.request, at=now)
    with pytest.raises(Refused):
        queries.requests_of(as_viewer(asking.stranger), asking.assessment)
    assert queries.counts(as_viewer(asking.stranger), asking.assessment) == (0, 0)


def test_the_shelf_leads_to_the_requests_and_says_what_waits(asking):
    asking.sends(text="here")
    page = html(asking.client(asking.coordinator).get(asking.url("evidence/")))
    assert asking.url("evidence/requests/") in page
    assert "1 answer waits" in page
    assert asking.url("evidence/requests/new/") not in html(
        asking.client(asking.bob).get(asking.url("evidence/"))
    )


def another_for(asking: Asking, email: str) -> EvidenceRequest:
    asked = actions.Asked("Budget of 2025", ["1.2"], today() + timedelta(days=7), NAME, email)
    long_ago = timezone.now() - timedelta(hours=49)
    return actions.ask(
        viewer=as_viewer(asking.coordinator), assessment=asking.assessment, asked=asked, at=long_ago
    )[0]


def test_one_reminder_in_48_hours_for_a_person_whatever_was_asked_of_them(asking):
    asking.change(written_at=timezone.now() - timedelta(hours=49))
    same, other = another_for(asking, EMAIL.upper()), another_for(asking, "b.kolev@elsewhere.example")
    client, rest = asking.client(asking.coordinator), "evidence/requests/{}/remind/"
    asked = (asking.made, same, other)
    answers = [client.post(asking.url(rest.format(row.pk)), {"once": str(row.pk)}) for row in asked]
    assert [answer.status_code for answer in answers] == [302, 422, 302]
    page = html(client.get(asking.url(f"evidence/requests/{same.pk}/")))
    assert "You can remind the colleague again from" in page
    assert Asking().made.email == EMAIL  # of another organisation: it may write of its own


@pytest.mark.django_db(transaction=True)
def test_of_two_reminders_to_a_person_at_once_one_is_sent():
    asking = Asking()
    asking.change(written_at=timezone.now() - timedelta(hours=49))
    same = another_for(asking, EMAIL)

    def reminds(request: EvidenceRequest) -> Callable[[], int]:
        where = asking.url(f"evidence/requests/{request.pk}/remind/")
        client = asking.client(asking.coordinator)
        return lambda: client.post(where, {"once": str(request.pk)}).status_code

    assert sorted(at_once(reminds(asking.made), reminds(same))) == [302, 422]


def test_a_colleague_gets_no_more_mails_in_a_day_than_anybody(asking, monkeypatch):
    monkeypatch.setitem(postage.PER_ADDRESS, "most", 2)
    client, where = asking.client(asking.coordinator), asking.url("evidence/requests/new/")
    answers = [client.post(where, form(once=key, email=EMAIL.title())) for key in "ab"]
    assert [answer.status_code for answer in answers] == [302, 429]
    assert EvidenceRequest.objects.count() == 2


# --- the way of a request -------------------------------------------------------------------------
def test_a_reminder_is_sent_once_in_48_hours_and_the_earlier_link_still_works(asking):
    client = asking.client(asking.coordinator)
    assert client.post(asking.where("remind/"), {"once": "a"}).status_code == 422
    asking.change(written_at=timezone.now() - timedelta(hours=49))
    assert client.post(asking.where("remind/"), {"once": "b"}).status_code == 302
    assert client.post(asking.where("remind/"), {"once": "c"}).status_code == 422
    first, second = mails_to(EMAIL)
    assert asking.address not in second.body
    assert asking.address in first.body
    assert asking.client(asking.coordinator).get(asking.link).status_code == 200
    assert AuditEntry.objects.filter(verb="request.reminded").count() == 1


def test_a_withdrawn_request_tells_the_colleague_and_takes_nothing(asking):
    client = asking.client(asking.coordinator)
    assert client.get(asking.where("withdraw/")).status_code == 200
    assert client.post(asking.where("withdraw/")).status_code == 302
    assert asking.sends(text="too late").status_code == 410
    assert asking.request.received.count() == 0
    assert len(mails_to(EMAIL)) == 2
    assert client.post(asking.where("withdraw/")).status_code == 409


def test_a_deadline_is_lengthened_only(asking):
    client = asking.client(asking.coordinator)
    assert client.get(asking.where("deadline/")).status_code == 200
    assert client.post(asking.where("deadline/"), {"due": day(6)}).status_code == 422
    assert client.post(asking.where("deadline/"), {"due": day(8)}).status_code == 302
    asking.sends(text="here")
    viewer, yesterday = as_viewer(asking.coordinator), today() - timedelta(days=1)
    with pytest.raises(MeriloError):
        actions.give_back(viewer=viewer, request=asking.request, note="n", due=yesterday, at=timezone.now())
    assert asking.request.due == today() + timedelta(days=8)


def test_more_time_opens_an_expired_link_again(asking):
    asking.change(due=today() - timedelta(days=15))
    client = asking.client(asking.coordinator)
    assert "Expired" in html(client.get(asking.where()))
    assert asking.sends(text="late").status_code == 410
    assert client.post(asking.where("deadline/"), {"due": day(-20)}).status_code == 422
    assert client.post(asking.where("deadline/"), {"due": day(3)}).status_code == 302
    assert asking.sends(text="here").status_code == 302
    assert client.post(asking.where("deadline/"), {"due": day(9)}).status_code == 409


def test_what_came_waits_and_is_on_the_shelf_only_once_it_is_accepted(asking):
    asking.sends(uploads=[a_pdf("Протокол_12.pdf"), a_pdf("annex.pdf")], text="The third is lost")
    assert Evidence.objects.count() == 0
    client = asking.client(asking.coordinator)
    page = html(client.get(asking.where("accept/")))
    assert "Протокол 12" in page
    assert page.count(" checked") == 4  # both files, who sees them, 1.2; not the text beside the files
    things = list(asking.request.received.all())
    data: dict[str, Any] = {f"title-{thing.pk}": f"Title {n}" for n, thing in enumerate(things)}
    data |= {f"take-{thing.pk}": "on" for thing in things[:2]}
    data |= {
        "version": asking.request.version,
        "year": "2025",
        "only_coordinator": "no",
        "use": ["1.2", "2.1"],
    }
    assert client.post(asking.where("accept/"), data).status_code == 302
    rows = list(Evidence.objects.order_by("title"))
    assert [(row.title, row.year, row.file is not None) for row in rows] == [
        ("Title 0", 2025, True),
        ("Title 1", 2025, True),
    ]
    assert [use.code for use in rows[0].uses.all()] == ["1.2", "2.1"]
    served = asking.client(asking.bob).get(asking.url(f"evidence/{rows[0].pk}/file/"))
    assert b"".join(served.streaming_content) == PDF
    assert asking.request.state == "accepted"
    assert AuditEntry.objects.filter(verb="evidence.added").count() == 2
    assert asking.sends(text="more").status_code == 410
    assert client.post(asking.where("accept/"), data).status_code == 409


def test_nothing_that_came_meanwhile_is_passed_over(asking):
    asking.sends(text="first")
    client = asking.client(asking.coordinator)
    seen, version = asking.request.received.get(), asking.request.version
    asking.sends(text="second")
    data = {
        "version": version,
        f"take-{seen.pk}": "on",
        f"title-{seen.pk}": "Typed",
        "only_coordinator": "no",
    }
    answer = client.post(asking.where("accept/"), data)
    assert answer.status_code == 409
    assert "second" in html(answer)
    assert 'value="Typed"' in html(answer)
    assert Evidence.objects.count() == 0


def test_accepting_needs_a_tick_and_a_title(asking):
    asking.sends(text="first")
    client = asking.client(asking.coordinator)
    thing = asking.request.received.get()
    data = {"version": asking.request.version, "only_coordinator": "no", f"title-{thing.pk}": ""}
    assert client.post(asking.where("accept/"), data).status_code == 422
    assert client.post(asking.where("accept/"), data | {f"take-{thing.pk}": "on"}).status_code == 422
    assert client.post(asking.where("accept/"), data | {"year": "3000"}).status_code == 422
    long = {"use": ["1.2"], "page-1.2": "x" * 61}
    assert client.post(asking.where("accept/"), data | long).status_code == 422
    assert asking.request.state == "received"


def test_the_word_that_there_is_none_is_accepted_without_a_shelf(asking):
    assert asking.client(asking.coordinator).get(asking.where("accept/")).status_code == 200
    answer = asking.client(asking.ana).post(f"{asking.link}none/", {"note": "Ask the archive"})
    assert answer.status_code == 302
    client = asking.client(asking.coordinator)
    assert "Ask the archive" in html(client.get(asking.where()))
    data = {"version": asking.request.version, "only_coordinator": "no"}
    assert client.post(asking.where("accept/"), data).status_code == 302
    assert (asking.request.state, Evidence.objects.count()) == ("accepted", 0)


def test_what_is_returned_says_why_and_waits_for_the_colleague_again(asking):
    asking.sends(text="half of it")
    client = asking.client(asking.coordinator)
    assert client.get(asking.where("return/")).status_code == 200
    assert client.post(asking.where("return/"), {"note": "", "due": day(3)}).status_code == 422
    data = {"note": "The annex is missing", "due": day(3)}
    assert client.post(asking.where("return/"), data).status_code == 302
    assert "The annex is missing" in mails_to(EMAIL)[-1].body
    assert "The annex is missing" in html(client.get(asking.link))
    assert client.post(asking.where("return/"), data).status_code == 409
    asking.sends(text="the annex")
    assert [thing.text for thing in asking.request.received.all()] == ["half of it", "the annex"]


def test_the_asker_hears_of_an_answer_and_finds_it_in_their_work(asking, django_assert_num_queries):
    viewer = as_viewer(asking.coordinator)
    assert list(work.request_work(viewer)) == []
    asking.sends(text="here")
    (message,) = mails_to(asking.coordinator.email)
    assert asking.where() in message.body
    with django_assert_num_queries(1):
        (item,) = work.request_work(viewer)
    assert item.url == asking.url("evidence/requests/")
    assert list(work.request_work(as_viewer(asking.ana))) == []
    assert list(work.request_work(as_viewer(a_member(asking.organisation, "viewer")))) == []


def test_all_requests_close_with_the_approval(asking):
    asking.sends(text="here")
    asking.assessment.state = State.APPROVED
    asking.assessment.save()
    closed = asking.client(asking.coordinator).get(asking.link)
    assert closed.status_code == 410
    assert "approved" in html(closed)
    client = asking.client(asking.coordinator)
    assert "Closed" in html(client.get(asking.url("evidence/requests/")))
    assert client.get(asking.where()).status_code == 200
    assert client.post(asking.where("accept/"), {}).status_code == 403
    assert client.post(asking.where("remind/"), {}).status_code == 403


def test_the_record_names_the_link_and_no_person(asking):
    asking.sends(text="here")
    row = AuditEntry.objects.get(verb="request.answered")
    assert row.actor == "by-link"
    page = html(asking.client(asking.coordinator).get(f"/o/{asking.organisation.slug}/organisation/audit/"))
    assert "By the link of a request" in page
    assert "sent something for a request" in page
    assert "Note" in page
    assert path_of(asking.address).split("/")[2] not in page
