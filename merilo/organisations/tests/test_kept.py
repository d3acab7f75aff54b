from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from merilo.core import owner
from merilo.core.limits import Rate
from merilo.core.models import KeptForm
from merilo.organisations import kept
from merilo.organisations.models import Unit
from tests.people import PASSWORD, a_member, an_organisation, signed_in

pytestmark = pytest.mark.django_db
UNITS = "/o/town/organisation/units/"


@pytest.fixture
def coordinator():
    return a_member(an_organisation("town"), "coordinator")


def sent_after_expiry(coordinator, **form):
    data = {"name": "Дирекция", "parent": "", owner.FIELD: owner.mark(coordinator.person.pk)} | form
    return Client().post(UNITS, data)


def kept_page():
    return reverse("site:kept", kwargs={"token": KeptForm.objects.get().token})


def test_an_expired_sign_in_keeps_the_form_and_stores_it_after_signing_in(coordinator):
    answer = sent_after_expiry(coordinator)
    assert answer.status_code == 302
    client = Client()
    data = {"login": coordinator.email, "password": PASSWORD, "next": kept_page()}
    signed_in_answer = client.post("/accounts/login/", data)
    assert signed_in_answer["Location"] == kept_page()
    stored = client.get(kept_page())
    assert (stored.status_code, stored["Location"]) == (302, UNITS)
    assert Unit.objects.get().name == "Дирекция"


def test_the_sign_in_page_says_that_the_form_is_kept(coordinator):
    address = sent_after_expiry(coordinator)["Location"]
    assert "е запазено" in Client().get(address).content.decode()
    assert "е запазено" not in Client().get("/accounts/login/").content.decode()


def test_a_file_that_was_not_kept_is_asked_for_again(coordinator):
    logo = SimpleUploadedFile("shield.png", b"\x89PNG", "image/png")
    form = {"what": "logo", "logo": logo, owner.FIELD: owner.mark(coordinator.person.pk)}
    Client().post("/o/town/organisation/look/", form)
    page = signed_in(coordinator).get(kept_page())
    assert page.status_code == 422
    assert "Изберете файла отново" in page.content.decode()


def test_a_form_keeps_the_query_of_its_address(coordinator):
    form = {"name": "Дирекция", "parent": "", owner.FIELD: owner.mark(coordinator.person.pk)}
    Client().post(f"{UNITS}?kind=note", form)
    assert KeptForm.objects.get().path == f"{UNITS}?kind=note"
    assert signed_in(coordinator).get(kept_page()).status_code == 302


def test_a_kept_form_has_one_effect(coordinator):
    sent_after_expiry(coordinator)
    client = signed_in(coordinator)
    assert client.get(kept_page()).status_code == 302
    assert client.get(kept_page()).status_code == 404
    assert Unit.objects.count() == 1


def test_another_person_gets_nothing(coordinator):
    sent_after_expiry(coordinator)
    for other in (
        a_member(coordinator.organisation, "coordinator"),
        a_member(an_organisation("region"), "coordinator"),
    ):
        assert signed_in(other).get(kept_page()).status_code == 404
        assert signed_in(other).post(kept_page(), {"name": "Х", "parent": ""}).status_code == 404
    assert not Unit.objects.exists()
    assert signed_in(coordinator).get(kept_page()).status_code == 302


def test_nobody_signed_out_stores_it(coordinator):
    sent_after_expiry(coordinator)
    answer = Client().get(kept_page())
    assert answer["Location"].startswith("/accounts/login/")
    assert not Unit.objects.exists()


def test_a_form_that_says_not_whose_it_is_is_not_kept(coordinator):
    for token in ("", "forged", owner.mark(coordinator.person.pk)[:-1]):
        answer = sent_after_expiry(coordinator, **{owner.FIELD: token})
        assert answer["Location"] == f"/accounts/login/?next={UNITS.replace('/', '%2F')}"
    assert not KeptForm.objects.exists()


