"""Mail goes to an outbox in the transaction that causes it; the worker hands it to the mail server.

A row is claimed in one short transaction, handed over outside of any, and its result recorded in another.
That it is being handed over is noted before the mail's last line is sent: a row with such a note and
without a result is never simply sent again (docs/decisions/0009).
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError, transaction
from django.db.models import F, Min, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from merilo.core import audit, smtp
from merilo.core.errors import MeriloError
from merilo.core.models import MOST_ATTEMPTS, MailState, OutgoingMail

log = logging.getLogger("merilo.mail")
VERBS = {
    "mail.sent_again": _("had a mail sent again"),
    "mail.arrived": _("said that a mail has arrived"),
    "mail.let_go": _("decided that a mail is not sent"),
    "mail.tried": _("sent a test mail"),
}

# How long to wait after each failed attempt: a server may be away for a day and a half.
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60)]
# Longer than any sending takes; after it the row of a worker that died is taken again.
LEASE = timedelta(minutes=10)
# A server that hangs must not keep the worker from its other tasks for long.
MOST_AT_ONCE = 50
TRIAL_SECONDS = 10  # somebody waits for the page


def has_server() -> bool:
    """Whether people get their mail; without, invitations are links to copy or print.

    In the demonstration a page shows what would have been sent.
    """
    return bool(settings.MAIL_SERVER) or settings.DEMO


class TakenOver(Exception):
    """Another worker has the mail by now."""


class Announcement(EmailMultiAlternatives):
    """A mail that tells what can also be read in the application: losing it costs less than a double.

    `off_url` is where a mail program stops such mails for its reader. `about` is a mark by which the room
    that wrote it learns that it came back.
    """

    off_url: str = ""
    about: str = ""


_returns: list[Callable[[str, str], None]] = []


def contribute_returned(take: Callable[[str, str], None]) -> None:
    """`take(about, words)` is told that a mail cannot reach its address; marks of others are passed over."""
    _returns.append(take)


def returned(about: str, words: str) -> None:
    """Tell every room that a mail came back, and what the mail server said."""
    for take in _returns:
        take(about, words)


def of_message_id(text: str) -> OutgoingMail | None:
    """The mail that went out under a Message-ID, None once it is no longer kept."""
    number = re.fullmatch(r"<\d+\.(\d{1,18})@[^<>@]+>", text.strip())
    mail = OutgoingMail.objects.filter(pk=int(number[1])).first() if number else None
    return mail if mail is not None and message_id(mail) == text.strip() else None


class Passing(EmailMultiAlternatives):
    """A mail of which nothing is kept once it was sent, not even to whom: who got it is nobody's business."""


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
            never_twice=isinstance(message, Announcement),
            off_url=message.off_url if isinstance(message, Announcement) else "",
            passing=isinstance(message, Passing),
            about=message.about if isinstance(message, Announcement) else "",
        )
        for recipient in message.recipients()
    ]


@task()
def deliver() -> int:
    """Send what is due in the outbox, the oldest first; answers how many went out."""
    _settle()
    rows = _waiting().filter(not_before__lte=timezone.now()).order_by("pk")
    due = list(rows.values_list("pk", flat=True)[:MOST_AT_ONCE])
    if not due:
        return 0
    _come_back(timezone.now() + LEASE)  # should this worker die, somebody looks again
    sent = sum(_deliver_one(pk) for pk in due)
    if earliest := _waiting().aggregate(earliest=Min("not_before"))["earliest"]:
        _come_back(earliest)
    return sent


def deliver_again() -> None:
    """What a worker left that died before it sent it."""
    if settings.MAIL_SERVER:
        deliver.func()


def _waiting() -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(sent_at=None, handed_at=None, attempts__lt=MOST_ATTEMPTS)


def _come_back(at: datetime) -> None:
    """Deliver again at that time, where the tasks can wait (not in tests, where they run at once)."""
    if deliver.get_backend().supports_defer:
        deliver.using(run_after=at).enqueue()


