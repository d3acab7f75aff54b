"""What other pages show of this room: its codes in the record of actions, its part of setting up."""

from __future__ import annotations

import uuid

import pytest
from django.db import transaction
from django.utils import timezone

from merilo.core import audit
from merilo.core.models import StoredFile
from merilo.organisations.models import Organisation, Unit
from tests.people import NOON, a_member, an_assessment, an_organisation, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator():
    return a_member(an_organisation("town", time_zone="Europe/Sofia"), "coordinator", name="Ана")


def told(coordinator, payload, language="en"):
    with transaction.atomic():
        audit.record("x.y", organisation=coordinator.organisation_id, payload=payload, at=NOON)
    client = signed_in(coordinator)
    client.cookies["language"] = language
    return client.get("/o/town/organisation/audit/").context["rows"][0].payload


@pytest.mark.parametrize(
    ("language", "payload", "words"),
    [
        ("en", {"function": "chair", "kind": "training"}, {"function": "Chair", "kind": "Training"}),
        ("bg", {"function": "chair", "kind": "training"}, {"функция": "Председател", "вид": "Обучение"}),
        ("en", {"method": "fine-tuned"}, {"scoring method": "Fine-tuned scoring"}),
        ("en", {"place": "order", "key": "group"}, {"kind": "Order", "section": "Work of the group"}),
        ("en", {"key": "criterion-4"}, {"section": "Criterion 4"}),
        ("en", {"kind": "strength"}, {"kind": "Strength"}),
        ("en", {"parts": ["findings"]}, {"parts": "Strengths and areas for improvement"}),
        ("en", {"roles": ["deputy", "editor"]}, {"roles": "Deputy coordinator, Editor"}),
        ("en", {"due": "2026-11-23"}, {"due date": "23.11.2026"}),
        ("en", {"lock_at": "2026-11-23 12:00:00+00:00"}, {"locked on": "23.11.2026, 14:00"}),
        (
            "en",
            {"reason": "", "substitute": None, "uses": {"1.2": "", "1.3": "7"}},
            {"used for": "1.2, 1.3: 7"},
        ),
        (
            "en",
            {"before": {"state": "open", "values": {}}, "after": {"state": "agreed", "values": {"score": 4}}},
            {"before": "state: To discuss", "after": "state: Agreed, values: (score: 4)"},
        ),
    ],
)
def test_the_record_shows_words_for_codes(coordinator, language, payload, words):
    assert told(coordinator, payload, language) == words


def test_the_record_names_what_has_a_name_and_leaves_other_ids_out(coordinator):
    made = an_assessment(coordinator.organisation, coordinator)
    seat = made.group.seats.get()
    payload = {"previous": made.pk, "assigned": {str(seat.pk): ["1.1"]}, "item": uuid.uuid4()}
    assert told(coordinator, payload) == {
        "previous cycle": "Самооценка 2026",
        "sub-criteria assigned": "Ана: 1.1",
    }


def test_the_organisations_page_knows_that_a_self_assessment_was_begun(coordinator):
    client = signed_in(coordinator)
    client.cookies["language"] = "en"
    page = client.get("/o/town/organisation/").content.decode()
    assert "Start a self-assessment" in page
    an_assessment(coordinator.organisation)
    page = client.get("/o/town/organisation/").content.decode()
    assert "Start a self-assessment" not in page
    assert "1 self-assessment" in page


def test_nothing_is_asked_for_where_everything_is_completed(coordinator):
    town = coordinator.organisation
    an_assessment(town)
    a_member(town, "deputy", "sponsor")
    Unit.objects.create(organisation=town, name="Дирекция")
    picture = StoredFile.objects.create(organisation=town.pk, size=1, uploaded_at=timezone.now())
    client = signed_in(coordinator)
    client.cookies["language"] = "en"
    assert "Complete these tasks" in client.get("/o/town/organisation/").content.decode()
    Organisation.objects.update(register_number="000776089", logo=picture)
    assert "Complete these tasks" not in client.get("/o/town/organisation/").content.decode()
