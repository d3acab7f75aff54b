from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from merilo.core import mail, rounds
from merilo.core.models import MOST_ATTEMPTS, AuditEntry, OutgoingMail
from merilo.core.tests.postman import Postman, announce, at_work, work, write


@pytest.fixture
def postman():
    with at_work() as found:
        yield found


@pytest.mark.django_db
def test_without_a_server_mail_waits_in_the_outbox(settings):
    settings.MAIL_SERVER = ""
    write(html="<p>Здравейте</p>")
    (row,) = OutgoingMail.objects.all()
    assert (row.recipient, row.subject, row.text, row.html) == (
        "a@town.example",
        "Покана",
        "Здравейте",
        "<p>Здравейте</p>",
    )
    assert (row.sent_at, row.attempts) == (None, 0)
    assert not mail.has_server()


@pytest.mark.django_db
def test_mail_goes_with_the_transaction_that_wrote_it():
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    assert not OutgoingMail.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_real_server_gets_every_mail_once(settings, postman):
    settings.MAIL_SERVER = postman.address
    with transaction.atomic():
        write()
        write("b@town.example", html="<p>Здравейте</p>")
        assert postman.letters == []
    assert [to for to, _ in postman.letters] == [["a@town.example"], ["b@town.example"]]
    letter = postman.letters[1][1]
    assert letter["Subject"] == "Покана"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_body(("plain",)).get_content().strip() == "Здравейте"
    assert letter.get_body(("html",)).get_content().strip() == "<p>Здравейте</p>"
    assert mail.deliver.func() == 0
    assert len(postman.letters) == 2


def due_now():
    """As if the pause after a failed attempt were over."""
    OutgoingMail.objects.update(not_before=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_the_text_of_a_mail_that_went_out_is_not_kept(settings, postman):
    settings.MAIL_SERVER = postman.address
    write(html="<p>тайна</p>")
    row = OutgoingMail.objects.get()
    assert (row.text, row.html, row.recipient) == ("", "", "a@town.example")
    assert row.sent_at is not None


@pytest.mark.django_db(transaction=True)
def test_a_refused_mail_is_tried_again_but_not_for_ever(settings, postman):
    settings.MAIL_SERVER = postman.address
    write("refused@town.example")
    row = OutgoingMail.objects.get()
    assert (row.sent_at, row.attempts, row.last_error) == (None, 1, "SMTPRecipientsRefused")
    for _ in range(20):
        due_now()
        mail.deliver.func()
    row.refresh_from_db()
    assert (row.attempts, row.text) == (MOST_ATTEMPTS, "Здравейте")
    assert postman.letters == []


@pytest.mark.django_db(transaction=True)
def test_an_outage_of_a_day_loses_nothing_and_doubles_nothing(settings, postman, time_machine):
    settings.MAIL_SERVER = postman.address
    time_machine.move_to("2026-11-23T09:00Z", tick=False)
    postman.busy = True
    for number in range(10):
        write(f"p{number}@town.example")
    for _ in range(50):  # people go on inviting others, and each mail starts a run
        mail.deliver.func()
    assert set(OutgoingMail.objects.values_list("attempts", flat=True)) == {1}
    time_machine.shift(timedelta(days=1))
    mail.deliver.func()
    assert postman.letters == []
    postman.busy = False
    time_machine.shift(timedelta(days=1))
    assert mail.deliver.func() == 10
    assert mail.deliver.func() == 0
    assert sorted(to for (to,), _ in postman.letters) == [f"p{number}@town.example" for number in range(10)]


@pytest.mark.django_db(transaction=True)
def test_pauses_grow_to_more_than_a_day_and_a_half(settings, postman, time_machine):
    settings.MAIL_SERVER = "smtp://127.0.0.1:9"
    time_machine.move_to("2026-11-23T09:00Z", tick=False)
    start = timezone.now()
    write()
    for _ in range(MOST_ATTEMPTS - 1):
        row = OutgoingMail.objects.get()
        time_machine.move_to(row.not_before - timedelta(seconds=1), tick=False)
        mail.deliver.func()
        assert OutgoingMail.objects.get().attempts == row.attempts
        time_machine.move_to(row.not_before, tick=False)
        mail.deliver.func()
        assert OutgoingMail.objects.get().attempts == row.attempts + 1
    assert timedelta(days=1.5) < timezone.now() - start < timedelta(days=2)


@pytest.mark.django_db(transaction=True)
def test_the_worker_comes_back_when_the_next_mail_is_due(settings, postman, time_machine):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.MAIL_SERVER = postman.address
    time_machine.move_to("2026-11-23T09:00Z", tick=False)
    postman.busy = True
    write()
    work()
    postman.busy = False
    time_machine.shift(timedelta(seconds=59))
    work()
    assert postman.letters == []
    time_machine.shift(timedelta(seconds=1))
    work()
    assert len(postman.letters) == 1
    time_machine.shift(timedelta(hours=1))
    work()
    assert not DBTaskResult.objects.ready().exists()
    assert len(postman.letters) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("address", "error"), [("a@" + "я" * 60 + ".bg", "UnicodeError"), ("a@b..example", "ValueError")]
)
def test_a_mail_that_cannot_be_written_stops_no_other(settings, postman, address, error):
    settings.MAIL_SERVER = postman.address
    with transaction.atomic():
        write(address)
        write("b@town.example")
    assert [to for to, _ in postman.letters] == [["b@town.example"]]
    assert OutgoingMail.objects.get(recipient=address).last_error == error


