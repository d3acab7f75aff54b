"""The list of invited people: adding, searching, taking off, and what of it is never told."""

from __future__ import annotations

import csv
import io
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.core.models import AuditEntry
from merilo.surveys.actions import inviting, telling
from merilo.surveys.models import Invitation, NamedResponse, Response, State
from merilo.surveys.queries import inviting as queries
from merilo.surveys.rules.inviting import Asked
from tests.people import a_member, an_organisation, as_viewer, signed_in
from tests.surveys import a_questionnaire, a_survey, answered

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]


@pytest.fixture
def coordinator():
    return a_member(an_organisation(), "coordinator")


def invited(coordinator, mode="anonymous", **fields):
    plain = a_questionnaire(mode=mode)
    return a_survey(coordinator.organisation, plain=plain, entry="invited", **fields)


def page_of(coordinator, survey, name="people", **parts):
    return reverse(
        f"surveys:{name}", kwargs={"org": coordinator.organisation.slug, "survey": survey.pk} | parts
    )


def person(survey, address="m@town.example", **fields):
    values = {"token_hash": address.rjust(64, "0")} | fields
    return Invitation.objects.create(survey=survey, address=address, **values)


def test_a_pasted_list_is_added_without_names_and_says_so(coordinator) -> None:
    survey = invited(coordinator)
    client = signed_in(coordinator)
    text = "Мария Колева; m@town.example; en\np@town.example"
    answer = client.post(page_of(coordinator, survey, "people_add"), {"people": text}, follow=True)
    rows = Invitation.objects.filter(survey=survey).values_list("address", "name", "language")
    assert list(rows) == [("m@town.example", "", "en"), ("p@town.example", "", "")]
    assert "Имена" in answer.text or "Names were left out" in answer.text


def test_a_file_with_mistakes_adds_nobody_and_loses_nothing(coordinator) -> None:
    survey = invited(coordinator, mode="named")
    client, path = signed_in(coordinator), page_of(coordinator, survey, "people_add")
    content = "Име;е-поща\nМария;m@town.example\nПетър;сгрешено@\n".encode("cp1251")
    answer = client.post(path, {"file": SimpleUploadedFile("list.csv", content)})
    assert (answer.status_code, Invitation.objects.count()) == (422, 0)
    assert "Петър;сгрешено@" in answer.context["form"]["people"].value()
    again = {"people": answer.context["form"]["people"].value(), "leave_out": "on"}
    assert client.post(path, again).status_code == 302
    assert [(row.address, row.name) for row in Invitation.objects.all()] == [("m@town.example", "Мария")]


def test_nobody_is_on_the_list_twice(coordinator) -> None:
    survey, viewer = invited(coordinator), as_viewer(coordinator)
    add = {"viewer": viewer, "survey": survey, "at": timezone.now()}
    assert inviting.add_people(people=[Asked(1, "m@town.example")], **add) == 1
    assert inviting.add_people(people=[Asked(1, "M@town.example"), Asked(2, "p@town.example")], **add) == 1


def test_twenty_thousand_people_are_added_and_found_at_once(coordinator) -> None:
    survey, viewer = invited(coordinator), as_viewer(coordinator)
    people = [Asked(number, f"person{number}@town.example") for number in range(20_000)]
    begun = time.process_time()
    assert inviting.add_people(viewer=viewer, survey=survey, people=people, at=timezone.now()) == 20_000
    found = queries.people_of(viewer, survey, text="person19999")
    assert [row.address for row in found] == ["person19999@town.example"]
    assert time.process_time() - begun < 15
    with pytest.raises(MeriloError):
        inviting.add_people(viewer=viewer, survey=survey, people=[Asked(1, "a@b.cd")], at=timezone.now())


def test_an_anonymous_list_does_not_tell_who_has_answered(coordinator) -> None:
    survey, client = invited(coordinator, state=State.OPEN), signed_in(coordinator)
    others = [person(survey, f"p{number}@town.example", mailed=1) for number in range(6)]
    pages = []
    for used, mailed in ((True, 1), (False, 2)):
        Invitation.objects.filter(pk=others[0].pk).update(used=used, mailed=mailed)
        pages.append(client.get(page_of(coordinator, survey)).context)
        pages.append(client.get(page_of(coordinator, survey, "take_off", invitation=others[0].pk)).context)
    assert pages[0]["counts"] == pages[2]["counts"]
    assert [row["words"] for row in pages[0]["people"]] == [row["words"] for row in pages[2]["people"]]
    assert pages[1]["stays"] == pages[3]["stays"] is True
    Invitation.objects.filter(survey=survey).update(used=True)
    assert client.get(page_of(coordinator, survey)).context["counts"].used == 5  # of six


