from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user
from django.test import Client
from django.utils import translation

from merilo.accounts.models import Person
from merilo.core.models import AuditEntry, Limit, OutgoingMail
from tests.people import PASSWORD, a_person, signed_in

pytestmark = pytest.mark.django_db
NEW = "quite another password"


@pytest.fixture(autouse=True)
def outbox(settings):
    settings.EMAIL_BACKEND, settings.MAIL_SERVER = "merilo.core.mail.OutboxBackend", "smtp://127.0.0.1:9"
    settings.FOUNDING = "open"


def sign_in(client, email, password=PASSWORD, network="198.51.100.7", **more):
    return client.post(
        "/accounts/login/", {"login": email, "password": password, **more}, REMOTE_ADDR=network
    )


def verbs():
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


def link_in(mail):
    return re.findall(r"https?://\S+", mail.text)[0].replace("http://testserver", "")


def test_signing_in_gives_a_new_session_and_is_recorded():
    person = a_person()
    client = Client()
    session = client.session
    session["planted"] = 1
    session.save()
    before = session.session_key
    client.cookies["session"] = str(before)
    assert sign_in(client, person.email.upper()).status_code == 302
    assert client.cookies["session"].value != before
    assert get_user(client) == person
    entry = AuditEntry.objects.get(verb="account.signed_in")
    assert (entry.chain, entry.actor) == ("platform", str(person.pk))
    assert person.email not in entry.payload.data


def test_signing_in_goes_on_to_pages_here_only():
    person = a_person()
    assert sign_in(Client(), person.email, next="/join/")["Location"] == "/join/"
    for evil in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        assert sign_in(Client(), person.email, next=evil)["Location"] == "/"


@pytest.mark.parametrize("password", ["wrong", "", "\x00", "д" * 5000])
def test_a_wrong_password_is_refused_in_words(password):
    person = a_person()
    answer = sign_in(Client(), person.email, password)
    assert answer.status_code == 422
    assert f'value="{person.email}"' in answer.content.decode()


def test_known_and_unknown_addresses_get_the_same_answer():
    person = a_person()
    pages = []
    for email in (person.email, "nobody@town.example"):
        page = sign_in(Client(), email, "wrong").content.decode().replace(email, "ADDRESS")
        pages.append(re.sub(r'(value|nonce)="[^"]{30,}"', "", page))
    assert pages[0] == pages[1]


def test_five_failures_close_the_account_to_that_network_with_retry_after():
    person = a_person()
    answers = [sign_in(Client(), person.email, "wrong").status_code for _ in range(5)]
    assert answers == [422] * 5
    locked = sign_in(Client(), person.email)
    assert locked.status_code == 429
    assert 0 < int(locked["Retry-After"]) <= 15 * 60 + 1
    assert "Твърде много опити" in locked.content.decode()


def test_the_real_person_still_comes_in_from_another_network():
    person = a_person()
    for _ in range(6):
        sign_in(Client(), person.email, "wrong")
    assert sign_in(Client(), person.email, network="203.0.113.9").status_code == 302
    assert sign_in(Client(), person.email).status_code == 429


