"""Signing in through an organisation's own service, against a real identity provider on this machine."""

from __future__ import annotations

import io
import socket
import subprocess
import sys
import time
from datetime import timedelta
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import get_user
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from merilo.accounts import service_adapter
from merilo.accounts.api import password_address
from merilo.accounts.models import Person
from merilo.core import secret
from merilo.core.models import AuditEntry, KeptForm
from merilo.core.owner import FIELD, mark
from merilo.organisations.actions import services
from merilo.organisations.models import Invitation, Membership, SignInService
from tests.people import PASSWORD, a_member, an_organisation, signed_in

pytestmark = pytest.mark.django_db
ADDRESS = "maria@town.example"
OTHER_KEY = {"kty": "oct", "kid": "another", "k": "bm90IHRoaXMgb25l"}
SECURITY = "/accounts/security/"


def _free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.fixture(scope="module")
def provider():
    """A running identity provider, known by its address."""
    port = _free_port()
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address)
        yield address
    finally:
        running.terminate()
        running.wait(10)


def _wait_for(address):
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            return httpx.get(f"{address}/jwks", timeout=2)
        except httpx.HTTPError:
            time.sleep(0.05)
    raise AssertionError


@pytest.fixture
def town(provider):
    """An organisation whose people sign in through the provider."""
    organisation = an_organisation()
    a_service(organisation, provider)
    return organisation


def a_service(organisation, issuer):
    return services.set_service(
        organisation=organisation,
        name="Община Примерово",
        issuer=issuer,
        client_id="merilo",
        client_secret="not told to anybody",
        at=timezone.now(),
    )


def invited(organisation, *, email=ADDRESS, days=14, **fields):
    member = Membership.objects.create(
        organisation=organisation,
        name="Мария Колева",
        email=email,
        roles=["viewer"],
        joined_at=timezone.now(),
    )
    return Invitation.objects.create(
        organisation=organisation,
        membership=member,
        token_hash=f"hash of {member.pk}"[:64],
        made_at=timezone.now(),
        expires_at=timezone.now() + timedelta(days=days),
        **fields,
    )


def begin(client, organisation, **query):
    return client.get(f"/accounts/services/{organisation.sign_in_service.key}/", query)


def answer_of(provider, sent, subject="maria", email=ADDRESS, *, confirmed=True):
    """Sign in at the provider; answers the way back to here."""
    claims = {"email": email, "email_verified": confirmed, "name": "Мария Колева"}
    httpx.put(f"{provider}/users/{subject}", json=claims).raise_for_status()
    back = httpx.post(sent["Location"], data={"sub": subject})
    return back.headers["location"].replace("http://testserver", "")


def come_in(client, organisation, provider, *, email=ADDRESS, subject="maria", confirmed=True, **query):
    sent = begin(client, organisation, **query)
    assert sent["Location"].startswith(f"{provider}/oauth2/authorize?")
    return client.get(answer_of(provider, sent, subject, email, confirmed=confirmed))


# --- the first time --------------------------------------------------------------------------------------


def test_somebody_invited_gets_an_account_and_is_a_member(town, provider):
    invitation = invited(town)
    client = Client()
    assert come_in(client, town, provider, next="/join/")["Location"] == "/join/"
    person = Person.objects.get()
    assert get_user(client) == person
    assert (person.email, person.name, person.has_usable_password()) == (ADDRESS, "Мария Колева", False)
    invitation.refresh_from_db()
    assert invitation.accepted_at is not None
    assert invitation.membership.person == person
    assert not SocialAccount.objects.get().extra_data  # nothing of what the service tells is kept
    verbs = list(AuditEntry.objects.values_list("verb", flat=True))
    assert {"account.made", "account.service_connected", "invitation.accepted", "account.signed_in"} <= set(
        verbs
    )


def test_the_same_person_comes_in_again_whatever_the_address_is_now(town, provider):
    invited(town)
    come_in(Client(), town, provider)
    client = Client()
    come_in(client, town, provider, email="maria.koleva@town.example")
    assert get_user(client) == Person.objects.get(email=ADDRESS)


@pytest.mark.parametrize(
    "state",
    [
        {"days": -1},
        {"accepted_at": timezone.now()},
        {"voided_at": timezone.now()},
        {"email": "other@town.example"},
    ],
)
def test_without_an_open_invitation_there_is_no_account(town, provider, state):
    invited(town, **state)
    client = Client()
    answer = come_in(client, town, provider)
    assert answer.status_code == 403
    assert not get_user(client).is_authenticated
    assert not Person.objects.exists()


