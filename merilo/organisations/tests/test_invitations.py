from __future__ import annotations

import re
from datetime import date, timedelta
from unittest.mock import MagicMock

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from merilo.accounts.models import Person
from merilo.core import audit
from merilo.core.errors import Refused
from merilo.core.models import AuditEntry, OutgoingMail
from merilo.groups.models import Group, Seat
from merilo.organisations import queries
from merilo.organisations.actions.invitations import accept_as, hash_of, invite_people, renew_invitation
from merilo.organisations.actions.people import leave
from merilo.organisations.models import Invitation, Membership, Unit
from merilo.organisations.rules.pasting import Row
from tests.people import NOON, PASSWORD, a_member, a_person, an_organisation, as_viewer, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]
LIST = "Иван Петров; ivan@town.example; Финанси; експерт\nПетя Илиева; petya@town.example; Архив"


@pytest.fixture
def town():
    return an_organisation("town")


@pytest.fixture
def coordinator(town):
    return a_member(town, "coordinator", name="Мария Колева")


@pytest.fixture
def viewer(coordinator):
    return as_viewer(coordinator)


def go(name, **kwargs):
    return reverse(f"organisations:{name}", kwargs={"org": "town", **kwargs})


def invite(viewer, *rows, roles=("viewer",), units=True, at=None):
    return invite_people(viewer=viewer, rows=rows, roles=roles, create_units=units, at=at or timezone.now())


def a_link(viewer, email="ivan@town.example", **more):
    return invite(viewer, Row(1, "Иван Петров", email), **more).links[0]


def page_of(token):
    return reverse("site:invitation", kwargs={"token": token})


# --- the list ------------------------------------------------------------------------------------------


def test_nothing_is_stored_before_it_is_confirmed(coordinator):
    answer = signed_in(coordinator).post(go("invite"), {"people": LIST, "roles": ["viewer"]})
    page = answer.content.decode()
    assert answer.status_code == 200
    for words in ("Иван Петров", "ivan@town.example", "експерт", "Финанси, Архив", "Още никой не е поканен"):
        assert words in page
    assert Membership.objects.count() == 1
    assert not Unit.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_mistakes_are_shown_by_line_and_what_was_typed_stays(coordinator):
    typed = "Иван Петров; ivan@town\n\nПетя; petya@town.example; a; b; c"
    answer = signed_in(coordinator).post(go("invite"), {"people": typed, "roles": ["viewer", "assessor"]})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert [mistake.number for mistake, _ in answer.context["mistakes"]] == [1, 3]
    assert "2 реда не могат да се разчетат" in page
    assert "ivan@town\n\nПетя; petya@town.example; a; b; c</textarea>" in page.replace("\r", "")
    assert answer.context["form"]["roles"].value() == ["viewer", "assessor"]


@pytest.mark.parametrize(
    "data",
    [
        {"people": "", "roles": ["viewer"]},
        {"people": "  \n", "roles": ["viewer"]},
        {"people": LIST},
        {"people": LIST, "roles": ["guest"]},
        {"people": "A, a@b.bg\n" * 501, "roles": ["viewer"]},
    ],
)
def test_an_unusable_list_answers_422(coordinator, data):
    assert signed_in(coordinator).post(go("invite"), data).status_code == 422
    assert signed_in(coordinator).post(go("invite_confirm"), data | {"people": ""}).status_code == 422


def test_going_back_keeps_the_list(coordinator):
    data = {"people": LIST, "roles": ["assessor"], "what": "again"}
    answer = signed_in(coordinator).post(go("invite"), data)
    assert answer.status_code == 200
    assert "petya@town.example" in answer.content.decode()
    assert answer.context["form"].initial["roles"] == ["assessor"]


def confirm(client, **more):
    preview = client.post(go("invite"), {"people": LIST, "roles": ["assessor"]})
    data = {"people": LIST, "roles": ["assessor"], "once": preview.context["once"], "create_units": "on"}
    return client.post(go("invite_confirm"), data | more), data | more


