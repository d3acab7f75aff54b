"""The living example: its numbers, its stages, and the wall between its two organisations."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from merilo.accounts.models import Person
from merilo.assessment.models import (
    Agreement,
    Assessment,
    Contribution,
    Evidence,
    Judgement,
    Sheet,
    State,
    Statement,
)
from merilo.core import audit
from merilo.site.demo import build
from merilo.site.demo.judging import HANDED_IN, PROGRESS


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    from django.db import transaction

    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        yield build.build()
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


@pytest.fixture
def demo(built, django_db_blocker):
    with django_db_blocker.unblock():
        yield built


def signed_in(email):
    client = Client()
    client.force_login(Person.objects.get(email=email))
    return client


def lines(assessment, kind):
    rows = Judgement.objects.filter(sheet__assessment=assessment)
    return sum(len(row.lines.get(kind, [])) for row in rows)


def test_running_cycle_is_at_various_progress(demo):
    sheets = Sheet.objects.filter(assessment=demo.running)
    ready = sorted(sheet.judgements.filter(ready=True).count() for sheet in sheets)
    assert ready == sorted(PROGRESS.values())
    assert sheets.exclude(handed_in_at=None).count() == len(HANDED_IN)
    assert demo.running.state == State.ASSESSING
    assert demo.running.previous == demo.past


def test_past_cycle_is_published(demo):
    past = Assessment.objects.get(pk=demo.past.pk)
    assert past.state == State.PUBLISHED
    assert Agreement.objects.filter(assessment=past, state="agreed").count() == 28
    assert past.report.revisions.get().published_parts


def test_second_organisation_is_in_the_agreement(demo):
    assessment = Assessment.objects.get(organisation=demo.other)
    assert assessment.state == State.AGREEING
    states = list(Agreement.objects.filter(assessment=assessment).values_list("state", flat=True))
    assert {state: states.count(state) for state in set(states)} == {"agreed": 14, "postponed": 3, "open": 11}


def test_remarks_have_the_real_size(demo):
    kinds = Contribution.objects.filter(assessment__organisation=demo.other).values_list("kind", flat=True)
    counts = {kind: list(kinds).count(kind) for kind in ("strength", "area", "idea")}
    assert counts == {"strength": 178, "area": 125, "idea": 123}
    assert Evidence.objects.filter(assessment=demo.running).count() == 94


def test_statements_keep_where_they_came_from(demo):
    statements = Statement.objects.filter(assessment__organisation=demo.other)
    assert statements.count() > 100
    assert not statements.filter(sources=None).exists()


def test_audit_holds_and_tells_of_no_future(demo):
    assert [audit.verify(str(chain.pk)) for chain in (demo.town, demo.other)] == [None, None]


def test_every_person_may_sign_in(demo):
    people = Person.objects.all()
    assert people.count() == 36
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == people.count()
    assert all(person.has_usable_password() for person in people)


def test_second_organisation_is_walled_off(demo):
    coordinator = signed_in("r.dimova@primerovo.example")
    assert coordinator.get("/o/primerovo/").status_code == 200
    assert coordinator.get("/o/samplebridge/").status_code == 404
    assert signed_in("n.stranska@merilo.example").get("/o/primerovo/").status_code == 404


def test_texts_of_the_second_organisation_are_its_own(demo):
    said = "\n".join(
        Contribution.objects.filter(assessment__organisation=demo.other).values_list("text", flat=True)
    )
    assert "Primerovo" not in said
    assert "Bistra" not in said
