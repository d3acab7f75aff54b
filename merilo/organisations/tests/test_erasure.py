from __future__ import annotations

from io import StringIO

import pytest
from django.core import serializers
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from merilo.core import audit, owner
from merilo.core.models import AuditEntry, AuditPayload, OutgoingMail
from merilo.organisations.actions.erasure import erase_person
from merilo.organisations.actions.people import LastCoordinator, leave
from merilo.organisations.actions.units import add_unit
from tests.people import NOON, PASSWORD, a_member, an_organisation, as_viewer, signed_in

pytestmark = pytest.mark.django_db
CANARY = "Канарче"


@pytest.fixture
def town():
    return an_organisation("town", languages=["bg"])


@pytest.fixture
def coordinator(town):
    return a_member(town, "coordinator")


@pytest.fixture
def leaver(town):
    member = a_member(town, "coordinator", name=f"{CANARY} Пеева", position=CANARY)
    add_unit(viewer=as_viewer(member), name="Дирекция", parent=None, at=NOON)
    return member


def everything():
    """Every text in the database."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  names of our own tables
            found += [str(value) for row in cursor.fetchall() for value in row]
    return found


def test_nothing_of_the_person_is_left_and_the_chains_hold(coordinator, leaver, settings):
    settings.EMAIL_BACKEND = "merilo.core.mail.OutboxBackend"
    email = leaver.email
    Client().post("/accounts/password/reset/", {"email": email})
    Client().post(
        "/o/town/organisation/units/",
        {"name": "Х", "parent": "", "owner_token": owner.mark(leaver.person.pk)},
    )
    leave(viewer=as_viewer(coordinator), member=leaver, reason=f"{CANARY} се премести", at=NOON)
    assert OutgoingMail.objects.count() == 1
    assert erase_person(person=leaver.person, by="operator", at=NOON) == 1
    assert [text for text in everything() if CANARY in text or email in text] == []
    assert [name for name in audit.chains() if audit.verify(name)] == []


def test_what_was_done_stays_as_done_by_a_former_member(coordinator, leaver):
    erase_person(person=leaver.person, by="operator", at=NOON)
    leaver.refresh_from_db()
    assert (leaver.name, leaver.email, leaver.position, leaver.left_at) == ("Бивш член", "", "", NOON)
    row = AuditEntry.objects.get(verb="unit.added")
    assert row.payload.erased_by == "operator"
    page = signed_in(coordinator).get("/o/town/organisation/audit/").content.decode()
    assert "Бивш член" in page
    assert "подробностите са заличени" in page


def test_an_erased_account_never_signs_in_again(coordinator, leaver):
    client, email = signed_in(leaver), leaver.email
    erase_person(person=leaver.person, by="operator", at=NOON)
    assert client.get("/o/town/organisation/").status_code == 302
    answer = Client().post("/accounts/login/", {"login": email, "password": PASSWORD})
    assert answer.status_code == 422


def test_others_are_not_touched(coordinator, leaver):
    before = serializers.serialize("json", [coordinator.person])
    add_unit(viewer=as_viewer(coordinator), name="Друга", parent=None, at=NOON)
    erase_person(person=leaver.person, by="operator", at=NOON)
    coordinator.person.refresh_from_db()
    assert serializers.serialize("json", [coordinator.person]) == before
    assert AuditPayload.objects.filter(erased_at=None, data__contains="Друга").count() == 1


def test_the_last_coordinator_is_not_erased_by_oversight(coordinator):
    with pytest.raises(LastCoordinator):
        erase_person(person=coordinator.person, by="operator", at=NOON)
    coordinator.person.refresh_from_db()
    assert coordinator.person.is_active
    erase_person(person=coordinator.person, by="operator", at=NOON, even_last_coordinator=True)
    coordinator.person.refresh_from_db()
    assert not coordinator.person.is_active


def test_the_command(coordinator, leaver):
    out = StringIO()
    call_command("erase", leaver.email.upper(), stdout=out)
    assert "in 1 organisations" in out.getvalue()
    with pytest.raises(CommandError):
        call_command("erase", "nobody@town.example")
    with pytest.raises(CommandError):
        call_command("erase", coordinator.email)
