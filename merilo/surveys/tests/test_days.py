"""Surveys open on their first day and close after their last, where their organisation is, once."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from merilo.core import audit
from merilo.core.errors import MeriloError
from merilo.core.models import AuditEntry
from merilo.core.navigation import WorkItem
from merilo.organisations.models import Notification
from merilo.surveys import work
from merilo.surveys.actions import running
from merilo.surveys.actions.days import keep_days
from merilo.surveys.models import OpenText, State
from tests.people import a_member, an_organisation, as_viewer
from tests.surveys import a_questionnaire, a_survey

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

NIGHT = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)  # half an hour into the 24th in Sofia


@pytest.fixture
def town():
    return an_organisation(time_zone="Europe/Sofia")


@pytest.fixture(autouse=True)
def coordinator(town):
    return a_member(town, "coordinator")


def now_of(survey):
    survey.refresh_from_db()
    return survey


def kinds():
    return list(Notification.objects.values_list("kind", flat=True))


def test_the_first_day_begins_where_the_organisation_is(town) -> None:
    there = an_organisation(time_zone="Atlantic/Azores")
    ours, theirs = (
        a_survey(place, state=State.DRAFT, opens_on=date(2026, 11, 24)) for place in (town, there)
    )
    keep_days(at=NIGHT)
    assert (now_of(ours).state, now_of(theirs).state) == (State.OPEN, State.DRAFT)
    assert ours.versions.count() == 1
    assert kinds() == ["survey.opened"]


def test_the_last_day_belongs_to_the_survey(town) -> None:
    over = a_survey(town, closes_on=date(2026, 11, 23))
    today = a_survey(town, closes_on=date(2026, 11, 24))
    keep_days(at=NIGHT)
    assert (now_of(over).state, now_of(today).state) == (State.CLOSED, State.OPEN)
    assert over.closed_at == NIGHT
    assert kinds() == ["survey.closed"]
    assert AuditEntry.objects.filter(verb="survey.closed", actor="").count() == 1
    assert audit.verify(str(town.pk)) is None


def test_done_twice_it_happens_once(town) -> None:
    a_survey(town, closes_on=date(2026, 11, 1))
    a_survey(town, state=State.DRAFT, opens_on=date(2026, 11, 24))
    for _round in range(2):
        keep_days(at=NIGHT)
    assert sorted(kinds()) == ["survey.closed", "survey.opened"]


def test_a_draft_with_mistakes_stays_one_and_its_people_are_told_once(town) -> None:
    survey = a_survey(town, state=State.DRAFT, opens_on=date(2026, 11, 24))
    survey.draft = json.dumps(a_questionnaire(pages=[]))
    survey.save(update_fields=["draft"])
    for _round in range(2):
        keep_days(at=NIGHT)
    assert (now_of(survey).state, survey.opens_on) == (State.DRAFT, None)
    assert kinds() == ["survey.not_opened"]
    assert AuditEntry.objects.filter(verb="survey.changed", object_id=str(survey.pk)).count() == 1


def test_what_fails_for_one_keeps_no_other_from_its_turn(town, monkeypatch) -> None:
    surveys = [a_survey(town, closes_on=date(2026, 11, 1)) for _each in range(2)]

    def fails(survey, at):
        if survey.pk == surveys[0].pk:
            raise RuntimeError("on purpose")

    monkeypatch.setattr(running, "_closed", [fails])
    keep_days(at=NIGHT)
    assert [now_of(survey).state for survey in surveys] == [State.OPEN, State.CLOSED]


def test_a_survey_whose_last_day_is_over_is_not_opened(town, coordinator) -> None:
    survey = a_survey(town, state=State.DRAFT, closes_on=date(2026, 11, 23))
    with pytest.raises(MeriloError, match=r"over|изтекъл|минал"):
        running.open_survey(viewer=as_viewer(coordinator), survey=survey, at=NIGHT)


# --- my work ----------------------------------------------------------------------------------------
def titled(items) -> list[WorkItem]:
    return sorted(items, key=lambda item: item.help)


@time_machine.travel(NIGHT, tick=False)
def test_near_days_and_unread_answers_are_work(town, coordinator) -> None:
    today = date(2026, 11, 24)
    a_survey(town, state=State.DRAFT, opens_on=today + timedelta(days=3), title="1")
    a_survey(town, state=State.DRAFT, opens_on=today + timedelta(days=30), title="far")
    a_survey(town, closes_on=today + timedelta(days=2), title="2")
    a_survey(town, opened_at=NIGHT - timedelta(days=90), title="3")
    a_survey(town, title="new")
    read = a_survey(town, state=State.CLOSED, title="4")
    OpenText.objects.create(survey=read, item="wishes", language="bg", text="Повече гишета.")
    viewer = as_viewer(coordinator)
    found = titled([*work.days_work(viewer), *work.texts_work(viewer)])
    assert [item.help for item in found] == ["1", "2", "3", "4"]
    assert [item.due.date() if item.due else None for item in found][:3] == [
        today + timedelta(days=3),
        today + timedelta(days=2),
        None,
    ]


def test_who_does_not_run_surveys_has_no_such_work(town) -> None:
    a_survey(town, closes_on=date(2026, 11, 24))
    viewer = as_viewer(a_member(town, "assessor"))
    assert [*work.days_work(viewer), *work.texts_work(viewer)] == []
