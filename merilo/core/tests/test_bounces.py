"""Mails that came back, as mail servers of several makers send them."""

from __future__ import annotations

import io
import mailbox
import sys

import pytest
from django.core.mail import get_connection
from django.core.management import call_command

from merilo.core import bounces, mail
from merilo.core.models import OutgoingMail

POSTFIX = """\
From: MAILER-DAEMON@mx.town.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: merilo@town.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.town.example.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.town.example
Arrival-Date: Thu, 26 Nov 2026 10:00:00 +0200

Final-Recipient: rfc822; m.koleva@elsewhere.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <m.koleva@elsewhere.example>: there is no
    such mailbox here

--B
{original}
--B--
"""
WHOLE = """\
Content-Type: message/rfc822

Subject: Invitation
Message-ID: {id}
To: m.koleva@elsewhere.example

Good day
"""
HEAD = """\
Content-Type: text/rfc822-headers

Received: from web by mx.town.example
Message-Id: {id}
Subject: Invitation
"""


def returned(original: str, *, message_id: str, action: str = "failed", status: str = "5.1.1") -> bytes:
    whole = original.format(id=message_id)
    return POSTFIX.format(action=action, status=status, original=whole).encode()


@pytest.mark.parametrize("original", [WHOLE, HEAD])
def test_a_mail_that_came_back_is_known_by_its_message_id(original) -> None:
    found = bounces.read(returned(original, message_id="<2026.7@town.example>"))
    words = "550 5.1.1 <m.koleva@elsewhere.example>: there is no such mailbox here"
    assert found == bounces.Bounce("<2026.7@town.example>", words)


@pytest.mark.parametrize(
    "content",
    [
        returned(WHOLE, message_id="<1.7@town.example>", action="delayed", status="4.4.1"),
        returned(WHOLE, message_id="<1.7@town.example>", action="delivered", status="2.0.0"),
        b"Subject: I am on leave\nAuto-Submitted: auto-replied\n\nUntil Monday.",
        b"",
        b"\xff\xfe\x00 no mail at all",
        POSTFIX.format(action="failed", status="5.0.0", original="Content-Type: text/plain\n\nlost").encode(),
    ],
    ids=["late", "arrived", "on leave", "empty", "bytes", "without the original"],
)
def test_what_says_nothing_of_a_loss_is_passed_over(content) -> None:
    assert bounces.read(content) is None


@pytest.fixture
def came_back(monkeypatch):
    found: list[tuple[str, str]] = []
    monkeypatch.setattr(mail, "_returns", [lambda about, words: found.append((about, words))])
    return found


def a_mail(settings) -> str:
    settings.EMAIL_BACKEND = "merilo.core.mail.OutboxBackend"
    letter = mail.Announcement(
        "Invitation", "Good day", "merilo@town.example", ["m.koleva@elsewhere.example"]
    )
    letter.about = "invited:1:2"
    get_connection().send_messages([letter])
    return mail.message_id(OutgoingMail.objects.get())


@pytest.mark.django_db
def test_the_command_reads_a_maildir_an_mbox_a_file_and_the_input(
    settings, tmp_path, monkeypatch, came_back, capsys
) -> None:
    content = returned(HEAD, message_id=a_mail(settings))
    (tmp_path / "one.eml").write_bytes(content)
    maildir = mailbox.Maildir(tmp_path / "maildir")
    maildir.add(content)
    mbox = mailbox.mbox(tmp_path / "mbox")
    mbox.add(content)
    mbox.add(b"Subject: Hello\n\nNothing came back.")
    mbox.close()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    for place in ("one.eml", "maildir", "mbox"):
        call_command("bounces", str(tmp_path / place))
    call_command("bounces", "-")
    assert [about for about, _words in came_back] == ["invited:1:2"] * 4
    assert "2 mails read, 1 came back" in capsys.readouterr().out


@pytest.mark.django_db
def test_nobody_can_mark_an_address_who_does_not_know_the_message_id(settings, came_back) -> None:
    number, dot, rest = a_mail(settings).partition(".")
    guessed = f"<{'2' * (len(number) - 1)}{dot}{rest}"
    assert not bounces.take(returned(HEAD, message_id=guessed))
    assert not came_back