def test_confirming_makes_members_units_and_links_shown_once(coordinator, settings):
    client = signed_in(coordinator)
    answer, data = confirm(client)
    links = re.findall(r"<code>(\S+)</code>", answer.content.decode())
    assert answer["Cache-Control"] == "no-store"
    assert len(links) == 2
    assert all(link.startswith(f"{settings.BASE_URL}/accounts/invitation/") for link in links)
    assert [unit.name for unit in Unit.objects.order_by("position")] == ["Финанси", "Архив"]
    member = Membership.objects.get(email="ivan@town.example")
    assert (member.roles, member.position, member.person) == (["assessor"], "експерт", None)
    token = links[0].split("/")[-2]
    assert Invitation.objects.get(membership=member).token_hash == hash_of(token) != token
    again = client.post(go("invite_confirm"), data)
    assert (again.status_code, again["Location"]) == (302, go("people"))
    assert Membership.objects.count() == 3
    assert AuditEntry.objects.filter(verb="people.invited").count() == 1


def test_units_are_made_only_if_wanted(coordinator):
    confirm(signed_in(coordinator), create_units="")
    assert not Unit.objects.exists()
    assert Membership.objects.get(email="ivan@town.example").unit is None


def test_without_a_mail_server_no_mail_is_written(coordinator, settings):
    settings.MAIL_SERVER = ""
    answer, _ = confirm(signed_in(coordinator))
    assert not OutgoingMail.objects.exists()
    assert "Копирайте или отпечатайте тези връзки" in answer.content.decode()


@pytest.fixture
def mailing(settings):
    settings.EMAIL_BACKEND, settings.MAIL_SERVER = "merilo.core.mail.OutboxBackend", "smtp://127.0.0.1:9"


def token_in(text):
    (token,) = re.findall(r"/accounts/invitation/([^/\s]+)/", text)
    return token


def test_with_a_mail_server_each_person_gets_a_mail_in_the_organisations_language(coordinator, mailing):
    confirm(signed_in(coordinator))
    mails = list(OutgoingMail.objects.order_by("pk"))
    assert [mail.recipient for mail in mails] == ["ivan@town.example", "petya@town.example"]
    assert mails[0].subject == "Покана от Община town"
    assert "Мария Колева Ви кани" in mails[0].text
    invitation = Invitation.objects.get(token_hash=hash_of(token_in(mails[0].text)))
    assert invitation.membership.email == "ivan@town.example"


def test_a_mailed_link_is_not_shown_to_whoever_invites(coordinator, mailing):
    client = signed_in(coordinator)
    answer, _ = confirm(client)
    member = Membership.objects.get(email="ivan@town.example")
    again = client.post(go("renew", pk=member.pk))
    for page in (answer.content.decode(), again.content.decode()):
        assert "Иван Петров" in page
        assert "/accounts/invitation/" not in page


def test_a_mailed_link_proves_the_address(coordinator, mailing, client):
    confirm(signed_in(coordinator))
    token = token_in(OutgoingMail.objects.order_by("pk")[0].text)
    answer = client.post(page_of(token), {"name": "Иван", "password": PASSWORD})
    assert answer["Location"] == "/o/town/"
    assert EmailAddress.objects.get(email="ivan@town.example").verified
    assert client.get(go("people")).status_code == 200


def test_who_was_shown_a_link_cannot_make_it_the_account_of_somebody_else(viewer, client, mailing):
    """A link shown before there was a mail server: the address has still to be confirmed."""
    link = a_link(viewer)
    answer = client.post(page_of(link.token), {"name": "Не Иван", "password": PASSWORD})
    assert answer["Location"] == "/accounts/confirm-email/"
    assert client.get(go("people")).status_code == 302
    signed = client.post("/accounts/login/", {"login": "ivan@town.example", "password": PASSWORD})
    assert signed["Location"] == "/accounts/confirm-email/"
    assert {mail.recipient for mail in OutgoingMail.objects.all()} == {"ivan@town.example"}
    assert not EmailAddress.objects.get(email="ivan@town.example").verified