def test_an_invitation_of_another_organisation_is_none_here(town, provider):
    invited(an_organisation())
    assert come_in(Client(), town, provider).status_code == 403
    assert not Person.objects.exists()


def test_an_address_that_the_service_did_not_confirm_opens_nothing(town, provider):
    invited(town)
    assert come_in(Client(), town, provider, confirmed=False).status_code == 403
    assert not Person.objects.exists()


def test_an_account_is_never_taken_over_by_its_address(town, provider):
    member = a_member(town)
    client = Client()
    answer = come_in(client, town, provider, email=member.email)
    assert answer.status_code == 403
    assert f"/accounts/login/?next={SECURITY}" in answer.content.decode()
    assert not get_user(client).is_authenticated
    assert not SocialAccount.objects.exists()


def test_who_left_the_organisation_does_not_come_in_through_it(town, provider):
    invitation = invited(town)
    come_in(Client(), town, provider)
    Membership.objects.filter(pk=invitation.membership_id).update(left_at=timezone.now())
    client = Client()
    assert come_in(client, town, provider).status_code == 403
    assert not get_user(client).is_authenticated


# --- connecting ------------------------------------------------------------------------------------------


def connecting(client, town):
    page = f"{SECURITY}services/{town.sign_in_service.key}/connect/"
    if client.post(page).status_code == 302:
        client.post("/accounts/security/confirm/", {"password": PASSWORD})
    return client.post(page)


def test_a_member_connects_after_the_password_and_comes_in_with_it_then(town, provider):
    member = a_member(town)
    client = signed_in(member)
    assert client.post(f"{SECURITY}services/{town.sign_in_service.key}/connect/")["Location"].startswith(
        "/accounts/security/confirm/"
    )
    assert connecting(client, town).status_code == 200
    assert come_in(client, town, provider, email="another@town.example")["Location"] == SECURITY
    other = Client()
    assert come_in(other, town, provider)["Location"] == "/"
    assert get_user(other) == member.person


def test_a_link_alone_connects_nothing(town, provider):
    client = signed_in(a_member(town))
    come_in(client, town, provider)
    assert not SocialAccount.objects.exists()


def test_a_session_that_ended_meanwhile_connects_nothing(town, provider):
    client = signed_in(a_member(town))
    connecting(client, town)
    back = answer_of(provider, begin(client, town))
    session = client.session
    for key in [key for key in session.keys() if key.startswith("_auth")]:  # noqa: SIM118  a session is no dict
        del session[key]
    session.save()
    assert client.get(back)["Location"] == "/accounts/login/"
    assert not SocialAccount.objects.exists()


def test_somebody_who_signed_in_meanwhile_is_not_connected_in_place_of_another(town, provider):
    client = signed_in(a_member(town))
    connecting(client, town)
    back = answer_of(provider, begin(client, town))
    session = client.session
    other = signed_in(a_member(town)).session
    for key in ("_auth_user_id", "_auth_user_hash"):
        session[key] = other[key]
    session.save()
    client.get(back)
    assert not SocialAccount.objects.exists()


def test_one_identity_belongs_to_one_account(town, provider):
    first, second = signed_in(a_member(town)), signed_in(a_member(town))
    for client in (first, second):
        connecting(client, town)
        come_in(client, town, provider)
    assert SocialAccount.objects.get().user == get_user(first)


def test_a_stranger_cannot_connect(town):
    stranger = signed_in(a_member(an_organisation()))
    assert connecting(stranger, town).status_code == 404


def test_disconnecting_needs_another_way_in(town, provider):
    invited(town)
    client = Client()
    come_in(client, town, provider)
    page = f"{SECURITY}services/{town.sign_in_service.key}/disconnect/"
    client.post(page)
    assert SocialAccount.objects.count() == 1
    person = Person.objects.get()
    person.set_password(PASSWORD)
    person.save()
    client = signed_in(person)
    assert client.post(page)["Location"].startswith("/accounts/security/confirm/")
    client.post("/accounts/security/confirm/", {"password": PASSWORD})
    client.post(page)
    assert not SocialAccount.objects.exists()


# --- what a service does not open --------------------------------------------------------------------------


