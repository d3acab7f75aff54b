"""An invitation that is over stays over, whatever its person does with the password."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.test import Client
from django.utils import timezone

from merilo.accounts.models import Person
from merilo.core.models import OutgoingMail
from merilo.organisations.actions.invitations import hash_of
from merilo.organisations.models import Invitation, Membership
from tests.people import a_person, an_organisation

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]
NEW = "quite another password"
OVER = [{"days": -1}, {"accepted_at": timezone.now()}, {"voided_at": timezone.now()}]


@pytest.fixture(autouse=True)
def outbox(settings):
    settings.EMAIL_BACKEND, settings.MAIL_SERVER = "merilo.core.mail.OutboxBackend", "smtp://127.0.0.1:9"


def an_invitation(email, *, days=14, **fields):
    now, organisation = timezone.now(), an_organisation()
    member = Membership.objects.create(
        organisation=organisation, name="Мария", email=email, roles=["viewer"], joined_at=now
    )
    return Invitation.objects.create(
        organisation=organisation,
        membership=member,
        token_hash=hash_of("token"),
        made_at=now,
        expires_at=now + timedelta(days=days),
        **fields,
    )


def ask_for_a_password(client, email):
    client.post("/accounts/password/reset/", {"email": email})
    return re.findall(r"https?://[^/\s]+(/accounts/password/\S+)", OutgoingMail.objects.get().text)


@pytest.mark.parametrize("over", OVER)
def test_a_new_password_does_not_revive_an_invitation(over):
    person = a_person()
    invitation = an_invitation(person.email, **over)
    client = Client()
    (link,) = ask_for_a_password(client, person.email)
    form = client.get(link, follow=True).context["action_url"]
    client.post(form, {"password1": NEW})
    client.post("/accounts/login/", {"login": person.email, "password": NEW})
    assert get_user(client) == person
    page = "/accounts/invitation/token/"
    assert client.get(page).status_code == 410
    assert client.post(page).status_code == 410
    assert client.get(f"/o/{invitation.organisation.slug}/").status_code == 404


@pytest.mark.parametrize("over", OVER)
def test_who_was_only_invited_gets_no_password_by_mail(over):
    an_invitation("maria@town.example", **over)
    link = ask_for_a_password(Client(), "maria@town.example")
    assert not [one for one in link if "/key/" in one]
    assert not Person.objects.exists()
