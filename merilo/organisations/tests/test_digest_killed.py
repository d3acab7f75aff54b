"""A worker is killed between any two steps of a digest: it arrives once, and holds everything."""

from __future__ import annotations

import signal
from collections import Counter
from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from merilo.core import mail
from merilo.core.models import OutgoingMail
from merilo.core.tests.postman import at_work, ended, start_worker
from merilo.core.tests.test_mail_killed import dying, settle
from merilo.organisations import correspondence
from merilo.organisations.models import Correspondence, Notification, Waits
from tests.people import a_member, an_organisation

# The steps of a digest: the last one before anything is written, between two, and after the transaction.
STEPS = [("_mark", "before"), ("_mark", "after"), ("write_to", "after"), ("send_digest", "after")]


@pytest.fixture
def postman(settings, monkeypatch):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.EMAIL_BACKEND = "merilo.core.mail.OutboxBackend"
    monkeypatch.setattr(mail, "LEASE", timedelta(0))
    monkeypatch.setattr(correspondence, "DIGEST_HOUR", 0)
    with at_work() as found:
        settings.MAIL_SERVER = found.address
        yield found


def two_wait(member):
    """As on the next day: two notifications wait, nothing has been mailed."""
    for table in (OutgoingMail, DBTaskResult, Notification, Correspondence):
        table.objects.all().delete()
    for title in ("Plan", "Report"):
        Notification.objects.create(
            organisation=member.organisation,
            person=member.person,
            kind="report.approved",
            path="/o/town/",
            facts={"title": title},
            made_at=timezone.now(),
            waits_for=Waits.DIGEST,
        )


@pytest.mark.django_db(transaction=True)
def test_a_digest_arrives_once_and_whole_although_the_worker_is_killed_at_any_step(postman):
    member = a_member(an_organisation("town"))
    # What every worker needs is read once, here: addresses, words, the template.
    render_to_string("organisations/email/notifications.txt", {"person": member.person, "lines": []})
    for name, when in STEPS:
        two_wait(member)
        postman.letters.clear()
        killed = ended(start_worker(lambda: dying(name, correspondence, when, 1)))  # noqa: B023  runs at once
        assert killed == signal.SIGKILL, (name, when)
        settle()
        assert list(Counter(postman.accepted).values()) == [1], (name, when)
        text = postman.letters[0][1].get_body(("plain",)).get_content()
        assert ("Plan" in text, "Report" in text) == (True, True), (name, when)