@pytest.fixture
def visitor(town, provider):
    """A member here and elsewhere, an operator too, who came in through this town's service."""
    member = a_member(town)
    SocialAccount.objects.create(user=member.person, provider=town.sign_in_service.key, uid="maria")
    Person.objects.filter(email=member.email).update(is_operator=True)
    elsewhere = an_organisation("elsewhere")
    Membership.objects.create(
        organisation=elsewhere, person=member.person, name="М. К.", roles=["viewer"], joined_at=timezone.now()
    )
    visitor = Client()
    come_in(visitor, town, provider)
    return visitor


def test_a_service_opens_its_own_organisation_and_an_own_proof_everything(visitor, town):
    beyond = ["/o/elsewhere/", "/operator/", "/join/", f"{SECURITY}app/", f"{SECURITY}passkeys/"]
    assert visitor.get(f"/o/{town.slug}/").status_code == 200
    for page in beyond:
        assert visitor.get(page)["Location"] == f"{SECURITY}prove/?next={quote(page, safe='')}"
    asked = visitor.get(visitor.get("/operator/")["Location"]).content.decode()
    assert "Община Примерово" in asked
    confirming = f"{SECURITY}confirm/?next=%2Foperator%2F"
    assert confirming in asked
    assert visitor.post(confirming, {"password": PASSWORD})["Location"] == "/operator/"
    assert [visitor.get(page).status_code for page in beyond] == [200] * len(beyond)


def test_a_stranger_learns_of_no_organisation(visitor):
    an_organisation("third")
    assert visitor.get("/o/third/").status_code == 404


def test_a_service_that_was_replaced_opens_nothing_any_more(visitor, town):
    a_service(town, "https://another.example")
    page = visitor.get(f"/o/{town.slug}/")["Location"]
    assert page.startswith(f"{SECURITY}prove/")
    assert visitor.get(page).status_code == 200


def test_a_form_for_elsewhere_is_kept_until_the_proof(visitor):
    person = Person.objects.get()
    page = "/o/elsewhere/organisation/notifications/"
    answer = visitor.post(page, {FIELD: mark(person.pk)})
    assert KeptForm.objects.get().path == page
    assert "kept" in answer["Location"]


def test_whom_only_a_service_knows_is_told_how_to_get_a_password(town, provider):
    invited(town)
    client = Client()
    come_in(client, town, provider)
    page = client.get(f"{SECURITY}app/")["Location"]
    assert "/accounts/password/reset/" in client.get(page).content.decode()


def test_a_new_password_by_mail_ends_what_a_service_was_trusted_with(town, provider):
    invited(town)
    come_in(Client(), town, provider)
    person = Person.objects.get()
    assert not EmailAddress.objects.get(user=person).verified
    client = Client()
    page = client.get(urlsplit(password_address(person)).path)["Location"]
    client.post(page, {"password1": "quite another long password"})
    person.refresh_from_db()
    assert person.check_password("quite another long password")
    assert not SocialAccount.objects.exists()
    assert come_in(Client(), town, provider).status_code == 403


# --- what the protocol has to hold -----------------------------------------------------------------------


def test_each_attempt_carries_state_nonce_and_a_challenge_and_no_secret(town, provider):
    sent = [begin(Client(), town)["Location"] for _n in range(2)]
    asked = [parse_qs(urlsplit(one).query) for one in sent]
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]
    assert asked[0]["code_challenge_method"] == ["S256"]
    assert set(asked[0]["scope"][0].split()) == {"openid", "profile", "email"}
    assert "secret" not in sent[0]


def test_an_answer_opens_once_and_in_its_own_browser_only(town, provider):
    invited(town)
    client, other = Client(), Client()
    back = answer_of(provider, begin(client, town))
    begin(other, town)
    assert other.get(back).status_code == 400
    assert client.get(back).status_code == 302
    assert Client().get(back).status_code == 400
    assert not get_user(other).is_authenticated


def test_an_answer_to_another_question_is_refused(town, provider, monkeypatch):
    invited(town)
    client = Client()
    back = answer_of(provider, begin(client, town))
    monkeypatch.setattr(service_adapter, "nonce_of", lambda _state: "another")
    assert client.get(back).status_code == 400
    assert not Person.objects.exists()


def test_an_issuer_that_calls_itself_by_another_name_is_refused(town, provider):
    SignInService.objects.update(issuer=f"{provider}/.well-known/openid-configuration")
    assert begin(Client(), town).status_code == 400


