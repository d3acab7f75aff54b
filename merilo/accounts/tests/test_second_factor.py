from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth import get_user
from django.core.checks import run_checks
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from merilo.core.models import AuditEntry, OutgoingMail
from tests.people import NOON, PASSWORD, a_member, a_person, an_organisation, signed_in

PASSKEY = (
    "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YViISZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2NFAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAABGdvbmWlAQIDJiABIVggAeXFpVFcNeN3nB0qyAnNlUdRTS2iPfe0gq_vbuYXnCIiWCAuRPx-yWfaA0U2XyojFDbU"
    "amm_6-7tary9VjmrIj79IQ"
)
ASKED = (
    "eyJ0eXBlIjogIndlYmF1dGhuLmNyZWF0ZSIsICJjaGFsbGVuZ2UiOiAiZUEiLCAib3JpZ2luIjogImh0dHA6Ly9sb2NhbGhvc3QifQ"
)
# What a script would never send as a passkey's answer.
NONSENSE = (
    '{"id": "x", "rawId": "x", "type": "public-key", "response": {"clientDataJSON": "x"}}',
    "",
    "null",
    "[]",
    "1",
    "{}",
    "{",
    '{"response": {}}',
    '{"response": 1}',
)
pytestmark = pytest.mark.django_db
APP, CODE, CONFIRM = "/accounts/security/app/", "/accounts/login/code/", "/accounts/security/confirm/"


@pytest.fixture(autouse=True)
def outbox(settings):
    settings.EMAIL_BACKEND, settings.MAIL_SERVER = "merilo.core.mail.OutboxBackend", "smtp://127.0.0.1:9"


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def enter(person, client=None, **more):
    client = client or Client()
    return client, client.post("/accounts/login/", {"login": person.email, "password": PASSWORD, **more})


def code_of(secret):
    return format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30))


def confirmed(person):
    client = signed_in(person)
    assert client.post(CONFIRM, {"password": PASSWORD}).status_code == 302
    return client


def secret_on(page):
    found = re.search(r'class="secret">([A-Z2-7 ]+)<', page.content.decode())
    assert found
    return found[1].replace(" ", "")


def with_app(person, clock):
    """Set up an app; answers its secret and the recovery codes, and lets its first code pass."""
    client = confirmed(person)
    secret = secret_on(client.get(APP))
    answer = client.post(APP, {"code": code_of(secret)}, follow=True)
    codes = [code.replace(" ", "") for code in re.findall(r"<li>(\d{4} \d{4})</li>", answer.content.decode())]
    clock.shift(timedelta(seconds=120))
    return secret, codes


def verbs():
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


# --- setting up ------------------------------------------------------------------------------------------


def test_setting_up_asks_for_the_password_once_more():
    client = signed_in(a_person())
    assert client.get(APP)["Location"].startswith(CONFIRM)
    assert client.post(CONFIRM, {"password": "wrong"}).status_code == 422
    assert client.post(f"{CONFIRM}?next={APP}", {"password": PASSWORD, "next": APP})["Location"] == APP


def test_the_secret_is_drawn_on_the_page_and_written_beside_it():
    page = confirmed(a_person()).get(APP)
    text = page.content.decode()
    assert '<svg class="qr"' in text
    assert len(secret_on(page)) == 32
    assert "<image" not in text
    assert "no-store" in page["Cache-Control"]


def test_an_app_is_set_up_with_recovery_codes_shown_once(noon):
    person = a_person()
    secret, codes = with_app(person, noon)
    assert len(codes) == len(set(codes)) == 10
    kept = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert not any(code in kept for code in codes)
    client = confirmed(person)
    assert not re.search(r"\d{4} \d{4}</li>", client.get("/accounts/security/codes/").content.decode())
    assert verbs().count("account.factor_added") == 1


def test_the_profile_says_whether_a_second_factor_is_set_up(noon):
    person, english = a_person(), {"accept-language": "en"}
    assert "Is set up" not in signed_in(person).get("/accounts/profile/", headers=english).content.decode()
    with_app(person, noon)
    assert "Is set up" in signed_in(person).get("/accounts/profile/", headers=english).content.decode()


def test_a_wrong_first_code_sets_nothing_up():
    person = a_person()
    client = confirmed(person)
    secret = secret_on(client.get(APP))
    refused = client.post(APP, {"code": "000000"})
    assert refused.status_code == 422
    assert secret_on(refused) == secret  # the picture that the app has read stays
    assert not Authenticator.objects.exists()


def test_without_javascript_the_page_of_passkeys_says_so_and_offers_codes():
    page = confirmed(a_person()).get("/accounts/security/passkeys/").content.decode()
    assert "<noscript>" in page
    assert f'href="{APP}"' in page


# --- signing in ------------------------------------------------------------------------------------------


def test_the_password_alone_opens_nothing_any_more(noon):
    person = a_person()
    secret, _codes = with_app(person, noon)
    client, answer = enter(person, next="/join/")
    assert answer["Location"] == CODE
    assert not get_user(client).is_authenticated
    assert client.get("/accounts/profile/")["Location"].startswith("/accounts/login/")
    assert client.post(CODE, {"code": "000000"}).status_code == 422
    assert client.post(CODE, {"code": code_of(secret)})["Location"] == "/join/"
    assert get_user(client) == person


