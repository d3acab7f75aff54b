"""A worker is killed between any two steps of a reminder: each owner gets one mail, and all of it."""

from __future__ import annotations

import signal
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from merilo.core import mail
from merilo.core.models import OutgoingMail
from merilo.core.rounds import go_round
from merilo.core.tests.postman import at_work, ended, start_worker
from merilo.core.tests.test_mail_killed import dying
from merilo.improvement import mails, reminding
from merilo.improvement.models import CheckInLink, Plan, Reminded
from merilo.organisations import correspondence
from merilo.organisations.models import Correspondence, Membership, Notification
from tests.people import a_member, an_organisation
from tests.plans import a_measure, a_plan

# The steps of a reminder in order: before the transaction, inside it, and between two people.
STEPS: list[tuple[str, Any, str, int]] = [
    ("remind_person", reminding, "before", 1),
    ("_noted", reminding, "after", 1),
    ("event_of", mails, "after", 1),
    ("_release", correspondence, "before", 1),
    ("_mark", correspondence, "after", 2),
    ("write_to", correspondence, "after", 1),
    ("remind_person", reminding, "after", 1),
    ("remind_person", reminding, "after", 2),
    ("_remind_in", reminding, "after", 1),
]


@pytest.fixture
def postman(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.EMAIL_BACKEND = "merilo.core.mail.OutboxBackend"
    monkeypatch.setattr(mail, "LEASE", timedelta(0))
    monkeypatch.setattr(reminding, "FROM_HOUR", 0)
    with at_work() as found:
        settings.MAIL_SERVER = found.address
        yield found


def as_in_the_morning() -> None:
    """Nobody has been reminded of anything, and a round is due."""
    for table in (OutgoingMail, DBTaskResult, Notification, Correspondence, Reminded, CheckInLink):
        table.objects.all().delete()
    Plan.objects.update(looked_on=None)
    go_round.enqueue()


def owners() -> list[Membership]:
    """Two people, each with two measures of which a report is due."""
    town, today = an_organisation("town"), timezone.localdate()
    people, plan = [a_member(town) for _ in range(2)], a_plan(town, state="running")
    for one in people * 2:
        text = f"Мярка {plan.measures.count() + 1}"
        a_measure(plan, text, owner=one, first=today - timedelta(days=200), last=today + timedelta(days=9))
    return people


@pytest.mark.django_db(transaction=True)
def test_every_owner_gets_one_mail_although_the_worker_is_killed_at_any_step(postman: Any) -> None:
    people = owners()
    render_to_string("organisations/email/notifications.txt", {"person": people[0].person, "lines": []})
    for step in STEPS:
        as_in_the_morning()
        postman.letters.clear()
        name, owner, when, nth = step
        assert ended(start_worker(lambda: dying(name, owner, when, nth))) == signal.SIGKILL, step  # noqa: B023
        go_round.enqueue()  # as a worker does that begins
        assert ended(start_worker()) == 0
        assert Counter(to for letter_to, _ in postman.letters for to in letter_to) == {
            one.email: 1 for one in people
        }, step
        for _to, letter in postman.letters:
            assert letter.get_body(("plain",)).get_content().count("/c/") == 2, step
        assert CheckInLink.objects.count() == 4, step
