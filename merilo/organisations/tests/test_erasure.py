from __future__ import annotations

from io import StringIO

import pytest
from django.core import serializers
from django.core.management import CommandError, call_command
from django.test import Client

from merilo.assessment.actions import agreement
from merilo.assessment.models import Contribution, Sheet, State, Statement
from merilo.core import audit, owner
from merilo.core.models import AuditEntry, AuditPayload, OutgoingMail
from merilo.groups import api as groups
from merilo.groups.models import Gathering
from merilo.organisations.actions.erasure import erase_person
from merilo.organisations.actions.invitations import invite_people
from merilo.organisations.actions.people import LastCoordinator, leave
from merilo.organisations.actions.units import add_unit
from merilo.organisations.models import CommunicationPlan, Membership, Notice, Unit
from merilo.organisations.rules.pasting import Row
from tests.canaries import holding
from tests.people import (
    NOON,
    PASSWORD,
    a_member,
    agreements_of,
    an_assessment,
    an_organisation,
    as_viewer,
    signed_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]
CANARY = "Щиглец"


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


def everywhere(member):
    """Each place in which a room keeps the name of a member."""
    viewer = as_viewer(member)
    made = an_assessment(member.organisation, member, state=State.AGREEING)
    remark = Contribution.objects.create(
        assessment=made, sheet=Sheet.objects.get(), code="1.1", kind="strength", text="Т", author=member.name
    )
    Contribution.objects.create(assessment=made, code="1.1", kind="area", text="Т", author=member.name)
    Statement.objects.create(assessment=made, code="1.1", kind="strength", text="Т").sources.add(remark)
    agreements_of(made, ["1.1"])
    agreement.record_dissent(
        viewer=viewer, assessment=made, code="1.1", text="Не.", name=member.name, at=NOON
    )
    day = {"from_date": NOON.date(), "until_date": NOON.date()}
    training = Gathering.objects.create(
        organisation=member.organisation, group=made.group, kind="training", title="Т", **day
    )
    groups.set_attendance(viewer=viewer, gathering=training, members=[member], names=[], at=NOON)
    elsewhere = as_viewer(a_member(an_organisation(), "coordinator"))
    rows = [Row(1, member.name, member.email.upper(), position=member.position)]
    invite_people(viewer=elsewhere, rows=rows, roles=["viewer"], create_units=False, at=NOON)
    text = f"{member.name} Ви кани"
    OutgoingMail.objects.create(
        not_before=NOON, created_at=NOON, sender="m", recipient="x", subject="П", text=text, sent_at=NOON
    )


def test_nothing_of_the_person_is_left_and_the_chains_hold(coordinator, leaver, settings):
    settings.EMAIL_BACKEND = "merilo.core.mail.OutboxBackend"
    email = leaver.email
    Client().post("/accounts/password/reset/", {"email": email})
    Client().post(
        "/o/town/organisation/units/",
        {"name": "Х", "parent": "", "owner_token": owner.mark(leaver.person.pk)},
    )
    everywhere(leaver)
    leave(viewer=as_viewer(coordinator), member=leaver, reason=f"{CANARY} се премести", at=NOON)
    assert OutgoingMail.objects.count() == 2
    erasure = erase_person(email=email, by="operator", at=NOON)
    assert (erasure.organisations, erasure.mentions) == (2, [])
    assert holding(CANARY, email) == []
    assert [name for name in audit.chains() if audit.verify(name)] == []


def test_somebody_invited_who_never_made_an_account_is_erased(coordinator):
    rows = [Row(1, f"{CANARY} Пеева", "invited@town.example")]
    invite_people(viewer=as_viewer(coordinator), rows=rows, roles=["viewer"], create_units=False, at=NOON)
    assert erase_person(email="INVITED@town.example", by="operator", at=NOON).organisations == 1
    assert holding(CANARY, "invited@town.example") == []


def test_an_address_is_forgotten_at_the_place_of_somebody_who_used_its_invitation(town, coordinator, leaver):
    other = a_member(town, name="Друг Човек")
    email = leaver.email
    Membership.objects.filter(pk=leaver.pk).update(email="")
    Membership.objects.filter(pk=other.pk).update(email=email)
    erase_person(email=email, by="operator", at=NOON)
    other.refresh_from_db()
    assert (other.name, other.email, other.left_at) == ("Друг Човек", "", None)


def test_texts_that_people_wrote_are_told_and_not_changed(town, coordinator, leaver):
    plan = CommunicationPlan.objects.create(organisation=town)
    notice = Notice.objects.create(plan=plan, title="Т", body=f"Обадете се на {leaver.name}.")
    Notice.objects.create(plan=plan, title="Т", body=f"Обадете се на {leaver.name}Димова.")
    unit = Unit.objects.create(organisation=town, name=f"Кабинет {leaver.name}")
    erasure = erase_person(email=leaver.email, by="operator", at=NOON)
    told = {(mention.table, mention.field, mention.row) for mention in erasure.mentions}
    assert told == {
        ("organisations.Notice", "body", str(notice.pk)),
        ("organisations.Unit", "name", str(unit.pk)),
    }
    notice.refresh_from_db()
    assert CANARY in notice.body


def test_what_was_done_stays_as_done_by_a_former_member(coordinator, leaver):
    erase_person(email=leaver.email, by="operator", at=NOON)
    leaver.refresh_from_db()
    assert (leaver.name, leaver.email, leaver.position, leaver.left_at) == ("Бивш член", "", "", NOON)
    row = AuditEntry.objects.get(verb="unit.added")
    assert row.payload.erased_by == "operator"
    page = signed_in(coordinator).get("/o/town/organisation/audit/").content.decode()
    assert "Бивш член" in page
    assert "подробностите са заличени" in page


def test_an_erased_account_never_signs_in_again(coordinator, leaver):
    client, email = signed_in(leaver), leaver.email
    erase_person(email=leaver.email, by="operator", at=NOON)
    assert client.get("/o/town/organisation/").status_code == 302
    answer = Client().post("/accounts/login/", {"login": email, "password": PASSWORD})
    assert answer.status_code == 422


def test_others_are_not_touched(coordinator, leaver):
    before = serializers.serialize("json", [coordinator.person])
    add_unit(viewer=as_viewer(coordinator), name="Друга", parent=None, at=NOON)
    erase_person(email=leaver.email, by="operator", at=NOON)
    coordinator.person.refresh_from_db()
    assert serializers.serialize("json", [coordinator.person]) == before
    assert AuditPayload.objects.filter(erased_at=None, data__contains="Друга").count() == 1


def test_the_last_coordinator_is_not_erased_by_oversight(coordinator):
    with pytest.raises(LastCoordinator):
        erase_person(email=coordinator.person.email, by="operator", at=NOON)
    coordinator.person.refresh_from_db()
    assert coordinator.person.is_active
    erase_person(email=coordinator.person.email, by="operator", at=NOON, even_last_coordinator=True)
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
