"""Mail goes to an outbox in the transaction that causes it; the worker hands it to the mail server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from merilo.core.models import OutgoingMail

MOST_ATTEMPTS = 8


def has_server() -> bool:
    """Whether this installation can send mail; without, invitations are links to copy or print."""
    return bool(settings.MAIL_SERVER)


class OutboxBackend(BaseEmailBackend):
    """Django's mail backend that writes rows instead of sending."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        rows = [row for message in email_messages for row in _rows(message)]
        OutgoingMail.objects.bulk_create(rows)
        if has_server():
            transaction.on_commit(deliver.enqueue)
        return len(email_messages)


def _rows(message: EmailMessage) -> list[OutgoingMail]:
    html = next(
        (str(content) for content, kind in getattr(message, "alternatives", []) if kind == "text/html"), ""
    )
    return [
        OutgoingMail(
            created_at=timezone.now(),
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
    """Send what waits in the outbox; each row is claimed before it is sent. Answers how many went out."""
    sent = 0
    waiting = OutgoingMail.objects.filter(sent_at=None, attempts__lt=MOST_ATTEMPTS).order_by("pk")
    for pk in waiting.values_list("pk", flat=True):
        sent += _deliver_one(pk)
    return sent


def _deliver_one(pk: int) -> int:
    with transaction.atomic():
        mail = OutgoingMail.objects.select_for_update().filter(pk=pk, sent_at=None).first()
        if mail is None:
            return 0
        mail.attempts += 1
        try:
            _message(mail).send()
        except OSError as error:
            mail.last_error = type(error).__name__
            mail.save(update_fields=["attempts", "last_error"])
            return 0
        mail.sent_at = timezone.now()
        mail.save(update_fields=["attempts", "sent_at"])
        return 1


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
