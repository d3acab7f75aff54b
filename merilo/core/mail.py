"""Mail goes to an outbox in the transaction that causes it; the worker hands it to the mail server.

A row is claimed in one short transaction, sent outside of any, and its result recorded in another. Only
a worker that dies between sending and recording can double a mail.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Min, QuerySet
from django.utils import timezone
from django_tasks import task

from merilo.core.models import OutgoingMail

log = logging.getLogger("merilo.mail")

# How long to wait after each failed attempt: a server may be away for a day and a half.
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60)]
MOST_ATTEMPTS = len(WAITS) + 1
# Longer than any sending takes; after it the row of a worker that died is taken again.
LEASE = timedelta(minutes=10)
# A server that hangs must not keep the worker from its other tasks for long.
MOST_AT_ONCE = 50


def has_server() -> bool:
    """Whether people get their mail; without, invitations are links to copy or print.

    In the demonstration a page shows what would have been sent.
    """
    return bool(settings.MAIL_SERVER) or settings.DEMO


class OutboxBackend(BaseEmailBackend):
    """Django's mail backend that writes rows instead of sending."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        rows = [row for message in email_messages for row in _rows(message)]
        OutgoingMail.objects.bulk_create(rows)
        if settings.MAIL_SERVER:
            transaction.on_commit(deliver.enqueue)
        return len(email_messages)


def _rows(message: EmailMessage) -> list[OutgoingMail]:
    html = next(
        (str(content) for content, kind in getattr(message, "alternatives", []) if kind == "text/html"), ""
    )
    now = timezone.now()
    return [
        OutgoingMail(
            created_at=now,
            not_before=now,
            sender=message.from_email,
            recipient=recipient,
            subject=" ".join(str(message.subject).split())[:300],
            text=str(message.body),
            html=html,
        )
        for recipient in message.recipients()
    ]


@task()
def deliver() -> int:
    """Send what is due in the outbox, the oldest first; answers how many went out."""
    rows = _waiting().filter(not_before__lte=timezone.now()).order_by("pk")
    due = list(rows.values_list("pk", flat=True)[:MOST_AT_ONCE])
    if not due:
        return 0
    _come_back(timezone.now() + LEASE)  # should this worker die, somebody looks again
    sent = sum(_deliver_one(pk) for pk in due)
    if earliest := _waiting().aggregate(earliest=Min("not_before"))["earliest"]:
        _come_back(earliest)
    return sent


def _waiting() -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(sent_at=None, attempts__lt=MOST_ATTEMPTS)


def _come_back(at: datetime) -> None:
    """Deliver again at that time, where the tasks can wait (not in tests, where they run at once)."""
    if deliver.get_backend().supports_defer:
        deliver.using(run_after=at).enqueue()


def _deliver_one(pk: int) -> int:
    mail = _claimed(pk)
    if mail is None:
        return 0
    try:
        _message(mail).send()
    except Exception as error:  # noqa: BLE001  whatever is wrong with one mail must not stop the others
        _failed(mail, error)
        return 0
    _sent(mail)
    return 1


def _claimed(pk: int) -> OutgoingMail | None:
    """The row, its attempt counted and nobody else's for the length of a lease; None if it is taken."""
    now = timezone.now()
    free = _waiting().filter(pk=pk, not_before__lte=now)
    mine = free.update(attempts=F("attempts") + 1, not_before=now + LEASE)
    return OutgoingMail.objects.filter(pk=pk).first() if mine else None


def _failed(mail: OutgoingMail, error: Exception) -> None:
    name = type(error).__name__
    pause = WAITS[min(mail.attempts, len(WAITS)) - 1]
    OutgoingMail.objects.filter(pk=mail.pk).update(last_error=name, not_before=timezone.now() + pause)
    log.warning("mail %s: attempt %s of %s: %s", mail.pk, mail.attempts, MOST_ATTEMPTS, name)


def _sent(mail: OutgoingMail) -> None:
    # The text may hold the secret of an invitation: it has arrived and is not kept.
    OutgoingMail.objects.filter(pk=mail.pk).update(sent_at=timezone.now(), text="", html="")


def _message(mail: OutgoingMail) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        mail.subject,
        mail.text,
        mail.sender,
        [mail.recipient],
        connection=get_connection("django.core.mail.backends.smtp.EmailBackend", **_server()),
        headers={"Auto-Submitted": "auto-generated"},
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def _server() -> dict[str, Any]:
    from environ import Env

    parts = Env.email_url_config(settings.MAIL_SERVER)
    return {
        "host": parts.get("EMAIL_HOST"),
        "port": parts.get("EMAIL_PORT"),
        "username": parts.get("EMAIL_HOST_USER"),
        "password": parts.get("EMAIL_HOST_PASSWORD"),
        "use_tls": parts.get("EMAIL_USE_TLS", False),
        "use_ssl": parts.get("EMAIL_USE_SSL", False),
        "timeout": 20,
    }