def test_a_provider_that_is_down_is_said_in_words(town):
    SignInService.objects.update(issuer=f"http://127.0.0.1:{_free_port()}")
    answer = begin(Client(), town)
    assert answer.status_code == 400
    assert "Община Примерово" in answer.content.decode()


def counted(monkeypatch):
    """The addresses that are asked, as they are asked."""
    asked, ask = [], requests.Session.get

    def get(self, url, **more):
        asked.append(url)
        return ask(self, url, **more)

    monkeypatch.setattr(requests.Session, "get", get)
    return asked


def test_a_provider_is_asked_about_itself_once_in_ten_minutes(town, provider, monkeypatch):
    cache.clear()
    invited(town)
    asked = counted(monkeypatch)
    for _time in range(2):
        assert come_in(Client(), town, provider).status_code == 302
    assert len(asked) == len(set(asked)) == 2


def test_a_provider_that_has_changed_its_keys_is_asked_again(town, provider):
    cache.set(secret.digest_of("service-document", f"{provider}/jwks"), {"keys": [OTHER_KEY]})
    invited(town)
    assert come_in(Client(), town, provider).status_code == 302


def test_a_provider_that_hangs_is_left_alone_for_a_while(town, monkeypatch, settings):
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 0.1
    asked = counted(monkeypatch)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        SignInService.objects.update(issuer=f"http://127.0.0.1:{silent.getsockname()[1]}")
        for _time in range(3):
            assert begin(Client(), town).status_code == 400
    assert len(asked) == 1


@pytest.mark.parametrize("query", ["", "?error=access_denied", "?code=x", "?code=x&state=y", "?state="])
def test_an_answer_nobody_asked_for_is_refused(town, query):
    client = Client()
    answer = client.get(f"/accounts/services/{town.sign_in_service.key}/answer/{query}")
    assert answer.status_code == 400


def test_the_second_factor_is_asked_after_the_service_too(town, provider):
    from allauth.mfa.totp.internal.auth import TOTP

    invited(town)
    come_in(Client(), town, provider)
    TOTP.activate(Person.objects.get(), "JBSWY3DPEHPK3PXP")
    client = Client()
    assert come_in(client, town, provider)["Location"] == "/accounts/login/code/"
    assert not get_user(client).is_authenticated


# --- setting it up ---------------------------------------------------------------------------------------


def test_the_button_stands_on_the_page_for_signing_in(town):
    page = Client().get("/accounts/login/?next=/join/").content.decode()
    assert "Община Примерово" in page
    assert f"/accounts/services/{town.sign_in_service.key}/?next=%2Fjoin%2F" in page


def test_the_operator_sets_and_removes_a_service(monkeypatch):
    organisation = an_organisation()
    monkeypatch.setattr(sys, "stdin", io.StringIO("not told to anybody\n"))
    told = io.StringIO()
    options = {"issuer": "https://login.town.example/", "client": "merilo", "name": "Община"}
    call_command("sign_in_service", organisation.slug, **options, stdout=told)
    service = SignInService.objects.get()
    assert service.issuer == "https://login.town.example"
    assert "not told" not in service.sealed_secret
    assert f"/accounts/services/{service.key}/answer/" in told.getvalue()
    call_command("sign_in_service", organisation.slug, remove=True, stdout=told)
    assert not SignInService.objects.exists()
    verbs = AuditEntry.objects.filter(chain=str(organisation.pk)).values_list("verb", flat=True)
    assert {"sign_in.set", "sign_in.removed"} <= set(verbs)


@pytest.mark.parametrize("options", [{}, {"issuer": "http://login.town.example", "client": "m", "name": "n"}])
def test_what_is_missing_or_open_to_listeners_is_refused(monkeypatch, options):
    monkeypatch.setattr(sys, "stdin", io.StringIO("s\n"))
    with pytest.raises(CommandError):
        call_command("sign_in_service", an_organisation().slug, **options)
    with pytest.raises(CommandError):
        call_command("sign_in_service", "nowhere", **options)


def test_another_issuer_knows_none_of_the_people_of_the_earlier_one(town, provider):
    invited(town)
    come_in(Client(), town, provider)
    before = town.sign_in_service.key
    assert a_service(town, provider).key == before
    assert a_service(town, "https://another.example").key != before
