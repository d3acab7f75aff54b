"""Questionnaires from files and as files: what is shown first, who may, and files that are none."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from merilo.surveys.interchange.tests.files import YES_NO, lss, question, workbook
from merilo.surveys.interchange.xlsform_reading import read_xlsform
from merilo.surveys.models import State, Survey
from merilo.surveys.rules.plain import from_plain
from tests.people import a_member, an_organisation, signed_in
from tests.surveys import a_questionnaire, a_survey

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]
FORM = workbook(
    survey=[
        {"type": "select_one yn", "name": "visited", "label": "Did you visit us?"},
        {"type": "geopoint", "name": "where", "label": "Where?"},
    ],
    choices=YES_NO,
    settings=[{"form_title": "Visits"}],
)


@pytest.fixture
def town():
    return an_organisation()


@pytest.fixture
def client(town):
    found = signed_in(a_member(town, "coordinator"))
    found.cookies["language"] = "en"
    return found


def send(client, town, name: str, content: bytes):
    upload = SimpleUploadedFile(name, content)
    return client.post(f"/o/{town.slug}/s/import/", {"file": upload})


def hidden(page: Any, name: str) -> str:
    text = page.content.decode()
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"|<textarea name="{name}"[^>]*>([^<]*)<', text)
    return html.unescape(found[1] or found[2]) if found else ""


def take(client, town, page: Any):
    fields = {name: hidden(page, name) for name in ("questionnaire", "once")}
    return client.post(f"/o/{town.slug}/s/import/take/", fields)


def test_a_form_is_shown_with_what_it_loses_then_started(client, town) -> None:
    page = send(client, town, "visits.xlsx", FORM)
    text = html.unescape(page.content.decode())
    assert "Did you visit us?" in text
    assert "Sheet “survey”, row 3" in text
    assert "Places on a map are not asked for here (“geopoint”); left out: Where?" in text
    assert not Survey.objects.exists()
    assert take(client, town, page).status_code == 302
    survey = Survey.objects.get()
    assert (survey.title, survey.state) == ("Visits", State.DRAFT)
    assert from_plain(json.loads(survey.draft)).question("visited").kind == "single"


def test_sending_twice_starts_one_survey(client, town) -> None:
    page = send(client, town, "visits.xlsx", FORM)
    take(client, town, page)
    take(client, town, page)
    assert Survey.objects.count() == 1


def test_a_survey_of_limesurvey_in_bulgarian(client, town) -> None:
    client.cookies["language"] = "bg"
    page = send(
        client, town, "survey.lss", lss(questions=[question(1, "*", "sum"), question(2, "T", "Q2", "Why?")])
    )
    assert page.status_code == 200
    take(client, town, page)
    assert Survey.objects.get().title == "Services"


def test_what_is_written_here_comes_back_the_same(client, town) -> None:
    survey = a_survey(town)
    answer = client.get(f"/o/{town.slug}/s/{survey.pk}/export.xlsx")
    assert read_xlsform(answer.content).losses == ()
    assert from_plain(read_xlsform(answer.content).plain) == from_plain(a_questionnaire())
    answer = client.get(f"/o/{town.slug}/s/{survey.pk}/export.json")
    page = send(client, town, "again.json", answer.content)
    assert "Everything in the file is carried over." in page.content.decode()
    take(client, town, page)
    assert json.loads(Survey.objects.exclude(pk=survey.pk).get().draft) == json.loads(survey.draft)


def test_a_draft_with_mistakes_leaves_as_json_only_and_comes_in_with_them(client, town) -> None:
    survey = a_survey(town, state=State.DRAFT)
    survey.draft = json.dumps(a_questionnaire(floor=1))
    survey.save()
    assert client.get(f"/o/{town.slug}/s/{survey.pk}/export.xlsx").status_code == 422
    content = client.get(f"/o/{town.slug}/s/{survey.pk}/export.json").content
    page = send(client, town, "again.json", content)
    assert "The number must lie between 3 and 1000." in page.content.decode()
    assert take(client, town, page).status_code == 302


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("form.xlsx", b"PK\x03\x04broken", "cannot be opened"),
        ("form.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel workbook"),
        ("form.xls", b"anything", "Save it as “Excel Workbook (.xlsx)”"),
        ("form.xlsx", workbook(other=[{"a": 1}]), "no sheet “survey”"),
        ("survey.lss", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "declares things"),
        ("survey.lss", b"\xff\xfe\x00broken", "no readable XML"),
        ("survey.lsa", b"PK\x03\x04", "holds answers too"),
        ("form.json", b"\xff\xff", "no readable JSON"),
        ("form.json", b"[" * 100_000, "no readable JSON"),
        ("form.json", b'{"a": 1}', "no questionnaire"),
        ("form.json", b'{"pages": [], "title": {"en": "\\ud800"}}', "no readable JSON"),
        ("form.pdf", b"%PDF-", "one of these kinds"),
        ("form.lss", b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
    ],
)
def test_other_files_are_refused_in_words(client, town, name: str, content: bytes, words: str) -> None:
    page = send(client, town, name, content)
    assert page.status_code == 422
    assert words in html.unescape(page.content.decode())


def test_a_json_of_strange_values_is_kept_and_shown(client, town) -> None:
    strange = {
        "mode": ["x"],
        "floor": 10**9,
        "title": {"en": "a\0b"},
        "languages": [3, "xx"],
        "pages": [4, {"parts": [5, {"text": 6, "kind": []}]}],
    }
    page = send(client, town, "form.json", json.dumps(strange).encode())
    assert page.status_code == 200
    assert take(client, town, page).status_code == 302


def test_what_was_shown_to_another_or_long_ago_is_not_taken(client, town) -> None:
    page = send(client, town, "visits.xlsx", FORM)
    other = signed_in(a_member(town, "coordinator"))
    assert take(other, town, page).status_code == 422
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        later = signed_in(a_member(town, "coordinator"))
        assert take(later, town, page).status_code == 422
    assert not Survey.objects.exists()


def test_who_does_not_run_surveys_brings_nothing_in(town) -> None:
    reader = signed_in(a_member(town, "assessor"))
    assert send(reader, town, "visits.xlsx", FORM).status_code == 403
    assert reader.get(f"/o/{town.slug}/s/{a_survey(town).pk}/export.xlsx").status_code == 200
    clerk = signed_in(a_member(town, "clerk"))
    assert clerk.get(f"/o/{town.slug}/s/{a_survey(town).pk}/export.xlsx").status_code == 403