@pytest.mark.django_db(transaction=True)
def test_a_mail_claimed_by_a_worker_that_died_is_taken_after_its_lease(settings, postman, time_machine):
    settings.MAIL_SERVER = postman.address
    postman.busy = True
    time_machine.move_to("2026-11-23T09:00Z", tick=False)
    write()
    due_now()
    assert mail._claimed(OutgoingMail.objects.get().pk) is not None
    postman.busy = False
    assert mail.deliver.func() == 0
    time_machine.shift(mail.LEASE)
    assert mail.deliver.func() == 1


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_others_write_while_a_mail_is_being_sent(settings, postman):
    settings.MAIL_SERVER = postman.address
    written = []

    def meanwhile():
        other = sqlite3.connect(connection.settings_dict["NAME"], timeout=0.3)
        other.execute("BEGIN IMMEDIATE")
        other.rollback()
        other.close()
        written.append(True)

    postman.meanwhile = meanwhile
    write()
    assert written == [True]
    assert len(postman.letters) == 1


@pytest.mark.django_db(transaction=True)
def test_a_server_that_is_away_loses_nothing(settings, postman):
    settings.MAIL_SERVER = "smtp://127.0.0.1:9"
    write()
    assert OutgoingMail.objects.get().sent_at is None
    settings.MAIL_SERVER = postman.address
    due_now()
    assert mail.deliver.func() == 1
    assert len(postman.letters) == 1
    assert OutgoingMail.objects.get().sent_at is not None


@pytest.mark.django_db
def test_a_subject_cannot_smuggle_in_a_header():
    write(subject="Покана\r\nBcc: x@evil.example")
    assert OutgoingMail.objects.get().subject == "Покана Bcc: x@evil.example"


# --- what nobody can know -----------------------------------------------------------------------------
class Silent(Postman):
    """Takes the mail and says nothing."""

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  the library's name
        await super().handle_DATA(server, session, envelope)
        server.transport.close()
        return "250 OK"


@pytest.fixture
def silent():
    with at_work(Silent) as found:
        yield found


@pytest.mark.django_db(transaction=True)
def test_a_server_that_takes_a_notice_and_says_nothing_does_not_get_it_again(settings, silent):
    settings.MAIL_SERVER = silent.address
    announce()
    row = OutgoingMail.objects.get()
    assert (len(silent.letters), row.sent_at, row.state(timezone.now())) == (1, None, "unknown")
    due_now()
    assert mail.deliver.func() == 0
    assert len(silent.letters) == 1