def test_an_unknown_address_is_locked_alike():
    answers = [sign_in(Client(), "nobody@town.example", "wrong").status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


def test_success_forgets_the_failures_of_the_network():
    person = a_person()
    for _ in range(3):
        for _ in range(4):
            sign_in(Client(), person.email, "wrong")
        assert sign_in(Client(), person.email).status_code == 302


def test_a_network_that_tries_many_accounts_is_closed(monkeypatch):
    from merilo.accounts import adapter

    monkeypatch.setattr(adapter, "PER_NETWORK", {"most": 3, "seconds": 3600})
    answers = [sign_in(Client(), f"p{n}@town.example", "wrong").status_code for n in range(4)]
    assert answers == [422] * 3 + [429]


def test_very_many_failures_from_everywhere_close_the_account(monkeypatch):
    from merilo.accounts import adapter

    monkeypatch.setattr(adapter, "PER_ACCOUNT", {"most": 3, "seconds": 3600})
    person = a_person()
    for number in range(3):
        sign_in(Client(), person.email, "wrong", network=f"198.51.100.{number}")
    assert sign_in(Client(), person.email, network="203.0.113.9").status_code == 429


def test_limits_keep_no_address():
    person = a_person()
    sign_in(Client(), person.email, "wrong")
    assert Limit.objects.count() == 3
    assert not Limit.objects.filter(key__contains="town").exists()


def test_an_inactive_account_is_told_so():
    person = a_person(is_active=False)
    answer = sign_in(Client(), person.email)
    assert answer["Location"] == "/accounts/inactive/"


def test_an_unconfirmed_address_cannot_sign_in_but_gets_the_link_again():
    person = a_person()
    EmailAddress.objects.filter(user=person).update(verified=False)
    client = Client()
    assert sign_in(client, person.email)["Location"] == "/accounts/confirm-email/"
    assert not get_user(client).is_authenticated
    assert OutgoingMail.objects.get().recipient == person.email


def test_where_no_mail_can_confirm_an_address_signing_in_does_not_ask(settings):
    settings.MAIL_SERVER = ""
    person = a_person()
    EmailAddress.objects.filter(user=person).update(verified=False)
    client = Client()
    assert sign_in(client, person.email)["Location"] == "/"
    assert get_user(client) == person
    assert not EmailAddress.objects.get().verified


def test_signing_out_is_a_post():
    person = a_person()
    client = signed_in(person)
    assert client.get("/accounts/logout/").status_code == 200
    assert get_user(client) == person
    assert client.post("/accounts/logout/").status_code == 302
    assert not get_user(client).is_authenticated
    assert verbs() == ["account.signed_out"]


def test_forms_need_their_token():
    client = Client(enforce_csrf_checks=True)
    person = a_person()
    assert sign_in(client, person.email).status_code == 403


# --- making an account -----------------------------------------------------------------------------------


def sign_up(client, **more):
    data = {"name": "Мария Колева", "email": "maria@town.example", "password1": NEW} | more
    return client.post("/accounts/signup/", data)


def test_an_account_is_made_confirmed_and_used():
    client = Client()
    assert sign_up(client)["Location"] == "/accounts/confirm-email/"
    person = Person.objects.get()
    assert (person.name, person.language) == ("Мария Колева", "bg")
    mail = OutgoingMail.objects.get()
    assert mail.subject == "Потвърдете имейла си"
    assert "Мария Колева" in mail.text
    assert client.get(link_in(mail)).status_code == 200
    assert not EmailAddress.objects.get(user=person).verified
    assert client.post(link_in(mail)).status_code == 302
    assert EmailAddress.objects.get(user=person).verified
    assert sign_in(Client(), "maria@town.example", NEW).status_code == 302
    assert verbs() == ["account.made", "account.confirmed", "account.signed_in"]


def test_a_taken_address_gets_the_same_answer_and_a_mail():
    a_person(email="maria@town.example")
    taken, free = sign_up(Client()), sign_up(Client(), email="new@town.example")
    assert (taken.status_code, taken["Location"]) == (free.status_code, free["Location"])
    assert Person.objects.filter(email="maria@town.example").count() == 1
    assert OutgoingMail.objects.get(recipient="maria@town.example").subject == "Вече имате профил"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "a\x00"},
        {"name": "д" * 151},
        {"email": "maria"},
        {"password1": "short"},
        {"password1": "password1234"},
        {"password1": "maria@town.example"},
    ],
)
def test_a_refused_account_answers_422(wrong):
    assert sign_up(Client(), **wrong).status_code == 422
    assert not Person.objects.exists()


def test_where_founding_is_closed_accounts_come_by_invitation(settings):
    settings.FOUNDING = "operator"
    page = Client().get("/accounts/signup/").content.decode()
    assert "Профил се получава с покана" in page
    sign_up(Client())
    assert not Person.objects.exists()


def test_where_no_mail_can_confirm_an_address_nobody_makes_an_account_unasked(settings):
    settings.MAIL_SERVER = ""
    sign_up(Client())
    assert not Person.objects.exists()
    assert "/accounts/signup/" not in Client().get("/accounts/login/").content.decode()


def test_making_accounts_is_limited(monkeypatch):
    from merilo.accounts import views

    monkeypatch.setattr(views, "SIGN_UPS", {"most": 2, "seconds": 3600})
    answers = [sign_up(Client(), email=f"p{n}@town.example").status_code for n in range(3)]
    assert answers == [302, 302, 429]


# --- passwords -------------------------------------------------------------------------------------------


def reset(client, email):
    return client.post("/accounts/password/reset/", {"email": email})


