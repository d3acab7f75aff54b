"""No personal data and no secrets in the program's logs (R24), whatever goes wrong."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from logging.config import BaseConfigurator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from merilo.core import mail
from merilo.core.models import OutgoingMail
from tests.people import PASSWORD, a_member, a_person, an_organisation, signed_in

NAME, ADDRESS, TOKEN, SECRET = (
    "Канарка Логова",
    "kanarka.logova@town.example",
    "kanarka-token-77",
    "kanarka-secret",
)
LOGGING: Any = settings.LOGGING
pytestmark = pytest.mark.django_db


@pytest.fixture(params=["line", "json"])
def log(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """Everything that an installation would write to its log at the most talkative level, in both forms."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    form = LOGGING["formatters"][request.param]
    handler.setFormatter(BaseConfigurator({}).resolve(form["()"])(form.get("fmt")))
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(before)


def told(log: io.StringIO) -> list[str]:
    text = log.getvalue().casefold()
    return [word for word in (NAME, ADDRESS, TOKEN, SECRET, PASSWORD) if word.casefold() in text]


def test_signing_in_up_and_out_leaves_no_name_and_no_secret(log, settings):
    settings.EMAIL_BACKEND = "merilo.core.mail.OutboxBackend"
    person = a_person(NAME, email=ADDRESS)
    client = Client()
    login = reverse("account_login")
    client.post(login, {"login": ADDRESS, "password": SECRET})
    client.post(login, {"login": f"other.{ADDRESS}", "password": SECRET})
    client.post(login, {"login": ADDRESS, "password": PASSWORD})
    client.post(reverse("accounts:me"), {"name": NAME, "language": "bg"})
    client.post(reverse("account_logout"))
    client.post(reverse("account_reset_password"), {"email": ADDRESS})
    client.post(
        reverse("account_signup"),
        {"email": f"new.{ADDRESS}", "name": NAME, "password1": f"{SECRET}-long-enough"},
    )
    assert OutgoingMail.objects.filter(recipient__contains=person.email).exists()
    assert told(log) == []


def test_inviting_people_leaves_neither_list_nor_link(log):
    town = an_organisation()
    client = signed_in(a_member(town, "coordinator", name=NAME))
    people = f"{NAME}; {ADDRESS}; Отдел; Експерт"
    answer = client.post(
        reverse("organisations:invite_confirm", kwargs={"org": town.slug}),
        {"people": people, "roles": ["viewer"], "create_units": "on"},
    )
    assert ADDRESS in answer.content.decode() or NAME in answer.content.decode()
    client.get(reverse("organisations:people", kwargs={"org": town.slug}), {"q": ADDRESS})
    assert told(log) == []


@pytest.mark.parametrize("path", [f"/accounts/invitation/{TOKEN}/", f"/kept/{TOKEN}/", f"/reports/{TOKEN}/"])
def test_an_address_with_a_secret_that_leads_nowhere_is_not_written_down(path, log):
    signed_in(a_person(NAME)).get(path)
    Client().get(path)
    assert told(log) == []


def test_a_refused_token_against_forgery_names_nobody(log):
    Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": ADDRESS, "password": SECRET})
    assert told(log) == []


def test_an_error_of_the_program_is_logged_without_what_it_was_about(log, monkeypatch):
    def broken(*args: object, **kwargs: object) -> None:
        raise ValueError(f"duplicate key: ({ADDRESS}), {NAME}")

    monkeypatch.setattr("merilo.organisations.queries.invitation_by_hash", broken)
    answer = Client(raise_request_exception=False).get(f"/accounts/invitation/{TOKEN}/")
    assert answer.status_code == 500
    assert "ValueError" in log.getvalue()
    assert told(log) == []


def test_a_mail_server_that_is_away_is_logged_without_addresses(log, settings):
    settings.EMAIL_BACKEND, settings.MAIL_SERVER = "merilo.core.mail.OutboxBackend", "smtp://127.0.0.1:1"
    a_person(NAME, email=ADDRESS)
    Client().post(reverse("account_reset_password"), {"email": ADDRESS})
    waiting = OutgoingMail.objects.get()
    mail.deliver.func()
    waiting.refresh_from_db()
    assert waiting.sent_at is None
    assert told(log) == []


def test_the_log_is_configured_for_all_of_the_program():
    assert LOGGING["disable_existing_loggers"] is False
    assert LOGGING["root"]["handlers"] == ["stderr"]


def test_a_line_of_json_tells_time_level_and_request(log, client):
    logging.getLogger("merilo.test").warning("something %s", "happened")
    if not log.getvalue().lstrip().startswith("{"):
        return  # the other form
    last = json.loads(log.getvalue().splitlines()[-1])
    assert (last["level"], last["logger"], last["message"]) == (
        "WARNING",
        "merilo.test",
        "something happened",
    )
    assert last["at"].endswith("+00:00")
