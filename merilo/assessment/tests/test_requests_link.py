"""The page of a colleague without an account: what its link opens, takes and refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from merilo.accounts.models import Person
from merilo.assessment.actions import answering
from merilo.assessment.models import EvidenceRequest, Received, ReportRevision, RequestLink
from merilo.assessment.queries import requests as queries
from merilo.assessment.rules.requests import MOST_THINGS
from merilo.assessment.tests.asking import EMAIL, NAME, PDF, Asking, a_pdf, a_visitor
from merilo.assessment.tests.test_sheets_pages import html
from merilo.assessment.views import answering as pages
from merilo.core.models import AuditEntry, AuditPayload, Limit, OnceKey
from merilo.organisations import linked
from merilo.organisations.actions.erasure import erase_person
from merilo.organisations.models import Notification, Organisation
from tests.at_once import at_once
from tests.people import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def asking() -> Asking:
    return Asking()


@pytest.fixture
def files_on_disk(settings, tmp_path) -> Callable[[], int]:
    settings.FILES_DIR = tmp_path
    return lambda: len(list(tmp_path.glob("??/??/*")))


def test_the_page_shows_this_request_and_reading_it_changes_nothing(asking):
    with CaptureQueriesContext(connection) as asked:
        answer = a_visitor().get(asking.link)
    page = html(answer)
    assert answer.status_code == 200
    assert all(text in page for text in ("Minutes of 2025", "Cora", "1.2"))
    assert EMAIL not in page
    assert [query["sql"] for query in asked if not query["sql"].startswith("SELECT")] == []


def test_the_page_is_not_kept_not_indexed_and_tells_no_other_page_where_one_came_from(asking):
    answer = Client().get(asking.link)
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "strict-origin"
    assert settings.SESSION_COOKIE_NAME not in answer.cookies
    assert "Disallow: /e/" in html(Client().get("/robots.txt"))


def test_files_an_address_and_a_text_arrive_and_the_page_says_so(asking):
    fields = {"uploads": [a_pdf(), a_pdf("b.pdf")], "url": "https://town.example/m", "text": "Two of three"}
    answer = asking.sends(**fields, once="k")
    assert (answer.status_code, answer["Location"]) == (302, asking.link)
    asking.sends(**fields, once="k")
    kinds = [thing.kind for thing in asking.request.received.all()]
    assert sorted(kinds) == ["document", "document", "link", "note"]
    assert asking.request.state == "received"
    assert "4 " in html(Client().get(asking.link))
    assert OnceKey.objects.get(owner=str(asking.made.pk)).result == "done"


def test_the_asker_finds_each_answer_among_the_notifications_and_nobody_else_does(asking, settings):
    settings.MAIL_SERVER = "smtp://mail.example"
    Person.objects.update(daily_mail=True)
    asking.sends(text="Here")
    row = Notification.objects.get()
    assert (row.person, row.path) == (asking.coordinator.person, asking.where())
    assert mail.outbox == []
    page = html(
        asking.client(asking.coordinator).get(f"/o/{asking.organisation.slug}/organisation/notifications/")
    )
    assert "A colleague has answered your request: Minutes of 2025" in page
    Person.objects.update(daily_mail=False)
    asking.sends(text="And here")
    assert [message.to for message in mail.outbox] == [[asking.coordinator.email]]


def test_what_is_still_missing_is_not_told_as_done(asking):
    asking.sends(text="Here")
    asking.change(state="returned", note="The second meeting is missing")
    page = html(a_visitor().get(asking.link))
    assert "The second meeting is missing" in page
    assert "Sent so far" in page
    assert "You may close this page" not in page


def test_who_has_sent_something_is_not_asked_whether_there_is_none(asking):
    assert "You do not have it?" in html(a_visitor().get(asking.link))
    asking.sends(text="Here")
    assert "You do not have it?" not in html(a_visitor().get(asking.link))


def test_a_refused_file_is_told_with_the_word_that_files_must_be_chosen_again(asking):
    bad = {"uploads": [a_pdf(), SimpleUploadedFile("x.exe", b"MZ")]}
    assert "Choose the files again" in html(asking.sends(**bad))
    assert "Choose the files again" not in html(asking.sends())


def test_nothing_that_was_sent_is_served_by_the_link(asking):
    asking.sends(uploads=[a_pdf("secret-name.pdf")], text="a secret text")
    page = html(Client().get(asking.link))
    assert "secret" not in page
    thing = asking.request.received.first()
    assert Client().get(asking.where(f"{thing.pk}/file/")).status_code == 302


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"text": "  "},
        {"url": "javascript:alert(1)"},
        {"url": "ftp://x.example/a"},
        {"text": "x" * 5001},
        {"text": "a\x00b"},
        {"uploads": [SimpleUploadedFile("x.exe", b"MZ")]},
        {"uploads": [SimpleUploadedFile("plan.pdf", b"MZ no pdf")], "text": "kept"},
        {"uploads": [SimpleUploadedFile("a.pdf", PDF), SimpleUploadedFile("b.docx", b"PK\x03\x04")]},
        {"uploads": [SimpleUploadedFile(f"{n}.txt", b"a") for n in range(11)]},
    ],
)
def test_what_cannot_be_kept_is_refused_as_a_whole_with_a_sentence(asking, fields: dict[str, Any]):
    answer = asking.sends(**fields)
    assert answer.status_code == 422
    assert 'role="alert"' in html(answer)
    if fields.get("text") == "kept":
        assert "plan.pdf" in html(answer)
        assert "kept</textarea>" in html(answer)
    assert Received.objects.count() == 0
    assert asking.request.state == "requested"


def test_saying_that_there_is_none_needs_a_word_why(asking):
    assert Client().post(f"{asking.link}none/", {"note": ""}).status_code == 422
    assert Client().post(f"{asking.link}none/", {"note": "Never kept"}).status_code == 302
    assert (asking.request.state, Received.objects.get().text) == ("received", "Never kept")
    assert Client().get(f"{asking.link}none/").status_code == 405
    asking.change(state="withdrawn")
    assert Client().post(f"{asking.link}none/", {"note": "Again"}).status_code == 410


@pytest.mark.parametrize("state", ["accepted", "withdrawn"])
def test_a_settled_request_has_a_clear_page_and_shows_nothing_else(asking, state: str):
    asking.change(state=state)
    answer = a_visitor().get(asking.link)
    assert answer.status_code == 410
    assert "Nothing can be sent here any more" in html(answer)
    assert answer["Cache-Control"] == "private, no-store"


def test_what_is_on_its_way_while_the_request_is_accepted_gets_the_same_page(asking, monkeypatch):
    asking.change(state="accepted")
    answers = iter([True, False])  # open when the form came, closed when it was to be stored
    monkeypatch.setattr(pages, "_is_open", lambda _found: next(answers))
    assert asking.sends(text="too late").status_code == 410
    assert Received.objects.count() == 0


def test_a_closed_organisation_shows_and_takes_nothing(asking):
    Organisation.objects.filter(pk=asking.organisation.pk).update(closed_at=timezone.now())
    assert a_visitor().get(asking.link).status_code == 404
    assert asking.sends(text="too late").status_code == 404
    assert Client().post(f"{asking.link}none/", {"note": "Too late"}).status_code == 404
    with pytest.raises(answering.Closed):
        answering.answer_none(request=asking.request, note="On its way", at=timezone.now())
    Organisation.objects.update(closed_at=None)
    assert asking.sends(text="open again").status_code == 302
    assert [thing.text for thing in Received.objects.all()] == ["open again"]


def test_what_is_on_its_way_while_the_organisation_is_closed_is_not_taken(asking, monkeypatch):
    found = queries.by_token(asking.link.split("/")[2])
    Organisation.objects.update(closed_at=timezone.now())
    answers = iter([found, None])  # open when the form came, closed when it was to be stored
    monkeypatch.setattr(queries, "by_token", lambda _token: next(answers))
    assert asking.sends(text="too late").status_code == 404
    assert Received.objects.count() == 0


@pytest.mark.parametrize("token", ["x", "A" * 43, "..", "a" * 5000, "%00", "'%20or%201=1", "-_-"])
def test_what_nobody_was_given_is_404_or_no_address_and_tells_nothing(asking, token: str):
    answer = Client().get(f"/e/{token}/")
    assert answer.status_code in {400, 404}
    assert "Minutes" not in html(answer)


def test_a_link_differs_by_its_letters_and_is_no_other_secret(asking):
    token = asking.link.split("/")[2]
    for wrong in (token.swapcase(), token[:-1], RequestLink.objects.get().digest):
        assert Client().get(f"/e/{wrong}/").status_code == 404


def test_guesses_are_limited_by_network_and_who_holds_a_link_is_not_held_up(asking, monkeypatch):
    assert linked.LINKS_TRIED == {"most": 60, "seconds": 3600}
    monkeypatch.setitem(linked.LINKS_TRIED, "most", 2)
    answers = [Client().get(f"/e/guess-{n}/").status_code for n in range(3)]
    assert answers == [404, 404, 429]
    assert Client().get("/e/guess/").status_code == 429
    assert Client().get(asking.link).status_code == 200


def test_sendings_are_limited_in_an_hour_and_in_all(asking):
    Received.objects.bulk_create(
        Received(request=asking.request, kind="note", text="a", at=NOON) for _ in range(MOST_THINGS)
    )
    assert asking.sends(text="one more").status_code == 422
    most = answering.PER_REQUEST["most"]
    Limit.objects.filter(key__startswith="evidence-answer").update(count=most)
    assert asking.sends(text="one more").status_code == 429
    assert Received.objects.count() == MOST_THINGS


def test_refused_sendings_count_too_and_leave_no_bytes(asking, monkeypatch, files_on_disk):
    monkeypatch.setitem(answering.PER_REQUEST, "most", 3)
    good, broken = a_pdf("a.pdf", PDF + b" of a refused sending"), SimpleUploadedFile("b.png", b"no picture")
    cut = SimpleUploadedFile("c.png", b"\x89PNG\r\n\x1a\n cut")
    answers = [asking.sends(uploads=[good, bad], once=f"k{n}") for n, bad in enumerate([broken, cut])]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert asking.sends(uploads=[good], url="no address", once="k3").status_code == 422
    assert files_on_disk() == 0
    assert asking.sends(text="one more", once="k4").status_code == 429
    assert Client().post(f"{asking.link}none/", {"note": "One more"}).status_code == 429
    assert Received.objects.count() == 0


def test_a_form_of_another_site_is_refused(asking):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(asking.link, {"text": "forged"}).status_code == 403
    assert Received.objects.count() == 0


def test_the_page_speaks_the_language_chosen_on_the_device_else_the_organisations(asking):
    assert 'lang="bg"' in html(Client().get(asking.link))
    assert 'lang="en"' in html(a_visitor("en").get(asking.link))
    assert 'lang="bg"' in html(a_visitor("tlh").get(asking.link))


# --- personal data --------------------------------------------------------------------------------
def test_a_colleague_of_no_account_is_erased_by_address(asking):
    asking.sends(text="here")
    asking.change(state="returned", note=f"Dear {NAME}")
    done = erase_person(email=EMAIL.upper(), by="operator", at=timezone.now())
    row = asking.request
    assert (row.name, row.email, row.state) == ("", "", "withdrawn")
    assert done.organisations == 1
    assert ("assessment.EvidenceRequest", "note") in {(found.table, found.field) for found in done.mentions}
    assert Client().get(asking.link).status_code == 404
    assert AuditEntry.objects.filter(verb="person.erased", chain=str(asking.organisation.pk)).exists()


def test_names_addresses_and_what_was_not_accepted_go_with_the_individual_data(asking):
    asking.sends(text="here")
    asking.assessment.state = "approved"
    asking.assessment.save()
    ReportRevision.objects.create(
        report=asking.assessment.report,
        number=1,
        language="bg",
        content="{}",
        checksum="",
        made_at=NOON,
        state="approved",
        decided_at=timezone.now() - timedelta(days=91),
    )
    call_command("retention", stdout=StringIO())
    row = EvidenceRequest.objects.get()
    assert (row.what, row.name, row.email) == ("Minutes of 2025", "", "")
    assert (Received.objects.count(), RequestLink.objects.count()) == (0, 0)
    entry = AuditEntry.objects.get(verb="assessment.sheets_forgotten")
    assert '"people": 1' in AuditPayload.objects.get(entry=entry).data
    call_command("retention", stdout=StringIO())
    assert AuditEntry.objects.filter(verb="assessment.sheets_forgotten").count() == 1


# --- at once --------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_of_two_who_send_at_once_nothing_is_lost():
    asking = Asking()
    answers = at_once(
        lambda: asking.sends(uploads=[a_pdf("one.pdf")], text="one"),
        lambda: asking.sends(uploads=[a_pdf("two.pdf", PDF + b"2")], text="two"),
    )
    assert [answer.status_code for answer in answers] == [302, 302]
    found = asking.request.received.select_related("file")
    assert sorted(thing.file.name if thing.file else thing.text for thing in found) == [
        "one",
        "one.pdf",
        "two",
        "two.pdf",
    ]
    assert asking.request.version == 3
    assert AuditEntry.objects.filter(verb="request.answered").count() == 2
