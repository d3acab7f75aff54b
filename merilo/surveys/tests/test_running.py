"""Starting, opening, rewording and closing, and who may."""

from __future__ import annotations

import json
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone
from django.utils.translation import override

from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.surveys import telling
from merilo.surveys.actions import running
from merilo.surveys.messages import ALTERED
from merilo.surveys.models import State
from merilo.surveys.queries.surveys import survey as survey_of
from tests.people import a_member, an_organisation, as_viewer, signed_in
from tests.surveys import a_questionnaire, a_survey, answered

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return an_organisation()


@pytest.fixture
def viewer(town):
    return as_viewer(a_member(town, "coordinator"))


def test_a_draft_is_opened_once_and_closed_for_good(town, viewer) -> None:
    survey = a_survey(town, state=State.DRAFT)
    running.open_survey(viewer=viewer, survey=survey, at=timezone.now())
    with pytest.raises(Conflict):
        running.open_survey(viewer=viewer, survey=survey, at=timezone.now())
    survey.refresh_from_db()
    running.close_survey(viewer=viewer, survey=survey, at=timezone.now())
    assert survey_of(viewer, survey.pk).state == State.CLOSED
    with pytest.raises(Conflict):
        running.close_survey(viewer=viewer, survey=survey, at=timezone.now())


def test_a_questionnaire_with_mistakes_is_kept_but_not_opened(town, viewer) -> None:
    survey = a_survey(town, state=State.DRAFT)
    plain = a_questionnaire(pages=[])
    running.save_draft(viewer=viewer, survey=survey, plain=plain, revision=1)
    survey.refresh_from_db()
    assert json.loads(survey.draft)["pages"] == []
    with pytest.raises(running.NotReady):
        running.open_survey(viewer=viewer, survey=survey, at=timezone.now())


def test_two_people_who_write_notice_each_other(town, viewer) -> None:
    survey = a_survey(town, state=State.DRAFT)
    running.save_draft(viewer=viewer, survey=survey, plain=a_questionnaire(), revision=1)
    with pytest.raises(Conflict):
        running.save_draft(viewer=viewer, survey=survey, plain=a_questionnaire(), revision=1)


def test_what_was_promised_stays(town, viewer) -> None:
    survey = a_survey(town)
    answered(survey, {"age": "young"})
    running.save_draft(viewer=viewer, survey=survey, plain=a_questionnaire(mode="named"), revision=1)
    survey.refresh_from_db()
    with pytest.raises(MeriloError, match=r"answer|отговор"):
        running.reword(viewer=viewer, survey=survey, at=timezone.now())
    running.save_draft(viewer=viewer, survey=survey, plain=a_questionnaire(floor=3), revision=2)
    survey.refresh_from_db()
    with pytest.raises(MeriloError):
        running.reword(viewer=viewer, survey=survey, at=timezone.now())
    running.save_draft(viewer=viewer, survey=survey, plain=a_questionnaire(floor=8), revision=3)
    survey.refresh_from_db()
    assert running.reword(viewer=viewer, survey=survey, at=timezone.now()).number == 2


def test_once_somebody_has_answered_only_wording_changes(town, viewer) -> None:
    survey = a_survey(town)
    fewer = a_questionnaire()
    fewer["pages"][0]["parts"][0]["options"].pop()
    revision = running.save_draft(viewer=viewer, survey=survey, plain=fewer, revision=1)
    survey.refresh_from_db()
    assert running.reword(viewer=viewer, survey=survey, at=timezone.now()).number == 2
    answered(survey, {"age": "young"}, version=2)
    revision = running.save_draft(viewer=viewer, survey=survey, plain=a_questionnaire(), revision=revision)
    survey.refresh_from_db()
    with override("en"), pytest.raises(MeriloError) as refused:
        running.reword(viewer=viewer, survey=survey, at=timezone.now())
    assert ALTERED["options"] in refused.value.sentence
    fewer["pages"][0]["parts"][0]["text"]["en"] = "Your age?"
    running.save_draft(viewer=viewer, survey=survey, plain=fewer, revision=revision)
    survey.refresh_from_db()
    assert running.reword(viewer=viewer, survey=survey, at=timezone.now()).number == 3


def test_who_only_reads_opens_nothing(town) -> None:
    survey = a_survey(town, state=State.DRAFT)
    reader = as_viewer(a_member(town, "assessor"))
    with pytest.raises(Refused):
        running.open_survey(viewer=reader, survey=survey, at=timezone.now())
    stranger = as_viewer(a_member(an_organisation(), "coordinator"))
    with pytest.raises(Refused):
        running.discard(viewer=stranger, survey=survey, at=timezone.now())


def test_a_survey_is_called_in_the_readers_language_where_it_can_be(town, viewer) -> None:
    plain = a_questionnaire(title={"bg": "Услугите", "en": "Services", "de": ""})
    survey = running.start_survey(viewer=viewer, draft=json.dumps(plain), title="Услугите", at=timezone.now())
    names = {}
    for language in ("bg", "en", "de"):
        with override(language):
            names[language] = (survey.named, dict(telling.names(viewer))[str(survey.pk)])
    assert names == {
        "bg": ("Услугите",) * 2,
        "en": ("Services",) * 2,
        "de": ("Услугите",) * 2,
    }
    listed = signed_in(a_member(town, "coordinator"))
    for language, title in (("en", "Services"), ("bg", "Услугите")):
        for path in ("", f"{survey.pk}/"):
            page = listed.get(f"/o/{town.slug}/s/{path}", headers={"accept-language": language})
            assert title in page.content.decode()
    running.save_draft(
        viewer=viewer, survey=survey, plain=plain | {"title": {"bg": "Други", "en": "Others"}}, revision=1
    )
    survey.refresh_from_db()
    with override("en"):
        assert str(survey) == "Others"


def test_titles_of_surveys_from_before_are_read_from_their_drafts(town) -> None:
    both = a_survey(town, draft=json.dumps(a_questionnaire()))
    none = a_survey(town, draft=json.dumps({"title": ["x"]}))
    import_module("merilo.surveys.migrations.0005_titles").read_titles(apps, None)
    both.refresh_from_db()
    none.refresh_from_db()
    assert both.titles == a_questionnaire()["title"]
    assert none.titles == {}
