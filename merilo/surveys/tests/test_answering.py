"""Answering: the way through, what it keeps, and what it never keeps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from merilo.core.models import AuditEntry
from merilo.core.secret import digest_of
from merilo.surveys.answering import sending
from merilo.surveys.models import (
    Invitation,
    NamedResponse,
    Publication,
    QuotaCount,
    Response,
    SavedAnswers,
    UsedForm,
)
from merilo.surveys.queries import answering
from merilo.surveys.queries.answering import files_of
from merilo.surveys.rules.tests import examples
from merilo.surveys.tests.filling import Respondent
from tests.people import a_member, an_organisation
from tests.surveys import a_questionnaire, a_survey

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]
TOKEN = "a-personal-link"


@pytest.fixture
def town():
    return an_organisation(name_en="Primerovo")


@pytest.fixture
def survey(town):
    return a_survey(town, challenge=False)


def through(survey, address="", **headers) -> Respondent:
    """Somebody who has answered everything and looks at it once more."""
    who = Respondent(address or f"/s/{survey.short}/", **headers)
    who.press().press(age="young", visited="yes")
    return who.press(
        quality__speed="s4", quality__staff="dk", overall="4", channels=["desk", "web"], wishes="More"
    )


def named(town, **fields):
    """A survey with names, and the link of one invited person."""
    survey = a_survey(town, plain=a_questionnaire(mode="named"), entry="invited", **fields)
    Invitation.objects.create(
        survey=survey, address="a@town.example", name="Ani", token_hash=digest_of("survey", TOKEN)
    )
    return survey, f"/s/{survey.short}/p/{TOKEN}/"


def test_whole_way_leaves_one_row_and_nothing_that_tells_who(survey) -> None:
    who = through(survey).press("send")
    assert "Your answers have arrived" in who.page
    row = Response.objects.get()
    assert row.answers == {
        "age": "young",
        "visited": True,
        "quality.speed": "s4",
        "quality.staff": "dk",
        "overall": 4,
        "channels": ["desk", "web"],
        "wishes": "More",
    }
    assert (row.source, row.language, row.marked, row.version) == ("link", "en", False, 1)
    assert NamedResponse.objects.count() == AuditEntry.objects.count() == 0


def test_visit_takes_ten_queries_at_most(survey) -> None:
    through(survey).press("send")  # pages are drawn and kept by the process
    with CaptureQueriesContext(connection) as asked:
        through(survey).press("send")
    assert len([one for one in asked.captured_queries if "SAVEPOINT" not in one["sql"]]) <= 10


def test_sent_twice_counts_once(survey) -> None:
    who = through(survey)
    data = {"sealed": who.sealed, "go": "send"}
    for _ in range(2):
        assert who.client.post(who.action, data).status_code == 303
    assert Response.objects.count() == UsedForm.objects.count() == 1


def test_mistakes_stand_beside_the_question_and_on_top_and_typed_text_stays(survey) -> None:
    who = Respondent(f"/s/{survey.short}/").press().press(visited="yes")
    assert who.status == 422
    assert '<a href="#q-age">How old are you?</a> Please answer this question.' in who.page
    assert 'id="fault-age"' in who.page
    assert 'aria-describedby="fault-age"' in who.page
    assert who.chosen("visited") == ["yes"]


def test_back_and_another_language_keep_what_was_typed(survey) -> None:
    who = Respondent(f"/s/{survey.short}/").press().press(age="old")
    who.press("lang-bg", wishes="Повече гишета", overall="2")
    assert 'lang="bg"' in who.page
    assert "Повече гишета" in who.page
    assert who.chosen("overall") == ["2"]
    assert who.press("back", wishes="Повече гишета").chosen("age") == ["old"]
    who.press(age="old")
    assert "Повече гишета" in who.page


def test_question_that_opens_on_the_same_page_is_shown_before_the_next(town) -> None:
    parts = [
        examples.asked("yesno", "visited"),
        examples.asked("short", "desk", show_if=["=", "visited", True]),
    ]
    survey = a_survey(town, plain=a_questionnaire(pages=[{"code": "one", "parts": parts}], breakdowns=[]))
    who = Respondent(f"/s/{survey.short}/").press()
    assert "q-desk" not in who.page
    who.press(visited="yes")
    assert "Your answers lead to more questions on this page" in who.page
    assert 'href="#q-desk"' in who.page
    assert "Check your answers" in who.press(visited="yes", desk="7").page


def test_every_kind_is_asked_and_read_back(town) -> None:
    survey = a_survey(town, plain=examples.everything(), challenge=False)
    who = (
        Respondent(f"/s/{survey.short}/")
        .press()
        .press(service="else_", service__else_="by ship", visited="yes")
    )
    assert "by ship" not in who.page
    who.press(
        reasons=["permit"],
        staff__polite="good",
        staff__fast="dk",
        wait="61,5",
        order__speed="2",
        order__price="1",
    )
    assert who.status == 200
    assert "Your answers lead to more questions" in who.page
    who.press(
        reasons=["permit"],
        staff__polite="good",
        staff__fast="dk",
        wait="61,5",
        order__speed="2",
        order__price="1",
        when="2026-05-01",
    )
    who.press(overall="1", recommend="10", town="Primerovo")
    assert "About by ship in Primerovo?" in who.page
    fields: dict[str, Any] = {"overall": "1", "recommend": "10", "town": "Primerovo", "say": "Slow"}
    who.press(**fields | {"proof-file": SimpleUploadedFile("proof.txt", b"seen")})
    assert "Check your answers" in who.page
    assert "proof.txt" in who.page
    assert '<p class="pre">1. price</p><p class="pre">2. speed</p>' in who.page
    who.press("send")
    row = Response.objects.get()
    assert row.answers["order"] == ["price", "speed"]
    assert row.answers["wait"] == "61.5"
    assert row.answers["when"] == "2026-05-01"
    assert row.answers["service.else_"] == "by ship"
    assert [file.name for file in files_of(survey)] == ["proof.txt"]


def test_change_leads_back_to_checking(survey) -> None:
    who = through(survey).press("to-about")
    assert who.chosen("age") == ["young"]
    assert "Check your answers" in who.press(age="old", visited="yes").page
    who.press("send")
    assert Response.objects.get().answers["age"] == "old"


def test_forged_page_is_refused_and_one_of_another_survey_too(survey, town) -> None:
    other = a_survey(town)
    sealed = Respondent(f"/s/{other.short}/").sealed
    for forged in (sealed, sealed[:-4] + "AAAA", "", "x"):
        response = Client().post(f"/s/{survey.short}/answer/", {"sealed": forged, "go": "next"})
        assert response.status_code == 400
    assert Client().get(f"/s/{survey.short}/answer/").status_code == 302


def test_page_that_was_open_for_too_long_keeps_its_answers_and_gets_a_new_key(survey, time_machine) -> None:
    who = through(survey)
    old = who.sealed
    time_machine.move_to(timezone.now() + timedelta(hours=13))
    who.press("send")
    assert who.status == 422
    assert "open for very long" in who.page
    assert who.sealed != old
    assert "More" in who.page
    who.press("send")
    assert Response.objects.count() == 1


def test_closed_meanwhile_is_said_and_nothing_kept(survey) -> None:
    who = through(survey)
    survey.state = "closed"
    survey.closed_at = timezone.now()
    survey.save()
    who.press("send")
    assert who.status == 409
    assert "This survey is closed" in who.page
    assert Response.objects.count() == UsedForm.objects.count() == 0


def test_last_day_ends_in_the_zone_of_the_organisation(survey, time_machine) -> None:
    survey.closes_on = "2026-11-23"
    survey.save()
    time_machine.move_to("2026-11-23T21:59:00+00:00")  # 23:59 in Sofia
    who = through(survey)
    time_machine.move_to("2026-11-23T22:01:00+00:00")
    assert who.press("send").status == 409
    assert "The survey is closed" in Respondent(f"/s/{survey.short}/").page


def test_new_version_does_not_touch_answers_on_their_way(survey) -> None:
    who = Respondent(f"/s/{survey.short}/").press().press(age="old")
    survey.versions.create(number=2, definition=survey.versions.get().definition, made_at=timezone.now())
    who.press(overall="3").press("send")
    assert Response.objects.get().version == 1
    through(survey).press("send")
    assert Response.objects.filter(version=2).count() == 1


def test_required_answer_left_out_by_a_jump_is_asked_for(survey) -> None:
    who = Respondent(f"/s/{survey.short}/").press().press(age="old", visited="no").press(overall="3")
    who.press("to-about").press("back")  # an unanswered question leaves no hole
    who.press("to-about").press("lang-bg", visited="no").press("back", visited="no")
    assert who.press("send").status == 422
    assert 'id="q-age"' in who.page


def test_full_quota_is_told_in_its_own_words(town) -> None:
    quota = {
        "code": "enough",
        "most": 1,
        "when": ["=", "age", "young"],
        "text": {"bg": "Стига", "en": "Enough"},
    }
    survey = a_survey(town, plain=a_questionnaire(quotas=[quota]), challenge=False)
    second = through(survey)
    through(survey).press("send")
    assert "Enough" in second.press("send").page
    third = Respondent(f"/s/{survey.short}/").press().press(age="young", visited="no")
    assert "Enough" in third.page
    assert Response.objects.count() == QuotaCount.objects.get().count == 1


# --- people with a link -----------------------------------------------------------------------------
def test_personal_link_answers_once_and_only_surveys_with_names_keep_whose(town) -> None:
    survey, link = named(town)
    assert "Please use the link in your letter" in Respondent(f"/s/{survey.short}/").page
    late = through(survey, link)
    through(survey, link).press("send")
    assert NamedResponse.objects.get().name == "Ani"
    assert Invitation.objects.get().used
    assert late.press("send").status == 409
    assert "has been answered" in Respondent(link).page
    assert Response.objects.count() == 1


def test_anonymous_link_leaves_no_connection(town) -> None:
    survey = a_survey(town, entry="invited")
    Invitation.objects.create(survey=survey, address="a@town.example", token_hash=digest_of("survey", TOKEN))
    through(survey, f"/s/{survey.short}/p/{TOKEN}/").press("send")
    assert Response.objects.get().source == "invited"
    assert NamedResponse.objects.count() == SavedAnswers.objects.count() == 0
    assert "go on later" not in Respondent(f"/s/{survey.short}/").page


def test_closed_tab_resumes_where_answers_were_put_aside(town) -> None:
    _survey, link = named(town)
    who = Respondent(link).press().press(age="middle").press("save", wishes="To be continued")
    assert "Your answers are kept" in who.page
    again = Respondent(link)
    assert "Go on where you stopped" in again.page
    again.press()
    assert "To be continued" in again.page
    assert again.press("back", wishes="To be continued").chosen("age") == ["middle"]
    again.press(age="middle").press(wishes="Done").press("send")
    assert Response.objects.get().answers["wishes"] == "Done"
    assert not SavedAnswers.objects.exists()


def asking_for_a_number(town, **fields):
    """A survey with names whose second page wants a number, and the link of one invited person."""
    pages = [
        {"code": "one", "parts": [examples.asked("yesno", "visited")]},
        {"code": "two", "parts": [examples.asked("number", "wait")]},
    ]
    survey = a_survey(town, plain=a_questionnaire(mode="named", pages=pages, breakdowns=[]), entry="invited")
    Invitation.objects.create(survey=survey, address="a@town.example", token_hash=digest_of("survey", TOKEN))
    return f"/s/{survey.short}/p/{TOKEN}/"


def is_marked(who: Respondent, typed: str) -> bool:
    """Whether the number is on the page as it was typed, with what is wrong with it."""
    return f'value="{typed}"' in who.page and 'id="fault-wait"' in who.page


@pytest.mark.parametrize("away", ["back", "save"])
def test_what_is_no_answer_is_there_again_with_its_mark(town, away) -> None:
    link = asking_for_a_number(town)
    who = Respondent(link).press().press(visited="yes").press(away, wait="a while\x00")
    who = Respondent(link).press() if away == "save" else who.press(visited="yes")
    assert is_marked(who, "a while")
    who.press(wait="20").press("send")
    assert Response.objects.get().answers == {"visited": True, "wait": 20}


def test_nothing_is_sent_while_something_typed_is_no_answer(town) -> None:
    who = Respondent(asking_for_a_number(town)).press().press(visited="yes").press(wait="20")
    who.press("to-two").press("back", wait="some").press("send")
    assert who.status == 422
    assert is_marked(who, "some")
    who.press(wait="30").press("send")
    assert Response.objects.get().answers["wait"] == 30


def test_unknown_addresses_get_a_page_of_their_own(survey) -> None:
    for path in ("/s/nowhere/", f"/s/{survey.short}/p/nothing/"):
        response = Client().get(path)
        assert response.status_code == 404
        assert "answer.css" in response.content.decode()


# --- what the browser is told -----------------------------------------------------------------------
def test_no_page_reads_or_sets_a_cookie(survey, town) -> None:
    member = a_member(town, "coordinator")
    client = Client()
    client.force_login(member.person)  # type: ignore[arg-type]
    before = dict(client.session.items())
    response = client.get(f"/s/{survey.short}/")
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert dict(client.session.items()) == before
    assert member.name not in response.content.decode()


def test_database_away_or_disk_full_keeps_what_was_typed(survey, monkeypatch) -> None:
    who = through(survey)

    def fail(*_: object, **__: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(sending, "send", fail)
    monkeypatch.setattr(answering, "asked", fail)
    who.press("send")
    assert who.status == 503
    assert "Nothing you typed is lost" in who.page
    assert "More" in who.page
    monkeypatch.undo()
    who.press("send")
    assert Response.objects.count() == 1


def test_tablet_begins_anew_by_itself(town) -> None:
    survey = a_survey(town, kiosk=True)
    who = through(survey, f"/s/{survey.short}/kiosk/")
    assert who.response["Cache-Control"] == "no-store"
    assert f'data-home="/s/{survey.short}/kiosk/"' in who.page
    who.press("send")
    assert f'content="30;url=/s/{survey.short}/kiosk/"' in who.page
    assert Response.objects.get().source == "kiosk"
    off = a_survey(town)
    assert Client().get(f"/s/{off.short}/kiosk/").status_code == 409


def test_notice_says_who_why_and_how_long(survey) -> None:
    survey.notice = {"en": "We also read it to the council."}
    survey.save()
    page = Client().get(f"/s/{survey.short}/notice/?lang=en").content.decode()
    for words in ("Primerovo", "Article 6 (1) (e)", "24 months", "log of writes", "read it to the council"):
        assert words in page
    assert "invited" not in page  # nobody is, so nothing is said about a list


def test_notice_says_to_whoever_was_invited_what_is_kept_of_them(town) -> None:
    survey = a_survey(town, entry="invited")
    page = Client().get(f"/s/{survey.short}/notice/?lang=en").content.decode()
    for words in ("your e-mail address and whether its link was used", "30 days", "your address on the list"):
        assert words in page


def test_who_comes_too_late_is_led_to_the_results_while_they_are_public(survey) -> None:
    survey.state, survey.closed_at = "closed", timezone.now()
    survey.save()
    shown = Publication.objects.create(survey=survey, slug="desk-2026", published_at=timezone.now())
    assert reverse("published:survey", args=("desk-2026",)) in Respondent(f"/s/{survey.short}/").page
    shown.withdrawn_at = timezone.now()
    shown.save()
    assert "desk-2026" not in Respondent(f"/s/{survey.short}/").page


def test_log_tells_the_route_and_neither_link_nor_person(town, caplog) -> None:
    _survey, link = named(town)
    client = Client()
    client.force_login(a_member(town, "coordinator").person)  # type: ignore[arg-type]
    with caplog.at_level("INFO", "merilo.access"):
        assert client.get(f"{link}?lang=en").status_code == 200
    facts = [record.facts for record in caplog.records if record.name == "merilo.access"]
    assert [(one["route"], one["person"]) for one in facts] == [("answer:personal", "")]
    assert TOKEN not in caplog.text