def test_a_refused_form_is_shown_with_what_was_typed_and_can_be_sent_again(coordinator):
    Unit.objects.create(organisation=coordinator.organisation, name="Дирекция")
    sent_after_expiry(coordinator)
    client = signed_in(coordinator)
    answer = client.get(kept_page())
    assert answer.status_code == 422
    assert 'value="Дирекция"' in answer.content.decode()
    again = client.post(kept_page(), {"name": "Дирекция Б", "parent": ""})
    assert (again.status_code, again["Location"]) == (302, UNITS)
    assert Unit.objects.count() == 2


def test_rights_are_asked_again(coordinator):
    reader = a_member(coordinator.organisation, "viewer")
    sent_after_expiry(reader)
    assert signed_in(reader).get(kept_page()).status_code == 403
    assert not Unit.objects.exists()


def test_a_kept_form_expires(coordinator):
    sent_after_expiry(coordinator)
    kept = KeptForm.objects.get()
    KeptForm.objects.update(expires_at=kept.kept_at - timedelta(minutes=1))
    assert signed_in(coordinator).get(kept_page()).status_code == 404


def test_a_failure_while_storing_loses_nothing(coordinator, monkeypatch):
    from merilo.organisations.actions import units

    sent_after_expiry(coordinator)
    client = signed_in(coordinator)
    client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr(units, "record", lambda *_, **__: 1 / 0)
        assert client.get(kept_page()).status_code == 500
    assert client.get(kept_page()).status_code == 302
    assert Unit.objects.count() == 1


def test_a_script_is_told_where_to_sign_in():
    answer = Client().post(UNITS, {"name": "Х"}, headers={"accept": "application/json"})
    assert answer.status_code == 401
    assert answer["Location"].startswith("/accounts/login/")


def test_a_form_of_a_page_that_is_gone_is_not_there(coordinator):
    sent_after_expiry(coordinator)
    KeptForm.objects.update(path="/o/town/gone/away/for/ever/")
    assert signed_in(coordinator).get(kept_page()).status_code == 404


def test_a_form_longer_than_a_book_comes_back_to_be_copied(coordinator):
    answer = sent_after_expiry(coordinator, name="д" * 200_000)
    assert answer.status_code == 413
    assert "д" * 200_000 in answer.content.decode()
    assert not KeptForm.objects.exists()


@pytest.mark.parametrize("limit", ["PER_PERSON", "PER_NETWORK"])
def test_more_forms_than_anybody_fills_in_are_not_kept_but_come_back_to_be_copied(
    coordinator, monkeypatch, limit
):
    monkeypatch.setattr(kept, limit, Rate(most=3, seconds=3600))
    for _ in range(3):
        assert sent_after_expiry(coordinator).status_code == 302
    answer = sent_after_expiry(coordinator, name="Първи ред\nВтори <ред>", once="a-key")
    page = answer.content.decode()
    assert (answer.status_code, answer["Cache-Control"]) == (429, "no-store")
    assert "Първи ред\nВтори &lt;ред&gt;" in page
    assert "a-key" not in page
    assert owner.mark(coordinator.person.pk).partition(":")[0] not in page
    assert f"/accounts/login/?next={UNITS.replace('/', '%2F')}" in page
    assert KeptForm.objects.count() == 3
    assert sent_after_expiry(coordinator, name="Друга").status_code == 429


def test_the_limit_of_one_person_is_not_that_of_another(coordinator, monkeypatch):
    monkeypatch.setattr(kept, "PER_PERSON", Rate(most=1, seconds=3600))
    colleague = a_member(coordinator.organisation, "coordinator")
    assert [sent_after_expiry(who).status_code for who in (coordinator, colleague, coordinator)] == [
        302,
        302,
        429,
    ]


def test_what_a_script_sends_is_not_kept_because_it_still_stands_on_the_page(coordinator):
    data = {"name": "Х", owner.FIELD: owner.mark(coordinator.person.pk)}
    answer = Client().post(UNITS, data, headers={"accept": "application/json"})
    assert answer.status_code == 401
    assert not KeptForm.objects.exists()


@pytest.mark.parametrize("token", ["%00", "a%00b", "a%2Fb", "%D1%8F"])
def test_an_address_that_cannot_be_a_token_is_not_there(coordinator, token):
    assert signed_in(coordinator).get(f"/kept/{token}/").status_code in {400, 404}