@pytest.mark.parametrize(
    ("mode", "fields", "goes"),
    [
        ("anonymous", {"mailed": 0}, True),
        ("anonymous", {"mailed": 1}, False),
        ("anonymous", {"mailed": 1, "used": True}, False),
        ("named", {"mailed": 1}, True),
        ("named", {"mailed": 1, "used": True}, False),
    ],
)
def test_who_may_have_answered_stays_and_gets_no_more_letters(coordinator, mode, fields, goes) -> None:
    survey = invited(coordinator, mode=mode)
    row = person(survey, **fields)
    client = signed_in(coordinator)
    assert client.post(page_of(coordinator, survey, "take_off", invitation=row.pk)).status_code == 302
    assert Invitation.objects.filter(pk=row.pk).exists() is not goes
    assert Invitation.objects.filter(pk=row.pk, unwanted=True).exists() is not goes


def test_only_who_runs_a_survey_sees_or_changes_the_list(coordinator) -> None:
    survey = invited(coordinator)
    reader = a_member(coordinator.organisation, "sponsor")
    assert signed_in(reader).get(page_of(coordinator, survey)).status_code == 403
    with pytest.raises(Refused):
        inviting.add_people(viewer=as_viewer(reader), survey=survey, people=[], at=timezone.now())
    survey.state, survey.closed_at = State.CLOSED, timezone.now()
    with pytest.raises(Refused):
        inviting.add_people(viewer=as_viewer(coordinator), survey=survey, people=[], at=timezone.now())


def test_what_is_kept_is_handed_over_and_recorded_without_saying_of_whom(coordinator) -> None:
    survey, client = invited(coordinator, mode="named"), signed_in(coordinator)
    one = person(survey, name="Мария Колева", mailed=1, used=True)
    (given,) = answered(survey, {"age": "old", "wishes": "=1+1"}, language="en")
    NamedResponse.objects.create(response=given, invitation=one, sent_at=timezone.now())
    own = page_of(coordinator, survey, "person", invitation=one.pk)
    assert own in client.get(page_of(coordinator, survey)).content.decode()
    shown = client.get(own).content.decode()
    assert "Мария Колева" in shown
    assert "over 60" not in shown
    data = client.get(page_of(coordinator, survey, "person_file", invitation=one.pk, kind="json")).json()
    assert (data["address"], data["given"]["answers"][0]["answer"]) == ("m@town.example", ["over 60"])
    table = client.get(page_of(coordinator, survey, "person_file", invitation=one.pk, kind="csv"))
    assert "attachment" in table["Content-Disposition"]
    lines = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert ["How old are you?", "over 60"] in lines
    assert ["has answered", "yes"] in lines
    assert not any(value.startswith("=") for _name, value in lines)
    rows = AuditEntry.objects.filter(verb="survey.person_told")
    assert [row.object_id for row in rows] == [str(survey.pk)] * 2
    nowhere = page_of(coordinator, survey, "person_file", invitation=one.pk, kind="sav")
    assert client.get(nowhere).status_code == 404


def test_somebody_is_erased_from_a_survey_after_asking(coordinator) -> None:
    survey, client = invited(coordinator, mode="named"), signed_in(coordinator)
    one, other = person(survey), person(survey, "o@town.example")
    (given,) = answered(survey, {"age": "old"})
    NamedResponse.objects.create(response=given, invitation=one, sent_at=timezone.now())
    url = page_of(coordinator, survey, "person_erase", invitation=one.pk)
    assert "m@town.example" in client.get(url).content.decode()
    assert client.post(url)["Location"] == page_of(coordinator, survey)
    assert list(Invitation.objects.all()) == [other]
    assert not Response.objects.exists()
    assert AuditEntry.objects.filter(verb="survey.person_erased").count() == 1
    assert client.post(url).status_code == 404
    reader = as_viewer(a_member(coordinator.organisation, "assessor"))
    for effect in (telling.tell, telling.erase):
        with pytest.raises(Refused):
            effect(viewer=reader, survey=survey, invitation=other, at=timezone.now())


def test_whoever_is_erased_from_an_anonymous_survey_is_on_the_list_no_more(coordinator) -> None:
    survey, client = invited(coordinator), signed_in(coordinator)
    one = person(survey, mailed=1, used=True)
    client.post(page_of(coordinator, survey, "person_erase", invitation=one.pk), follow=True)
    assert "m@town.example" not in client.get(page_of(coordinator, survey)).content.decode()
    assert client.get(page_of(coordinator, survey, "person", invitation=one.pk)).status_code == 404
    assert queries.counts_of(as_viewer(coordinator), survey).mailed == 1


def test_nobody_is_put_on_a_list_that_was_closed_meanwhile(coordinator) -> None:
    survey = invited(coordinator)
    type(survey).objects.filter(pk=survey.pk).update(state=State.CLOSED, closed_at=timezone.now())
    with pytest.raises(Conflict):
        inviting.add_people(
            viewer=as_viewer(coordinator),
            survey=survey,
            people=[Asked(1, "m@town.example")],
            at=timezone.now(),
        )
    assert not Invitation.objects.exists()