def test_somebody_who_is_a_member_is_passed_over(viewer, coordinator):
    assert invite(viewer, Row(1, "Мария", coordinator.email.upper())).links == ()
    assert Membership.objects.count() == 1


def test_a_line_that_went_wrong_since_the_look_refuses_the_list_and_says_why(coordinator, viewer):
    client = signed_in(coordinator)
    preview = client.post(go("invite"), {"people": LIST, "roles": ["viewer"]})
    a_link(viewer, "ivan@town.example")
    data = {"people": LIST, "roles": ["viewer"], "once": preview.context["once"]}
    answer = client.post(go("invite_confirm"), data)
    assert answer.status_code == 422
    assert [(mistake.number, mistake.code) for mistake, _ in answer.context["mistakes"]] == [(1, "member")]
    assert "petya@town.example" in answer.content.decode()
    assert not Membership.objects.filter(email="petya@town.example").exists()


def test_who_was_invited_in_the_same_moment_is_named(coordinator, viewer, monkeypatch):
    a_link(viewer, "ivan@town.example")
    monkeypatch.setattr(queries, "addresses", MagicMock(return_value=[]))
    answer, _ = confirm(signed_in(coordinator))
    assert [row.email for row in answer.context["passed_over"]] == ["ivan@town.example"]
    assert "ivan@town.example" in answer.content.decode()
    assert len(answer.context["slips"]) == 1


def test_a_former_member_is_taken_back_without_a_second_place(viewer, town):
    former = a_member(town, "viewer", name="Стар Колега")
    leave(viewer=viewer, member=former, reason="", at=NOON)
    invited = invite(viewer, Row(1, "Стар Колега", former.email), roles=["assessor"])
    former.refresh_from_db()
    assert (invited.links, invited.returned) == ((), (former,))
    assert (former.left_at, former.roles) == (None, ["assessor"])


def test_only_those_who_manage_people_invite(town, coordinator):
    colleague = a_member(town, "sponsor")
    with pytest.raises(Refused):
        a_link(as_viewer(colleague))
    client = signed_in(colleague)
    for name in ("invite", "invite_confirm"):
        assert client.post(go(name), {"people": LIST, "roles": ["coordinator"]}).status_code == 403
    assert Membership.objects.count() == 2


@pytest.mark.parametrize("roles", [[], ["guest"], ["viewer", "emperor"]])
def test_roles_that_cannot_be_given_are_refused(viewer, roles):
    with pytest.raises(Refused):
        a_link(viewer, roles=roles)


