"""The living example: its numbers, its stages, and the walls between its organisations."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from merilo.accounts.models import Person
from merilo.assessment.models import (
    Agreement,
    Assessment,
    Contribution,
    Evidence,
    EvidenceRequest,
    Judgement,
    Sheet,
    State,
    Statement,
)
from merilo.core import audit
from merilo.feedback.models import Feedback
from merilo.feedback.rules.readiness import Moment, moment_of, window_of
from merilo.feedback.rules.scheme import Window
from merilo.improvement.models import Activity, Plan
from merilo.organisations.models import OfficialDocument, Organisation
from merilo.site import cast
from merilo.site.demo import build, content, evaluating, scene
from merilo.site.demo.judging import HANDED_IN, PROGRESS
from merilo.surveys.catalogue import form_of
from merilo.surveys.models import Response, Survey

# The demo is the same on each database. Without its mark a run of this file alone would use the real one.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    from django.db import transaction

    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        yield build.build()
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


@pytest.fixture
def demo(built, django_db_blocker):
    with django_db_blocker.unblock():
        yield built


def signed_in(email):
    client = Client()
    client.force_login(Person.objects.get(email=email))
    return client


def lines(assessment, kind):
    rows = Judgement.objects.filter(sheet__assessment=assessment)
    return sum(len(row.lines.get(kind, [])) for row in rows)


def test_running_cycle_is_at_various_progress(demo):
    sheets = Sheet.objects.filter(assessment=demo.running)
    ready = sorted(sheet.judgements.filter(ready=True).count() for sheet in sheets)
    assert ready == sorted(PROGRESS.values())
    assert sheets.exclude(handed_in_at=None).count() == len(HANDED_IN)
    assert demo.running.state == State.ASSESSING
    assert demo.running.previous == demo.past


YEAR_OF_THE_DEMO = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(YEAR_OF_THE_DEMO)
def test_report_plan_and_label_of_the_first_cycle_follow_one_another(today):
    node = content.plans()["running"]
    report = scene.REPORT + scene.later(today)
    ordered, approved = (today + timedelta(days=day) for day in (scene.PLAN_BEGAN, node["approval"]["day"]))
    applied = evaluating.applied_on(report, approved)
    assert report.year == 2024
    assert report < ordered < approved < applied < today - timedelta(days=60)
    assert moment_of(window_of(Window(6, 12), report), applied) == Moment.OPEN


@given(YEAR_OF_THE_DEMO, st.lists(st.integers(0, 30), min_size=1, max_size=5, unique=True).map(sorted))
def test_nobody_is_asked_to_meet_on_a_weekend(today, offsets):
    days = [today + timedelta(days=offset) for offset in offsets]
    found = list(scene.working_days(days, today))
    to_come = [day for day in found if day > today]
    assert found == sorted(set(found))
    assert len(found) == len(days)
    assert all(day.weekday() < scene.SATURDAY for day in to_come)
    assert list(scene.working_days(days, date.max)) == days


def test_the_label_was_given_for_the_first_cycle_and_its_plan(demo):
    feedback = Feedback.objects.get(assessment=demo.past)
    assert feedback.plan == Plan.objects.get(title__startswith="План за подобрение 20", state="running")
    page = signed_in("r.dimova@primerovo.example").get(f"/o/primerovo/feedback/{feedback.pk}/ready/")
    assert not page.context["missing"]


def test_activities_of_the_plan_wait_for_those_before_them(demo):
    steps = Activity.objects.filter(measure__plan__state="running", measure__plan__organisation=demo.town)
    waiting = [(one, other) for one in steps for other in one.follows.all()]
    assert len(waiting) > 20
    assert all(other.last < one.first and one.measure_id == other.measure_id for one, other in waiting)


def test_papers_of_the_english_town_are_numbered_in_latin_letters(demo):
    numbers = OfficialDocument.objects.filter(organisation=demo.other).values_list("number", flat=True)
    assert numbers
    assert all(number.isascii() for number in numbers)


def test_past_cycle_is_published(demo):
    past = Assessment.objects.get(pk=demo.past.pk)
    assert past.state == State.PUBLISHED
    assert Agreement.objects.filter(assessment=past, state="agreed").count() == 28
    assert past.report.revisions.get().published_parts


def test_the_report_of_the_past_cycle_has_the_size_a_small_municipality_had(demo):
    kinds = Statement.objects.filter(assessment=demo.past).values_list("kind", flat=True)
    counts = {kind: list(kinds).count(kind) for kind in ("strength", "area", "idea")}
    assert counts == {"strength": 64, "area": 120, "idea": 125}


def test_a_plan_is_in_its_second_year_one_is_over_and_the_next_is_drafted(demo):
    plans = {one.state: one for one in Plan.objects.filter(organisation=demo.town)}
    assert set(plans) == {"draft", "running", "closed"}
    states = [one.state for one in plans["running"].measures.all()]
    told = {state: states.count(state) for state in set(states)}
    assert told == {"done": 5, "under_way": 8, "stopped": 1, "dropped": 1}
    revisions = plans["running"].revisions.values_list("number", "state")
    assert sorted(revisions) == [(1, "approved"), (2, "approved")]
    kinds = set(plans["draft"].items.values_list("kind", flat=True))
    assert kinds == {"area", "idea", "unfinished", "kept"}


def test_second_organisation_is_in_the_agreement(demo):
    assessment = Assessment.objects.get(organisation=demo.other)
    assert assessment.state == State.AGREEING
    states = list(Agreement.objects.filter(assessment=assessment).values_list("state", flat=True))
    assert {state: states.count(state) for state in set(states)} == {"agreed": 14, "postponed": 3, "open": 11}


def test_remarks_have_the_real_size(demo):
    kinds = Contribution.objects.filter(assessment__organisation=demo.other).values_list("kind", flat=True)
    counts = {kind: list(kinds).count(kind) for kind in ("strength", "area", "idea")}
    assert counts == {"strength": 178, "area": 125, "idea": 123}
    assert Evidence.objects.filter(assessment=demo.running).count() == 95


def test_colleagues_were_asked_for_evidence(demo):
    states = EvidenceRequest.objects.filter(assessment=demo.running).values_list("state", flat=True)
    assert sorted(states) == ["accepted", "received", "requested"]


def test_statements_keep_where_they_came_from(demo):
    statements = Statement.objects.filter(assessment__organisation=demo.other)
    assert statements.count() > 100
    assert not statements.filter(sources=None).exists()


def test_audit_holds_and_tells_of_no_future(demo):
    assert [audit.verify(str(chain.pk)) for chain in (demo.town, demo.other)] == [None, None]


def test_every_person_may_sign_in(demo):
    people = Person.objects.all()
    assert people.count() == 38
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == people.count()
    assert all(person.has_usable_password() for person in people)


def test_second_organisation_is_walled_off(demo):
    coordinator = signed_in("r.dimova@primerovo.example")
    assert coordinator.get("/o/primerovo/").status_code == 200
    assert coordinator.get("/o/samplebridge/").status_code == 404
    assert signed_in("n.stranska@merilo.example").get("/o/primerovo/").status_code == 404


def test_a_resource_centre_sees_the_steps_of_the_first_town_only(demo):
    for email in ("m.lozanova@centre.example", "t.gerov@centre.example"):
        page = signed_in(email).get("/o/good-governance/organisation/towns/").content.decode()
        assert demo.town.name in page
        assert "Samplebridge" not in page
    assert audit.verify(str(Organisation.objects.get(slug="good-governance").pk)) is None


def test_everybody_on_the_list_of_people_can_sign_in(demo):
    listed = [actor.email for _organisation, actors in cast.groups() for actor in actors]
    assert {"operator@merilo.example", "m.lozanova@centre.example"} < set(listed)
    assert Person.objects.filter(email__in=listed).count() == len(listed)


def test_texts_of_the_second_organisation_are_its_own(demo):
    said = "\n".join(
        Contribution.objects.filter(assessment__organisation=demo.other).values_list("text", flat=True)
    )
    assert "Primerovo" not in said
    assert "Bistra" not in said


# --- surveys ----------------------------------------------------------------------------------------
def waves(demo, audience):
    found = Survey.objects.filter(organisation=demo.town, audience=audience, state="closed")
    return list(found.order_by("made_at"))


def mean(survey, item):
    """The mean of the codes q1–q5 of a row, "don't know" left out."""
    rows = survey.responses.values_list("answers", flat=True)
    points = [int(row[item][1]) for row in rows if row.get(item, "dk") != "dk"]
    return sum(points) / len(points)


@pytest.mark.parametrize(
    ("audience", "numbers"),
    [("citizens", [2280, 2400]), ("businesses", [165, 180]), ("employees", [196, 210])],
)
def test_each_group_was_asked_twice(demo, audience, numbers):
    surveys = waves(demo, audience)
    assert [survey.responses.count() for survey in surveys] == numbers
    assert surveys[1].earlier == surveys[0]


def test_one_survey_is_open_and_one_is_a_draft(demo):
    states = Survey.objects.filter(organisation=demo.town).values_list("state", flat=True)
    assert sorted(states) == ["closed"] * 6 + ["draft", "open"]
    assert not Survey.objects.exclude(organisation=demo.town).exists()


def test_answers_lead_a_way_through_their_questionnaire(demo):
    for survey in Survey.objects.filter(organisation=demo.town).exclude(state="draft"):
        form = form_of(survey.versions.get())
        for answers in survey.responses.values_list("answers", flat=True)[:60]:
            restored = form.restored(answers)
            assert form.paths.walk(restored).answers == restored
            assert form.missing(restored) == ()


def test_answers_are_spread_over_the_days_of_the_survey(demo):
    first = waves(demo, "citizens")[0]
    days = set(first.responses.values_list("day", flat=True))
    assert first.opens_on <= min(days)
    assert max(days) <= first.closes_on
    assert len(days) > 30


def test_the_second_wave_is_better_in_two_things_and_worse_in_one(demo):
    before, now = waves(demo, "citizens")
    change = {
        row: mean(now, row) - mean(before, row) for row in ("time.wait", "web.easy", "place_quality.streets")
    }
    assert change["time.wait"] > 0.2
    assert change["web.easy"] > 0.15
    assert change["place_quality.streets"] < -0.2
    assert abs(mean(now, "staff.polite") - mean(before, "staff.polite")) < 0.15


def test_known_totals_and_answers_with_names_in_them_are_there(demo):
    now = waves(demo, "citizens")[1]
    assert {row.question for row in now.totals.all()} == {"age", "sex"}
    said = {answers.get("wishes", "") for answers in now.responses.values_list("answers", flat=True)}
    assert len(said) > 50
    assert any("0888 000 111" in text for text in said)


def test_most_citizens_of_the_example_got_what_they_came_for(built):
    survey = Survey.objects.get(title="Удовлетвореност на гражданите, 2026")
    answers = Response.objects.filter(survey=survey).order_by().values_list("answers", flat=True)
    solved = [one["solved"] for one in answers if "solved" in one]
    assert 0.8 < sum(solved) / len(solved) < 0.92