def _deliver_one(pk: int) -> int:
    mail = _claimed(pk)
    if mail is None:
        return 0
    try:
        with smtp.handed(_message(mail), _server(), before_last_line=lambda: _handing_over(mail)):
            _sent(mail)
    except TakenOver:
        log.warning("mail %s: another worker has it", mail.pk)
        return 0
    except smtp.OutcomeUnknown:
        _unknown(mail.pk)
        return 0
    except DatabaseError:  # the note of the handing over stands: the row is settled after its lease
        raise
    except Exception as error:  # noqa: BLE001  whatever is wrong with one mail must not stop the others
        _failed(mail, error)
        return 0
    return 1


def _claimed(pk: int) -> OutgoingMail | None:
    """The row, its attempt counted and nobody else's for the length of a lease; None if it is taken."""
    now = timezone.now()
    free = _waiting().filter(pk=pk, not_before__lte=now)
    mine = free.update(attempts=F("attempts") + 1, not_before=now + LEASE)
    return OutgoingMail.objects.filter(pk=pk).first() if mine else None


def _handing_over(mail: OutgoingMail) -> None:
    """Note, on disk before the last line goes, that the server may take the mail now. Errors: TakenOver."""
    now = timezone.now()
    mine = OutgoingMail.objects.filter(pk=mail.pk, attempts=mail.attempts, sent_at=None, handed_at=None)
    if not mine.update(handed_at=now, not_before=now + LEASE):
        raise TakenOver


def _failed(mail: OutgoingMail, error: Exception) -> None:
    """The server has not taken it, for certain. An address that it refuses for good is not tried again."""
    if mail.about and smtp.is_refused_for_good(error):
        with transaction.atomic():
            OutgoingMail.objects.filter(pk=mail.pk, sent_at=None).delete()
            returned(mail.about, smtp.words_of(error))
        return
    name = type(error).__name__
    pause = WAITS[min(mail.attempts, len(WAITS)) - 1]
    OutgoingMail.objects.filter(pk=mail.pk, sent_at=None).update(
        last_error=name, handed_at=None, not_before=timezone.now() + pause
    )
    log.warning("mail %s: attempt %s of %s: %s", mail.pk, mail.attempts, MOST_ATTEMPTS, name)


def _sent(mail: OutgoingMail) -> None:
    # The text may hold the secret of an invitation: it has arrived and is not kept.
    if mail.passing:
        OutgoingMail.objects.filter(pk=mail.pk).delete()
        return
    OutgoingMail.objects.filter(pk=mail.pk).update(sent_at=timezone.now(), text="", html="")


def _settle() -> None:
    """Find what was being handed over when its worker died."""
    lost = OutgoingMail.objects.filter(sent_at=None, unknown_at=None, handed_at__isnull=False)
    for pk in lost.filter(not_before__lte=timezone.now()).order_by("pk").values_list("pk", flat=True):
        _unknown(pk)


def _unknown(pk: int) -> None:
    """Nobody can tell whether the server took it: sent once more where a loss is worse than a double."""
    mail = OutgoingMail.objects.get(pk=pk)
    again = not mail.never_twice and mail.unknown_at is None and mail.attempts < MOST_ATTEMPTS
    now = timezone.now()
    handed_at = None if again else mail.handed_at
    same = OutgoingMail.objects.filter(pk=pk, sent_at=None, handed_at=mail.handed_at)
    if same.update(unknown_at=mail.unknown_at or now, handed_at=handed_at, not_before=now):
        rule = "sent once more under the same Message-ID" if again else "not sent again"
        log.warning("mail %s: unknown whether it arrived, %s: %s", pk, rule, message_id(mail))


def unsent(*, at: datetime) -> Counter[MailState]:
    """How many mails are in each state but that of being sent."""
    return Counter(row.state(at) for row in OutgoingMail.objects.filter(sent_at=None).defer("text", "html"))


# --- what an operator decides -------------------------------------------------------------------------
def undecided(*, at: datetime) -> list[OutgoingMail]:
    """Mails that are not sent by themselves any more: unknown whether they arrived, or given up."""
    rows = OutgoingMail.objects.filter(sent_at=None).exclude(handed_at=None, attempts__lt=MOST_ATTEMPTS)
    return [row for row in rows if row.state(at) in {MailState.UNKNOWN, MailState.GIVEN_UP}]


