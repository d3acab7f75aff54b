"""Invitations and reminders: who gets one, how often, with which link, and how they end."""

from __future__ import annotations

import re
import signal
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from merilo.core import mail, rounds
from merilo.core.errors import Conflict, MeriloError
from merilo.core.models import OutgoingMail
from merilo.core.secret import digest_of
from merilo.core.tests.postman import at_work, ended, start_worker
from merilo.core.tests.test_bounces import HEAD, returned
from merilo.core.tests.test_mail_killed import dying, settle
from merilo.organisations.api import REMINDING_PAUSE
from merilo.surveys import letters, posting, tasks
from merilo.surveys.actions import inviting
from merilo.surveys.models import Invitation, LetterKind, Mailing, State
from merilo.surveys.rules.inviting import Asked
from tests.people import a_member, an_organisation, as_viewer, signed_in
from tests.surveys import a_survey

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]
PEOPLE = (Asked(1, "m@town.example"), Asked(2, "j@town.example", "en"), Asked(3, "p@town.example"))


@pytest.fixture
def coordinator():
    return a_member(an_organisation(), "coordinator")


@pytest.fixture
def survey(coordinator):
    made = a_survey(coordinator.organisation, entry="invited")
    inviting.add_people(viewer=as_viewer(coordinator), survey=made, people=PEOPLE, at=timezone.now())
    return made


def texts(survey, kind):
    return {language: letters.proposed(survey, kind, language) for language in ("bg", "en")}


@pytest.fixture
def send(coordinator, survey, django_capture_on_commit_callbacks):
    def sent(kind=LetterKind.INVITATION, at=None):
        with django_capture_on_commit_callbacks(execute=True):
            begun = inviting.start_mailing(
                viewer=as_viewer(coordinator),
                survey=survey,
                kind=kind,
                texts=texts(survey, kind),
                at=at or timezone.now(),
            )
        sent_now, outbox.outbox = outbox.outbox, []
        return begun, {message.to[0]: message for message in sent_now}

    return sent


def token_in(message) -> str:
    found = re.search(r"/p/([\w-]+)/", message.body)
    assert found
    return found[1]


def person(address):
    return Invitation.objects.get(address=address)


def test_everybody_gets_one_letter_in_their_language_with_a_link_of_their_own(survey, send) -> None:
    _begun, found = send()
    assert set(found) == {one.address for one in PEOPLE}
    assert found["j@town.example"].subject.startswith("Invitation to a survey: Satisfaction")
    assert "Удовлетвореност" in found["m@town.example"].body
    for address, message in found.items():
        assert person(address).token_hash == digest_of("survey", token_in(message))
        link = letters.answering_address(survey, token_in(message))
        assert link in message.body
        assert link in message.alternatives[0][0]
        assert message.off_url == letters.stopping_address(survey, person(address).pk)
    with pytest.raises(MeriloError):
        inviting.start_mailing(
            viewer=as_viewer(a_member(survey.organisation, "coordinator")),
            survey=a_survey(survey.organisation, state=State.DRAFT, entry="invited"),
            kind="invitation",
            texts={},
            at=timezone.now(),
        )


def test_a_reminder_goes_to_who_has_not_answered_after_two_days_and_voids_the_old_link(survey, send) -> None:
    _begun, first = send()
    Invitation.objects.filter(address="m@town.example").update(used=True)
    assert send(LetterKind.REMINDER)[1] == {}
    later = timezone.now() + REMINDING_PAUSE
    _begun, second = send(LetterKind.REMINDER, at=later)
    assert set(second) == {"j@town.example", "p@town.example"}
    assert "reminder" in second["j@town.example"].subject.lower()
    tokens = [token_in(found["p@town.example"]) for found in (first, second)]
    assert [person("p@town.example").token_hash == digest_of("survey", one) for one in tokens] == [
        False,
        True,
    ]
    Mailing.objects.update(finished_at=later)
    assert send(LetterKind.REMINDER, at=later + timedelta(hours=47))[1] == {}


def test_only_one_round_of_letters_is_under_way(survey, send) -> None:
    Mailing.objects.create(survey=survey, kind="invitation", made_at=timezone.now())
    with pytest.raises(Conflict):
        send()


def test_an_address_that_gets_many_mails_is_left_in_peace(survey, send) -> None:
    now = timezone.now()
    full = {"created_at": now, "not_before": now, "sender": "x@y.example", "recipient": "M@town.example"}
    OutgoingMail.objects.bulk_create(OutgoingMail(subject=str(number), **full) for number in range(20))
    assert set(send()[1]) == {"j@town.example", "p@town.example"}
    assert person("m@town.example").mailed == 0