def test_a_forgotten_password_is_set_anew_once():
    person = a_person()
    client = Client()
    assert reset(client, person.email)["Location"] == "/accounts/password/reset/done/"
    link = link_in(OutgoingMail.objects.get())
    page = client.get(link, follow=True)
    assert page.status_code == 200
    form = page.context["action_url"]
    assert client.post(form, {"password1": "short"}).status_code == 422
    assert client.post(form, {"password1": NEW}).status_code == 302
    assert sign_in(Client(), person.email, NEW).status_code == 302
    assert sign_in(Client(), person.email).status_code == 422
    assert "вече не е валидна" in Client().get(link, follow=True).content.decode()
    assert OutgoingMail.objects.all()[0].subject == "Паролата Ви беше сменена"
    assert "account.password_reset" in verbs()


def test_a_reset_says_nothing_about_who_has_an_account():
    person = a_person()
    known, unknown = reset(Client(), person.email), reset(Client(), "nobody@town.example")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert OutgoingMail.objects.get(recipient="nobody@town.example").subject == "Няма профил с този имейл"


def test_mails_to_one_address_and_resets_from_one_network_are_limited(monkeypatch):
    from merilo.accounts import views

    person = a_person()
    assert [reset(Client(), person.email).status_code for _ in range(6)] == [302] * 5 + [429]
    monkeypatch.setattr(views, "RESETS", {"most": 7, "seconds": 3600})
    answers = [reset(Client(), f"p{n}@town.example").status_code for n in range(2)]
    assert answers == [302, 429]


def test_a_password_is_changed_with_the_present_one():
    person = a_person()
    client = signed_in(person)
    change = "/accounts/password/change/"
    assert client.post(change, {"oldpassword": "wrong", "password1": NEW}).status_code == 422
    assert client.post(change, {"oldpassword": PASSWORD, "password1": "short"}).status_code == 422
    assert client.post(change, {"oldpassword": PASSWORD, "password1": NEW}).status_code == 302
    assert get_user(client) == person
    assert verbs()[-1] == "account.password_changed"
    assert sign_in(Client(), person.email, NEW).status_code == 302


def test_guessing_the_present_password_is_limited():
    client = signed_in(a_person())
    data = {"oldpassword": "wrong", "password1": NEW}
    answers = [client.post("/accounts/password/change/", data).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_changing_the_password_ends_other_sessions():
    person = a_person()
    here, elsewhere = signed_in(person), signed_in(person)
    here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW})
    assert get_user(here).is_authenticated
    assert not get_user(elsewhere).is_authenticated


# --- profile ---------------------------------------------------------------------------------------------


def test_the_profile_keeps_name_language_and_how_often_mails_come():
    person = a_person("Мария")
    client = signed_in(person)
    client.cookies["language"] = "bg"
    answer = client.post("/accounts/profile/", {"name": "Maria Koleva", "language": "en", "mails": "daily"})
    assert answer.status_code == 302
    person.refresh_from_db()
    assert (person.name, person.language, person.daily_mail) == ("Maria Koleva", "en", True)
    assert client.cookies["language"].value == ""
    assert "Your profile" in client.get("/accounts/profile/").content.decode()
    assert verbs() == ["account.changed"]
    translation.activate("bg")


@pytest.mark.parametrize("wrong", [{"name": ""}, {"name": "\x00"}, {"name": "д" * 151}, {"language": "xx"}])
def test_a_refused_profile_answers_422(wrong):
    client = signed_in(a_person("Мария"))
    data = {"name": "Мария", "language": "bg"} | wrong
    assert client.post("/accounts/profile/", data).status_code == 422
    assert verbs() == []


def test_the_profile_is_for_the_signed_in():
    for page in ("/accounts/profile/", "/accounts/password/change/"):
        assert Client().get(page)["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    "page",
    [
        "login/",
        "signup/",
        "password/reset/",
        "password/reset/done/",
        "confirm-email/",
        "confirm-email/x/",
        "inactive/",
        "password/reset/key/1-x/",
        "password/reset/key/done/",
    ],
)
def test_every_page_opens_in_both_languages_and_is_not_kept(page):
    for language in ("bg", "en"):
        answer = Client(headers={"accept-language": language}).get(f"/accounts/{page}")
        assert answer.status_code == 200
        assert f'<html lang="{language}">' in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]


def test_the_demo_points_to_the_list_of_its_people(settings):
    settings.DEMO = True
    assert 'href="/demo/"' in Client().get("/accounts/login/").content.decode()
    settings.DEMO = False
    assert 'href="/demo/"' not in Client().get("/accounts/login/").content.decode()
