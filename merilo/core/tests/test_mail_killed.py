"""A worker is killed between any two steps: nothing is lost, nothing doubled but what cannot be known.

The server is a real one, the worker a process of its own that is ended by SIGKILL.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from datetime import timedelta
from unittest import mock

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from merilo.core import mail, smtp
from merilo.core.models import MailState, OutgoingMail
from merilo.core.tests.postman import announce, at_work, ended, start_worker, write

# Every step of a mail in order: what is called, and whether the worker dies before or after it.
STEPS = [
    ("claim", DBTaskResult),
    ("_settle", mail),
    ("_come_back", mail),
    ("_claimed", mail),
    ("open", smtp._Server),
    ("ehlo", smtp._Careful),
    ("mail", smtp._Careful),
    ("rcpt", smtp._Careful),
    ("putcmd", smtp._Careful),
    ("_handing_over", mail),
    ("last line", smtp._Careful),
    ("data", smtp._Careful),
    ("sendmail", smtp._Careful),
    ("_sent", mail),
    ("quit", smtp._Careful),
    ("set_successful", DBTaskResult),
]
# Where it was noted that the server may have the mail, and not yet that it has.
UNKNOWABLE = {
    ("_handing_over", "after"),
    ("last line", "before"),
    ("last line", "after"),
    ("data", "after"),
    ("sendmail", "after"),
    ("_sent", "before"),
}
# Of these the server has taken the mail.
TAKEN = {("last line", "after"), ("data", "after"), ("sendmail", "after"), ("_sent", "before")}


@pytest.fixture
def postman(settings, monkeypatch):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    monkeypatch.setattr(mail, "LEASE", timedelta(0))  # who died is known to be dead at once
    with at_work() as found:
        settings.MAIL_SERVER = found.address
        yield found


def die(*args, **kwargs):
    time.sleep(0.02)  # what was sent arrives
    os.kill(os.getpid(), signal.SIGKILL)


def dying(name, owner, when, nth):
    """Make this process die before or after the nth time that a step is done."""
    name, only = ("send", smtp._LAST_LINE) if name == "last line" else (name, None)
    step, seen = getattr(owner, name), Counter[str]()

    def stepped(*args, **kwargs):
        counts = only is None or only in args
        seen["calls"] += counts
        if counts and seen["calls"] == nth and when == "before":
            die()
        answer = step(*args, **kwargs)
        if counts and seen["calls"] == nth and when == "after":
            die()
        return answer

    mock.patch.object(owner, name, stepped).start()


def settle():
    """A worker is started anew and does what there is to do."""
    assert ended(start_worker()) == 0


def two_mails(postman):
    """An invitation and a notice, written in one transaction; answers their Message-IDs."""
    OutgoingMail.objects.all().delete()
    DBTaskResult.objects.all().delete()
    postman.letters.clear()
    with transaction.atomic():
        write("guest@town.example")
        announce("member@town.example")
    return [mail.message_id(row) for row in OutgoingMail.objects.order_by("pk")]


def killed_at(postman, name, owner, when, nth):
    """A worker dies at a step of the nth mail, another comes: what arrives, and what is not known."""
    mails = two_mails(postman)
    assert ended(start_worker(lambda: dying(name, owner, when, nth))) == signal.SIGKILL, (name, when)
    settle()
    counts = Counter(postman.accepted)
    return [counts[mail] for mail in mails], OutgoingMail.objects.exclude(unknown_at=None).count()


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_at_any_step_loses_nothing_and_doubles_nothing(postman):
    for name, owner in STEPS:
        for when in ("before", "after"):
            if (name, when) not in UNKNOWABLE:
                assert killed_at(postman, name, owner, when, 1) == ([1, 1], 0), (name, when)


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_known_is_sent_again_only_where_a_loss_is_worse(postman):
    owners = dict(STEPS)
    for name, when in sorted(UNKNOWABLE):
        taken = int((name, when) in TAKEN)
        assert killed_at(postman, name, owners[name], when, 1) == ([1 + taken, 1], 1), (name, when)
        assert killed_at(postman, name, owners[name], when, 2) == ([1, taken], 1), (name, when)


def killed_at_random(postman, seconds, mails):
    """Workers killed at any moment; answers how often, and what arrived how often."""
    with transaction.atomic():
        for number in range(mails):
            announce(f"m{number}@town.example") if number % 2 else write(f"g{number}@town.example")
    dice, end, kills = random.Random(7), time.monotonic() + seconds, 0
    while time.monotonic() < end and OutgoingMail.objects.filter(sent_at=None, unknown_at=None).exists():
        pid = start_worker()
        time.sleep(dice.uniform(0.01, 0.12))
        os.kill(pid, signal.SIGKILL)
        kills += ended(pid) == signal.SIGKILL
    OutgoingMail.objects.filter(sent_at=None).update(attempts=0)
    settle()
    return kills, Counter(postman.accepted)


def check_all_arrived(counts):
    """Each mail once; what is otherwise is a mail of which it was noted that nobody can know."""
    for row in OutgoingMail.objects.all():
        arrived = counts[mail.message_id(row)]
        known = row.unknown_at is None
        if known:
            assert (arrived, row.sent_at is not None) == (1, True), row.recipient
        elif row.never_twice:
            assert (arrived in {0, 1}, row.sent_at) == (True, None), row.recipient
        elif row.sent_at is not None:
            assert arrived in {1, 2}, row.recipient
        else:  # its worker died at the last line twice: an operator is asked
            assert arrived in {0, 1, 2}, row.recipient
            assert row.state(timezone.now()) == MailState.UNKNOWN, row.recipient


@pytest.mark.django_db(transaction=True)
def test_workers_killed_at_any_moment_lose_nothing_and_double_nothing(postman):
    kills, counts = killed_at_random(postman, seconds=6, mails=40)
    assert kills >= 5
    check_all_arrived(counts)


@pytest.mark.wide
@pytest.mark.django_db(transaction=True)
def test_workers_killed_for_minutes_lose_nothing_and_double_nothing(postman):
    kills, counts = killed_at_random(postman, seconds=120, mails=600)
    assert kills >= 100
    check_all_arrived(counts)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_every_mail_once(postman):
    with transaction.atomic():
        for number in range(30):
            announce(f"m{number}@town.example")
    workers = [start_worker() for _ in range(2)]
    assert [ended(pid) for pid in workers] == [0, 0]
    assert sorted(Counter(postman.accepted).values()) == [1] * 30