@transaction.atomic
def send_again(*, number: int, by: object, at: datetime) -> None:
    """Have a mail sent once more that is not sent by itself. Errors: MeriloError."""
    mail = _undecided(number, at)
    OutgoingMail.objects.filter(pk=mail.pk).update(handed_at=None, attempts=0, not_before=at)
    audit.record("mail.sent_again", actor=by, target=mail, at=at)
    if settings.MAIL_SERVER:
        transaction.on_commit(deliver.enqueue)


@transaction.atomic
def mark_arrived(*, number: int, by: object, at: datetime) -> None:
    """Say that such a mail has arrived after all, as the server's own record tells. Errors: MeriloError."""
    mail = _undecided(number, at)
    _sent(mail)
    audit.record("mail.arrived", actor=by, target=mail, at=at)


@transaction.atomic
def let_go(*, number: int, by: object, at: datetime) -> None:
    """Say that such a mail is not needed any more; nothing of it is kept. Errors: MeriloError."""
    mail = _undecided(number, at)
    audit.record("mail.let_go", actor=by, target=mail, at=at)
    mail.delete()


@dataclass(frozen=True, slots=True)
class Server:
    """Where mails go and how, without the password."""

    host: str
    port: int
    encryption: str
    signs_in: bool
    sender: str


def server_in_use() -> Server | None:
    """The mail server of this installation, None where there is none."""
    if not settings.MAIL_SERVER:
        return None
    known = _server()
    kinds = {"use_ssl": "TLS", "use_tls": "STARTTLS"}
    encryption = next((words for key, words in kinds.items() if known[key]), "")
    return Server(
        str(known["host"]),
        int(known["port"] or 25),
        encryption,
        bool(known["username"]),
        str(settings.DEFAULT_FROM_EMAIL),
    )


def counts(*, at: datetime) -> dict[MailState, int]:
    """How many mails are in each state."""
    found = unsent(at=at)
    found[MailState.SENT] = OutgoingMail.objects.exclude(sent_at=None).count()
    return {state: found[state] for state in MailState}


def waiting(*, most: int) -> list[OutgoingMail]:
    """Mails that are still to be sent by themselves, the oldest first, without their texts."""
    return list(_waiting().defer("text", "html").order_by("pk")[:most])


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a test mail: whether the server took it, and what it said."""

    taken: bool
    answer: str


def try_out(*, to: str, by: object, at: datetime) -> Tried:
    """Send a test mail now, past the outbox, and tell what the server answered. Errors: MeriloError."""
    if not settings.MAIL_SERVER:
        raise MeriloError(gettext("No mail server is set, so nothing can be sent."))
    text = gettext("Whoever reads this knows that the mails of this platform arrive.")
    message = EmailMultiAlternatives(
        gettext("Test mail"), text, settings.DEFAULT_FROM_EMAIL, [to], headers={"Date": format_datetime(at)}
    )
    server = _server() | {"timeout": TRIAL_SECONDS}
    try:
        with smtp.handed(
            message, server, before_last_line=lambda: None, answer_seconds=TRIAL_SECONDS
        ) as answer:
            tried = Tried(taken=True, answer=answer)
    except Exception as error:  # noqa: BLE001  whatever is wrong is what was asked
        tried = Tried(taken=False, answer=smtp.words_of(error))
    with transaction.atomic():
        audit.record("mail.tried", actor=by, payload={"taken": tried.taken}, at=at)
    return tried


def _undecided(number: int, at: datetime) -> OutgoingMail:
    found = OutgoingMail.objects.select_for_update().filter(pk=number).first()
    if found is None or found.state(at) not in {MailState.UNKNOWN, MailState.GIVEN_UP}:
        raise MeriloError(gettext("There is no such mail that waits for a decision."))
    return found


def message_id(mail: OutgoingMail) -> str:
    """The same for every attempt, so that a server or a reader can recognise a repeat."""
    domain = parseaddr(mail.sender)[1].rpartition("@")[2] or "localhost"
    return f"<{mail.created_at:%Y%m%d%H%M%S%f}.{mail.pk}@{domain}>"


def _message(mail: OutgoingMail) -> EmailMultiAlternatives:
    headers = {
        "Message-ID": message_id(mail),
        "Date": format_datetime(mail.created_at),
        "Auto-Submitted": "auto-generated",
    }
    if mail.off_url:
        headers["List-Unsubscribe"] = f"<{mail.off_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(mail.subject, mail.text, mail.sender, [mail.recipient], headers=headers)
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
