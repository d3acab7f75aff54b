"""What the worker does: mails and tasks, and deciding about what is stuck."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from merilo.core import limits, mail
from merilo.core.errors import MeriloError
from merilo.core.limits import Rate
from merilo.core.models import MailState, OutgoingMail
from merilo.ops import queue
from merilo.ops.actions import record_reading, run_again
from merilo.ops.views.base import acted, button, office, shown
from merilo.organisations.api import PersonRequest

MOST = 50
TRIALS: Rate = {"most": 10, "seconds": 3600}


@office("POST")
def mails(request: PersonRequest) -> HttpResponse:
    """The mail server, the mails that are not sent yet, and a test mail to oneself."""
    if request.method == "POST":
        return acted(request, _mail_effects(request), to=request.path)
    now = timezone.now()
    record_reading(person=request.user, verb="platform.mail_listed", at=now)
    counts = mail.counts(at=now)
    context = {
        "server": mail.server_in_use(),
        "counts": [(state.label, count) for state, count in counts.items()],
        "undecided": [_decision(row, now) for row in mail.undecided(at=now)[:MOST]],
        "buttons": {"try": button("try")},
        "waiting": mail.waiting(most=MOST),
        "waiting_count": counts[MailState.WAITING],
        "lead": _("That you opened this page is recorded. The texts of mails are not shown."),
    }
    return shown(request, "mail", _("Mail"), context)


def _decision(row: OutgoingMail, now: datetime) -> tuple[OutgoingMail, Any, dict[str, dict[str, str]]]:
    """A mail that is stuck, its state in words, and its buttons; only an uncertain one may have arrived."""
    state = row.state(now)
    deeds = {"again": button("again", number=row.pk), "let_go": button("let-go", number=row.pk)}
    if state == MailState.UNKNOWN:
        deeds["arrived"] = button("arrived", number=row.pk)
    return row, state.label, deeds


def _mail_effects(request: PersonRequest) -> dict[str, Callable[[], str]]:
    text = request.POST.get("number", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    now, by = timezone.now(), request.user.pk

    def again() -> str:
        mail.send_again(number=number, by=by, at=now)
        return _("The mail is sent once more.")

    def arrived() -> str:
        mail.mark_arrived(number=number, by=by, at=now)
        return _("The mail counts as arrived.")

    def let_go() -> str:
        mail.let_go(number=number, by=by, at=now)
        return _("The mail is let go.")

    return {"again": again, "arrived": arrived, "let-go": let_go, "try": lambda: _tried(request)}


def _tried(request: PersonRequest) -> str:
    limits.hit("test-mail", str(request.user.pk), **TRIALS)
    tried = mail.try_out(to=request.user.email, by=request.user.pk, at=timezone.now())
    if not tried.taken:
        raise MeriloError(_("The test mail was not taken. The server: %(answer)s") % {"answer": tried.answer})
    said = _("The test mail to %(email)s was taken. The server: %(answer)s")
    return said % {"email": request.user.email, "answer": tried.answer}


@office("POST")
def tasks(request: PersonRequest) -> HttpResponse:
    """The worker's queue, and putting back what has failed."""
    if request.method == "POST":
        return acted(request, {"again": lambda: _again(request)}, to=request.path)
    found = queue.queue(now=timezone.now())
    context = {
        "queue": found,
        "failed": [(row, button("again", task=row.pk)) for row in found.failed],
        "others": list(_others(found)),
    }
    return shown(request, "tasks", _("Tasks"), context)


def _others(found: queue.Queue) -> Iterator[tuple[queue.Row, str, str]]:
    """Tasks that have not failed, each with its shape and state in words."""
    for rows, status, words in (
        (found.running, "progress", _("running since")),
        (found.waiting, "waiting", _("waiting since")),
        (found.later, "idle", _("is to run later")),
    ):
        yield from ((row, status, words) for row in rows)


def _again(request: PersonRequest) -> str:
    try:
        task = UUID(request.POST.get("task", ""))
    except ValueError as error:
        raise MeriloError(_("There is no such task that has failed.")) from error
    run_again(person=request.user, task=task, at=timezone.now())
    return _("The task is back in the queue.")
