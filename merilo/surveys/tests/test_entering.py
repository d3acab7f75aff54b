"""A clerk enters sheets of paper: what counts, what is asked, and what is kept of whom."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.core.models import AuditEntry
from merilo.organisations.models import Membership
from merilo.surveys.actions.entering import Entered, enter_answers
from merilo.surveys.models import NamedResponse, Response, State, Survey, UsedForm, Version
from merilo.surveys.rules.plain import from_plain, to_json
from tests.people import a_member, an_organisation, as_viewer, signed_in
from tests.surveys import a_questionnaire, a_survey, answered

pytestmark = pytest.mark.django_db
TYPED = {
    "a:age": "2",
    "a:visited": "1",
    "a:quality.speed": "5",
    "a:quality.staff": "6",
    "a:overall": "4",
    "a:channels": "13",
    "a:channels.other": "по телефона",
    "a:wishes": "Повече гишета.",
}
ANSWERS = {
    "age": "middle",
    "visited": True,
    "quality.speed": "s5",
    "quality.staff": "dk",
    "overall": 4,
    "channels": ["desk", "other"],
    "channels.other": "по телефона",
    "wishes": "Повече гишета.",
}


@pytest.fixture
def town():
    return an_organisation()


@pytest.fixture
def member(town):
    return a_member(town, "clerk")


@pytest.fixture
def clerk(member):
    return signed_in(member)


def url(survey) -> str:
    return reverse("surveys:enter", kwargs={"org": survey.organisation.slug, "survey": survey.pk})


def enter(member: Membership, survey: Survey, age: str, key: str = "one") -> bool:
    return enter_answers(
        viewer=as_viewer(member),
        survey=survey,
        version=Version.objects.get(survey=survey, number=1),
        entered=Entered({"age": age}, "bg"),
        key=key,
        at=timezone.now(),
    )


def test_a_sheet_is_kept_and_the_next_form_is_empty(town, clerk) -> None:
    survey = a_survey(town)
    answer = clerk.post(url(survey), TYPED | {"once": "one"}, follow=True)
    row = Response.objects.get()
    assert (row.answers, row.source, row.version, row.language) == (ANSWERS, "paper", 1, "bg")
    page = answer.content.decode()
    assert "Повече гишета." not in page
    assert "1 sheet entered" in page or "1 въведен" in page


def test_of_an_anonymous_sheet_neither_clerk_nor_time_is_kept(town, clerk) -> None:
    survey = a_survey(town)
    clerk.get(url(survey))
    before = AuditEntry.objects.count()
    clerk.post(url(survey), TYPED | {"once": "one"})
    assert AuditEntry.objects.count() == before
    assert not NamedResponse.objects.exists()
    assert {field.name for field in UsedForm._meta.fields} == {"key", "survey", "until"}
    assert UsedForm.objects.get().key != "one"


def test_a_form_sent_twice_counts_once(town, clerk, member) -> None:
    survey = a_survey(town)
    for _ in range(2):
        clerk.post(url(survey), TYPED | {"once": "one"})
    assert Response.objects.count() == 1
    assert enter(member, survey, "old", key="two")
    assert not enter(member, survey, "old", key="two")


def test_a_wrong_number_is_said_beside_its_field_and_nothing_is_lost(town, clerk) -> None:
    survey = a_survey(town)
    answer = clerk.post(url(survey), TYPED | {"a:age": "7", "once": "one"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'aria-describedby="e-f-age"' in page
    assert "1–3" in page
    assert "Повече гишета." in page
    assert not Response.objects.exists()


def test_what_is_off_the_way_or_blank_is_asked_about_once(town, clerk) -> None:
    survey = a_survey(town)
    typed = TYPED | {"a:visited": "2", "a:age": "", "once": "one"}
    asked = clerk.post(url(survey), typed)
    assert asked.status_code == 422
    assert 'value="age quality.speed quality.staff"' in asked.content.decode()
    not_all = clerk.post(url(survey), typed | {"asked": "age", "as_it_is": "1"})
    assert not_all.status_code == 422
    clerk.post(url(survey), typed | {"asked": "age quality.speed quality.staff", "as_it_is": "1"})
    kept = Response.objects.get().answers
    assert kept == {key: ANSWERS[key] for key in ("overall", "channels", "channels.other", "wishes")} | {
        "visited": False
    }


def test_an_empty_sheet_is_refused(town, clerk) -> None:
    survey = a_survey(town)
    answer = clerk.post(url(survey), {"asked": "age", "as_it_is": "1", "once": "one"})
    assert answer.status_code == 422
    assert not Response.objects.exists()


def test_a_sheet_is_read_by_the_version_that_stands_on_it(town, clerk) -> None:
    survey = a_survey(town)
    plain = a_questionnaire()
    plain["pages"][0]["parts"][0]["options"].reverse()
    Version.objects.create(
        survey=survey, number=2, definition=to_json(from_plain(plain)), made_at=timezone.now()
    )
    typed = {"a:age": "1", "once": "one"}
    clerk.post(f"{url(survey)}?version=1&language=en", typed)
    clerk.post(url(survey), typed | {"once": "two"})
    rows = Response.objects.order_by("version").values_list("version", "answers", "language")
    assert list(rows) == [(1, {"age": "young"}, "en"), (2, {"age": "old"}, "bg")]
    assert clerk.get(f"{url(survey)}?version=9").status_code == 404


def test_a_survey_with_names_keeps_name_time_and_a_row_in_the_audit(town, clerk) -> None:
    survey = a_survey(town, plain=a_questionnaire(mode="named"))
    clerk.post(url(survey), TYPED | {"name": "Иван Петров", "once": "one"})
    assert NamedResponse.objects.get().name == "Иван Петров"
    assert AuditEntry.objects.filter(verb="survey.paper_entered").count() == 1


def test_a_full_quota_takes_no_more_sheets(town, member) -> None:
    quota = {
        "code": "old",
        "most": 1,
        "when": ["=", "age", "old"],
        "text": {"bg": "Достатъчно", "en": "Full"},
    }
    survey = a_survey(town, plain=a_questionnaire(quotas=[quota]))
    answered(survey, {"age": "old"})
    with pytest.raises(MeriloError):
        enter(member, survey, "old")
    assert enter(member, survey, "young")


def test_who_may_not_enters_nothing(town, member) -> None:
    survey, closed = a_survey(town), a_survey(town, state=State.CLOSED)
    for stranger in (a_member(town, "assessor"), a_member(an_organisation(), "clerk")):
        with pytest.raises(Refused):
            enter(stranger, survey, "old")
    with pytest.raises(Conflict):
        enter(member, closed, "old")
    closed.state = State.OPEN  # as it was when the page was read
    with pytest.raises(Conflict):
        enter(member, closed, "old")


def test_the_day_of_a_sheet_is_that_of_the_town(town, member) -> None:
    survey = a_survey(town)
    late = datetime(2026, 11, 26, 22, 30, tzinfo=UTC)  # half past midnight in Sofia
    version = Version.objects.get(survey=survey)
    entered = Entered({"age": "old"}, "bg")
    enter_answers(viewer=as_viewer(member), survey=survey, version=version, entered=entered, key="k", at=late)
    assert Response.objects.get().day == date(2026, 11, 27)
