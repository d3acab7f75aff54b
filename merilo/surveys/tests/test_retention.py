"""What goes when: the list, the answers, whoever asks to be forgotten."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from merilo.core import files
from merilo.core.models import AuditEntry, OutgoingMail, StoredFile
from merilo.organisations.actions.erasure import erase_person
from merilo.organisations.api import Notification
from merilo.surveys.actions import retention
from merilo.surveys.actions.inviting import came_back
from merilo.surveys.analysis.storing import make_snapshot
from merilo.surveys.catalogue import form_for
from merilo.surveys.exporting.dataset import dataset_of
from merilo.surveys.forgetting import forget, kept
from merilo.surveys.letters import about
from merilo.surveys.models import (
    Export,
    Invitation,
    NamedResponse,
    OpenText,
    Response,
    SavedAnswers,
    Snapshot,
    State,
    Survey,
)
from merilo.surveys.queries.results import stored_results
from merilo.surveys.quotas import Full, take_place
from tests.people import NOON, a_member, an_organisation
from tests.surveys import a_questionnaire, a_survey, answered

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]


@pytest.fixture
def coordinator():
    return a_member(an_organisation(), "coordinator")


def closed(coordinator, *, mode="anonymous", at: datetime = NOON) -> Survey:
    plain = a_questionnaire(mode=mode)
    return a_survey(
        coordinator.organisation, state=State.CLOSED, plain=plain, entry="invited", opened_at=at, closed_at=at
    )


def invited(survey, address="m.koleva@town.example", **fields) -> Invitation:
    values = {"token_hash": f"{survey.pk.hex}{address}"[:64]} | fields
    return Invitation.objects.create(survey=survey, address=address, **values)


def test_the_list_goes_thirty_days_after_closing_with_its_letters(coordinator) -> None:
    survey = closed(coordinator)
    one = invited(survey)
    mail = {"created_at": NOON, "not_before": NOON, "sender": "x@town.example", "recipient": one.address}
    OutgoingMail.objects.create(about=about(survey) + one.pk.hex, **mail)
    OutgoingMail.objects.create(**mail)
    assert retention.forget_contacts(at=NOON + timedelta(days=29)) == 0
    assert retention.forget_contacts(at=NOON + timedelta(days=30)) == 1
    assert retention.forget_contacts(at=NOON + timedelta(days=31)) == 0
    assert (Invitation.objects.count(), OutgoingMail.objects.count()) == (0, 1)
    assert AuditEntry.objects.filter(verb="survey.contacts_forgotten").count() == 1


def test_answers_go_after_two_years_and_the_counts_stay(coordinator) -> None:
    survey = closed(coordinator, mode="named")
    (response,) = answered(survey, {"age": "young"})
    NamedResponse.objects.create(response=response, name="Мария Колева", sent_at=NOON)
    OpenText.objects.create(survey=survey, item="wishes", language="bg", text="Повече гишета")
    stored = files.keep(
        b"columns", name="c", content_type="x/y", organisation=survey.organisation_id, by="", at=NOON
    )
    Snapshot.objects.create(survey=survey, file=stored, responses=1, tallies={"responses": 1}, made_at=NOON)
    assert retention.forget_answers(at=datetime(2028, 11, 22, 12, tzinfo=NOON.tzinfo)) == 0
    assert retention.forget_answers(at=datetime(2028, 11, 23, 12, tzinfo=NOON.tzinfo)) == 1
    for table in (Response, NamedResponse, OpenText, StoredFile):
        assert not table.objects.exists()
    assert Snapshot.objects.get().tallies == {"responses": 1}
    assert AuditEntry.objects.filter(verb="survey.answers_forgotten").count() == 1


def test_with_the_answers_go_those_put_aside_and_files_that_hold_them(coordinator) -> None:
    survey = closed(coordinator, mode="named")
    survey.contacts_days = 365
    survey.answers_months = 1
    survey.save()
    SavedAnswers.objects.create(
        invitation=invited(survey), version=1, screen="about", language="bg", answers={}, saved_at=NOON
    )
    made = files.keep(
        b"csv", name="c", content_type="x/y", organisation=survey.organisation_id, by="", at=NOON
    )
    Export.objects.create(survey=survey, format="csv", language="bg", asked_at=NOON, done=100, file=made)
    retention.forget_answers(at=NOON + timedelta(days=40))
    for table in (SavedAnswers, Export, StoredFile):
        assert not table.objects.exists()


def test_what_two_workers_forget_at_once_is_recorded_once(coordinator) -> None:
    survey = closed(coordinator)
    answered(survey, {"age": "young"})
    invited(survey)
    seen = Survey.objects.select_related("organisation").get()
    for _worker in range(2):
        retention._forget_answers(seen, NOON + timedelta(days=800))
        retention._forget_contacts(seen, NOON + timedelta(days=800))
    verbs = AuditEntry.objects.filter(verb__endswith="_forgotten").order_by("verb")
    assert list(verbs.values_list("verb", flat=True)) == [
        "survey.answers_forgotten",
        "survey.contacts_forgotten",
    ]


@pytest.mark.parametrize(
    ("closed_on", "months", "goes_on"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 1, 31), 24, date(2028, 1, 31)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_months_are_counted_by_the_calendar(coordinator, closed_on, months, goes_on) -> None:
    survey = closed(coordinator, at=datetime.combine(closed_on, NOON.timetz()))
    survey.answers_months = months
    assert retention.answers_go_on(survey).timetuple()[:3] == goes_on.timetuple()[:3]


def test_who_runs_the_survey_is_warned_once_at_each_step(coordinator) -> None:
    a_member(coordinator.organisation, "viewer")
    survey = closed(coordinator)
    goes_on = datetime(2028, 11, 23, 12, tzinfo=NOON.tzinfo)
    told = []
    for days in (61, 60, 59, 45, 44, 3, 2, 0):
        retention.warn_of_answers(at=goes_on - timedelta(days=days))
        told.append(Notification.objects.count())
    assert told == [0, 1, 1, 2, 2, 3, 3, 3]
    assert set(Notification.objects.values_list("person", flat=True)) == {coordinator.person_id}
    assert Notification.objects.filter(facts__title=survey.title).count() == 3


def test_the_daily_command_does_all_of_it(coordinator, time_machine, capsys) -> None:
    survey = closed(coordinator)
    invited(survey)
    time_machine.move_to(NOON + timedelta(days=40))
    call_command("retention")
    assert "1 invited people" in capsys.readouterr().out
    assert not Invitation.objects.exists()


def test_who_is_erased_leaves_every_list_and_takes_named_answers_along(coordinator) -> None:
    anonymous, named = closed(coordinator), closed(coordinator, mode="named")
    invited(anonymous, used=True, mailed=2)
    answered(anonymous, {"age": "young"})
    one = invited(named, name="Мария Колева", used=True)
    mine, others = answered(named, {"age": "old"}, {"age": "middle"})
    NamedResponse.objects.create(response=mine, invitation=one, name=one.name, sent_at=timezone.now())
    erasure = erase_person(email="M.Koleva@town.example", by="", at=timezone.now())
    assert erasure.organisations == 1
    assert not Invitation.objects.exclude(address="").exists()
    assert set(Response.objects.filter(survey=named).values_list("pk", flat=True)) == {others.pk}
    assert Response.objects.filter(survey=anonymous).count() == 1


def test_an_erased_person_of_an_anonymous_survey_leaves_the_counts_as_they_were(coordinator) -> None:
    survey = a_survey(coordinator.organisation, entry="invited")
    written = invited(survey, "b@town.example", mailed=1, used=True)
    for one in (invited(survey, "a@town.example"), written):
        forget(one, at=NOON)
    (left,) = Invitation.objects.all()
    assert (left.pk, left.address, left.used, left.unwanted) == (written.pk, "", True, True)
    came_back(f"{about(survey)}{left.pk.hex}", "550 b@town.example unknown")
    left.refresh_from_db()
    assert left.bounced == ""


def test_an_erased_person_leaves_columns_texts_and_files_too(coordinator) -> None:
    plain = a_questionnaire(mode="named")
    plain["pages"][0]["parts"].append({"kind": "file", "code": "proof", "text": {"bg": "Файл", "en": "File"}})
    survey = a_survey(coordinator.organisation, state=State.CLOSED, plain=plain, entry="invited")
    own, shared = (
        files.keep(word, name="a", content_type="x/y", organisation=survey.organisation_id, by=str(survey.pk))
        for word in (b"own", b"shared")
    )
    rows = answered(
        survey,
        {"age": "old", "proof": own.sha256, "wishes": "Ред"},
        {"age": "young", "proof": shared.sha256, "wishes": "Ред"},
        {"age": "middle", "proof": shared.sha256, "wishes": "Повече гишета"},
    )
    people = [
        invited(survey, f"{name}@town.example", name=name, used=True) for name in ("Ana", "Bob", "Vera")
    ]
    for row, person in zip(rows, people, strict=True):
        NamedResponse.objects.create(response=row, invitation=person, name=person.name, sent_at=NOON)
    make_snapshot(survey, NOON)
    forget(people[0], at=NOON)
    survey.refresh_from_db()
    dataset = dataset_of(stored_results(survey))
    columns = {field.name: field.column for field in dataset.fields}
    codes = {row.named.name: row.answers["age"] for row in Response.objects.select_related("named")}
    order = [answer.code for answer in next(field for field in dataset.fields if field.name == "age").answers]
    told = [order[place] for place in columns["age"]]
    assert [codes[name] for name in columns["person_name"]] == told
    assert dataset.size == Snapshot.objects.get().responses == 2
    assert sorted(survey.texts.values_list("text", flat=True)) == ["Повече гишета", "Ред"]
    assert not StoredFile.objects.filter(sha256=own.sha256).exists()
    assert StoredFile.objects.filter(sha256=shared.sha256).exists()


def test_somebody_may_answer_in_the_place_of_an_erased_person(coordinator) -> None:
    quota = {
        "code": "full",
        "most": 1,
        "when": ["=", "age", "old"],
        "text": {"bg": "Стига.", "en": "Enough."},
    }
    plain = a_questionnaire(mode="named", quotas=[quota])
    survey = a_survey(coordinator.organisation, plain=plain, entry="invited")
    one = invited(survey, used=True)
    (mine,) = answered(survey, {"age": "old"})
    NamedResponse.objects.create(response=mine, invitation=one, sent_at=NOON)
    reader = form_for(survey.pk, 1)
    with pytest.raises(Full):
        take_place(survey, reader, {"age": "old"})
    forget(one, at=NOON)
    take_place(survey, reader, {"age": "old"})


def test_what_is_kept_says_nothing_of_answers_to_an_anonymous_survey(coordinator) -> None:
    survey = a_survey(coordinator.organisation, entry="invited")
    used = kept(invited(survey, "a@town.example", mailed=1, used=True))
    waiting = kept(invited(survey, "b@town.example", mailed=2))
    assert used | {"address": ""} == waiting | {"address": ""}
    named = a_survey(coordinator.organisation, entry="invited", plain=a_questionnaire(mode="named"))
    one = invited(named, "c@town.example", mailed=1, used=True)
    (mine,) = answered(named, {"age": "old", "quality.speed": "s4"}, language="en")
    NamedResponse.objects.create(response=mine, invitation=one, sent_at=NOON)
    asked = invited(named, "d@town.example")
    SavedAnswers.objects.create(
        invitation=asked, version=1, screen="about", language="en", answers={"age": "young"}, saved_at=NOON
    )
    assert [(row["question"], row["answer"]) for row in kept(one)["given"]["answers"]] == [
        ("How old are you?", ["over 60"]),
        ("Are you satisfied with …", ["the speed: Degree 4"]),
    ]
    assert kept(asked)["put aside"]["answers"][0]["answer"] == ["up to 35"]
