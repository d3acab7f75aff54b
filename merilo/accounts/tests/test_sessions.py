from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user
from django.test import Client

from merilo.accounts import devices
from merilo.core import requests
from merilo.core.models import AuditEntry
from tests.people import NOON, PASSWORD, a_person, signed_in

PAGE = "/accounts/security/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0"
)


def come_in(person, agent=FIREFOX, network="198.51.100.7"):
    client = Client(headers={"user-agent": agent}, REMOTE_ADDR=network)
    assert client.post("/accounts/login/", {"login": person.email, "password": PASSWORD}).status_code == 302
    return client


def sessions_on(client):
    text = client.get(PAGE).content.decode()
    return re.findall(r'name="session" value="(\d+)"', text), text


@pytest.mark.django_db
def test_ones_sessions_are_listed_with_device_and_neighbourhood_and_this_one_marked():
    person = a_person()
    here = come_in(person)
    come_in(person, IPHONE, "2001:db8:1:2345::9")
    come_in(a_person(), EDGE)
    others, text = sessions_on(here)
    assert len(others) == 1
    assert text.index("Firefox, Windows") < text.index("Safari, iPhone")
    assert "Edge" not in text
    assert "198.51.100.*" in text
    assert "2001:db8:1:2300:*" in text
    assert "198.51.100.7" not in set(map(str, UserSession.objects.values_list("ip", flat=True)))


@pytest.mark.django_db
def test_a_session_ended_elsewhere_is_refused_at_the_next_request():
    person = a_person()
    here, there = come_in(person), come_in(person, IPHONE)
    assert there.get(PAGE).status_code == 200
    (other,), _text = sessions_on(here)
    assert here.post(f"{PAGE}sessions/end/", {"session": other}).status_code == 302
    assert there.get(PAGE)["Location"].startswith("/accounts/login/")
    assert get_user(here) == person
    assert AuditEntry.objects.filter(verb="account.session_ended").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("session", ["", "x", "-1", "0", "9" * 30, "١"])
def test_what_is_no_session_of_ones_own_ends_nothing(session):
    theirs, mine = come_in(a_person()), come_in(a_person())
    for pk in (session, *UserSession.objects.exclude(user=get_user(mine)).values_list("pk", flat=True)):
        assert mine.post(f"{PAGE}sessions/end/", {"session": pk}).status_code == 302
    assert get_user(theirs).is_authenticated
    assert get_user(mine).is_authenticated


@pytest.mark.django_db
def test_signing_out_everywhere_ends_every_session_here_too():
    person, other = a_person(), a_person()
    clients, stays = [come_in(person), come_in(person, IPHONE)], come_in(other)
    assert clients[0].post(f"{PAGE}sessions/end-all/")["Location"] == "/"
    assert [get_user(client).is_authenticated for client in clients] == [False, False]
    assert get_user(stays) == other
    assert AuditEntry.objects.filter(verb="account.sessions_ended").exists()


@pytest.mark.django_db
def test_last_seen_is_noted_every_few_minutes_only():
    with time_machine.travel(NOON, tick=False) as clock:
        client = come_in(a_person())
        for minutes, seen in ((1, 0), (5, 6), (1, 6)):
            clock.shift(timedelta(minutes=minutes))
            client.get("/accounts/profile/")
            assert UserSession.objects.get().last_seen_at == NOON + timedelta(minutes=seen)


@pytest.mark.django_db
def test_whoever_is_suspended_loses_every_session_and_is_told_why_at_the_door():
    from merilo.accounts.operating import suspend

    person, other = a_person(), a_person()
    clients, stays = [come_in(person), come_in(person, IPHONE)], come_in(other)
    suspend(person=person, by=a_person(is_operator=True), at=NOON)
    assert [get_user(client).is_authenticated for client in clients] == [False, False]
    assert list(UserSession.objects.values_list("user", flat=True)) == [other.pk]
    assert get_user(stays) == other
    door = Client(headers={"accept-language": "en"})
    told = door.post("/accounts/login/", {"login": person.email, "password": PASSWORD}, follow=True)
    assert "This account is suspended" in told.content.decode()
    assert AuditEntry.objects.filter(verb="account.suspended").exists()


@pytest.mark.django_db
def test_an_erased_person_is_signed_out_at_once():
    from merilo.accounts.actions import anonymise

    person = a_person()
    client = come_in(person)
    anonymise(person=person, by="operator", at=NOON)
    assert not get_user(client).is_authenticated
    assert not UserSession.objects.exists()


@pytest.mark.django_db
def test_signing_out_forgets_the_session():
    person = a_person()
    client = come_in(person)
    client.post("/accounts/logout/")
    assert len(sessions_on(signed_in(person))[0]) == 0


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox, Windows"),
        (IPHONE, "Safari, iPhone"),
        (EDGE, "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/138.0 Mobile Safari/537.36", "Chrome, Android"),
        ("curl/8.5", "Непознато устройство"),
        ("", "Непознато устройство"),
    ],
)
def test_devices_in_words(agent, words):
    assert devices.device(agent) in {words, "Unknown device"}


@pytest.mark.parametrize(
    ("origin", "kept", "shown"),
    [
        ("198.51.100.7", "198.51.100.0", "198.51.100.*"),
        ("2001:db8:1:2300::/56", "2001:db8:1:2300::", "2001:db8:1:2300:*"),
    ],
)
def test_networks_without_the_household(origin, kept, shown):
    assert requests.neighbourhood(origin) == kept
    assert devices.network(kept) == shown


def test_an_unknown_network_is_said_to_be_unknown():
    assert "*" not in devices.network(requests.neighbourhood(""))