@pytest.mark.django_db(transaction=True)
def test_a_server_that_takes_an_invitation_and_says_nothing_gets_it_once_more(settings, silent):
    settings.MAIL_SERVER = silent.address
    write()
    assert OutgoingMail.objects.get().state(timezone.now()) == "waiting"
    assert mail.deliver.func() == 0
    assert OutgoingMail.objects.get().state(timezone.now()) == "unknown"
    assert mail.deliver.func() == 0
    assert OutgoingMail.objects.get().state(timezone.now()) == "unknown"
    first, second = silent.letters
    assert bytes(first[1]) == bytes(second[1])


@pytest.mark.django_db(transaction=True)
def test_an_operator_decides_about_what_is_not_known(settings, silent, postman, capsys):
    settings.MAIL_SERVER = silent.address
    announce("a@town.example")
    announce("b@town.example")
    first, second = OutgoingMail.objects.order_by("pk")
    assert [row.pk for row in mail.undecided(at=timezone.now())] == [second.pk, first.pk]
    settings.MAIL_SERVER = postman.address
    call_command("outbox", again=first.pk)
    call_command("outbox", arrived=second.pk)
    assert [to for to, _ in postman.letters] == [["a@town.example"]]
    assert postman.accepted == [mail.message_id(first)]
    assert mail.undecided(at=timezone.now()) == []
    assert "2  The mail server took it." in capsys.readouterr().out
    verbs = AuditEntry.objects.order_by("number").values_list("verb", flat=True)
    assert list(verbs) == ["mail.sent_again", "mail.arrived"]
    with pytest.raises(CommandError, match="no such mail"):
        call_command("outbox", again=second.pk)


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_was_given_up_is_shown_and_can_be_sent_again(settings, postman, capsys):
    settings.MAIL_SERVER = postman.address
    write("refused@town.example")
    OutgoingMail.objects.update(attempts=MOST_ATTEMPTS)
    call_command("outbox")
    told = capsys.readouterr().out
    assert "1  The mail server did not take it" in told
    assert "refused@town.example" in told
    mail.send_again(number=OutgoingMail.objects.get().pk, by="", at=timezone.now())
    assert OutgoingMail.objects.get().attempts == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_whose_mail_was_taken_over_does_not_finish_it(settings, postman, monkeypatch):
    settings.MAIL_SERVER = postman.address
    claim = mail._claimed

    def claimed(pk):
        """While this worker speaks with the server, its lease runs out and another takes the mail."""
        row = claim(pk)
        OutgoingMail.objects.filter(pk=pk).update(attempts=2)
        return row

    monkeypatch.setattr(mail, "_claimed", claimed)
    write()
    assert postman.letters == []
    assert OutgoingMail.objects.get().handed_at is None


@pytest.mark.django_db(transaction=True)
def test_lines_of_dots_arrive_as_written(settings, postman):
    settings.MAIL_SERVER = postman.address
    write(text="a\n.\n..\nb")
    assert postman.letters[0][1].get_content() == "a\r\n.\r\n..\r\nb\r\n"


@pytest.mark.django_db(transaction=True)
def test_a_notice_tells_mail_programs_how_to_stop_such_mails(settings, postman):
    settings.MAIL_SERVER = postman.address
    announce(off_url="https://town.example/mail/off/x/")
    write()
    notice, invitation = (letter for _, letter in postman.letters)
    assert notice["List-Unsubscribe"] == "<https://town.example/mail/off/x/>"
    assert notice["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert invitation["List-Unsubscribe"] is None


def test_a_round_that_fails_keeps_no_other_from_its_turn(monkeypatch, caplog):
    done = []
    monkeypatch.setattr(rounds, "_works", [lambda: 1 / 0, lambda: done.append(True)])
    rounds.go_round.func()
    assert done == [True]
    assert "ZeroDivisionError" in caplog.text