def test_a_code_opens_once_however_it_is_typed(noon):
    person = a_person()
    secret, _codes = with_app(person, noon)
    code = code_of(secret)
    assert enter(person)[0].post(CODE, {"code": code}).status_code == 302
    for again in (code, f"{code[:3]} {code[3:]}", f"{code[:3]}-{code[3:]}"):
        assert enter(person)[0].post(CODE, {"code": again}).status_code == 422


def test_a_recovery_code_opens_once(noon):
    person = a_person()
    _secret, codes = with_app(person, noon)
    assert enter(person)[0].post(CODE, {"code": codes[0]}).status_code == 302
    assert enter(person)[0].post(CODE, {"code": codes[0]}).status_code == 422
    assert "account.code_used" in verbs()
    assert "9 " in signed_in(person).get("/accounts/security/").content.decode()


def test_guesses_of_a_code_are_limited_per_person_from_everywhere(noon):
    person = a_person()
    secret, _codes = with_app(person, noon)
    client, _answer = enter(person)
    guesses = [
        client.post(CODE, {"code": "000000"}, REMOTE_ADDR=f"198.51.100.{n}").status_code for n in range(6)
    ]
    assert guesses == [422] * 5 + [429]
    assert enter(person)[0].post(CODE, {"code": code_of(secret)}).status_code == 429
    noon.shift(timedelta(minutes=16))
    assert enter(person)[0].post(CODE, {"code": code_of(secret)}).status_code == 302


def test_guesses_of_a_day_are_limited_too(noon, monkeypatch):
    from merilo.accounts import securing_forms

    monkeypatch.setattr(securing_forms, "GUESSES_A_DAY", {"most": 2, "seconds": 86400})
    person = a_person()
    with_app(person, noon)
    client, _answer = enter(person)
    assert [client.post(CODE, {"code": "0"}).status_code for _ in range(3)] == [422, 422, 429]


def test_what_is_no_code_is_refused_in_words(noon, monkeypatch):
    from merilo.accounts import securing_forms

    monkeypatch.setattr(securing_forms, "GUESSES", {"most": 20, "seconds": 900})
    person = a_person()
    with_app(person, noon)
    client, _answer = enter(person)
    sent = ("", " ", "\x00", "д" * 5000, "１２３４５６", "' or 1=1")
    assert {client.post(CODE, {"code": code}).status_code for code in sent} == {422}
    assert not get_user(client).is_authenticated


@pytest.mark.parametrize("page", [CODE, "/accounts/login/passkey/"])
def test_what_is_no_passkey_signs_nobody_in(page):
    person = a_person()
    a_passkey_of(person)
    client = enter(person)[0]
    client.get(page, headers={"x-requested-with": "XMLHttpRequest"})
    answers = {client.post(page, {"credential": sent}).status_code for sent in NONSENSE}
    assert answers <= {302, 422}
    assert not get_user(client).is_authenticated


@pytest.mark.parametrize("page", [f"{CONFIRM}passkey/", "/accounts/security/passkeys/"])
def test_what_is_no_passkey_confirms_and_adds_nothing(page):
    person = a_person()
    a_passkey_of(person)
    client = confirmed(person)
    client.get(page)
    assert {client.post(page, {"credential": sent}).status_code for sent in NONSENSE} == {422}
    assert Authenticator.objects.count() == 1


def a_passkey_of(person):
    """A stored passkey (of a device that is gone): its row counts, its answers are never right."""
    credential = {
        "id": "Z29uZQ",
        "rawId": "Z29uZQ",
        "type": "public-key",
        "response": {"clientDataJSON": ASKED, "attestationObject": PASSKEY},
    }
    return Authenticator.objects.create(
        user=person, type="webauthn", data={"name": "Ключ", "credential": credential}
    )


def test_a_new_password_by_mail_does_not_go_around_the_second_factor(noon):
    person = a_person()
    with_app(person, noon)
    OutgoingMail.objects.all().delete()
    client = Client()
    client.post("/accounts/password/reset/", {"email": person.email})
    link = re.findall(r"https?://[^/]+(/\S+)", OutgoingMail.objects.get().text)[0]
    form = client.get(link, follow=True).context["action_url"]
    assert client.post(form, {"password1": "quite another password"}).status_code == 302
    assert not get_user(client).is_authenticated
    answer = client.post("/accounts/login/", {"login": person.email, "password": "quite another password"})
    assert answer["Location"] == CODE
    assert not get_user(client).is_authenticated


# --- removing --------------------------------------------------------------------------------------------


def test_removing_asks_once_more_and_takes_the_codes_along(noon):
    person = a_person()
    with_app(person, noon)
    assert signed_in(person).post(f"{APP}remove/")["Location"].startswith(CONFIRM)
    assert Authenticator.objects.count() == 2
    assert confirmed(person).post(f"{APP}remove/").status_code == 302
    assert not Authenticator.objects.exists()
    assert OutgoingMail.objects.get().recipient == person.email  # who did not do it learns of it
    assert verbs().count("account.factor_removed") == 1