def test_one_click_in_the_mail_program_stops_letters_and_nothing_else(survey, send) -> None:
    _begun, found = send()
    path = found["p@town.example"].off_url.removeprefix("http://testserver")
    path = "/" + path.partition("//")[2].partition("/")[2] if "//" in path else path
    client = Client(enforce_csrf_checks=True)
    assert client.get(path).status_code == 200
    assert not person("p@town.example").unwanted
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert person("p@town.example").unwanted
    assert person("p@town.example").token_hash == digest_of("survey", token_in(found["p@town.example"]))
    assert client.get(path[:-2] + ("0/" if path[-2] != "0" else "1/")).status_code == 404
    later = timezone.now() + REMINDING_PAUSE
    assert "p@town.example" not in send(LetterKind.REMINDER, at=later)[1]


def test_a_letter_that_comes_back_marks_its_address(survey, send, settings, tmp_path) -> None:
    settings.EMAIL_BACKEND = "merilo.core.mail.OutboxBackend"
    send()
    sent = OutgoingMail.objects.get(recipient="p@town.example")
    (tmp_path / "back.eml").write_bytes(returned(HEAD, message_id=mail.message_id(sent)))
    call_command("bounces", str(tmp_path / "back.eml"))
    assert "no such mailbox" in person("p@town.example").bounced
    assert person("m@town.example").bounced == ""


def test_the_coordinator_looks_at_the_letter_before_it_is_sent(coordinator, survey) -> None:
    where = {"org": coordinator.organisation.slug, "survey": survey.pk}
    path, client = reverse("surveys:invite", kwargs=where), signed_in(coordinator)
    said = client.get(path).context["form"].initial | {"intro_bg": "Моля, отговорете <b>скоро</b>."}
    shown = client.post(path, said | {"look": "1"})
    assert (shown.status_code, Mailing.objects.count()) == (200, 0)
    assert "Моля, отговорете &lt;b&gt;скоро" in shown.text
    assert client.post(path, said).status_code == 302
    assert Mailing.objects.get().texts["bg"]["intro"] == said["intro_bg"]
    assert client.post(path, said | {"subject_bg": ""}).status_code == 422


# --- a worker that dies ---------------------------------------------------------------------------
@pytest.fixture
def postman(settings, monkeypatch):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.EMAIL_BACKEND = "merilo.core.mail.OutboxBackend"
    monkeypatch.setattr(mail, "LEASE", timedelta(0))
    with at_work() as found:
        settings.MAIL_SERVER = found.address
        yield found


STEPS = [("_write", "before", 1), ("_write", "after", 2), ("send_batch", "after", 1)]


@pytest.mark.django_db(transaction=True)
def test_every_letter_arrives_once_although_the_worker_is_killed_between_steps(
    coordinator, survey, postman, monkeypatch
) -> None:
    monkeypatch.setattr(posting, "BATCH", 2)
    said = texts(survey, LetterKind.INVITATION)
    viewer = as_viewer(coordinator)
    for name, when, nth in STEPS:
        for table in (OutgoingMail, DBTaskResult, Mailing):
            table.objects.all().delete()
        Invitation.objects.update(mailed=0, mailing=None)
        postman.letters.clear()
        now = timezone.now()
        inviting.start_mailing(viewer=viewer, survey=survey, kind="invitation", texts=said, at=now)
        killed = ended(start_worker(lambda: dying(name, posting, when, nth)))  # noqa: B023  runs at once
        assert killed == signal.SIGKILL, (name, when)
        rounds.go_round.enqueue()
        settle()
        arrived = sorted(to[0] for to, _letter in postman.letters)
        assert arrived == sorted(one.address for one in PEOPLE), (name, when)
        for to, letter in postman.letters:
            token = re.search(r"/p/([\w-]+)/", letter.get_body(("plain",)).get_content())
            assert token
            assert person(to[0]).token_hash == digest_of("survey", token[1]), (name, when)
        assert Mailing.objects.get().finished_at is not None


@pytest.mark.django_db(transaction=True)
def test_an_address_that_the_server_refuses_is_marked_and_not_tried_again(coordinator, postman) -> None:
    made = a_survey(coordinator.organisation, entry="invited")
    people = [Asked(1, "refused@town.example"), Asked(2, "m@town.example")]
    viewer, said = as_viewer(coordinator), texts(made, LetterKind.INVITATION)
    inviting.add_people(viewer=viewer, survey=made, people=people, at=timezone.now())
    inviting.start_mailing(viewer=viewer, survey=made, kind="invitation", texts=said, at=timezone.now())
    settle()
    assert person("refused@town.example").bounced == "550 nobody here"
    assert [to for to, _letter in postman.letters] == [["m@town.example"]]
    assert not mail.undecided(at=timezone.now())


def test_a_worker_takes_up_what_another_left(survey, send) -> None:
    Mailing.objects.create(
        survey=survey, kind="invitation", texts=texts(survey, "invitation"), made_at=timezone.now()
    )
    tasks.go_on()
    assert len(outbox.outbox) == len(PEOPLE)
