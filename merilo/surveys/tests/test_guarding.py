"""Floods of open surveys: the computation, the way by mail, limits and marks; and no other way in."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape

import altcha
import pytest
from django.core.cache import cache
from django.utils import timezone

from merilo.core.models import Limit, OutgoingMail
from merilo.surveys.answering import guarding, travelling
from merilo.surveys.models import Response
from merilo.surveys.tests.filling import NETWORK, Respondent
from tests.people import an_organisation
from tests.surveys import a_survey

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]


@pytest.fixture
def survey(settings, monkeypatch):
    settings.DEMO = True  # mails are there
    settings.EMAIL_BACKEND = "merilo.core.mail.OutboxBackend"
    monkeypatch.setattr(guarding, "ROUNDS", 10)  # the computation itself is the library's
    cache.clear()
    return a_survey(an_organisation())


def ready(survey, address="") -> Respondent:
    who = Respondent(address or f"/s/{survey.short}/")
    return who.press().press(age="young", visited="no").press(wishes="More")


def solved(who: Respondent) -> str:
    """What the script of the page makes of its computation."""
    found = re.search(r'data-challenge="([^"]+)"', who.page)
    assert found
    challenge = altcha.Challenge.from_dict(json.loads(unescape(found[1])))
    solution = altcha.solve_challenge(challenge)
    assert solution is not None
    return altcha.Payload(challenge, solution).to_base64()


def test_computation_opens_the_sending_of_its_own_form_only(survey) -> None:
    who, other = ready(survey), ready(survey)
    proof = solved(who)
    assert other.press("send", proof=proof).status == 422
    assert who.press("send", proof="nonsense").status == 422
    assert "The computation is not done" in who.page
    assert "More" in who.page
    assert who.press("send", proof=solved(who)).status == 200
    assert not Response.objects.get().marked


def test_computation_expires(survey, time_machine) -> None:
    who = ready(survey)
    proof = solved(who)
    time_machine.move_to(timezone.now() + timedelta(hours=3))
    assert who.press("send", proof=proof).status == 422


def test_who_cannot_compute_takes_the_way_by_mail_and_leaves_no_address(survey) -> None:
    who = ready(survey)
    assert '<details id="by-mail">' in who.page
    assert who.press("mail", address="nonsense").status == 422
    assert '<details id="by-mail" open>' in who.page
    assert 'value="nonsense"' in who.page
    assert 'aria-describedby="address-hint address-fault" aria-invalid="true"' in who.page
    who.press("mail", address="a.citizen@town.example")
    assert "We have sent a code" in who.page
    mail = OutgoingMail.objects.get()
    code = re.search(r"\d{4} \d{4}", mail.text)
    assert code
    assert mail.passing  # the row goes with the sending
    assert who.press("send", code="0000 0000").status == 422
    assert "not the code" in who.page
    assert 'value="0000 0000"' in who.page
    assert 'aria-invalid="true" aria-describedby="code-fault"' in who.page
    assert who.press("send", code=code[0]).status == 200
    assert Response.objects.count() == 1
    assert "citizen" not in json.dumps(Response.objects.get().answers)
    assert not Limit.objects.filter(key__contains="citizen").exists()


def test_code_of_another_form_opens_nothing(survey) -> None:
    one, other = ready(survey), ready(survey)
    one.press("mail", address="a@town.example")
    code = re.search(r"\d{4} \d{4}", OutgoingMail.objects.get().text)
    assert code
    other.press("mail", address="b@town.example")
    assert other.press("send", code=code[0]).status == 422


def test_guesses_and_mails_are_limited(survey) -> None:
    who = ready(survey).press("mail", address="a@town.example")
    for _ in range(5):
        assert who.press("send", code="1").status == 422
    assert who.press("send", code="1").status == 429
    assert "More" in who.page
    for _ in range(2):
        assert ready(survey).press("mail", address="A@town.example").status == 200
    assert ready(survey).press("mail", address="a@town.example").status == 429


def test_without_any_way_answers_are_taken_and_marked(survey, settings) -> None:
    settings.DEMO = False
    assert ready(survey).press("send").status == 200
    assert Response.objects.get().marked


def test_field_that_people_do_not_see_marks_what_fills_it(survey) -> None:
    who = ready(survey)
    who.press("send", proof=solved(who), website="https://example.org")
    assert Response.objects.get().marked


def test_burst_is_marked_and_never_dropped(survey, monkeypatch) -> None:
    survey.challenge = False
    survey.save()
    monkeypatch.setitem(guarding.BURSTS, "link", 2)
    for _ in range(4):
        assert ready(survey).press("send").status == 200
    assert Response.objects.filter(marked=True).count() == 2


def test_one_network_sends_so_many_and_is_then_asked_to_wait(survey, monkeypatch) -> None:
    survey.challenge = False
    survey.save()
    monkeypatch.setitem(guarding.SENDINGS, "most", 1)
    ready(survey).press("send")
    who = ready(survey).press("send")
    assert who.status == 429
    assert int(who.response["Retry-After"]) > 0
    assert "More" in who.page
    assert not Limit.objects.filter(key__contains=NETWORK).exists()


def test_tablet_and_personal_link_compute_nothing(survey) -> None:
    survey.kiosk = True
    survey.save()
    assert ready(survey, f"/s/{survey.short}/kiosk/").press("send").status == 200
    for source in ("kiosk", "invited"):
        form = travelling.begun(survey, 1, "en", timezone.now(), source=source)
        assert not guarding.wants_proof(survey, form)