def test_inviting_three_asks_little_more_than_inviting_one(viewer, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        invite(viewer, *(Row(n, f"Човек {n}", f"p{n}@town.example") for n in range(3)))


# --- accepting -----------------------------------------------------------------------------------------


def test_opening_the_link_changes_nothing(viewer, client):
    link = a_link(viewer)
    answer = client.get(page_of(link.token))
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    link.invitation.refresh_from_db()
    assert link.invitation.accepted_at is None
    assert not Person.objects.filter(email="ivan@town.example").exists()


def test_a_new_person_chooses_a_password_and_is_in(viewer, client):
    link = a_link(viewer, roles=["assessor"])
    answer = client.post(page_of(link.token), {"name": "Иван П. Петров", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/o/town/")
    person = Person.objects.get(email="ivan@town.example")
    assert person.name == "Иван П. Петров"
    assert not EmailAddress.objects.get(user=person).verified
    assert client.get(go("people")).status_code == 200
    fresh = Client()
    signed = fresh.post("/accounts/login/", {"login": "ivan@town.example", "password": PASSWORD})
    assert signed.status_code == 302
    entry = AuditEntry.objects.get(verb="invitation.accepted")
    assert entry.actor == str(person.pk)
    assert audit.verify(entry.chain) is None


@pytest.mark.parametrize("password", ["", "short", "password1234", "ivan@town.example"])
def test_a_weak_password_is_refused_with_what_was_typed(viewer, client, password):
    link = a_link(viewer)
    answer = client.post(page_of(link.token), {"name": "Иван П.", "password": password})
    assert answer.status_code == 422
    assert 'value="Иван П."' in answer.content.decode()
    assert not Person.objects.filter(email="ivan@town.example").exists()


def test_whoever_has_an_account_signs_in_and_accepts(viewer, client):
    link = a_link(viewer, "old@town.example")
    person = a_person("Иван", email="old@town.example")
    answer = client.get(page_of(link.token))
    assert f"/accounts/login/?next={page_of(link.token)}" in answer.content.decode()
    client.post(page_of(link.token), {"name": "Чужд", "password": "another long password"})
    assert person.check_password(PASSWORD)
    client = signed_in(person)
    assert client.post(page_of(link.token)).status_code == 302
    assert client.get(go("people")).status_code == 200


def test_somebody_signed_in_with_another_address_is_told_and_may_accept(viewer):
    link = a_link(viewer)
    other = a_person("Друг", email="other@town.example")
    client = signed_in(other)
    page = client.get(page_of(link.token)).content.decode()
    assert "other@town.example" in page
    assert "ivan@town.example" in page
    assert client.post(page_of(link.token)).status_code == 302
    assert link.invitation.membership.__class__.objects.get(person=other).name == "Иван Петров"


def test_a_member_cannot_join_twice(viewer, coordinator):
    link = a_link(viewer)
    answer = signed_in(coordinator).post(page_of(link.token))
    assert answer.status_code == 422
    link.invitation.refresh_from_db()
    assert link.invitation.accepted_at is None


def test_a_former_member_with_another_address_gets_the_old_place_back(viewer, town):
    former = a_member(town, "viewer", name="Стар Колега")
    leave(viewer=viewer, member=former, reason="", at=NOON)
    link = a_link(viewer, "new@town.example", roles=["assessor"])
    assert former.person is not None
    accept_as(invitation=link.invitation, person=former.person, at=timezone.now())
    former.refresh_from_db()
    assert (former.left_at, former.roles) == (None, ["assessor"])
    assert Membership.objects.filter(organisation=town, left_at=None).count() == 2


def test_a_seat_that_waits_for_a_former_member_goes_to_the_old_place(viewer, town):
    former = a_member(town, "viewer", name="Стар Колега")
    leave(viewer=viewer, member=former, reason="", at=NOON)
    link = a_link(viewer, "new@town.example")
    place = link.invitation.membership
    Seat.objects.create(group=Group.objects.create(organisation=town, name="Група"), holder=place, position=0)
    assert former.person is not None
    accept_as(invitation=link.invitation, person=former.person, at=timezone.now())
    assert Seat.objects.get().holder == former
    assert not Membership.objects.filter(pk=place.pk).exists()


def test_a_former_member_with_an_old_seat_in_the_group_is_told_the_known_address(viewer, town):
    former = a_member(town, "viewer", name="Стар Колега")
    leave(viewer=viewer, member=former, reason="", at=NOON)
    link = a_link(viewer, "new@town.example")
    group = Group.objects.create(organisation=town, name="Група")
    for holder in (former, link.invitation.membership):
        Seat.objects.create(group=group, holder=holder, position=0)
    answer = signed_in(former).post(page_of(link.token))
    assert answer.status_code == 422
    assert former.email in answer.content.decode()
    former.refresh_from_db()
    link.invitation.refresh_from_db()
    assert (former.left_at, link.invitation.accepted_at) == (NOON, None)


def test_a_former_guest_who_is_hired_has_no_last_day(viewer, town):
    guest = a_member(town, "guest", valid_until=date(2025, 1, 1))
    for left in (NOON, None):
        Membership.objects.filter(pk=guest.pk).update(valid_until=date(2025, 1, 1), left_at=left)
        invited = invite(viewer, Row(1, "Нов Колега", guest.email), roles=["assessor"])
        assert invited.returned == (guest,)
        assert signed_in(guest).get("/o/town/").status_code == 200


def test_an_address_belongs_to_one_present_member_only(viewer, town):
    a_link(viewer, "ivan@town.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(organisation=town, name="Иван", email="IVAN@town.example", joined_at=NOON)


@pytest.mark.parametrize("state", ["used", "void", "expired", "left"])
def test_links_that_cannot_be_used_say_why_and_do_nothing(viewer, client, state):
    link = a_link(viewer)
    if state == "used":
        client.post(page_of(link.token), {"name": "Иван", "password": PASSWORD})
        client = Client()
    elif state == "void":
        renew_invitation(viewer=viewer, member=link.invitation.membership, at=timezone.now())
    elif state == "left":
        leave(viewer=viewer, member=link.invitation.membership, reason="", at=timezone.now())
    else:
        late = timezone.now() - timedelta(minutes=1)
        Invitation.objects.filter(pk=link.invitation.pk).update(expires_at=late)
    people = Person.objects.count()
    for answer in (
        client.get(page_of(link.token)),
        client.post(page_of(link.token), {"name": "Х", "password": PASSWORD}),
    ):
        assert answer.status_code == 410
        assert len(answer.context["sentence"]) > 20
    assert Person.objects.count() == people


def test_an_invitation_is_used_up_once_even_at_the_same_moment(viewer):
    link = a_link(viewer)
    one, two = a_person(), a_person()
    accept_as(invitation=link.invitation, person=one, at=timezone.now())
    with pytest.raises(Refused):
        accept_as(invitation=link.invitation, person=two, at=timezone.now())
    assert not Membership.objects.filter(person=two).exists()


def test_a_new_link_makes_the_old_one_void(coordinator, viewer, client):
    old = a_link(viewer)
    answer = signed_in(coordinator).post(go("renew", pk=old.invitation.membership_id))
    (new,) = re.findall(r"<code>(\S+)</code>", answer.content.decode())
    assert client.get(page_of(old.token)).status_code == 410
    assert client.get(page_of(new.split("/")[-2])).status_code == 200
    assert AuditEntry.objects.filter(verb="invitation.renewed").count() == 1


def test_a_new_link_is_made_once_per_form(coordinator, viewer):
    client = signed_in(coordinator)
    member = a_link(viewer).invitation.membership
    data = client.get(go("member", pk=member.pk)).context["renewing"]
    assert client.post(go("renew", pk=member.pk), data).status_code == 200
    again = client.post(go("renew", pk=member.pk), data)
    assert again["Location"] == go("member", pk=member.pk)
    assert Invitation.objects.filter(voided_at=None).count() == 1
    assert AuditEntry.objects.filter(verb="invitation.renewed").count() == 1


def test_no_new_link_for_somebody_who_accepted(coordinator, town):
    colleague = a_member(town)
    assert signed_in(coordinator).post(go("renew", pk=colleague.pk)).status_code == 403


def test_a_town_hall_accepts_from_one_network(viewer, monkeypatch):
    from merilo.organisations.views import joining

    monkeypatch.setattr(joining, "LINKS_TRIED", {"most": 2, "seconds": 3600})
    for number in range(4):
        link = a_link(viewer, f"p{number}@town.example")
        data = {"name": f"Човек {number}", "password": PASSWORD}
        assert Client().post(page_of(link.token), data).status_code == 302


def test_guessing_links_is_limited(client, monkeypatch):
    from merilo.organisations.views import joining

    monkeypatch.setattr(joining, "LINKS_TRIED", {"most": 3, "seconds": 3600})
    answers = [client.get(page_of(f"guess-{number}")) for number in range(4)]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 429]
    assert int(answers[3]["Retry-After"]) > 0
