from __future__ import annotations

import email
import socket
from email.policy import default as policy

import pytest
from aiosmtpd.controller import Controller
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction

from merilo.core import mail
from merilo.core.models import OutgoingMail


class Postman:
    """Keeps what arrives; refuses one recipient."""

    def __init__(self, port):
        self.port = port
        self.letters = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  the library's name
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


@pytest.mark.django_db(transaction=True)
def test_a_refused_mail_is_tried_again_but_not_for_ever(settings, postman):
    settings.MAIL_SERVER = f"smtp://127.0.0.1:{postman.port}"
    write("refused@town.example")
    row = OutgoingMail.objects.get()
    assert (row.sent_at, row.attempts, row.last_error) == (None, 1, "SMTPRecipientsRefused")
    for _ in range(20):
        mail.deliver.func()
    row.refresh_from_db()
    assert row.attempts == mail.MOST_ATTEMPTS
    assert postman.letters == []


@pytest.mark.django_db(transaction=True)
def test_a_server_that_is_away_loses_nothing(settings, postman):
    settings.MAIL_SERVER = "smtp://127.0.0.1:9"
    write()
    assert OutgoingMail.objects.get().sent_at is None
    settings.MAIL_SERVER = f"smtp://127.0.0.1:{postman.port}"
    assert mail.deliver.func() == 1
    assert len(postman.letters) == 1
    assert OutgoingMail.objects.get().sent_at is not None


@pytest.mark.django_db
def test_a_subject_cannot_smuggle_in_a_header():
    write(subject="Покана\r\nBcc: x@evil.example")
    assert OutgoingMail.objects.get().subject == "Покана Bcc: x@evil.example"