def test_a_passkey_of_somebody_else_cannot_be_removed():
    theirs = a_passkey_of(a_person())
    client = confirmed(a_person())
    assert client.post(f"/accounts/security/passkeys/{theirs.pk}/remove/").status_code == 404
    assert Authenticator.objects.count() == 1


def test_new_recovery_codes_replace_the_earlier_ones(noon):
    person = a_person()
    _secret, codes = with_app(person, noon)
    page = confirmed(person).post("/accounts/security/codes/new/", follow=True).content.decode()
    assert len(re.findall(r"<li>\d{4} \d{4}</li>", page)) == 10
    assert enter(person)[0].post(CODE, {"code": codes[0]}).status_code == 422


def test_the_operator_helps_who_lost_everything(noon):
    person = a_person()
    with_app(person, noon)
    elsewhere = signed_in(person)
    call_command("second_factor", "remove", person.email.upper())
    assert not Authenticator.objects.exists()
    assert not get_user(elsewhere).is_authenticated
    assert verbs()[-1] == "account.factors_removed"


# --- demanded by the installation ------------------------------------------------------------------------


def people():
    organisation = an_organisation()
    roles = {"assessor": "assessor", "coordinator": "coordinator", "deputy": "deputy"}
    found = {name: signed_in(a_member(organisation, role)) for name, role in roles.items()}
    return found | {"operator": signed_in(a_person(is_operator=True))}


@pytest.mark.parametrize(
    ("level", "those"),
    [
        ("nobody", set()),
        ("operators", {"operator"}),
        ("coordinators", {"operator", "coordinator", "deputy"}),
        ("everybody", {"operator", "coordinator", "deputy", "assessor"}),
    ],
)
def test_who_must_have_a_second_factor_gets_only_the_page_to_set_one_up(settings, level, those):
    settings.SECOND_FACTOR = level
    sent = {
        name
        for name, client in people().items()
        if client.get("/accounts/profile/").headers.get("Location") == "/accounts/security/"
    }
    assert sent == those


def test_the_way_out_is_open_and_then_everything_else(settings, noon):
    settings.SECOND_FACTOR = "coordinators"
    organisation = an_organisation()
    member = a_member(organisation, "coordinator")
    inside = f"/o/{organisation.slug}/organisation/"
    client = signed_in(member)
    for page in (inside, "/", "/accounts/password/change/", "/nowhere/"):
        assert client.get(page).status_code in {302, 404}
    assert client.post(inside, {})["Location"] == "/accounts/security/"
    assert client.get("/accounts/security/").status_code == 200
    client.post(CONFIRM, {"password": PASSWORD})
    secret = secret_on(client.get(APP))
    assert client.post(APP, {"code": code_of(secret)}).status_code == 302
    assert client.get(inside).status_code == 200


def test_whoever_set_up_the_demanded_factor_goes_on_to_the_page_first_asked_for(settings):
    settings.SECOND_FACTOR = "coordinators"
    organisation = an_organisation()
    inside = f"/o/{organisation.slug}/organisation/people/?q=a"
    client = signed_in(a_member(organisation, "coordinator"))
    client.get("/favicon.ico", headers={"sec-fetch-dest": "image"})
    for page in (inside, "/accounts/profile/"):
        assert client.get(page)["Location"] == "/accounts/security/"
    client.post(CONFIRM, {"password": PASSWORD})
    codes = client.post(APP, {"code": code_of(secret_on(client.get(APP)))}, follow=True)
    assert f'href="{inside}"' in codes.content.decode()
    again = client.post("/accounts/security/codes/new/", follow=True)
    assert inside not in again.content.decode()


def test_whoever_has_still_to_set_it_up_can_read_the_help_and_sign_out_everywhere(settings):
    settings.SECOND_FACTOR = "everybody"
    person = a_person()
    client, elsewhere = signed_in(person), signed_in(person)
    for page in ("help", "accessibility", "privacy", "about"):
        assert client.get(f"/{page}/").status_code == 200
    shut = ("/accounts/profile/", "/accounts/password/change/")
    page = client.get("/accounts/security/").content.decode()
    main = page[page.index("<main") : page.index("</main")]
    assert not [one for one in shut if f'href="{one}"' in main]
    assert client.post("/accounts/security/sessions/end-all/")["Location"] == "/"
    assert not get_user(elsewhere).is_authenticated


def test_who_left_the_office_of_coordinator_is_free_again(settings):
    settings.SECOND_FACTOR = "coordinators"
    member = a_member(an_organisation(), "coordinator", left_at=timezone.now())
    assert signed_in(member).get("/accounts/profile/").status_code == 200


def test_a_misspelt_setting_stops_the_start(settings):
    settings.SECOND_FACTOR = "operator"
    assert "merilo.E007" in {found.id for found in run_checks(tags=["security"])}
