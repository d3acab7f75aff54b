from __future__ import annotations

from functools import partial

import pytest
from django.urls import reverse

from merilo.core import audit
from merilo.core.errors import Refused
from merilo.core.models import AuditEntry
from merilo.core.once import new_key, run_once
from merilo.organisations.actions.founding import found_organisation
from merilo.organisations.models import Membership, Organisation
from tests.people import NOON, a_person, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]
DOUBLED = 1000


@pytest.fixture(autouse=True)
def open_platform(settings):
    settings.FOUNDING = "open"


def found(person, name="Община Синьо бърдо", **more):
    values = {"kind": "municipality", "country": "BG", "languages": ["bg"], "time_zone": "Europe/Sofia"}
    return found_organisation(person=person, name=name, at=NOON, **(values | more))


def found_by_name(person, name):
    return found(person, name).slug


def test_the_founder_becomes_the_coordinator_and_both_chains_know():
    person = a_person("Мария Колева")
    organisation = found(person)
    (member,) = Membership.objects.all()
    assert (member.person, member.organisation, member.roles) == (person, organisation, ["coordinator"])
    assert organisation.slug == "obshtina-sinyo-bardo"
    rows = AuditEntry.objects.filter(verb="organisation.founded").order_by("chain")
    assert sorted(row.chain for row in rows) == sorted([str(organisation.pk), "platform"])
    assert audit.verify(str(organisation.pk)) is None


@pytest.mark.parametrize(
    ("name", "slug"), [("Бургас", "burgas"), ("🏛️", "organisation"), ("Я" * 200, "ya" * 27)]
)
def test_addresses_are_romanised_and_made_unique(name, slug):
    person = a_person()
    slugs = [found(person, name).slug for _ in range(3)]
    assert slugs == [slug, f"{slug}-2", f"{slug}-3"]


def test_where_founding_is_closed_only_operators_found(settings):
    settings.FOUNDING = "operator"
    with pytest.raises(Refused):
        found(a_person())
    assert found(a_person(is_operator=True)).pk


@pytest.mark.sqlite  # that keys hold on PostgreSQL too is shown by the forms of sheets
def test_a_thousand_doubled_submits_found_a_thousand_organisations():
    person = a_person()
    for number in range(DOUBLED):
        key = new_key()
        effect = partial(found_by_name, person, f"Town {number}")
        answers = [run_once(key, owner=person.pk, effect=effect) for _ in range(2)]
        assert answers[0] == answers[1]
    assert Organisation.objects.count() == DOUBLED
    assert Membership.objects.count() == DOUBLED
    assert AuditEntry.objects.filter(chain="platform").count() == DOUBLED
    assert audit.verify("platform") is None


def the_form(client):
    return client.get("/join/").context["form"]


def test_three_questions_make_an_organisation(client):
    person = a_person()
    client = signed_in(person)
    form = the_form(client)
    data = {
        "name": " Община  Синьо бърдо",
        "kind": "municipality",
        "country": "BG",
        "once": form.initial["once"],
    }
    first, second = client.post("/join/", data), client.post("/join/", data)
    organisation = Organisation.objects.get()
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert first["Location"] == reverse("organisations:settings", kwargs={"org": organisation.slug})
    assert organisation.name == "Община Синьо бърдо"
    page = client.get(first["Location"])
    assert page.status_code == 200
    assert "Изпълнете тези задачи" in page.content.decode()


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "a\x00b"}, {"name": "д" * 201}, {"kind": "empire"}, {"country": "XX"}]
)
def test_a_refused_form_keeps_what_was_typed(wrong):
    client = signed_in(a_person())
    data = {"name": "Бургас", "kind": "agency", "country": "BG"} | wrong
    answer = client.post("/join/", data)
    assert answer.status_code == 422
    assert answer.context["form"].data["kind"] == data["kind"]
    assert not Organisation.objects.exists()


def test_nobody_founds_without_signing_in(client):
    answer = client.post("/join/", {"name": "Бургас", "kind": "agency", "country": "BG"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=")


def test_a_closed_platform_says_whom_to_ask(settings):
    settings.FOUNDING = "operator"
    client = signed_in(a_person())
    assert "организациите се създават от оператора" in client.get("/join/").content.decode().lower()
    client.post("/join/", {"name": "Бургас", "kind": "agency", "country": "BG"})
    assert not Organisation.objects.exists()


def test_one_person_cannot_found_without_end():
    client = signed_in(a_person())
    answers = [
        client.post("/join/", {"name": f"Town {n}", "kind": "agency", "country": "BG"}).status_code
        for n in range(11)
    ]
    assert answers == [302] * 10 + [429]
    assert Organisation.objects.count() == 10
