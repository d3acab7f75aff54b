from __future__ import annotations

import email
import socket
import sqlite3
from datetime import timedelta
from email.policy import default as policy

import pytest
from aiosmtpd.controller import Controller
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from merilo.core import mail
from merilo.core.models import OutgoingMail


class Postman:
    """Keeps what arrives; refuses one recipient, and everybody while busy."""

    def __init__(self, port):
        self.port = port
        self.letters = []
        self.busy = False
        self.meanwhile = lambda: None

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  the library's name
        self.meanwhile()
        if self.busy:
            return "451 come back later"
        if address.startswith("refused"):
            return "550 nobody here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  the library's name
        self.letters.append((envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=policy)))
        return "250 OK"


@pytest.fixture
def postman():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        handler = Postman(free.getsockname()[1])
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    yield handler
    controller.stop()


def write(to="a@town.example", subject="Покана", html=""):
    message = EmailMultiAlternatives(
        subject,
        "Здравейте",
        "Merilo <no-reply@town.example>",
        [to],
        connection=get_connection("merilo.core.mail.OutboxBackend"),
    )
    if html:
        message.attach_alternative(html, "text/html")
    message.send()


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
    settings.MAIL_SERVER = f"smtp://127.0.0.1:{postman.port}"
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
    settings.MAIL_SERVER = f"smtp://127.0.0.1:{postman.port}"
    write(html="<p>тайна</p>")
    row = OutgoingMail.objects.get()
    assert (row.text, row.html, row.recipient) == ("", "", "a@town.example")
    assert row.sent_at is not None


@pytest.mark.django_db(transaction=True)
def test_a_refused_mail_is_tried_again_but_not_for_ever(settings, postman):
    settings.MAIL_SERVER = f"smtp://127.0.0.1:{postman.port}"
    write("refused@town.example")
    row = OutgoingMail.objects.get()
    assert (row.sent_at, row.attempts, row.last_error) == (None, 1, "SMTPRecipientsRefused")
    for _ in range(20):
        due_now()
        mail.deliver.func()
    row.refresh_from_db()
    assert (row.attempts, row.text) == (mail.MOST_ATTEMPTS, "Здравейте")
    assert postman.letters == []


@pytest.mark.django_db(transaction=True)
def test_an_outage_of_a_day_loses_nothing_and_doubles_nothing(settings, postman, time_machine):
    settings.MAIL_SERVER = f"smtp://127.0.0.1:{postman.port}"
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
    for _ in range(mail.MOST_ATTEMPTS - 1):
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
    settings.MAIL_SERVER = f"smtp://127.0.0.1:{postman.port}"
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


def work():
    """What the worker does until no task is due."""
    call_command("db_worker", batch=True, reload=False, startup_delay=False, verbosity=0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("address", "error"), [("a@" + "я" * 60 + ".bg", "UnicodeError"), ("a@b..example", "ValueError")]
)
def test_a_mail_that_cannot_be_written_stops_no_other(settings, postman, address, error):
    settings.MAIL_SERVER = f"smtp://127.0.0.1:{postman.port}"
    with transaction.atomic():
        write(address)
        write("b@town.example")
    assert [to for to, _ in postman.letters] == [["b@town.example"]]
    assert OutgoingMail.objects.get(recipient=address).last_error == error


@pytest.mark.django_db(transaction=True)
def test_a_mail_claimed_by_a_worker_that_died_is_taken_after_its_lease(settings, postman, time_machine):
    settings.MAIL_SERVER = f"smtp://127.0.0.1:{postman.port}"
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
    settings.MAIL_SERVER = f"smtp://127.0.0.1:{postman.port}"
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
    settings.MAIL_SERVER = f"smtp://127.0.0.1:{postman.port}"
    due_now()
    assert mail.deliver.func() == 1
    assert len(postman.letters) == 1
    assert OutgoingMail.objects.get().sent_at is not None


@pytest.mark.django_db
def test_a_subject_cannot_smuggle_in_a_header():
    write(subject="Покана\r\nBcc: x@evil.example")
    assert OutgoingMail.objects.get().subject == "Покана Bcc: x@evil.example"
