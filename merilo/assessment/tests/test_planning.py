"""Starting, planning and opening a self-assessment."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from merilo.assessment.actions import groups as group_actions
from merilo.assessment.actions import planning
from merilo.assessment.actions.planning import PlanFacts, StepFacts
from merilo.assessment.catalogue import framework_of
from merilo.assessment.models import Assessment, FrameworkEdition, Judgement, Sheet, State
from merilo.assessment.queries import frameworks
from merilo.assessment.queries import planning as queries
from merilo.assessment.tests.planned import DUE, Town
from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.core.periods import years
from merilo.groups.api import Function, SeatChange, seat_in
from tests.people import NOON, a_member, an_organisation, as_viewer

LOCK = NOON + timedelta(days=30)


@pytest.fixture
def town(db):
    return Town()


def seated(town, holder, function=Function.MEMBER, **change):
    return group_actions.add_seat(
        viewer=town.viewer,
        assessment=town.assessment,
        holder=holder,
        change=SeatChange(function, **change),
        at=NOON,
    )


def opened(town):
    planning.open_assessment(viewer=town.viewer, assessment=town.assessment, lock_at=LOCK, at=NOON)


def facts_of(assessment, **changes):
    facts = PlanFacts(
        title=assessment.title,
        method=assessment.method,
        period=years(2024, 2025),
        report_due=assessment.report_due,
    )
    return replace(facts, **changes)


def change(town, version=1, *, replan=False, **changes):
    planning.change_plan(
        viewer=town.viewer,
        assessment=town.assessment,
        framework=framework_of(town.assessment),
        facts=facts_of(town.assessment, **changes),
        version=version,
        replan=replan,
        at=NOON,
    )


# --- starting -------------------------------------------------------------------------------------
def test_starting_makes_group_plan_report_and_ten_steps(town):
    steps = list(town.assessment.steps.all())
    assert [step.number for step in steps] == list(range(1, 11))
    assert {step.owner for step in steps} == {town.boss}
    assert town.assessment.group.organisation == town.organisation
    assert town.assessment.group.name == "Група за самооценка"
    assert town.assessment.report.public_slug is None
    assert town.assessment.state == State.PLANNING
    assert "assessment.started" in town.verbs()


def test_the_steps_are_planned_backwards_from_the_report(town):
    dues = dict(town.assessment.steps.values_list("number", "due"))
    assert dues[6] == DUE
    assert list(dues.values()) == sorted(dues.values())


def test_two_cycles_share_one_pinned_edition(town):
    again = town.started(title="Втора")
    assert again.edition == town.assessment.edition
    assert FrameworkEdition.objects.filter(code="caf-2020").count() == 1


def test_a_framework_without_steps_gets_the_ten(town):
    assert town.started("principles-12").steps.count() == 10


def test_a_method_the_framework_does_not_have_is_refused(town):
    with pytest.raises(MeriloError):
        town.started(method="maturity")


def test_a_foreign_previous_cycle_is_refused(town):
    elsewhere = Town()
    with pytest.raises(MeriloError):
        town.started(previous=elsewhere.assessment)


def test_only_a_finished_cycle_of_an_earlier_period_is_continued(town):
    before = town.assessment
    with pytest.raises(MeriloError):
        town.started(previous=before, period=years(2026, 2027))
    Assessment.objects.filter(pk=before.pk).update(state=State.REPORTING)
    before.refresh_from_db()
    with pytest.raises(MeriloError):
        town.started(previous=before, period=years(2024, 2025))
    following = town.started(previous=before, period=years(2026, 2027))
    assert following.previous == before


def test_cycles_offered_for_continuing_are_finished_and_never_itself(town):
    finished = town.started(title="Предишна", period=years(2022, 2023))
    Assessment.objects.filter(pk=finished.pk).update(state=State.APPROVED)
    framework = framework_of(town.assessment)
    offered = partial(queries.possible_previous, town.viewer, framework, on=NOON.date())
    assert list(offered()) == [finished]
    assert list(offered(besides=finished)) == []


def test_only_who_plans_starts(town):
    assessor = as_viewer(town.people[0])
    choice = frameworks.choice(town.viewer, "caf-2020")
    with pytest.raises(Refused):
        planning.start_assessment(viewer=assessor, choice=choice, facts=facts_of(town.assessment), at=NOON)


# --- changing the plan ------------------------------------------------------------------------------
def test_the_plan_is_changed_and_recorded(town):
    change(town, scope="Цялата администрация", method="fine-tuned")
    town.assessment.refresh_from_db()
    assert (town.assessment.scope, town.assessment.method) == ("Цялата администрация", "fine-tuned")
    assert town.verbs()[-1] == "assessment.plan_changed"


def test_a_stale_version_changes_nothing(town):
    change(town, scope="Първи")
    with pytest.raises(Conflict):
        change(town, version=1, scope="Втори")
    town.assessment.refresh_from_db()
    assert town.assessment.scope == "Първи"


def test_planning_again_moves_only_open_steps(town):
    done = town.assessment.steps.get(number=1)
    done.done_at = NOON
    done.save()
    change(town, report_due=date(2027, 6, 30), replan=True)
    dues = dict(town.assessment.steps.values_list("number", "due"))
    assert dues[6] == date(2027, 6, 30)
    assert dues[1] == done.due


def test_method_and_period_are_fixed_after_the_opening(town):
    seated(town, town.people[0], Function.CHAIR)
    opened(town)
    change(town, scope="Новият обхват")
    with pytest.raises(MeriloError):
        change(town, version=2, method="fine-tuned")
    with pytest.raises(MeriloError):
        change(town, version=2, period=years(2023, 2025))


def test_an_approved_assessment_keeps_its_plan(town):
    town.assessment.state = State.APPROVED
    with pytest.raises(Refused):
        change(town, scope="x")


def test_a_stranger_changes_nothing(town):
    with pytest.raises(Refused):
        planning.change_plan(
            viewer=as_viewer(town.stranger),
            assessment=town.assessment,
            framework=framework_of(town.assessment),
            facts=facts_of(town.assessment),
            version=1,
            replan=False,
            at=NOON,
        )


# --- steps ----------------------------------------------------------------------------------------
def plan_step(town, number, **facts):
    values = {"owner": town.boss, "due": DUE, "done": None}
    rows = {number: StepFacts(**(values | facts))}
    planning.plan_steps(viewer=town.viewer, assessment=town.assessment, rows=rows, at=NOON)


def test_owner_and_date_of_a_step_are_set(town):
    plan_step(town, 7, owner=town.people[0], due=date(2027, 5, 5))
    step = town.assessment.steps.get(number=7)
    assert (step.owner, step.due, step.done_at) == (town.people[0], date(2027, 5, 5), None)
    assert town.verbs()[-1] == "assessment.steps_planned"


def test_a_step_done_outside_is_marked_and_taken_back(town):
    plan_step(town, 7, done=True)
    assert town.assessment.steps.get(number=7).done_at == NOON
    plan_step(town, 7, done=False)
    assert town.assessment.steps.get(number=7).done_at is None


@pytest.mark.parametrize(
    ("on", "expected"),
    [(date(2026, 11, 23), "progress"), (date(2030, 1, 1), "late")],
)
def test_state_of_a_begun_step(town, on, expected):
    assert queries.steps_of(town.assessment, on=on)[0].state == expected


def test_state_of_steps_idle_and_done(town):
    plan_step(town, 7, done=True)
    states = {step.number: step.state for step in queries.steps_of(town.assessment, on=date(2026, 11, 23))}
    assert (states[7], states[8]) == ("done", "idle")


def test_the_current_step_is_the_first_preparing_one_and_then_the_assessment(town):
    seated(town, town.people[0], Function.CHAIR)
    steps = queries.steps_of(town.assessment, on=NOON.date())
    assert queries.current_step(steps) is steps[0]
    opened(town)
    steps = queries.steps_of(town.assessment, on=NOON.date())
    assert queries.current_step(steps) is steps[4]


# --- opening --------------------------------------------------------------------------------------
def test_opening_gives_every_scoring_seat_a_sheet(town):
    seated(town, town.people[0], Function.CHAIR)
    seated(town, town.people[1])
    seated(town, town.people[2], Function.FACILITATOR)
    opened(town)
    town.assessment.refresh_from_db()
    assert (town.assessment.state, town.assessment.lock_at) == (State.ASSESSING, LOCK)
    assert {sheet.seat.holder for sheet in town.assessment.sheets.all()} == set(town.people[:2])
    done = {step.number for step in town.assessment.steps.all() if step.done_at}
    assert done == {1, 3}
    assert town.assessment.steps.get(number=5).begun_at == NOON
    assert town.verbs()[-1] == "assessment.opened"


def test_a_seat_added_later_gets_a_sheet_too(town):
    seated(town, town.people[0], Function.CHAIR)
    opened(town)
    late = seated(town, town.people[1])
    assert Sheet.objects.filter(seat=late).exists()


def test_nothing_opens_without_anybody_who_scores(town):
    with pytest.raises(MeriloError):
        opened(town)
    town.assessment.refresh_from_db()
    assert town.assessment.state == State.PLANNING


def test_an_open_assessment_is_not_opened_again(town):
    seated(town, town.people[0], Function.CHAIR)
    opened(town)
    with pytest.raises(MeriloError):
        opened(town)


def test_a_lock_in_the_past_is_refused(town):
    seated(town, town.people[0], Function.CHAIR)
    with pytest.raises(MeriloError) as refused:
        planning.open_assessment(viewer=town.viewer, assessment=town.assessment, lock_at=NOON, at=NOON)
    assert refused.value.details["field"] == "lock_date"


def test_what_stands_ready_is_told_before_the_opening(town):
    seated(town, town.people[0])
    found = queries.opening(town.assessment)
    assert (len(found.seats), found.enough, found.chair, found.has_order, found.trainings) == (
        1,
        False,
        False,
        False,
        0,
    )


# --- seats and sheets -------------------------------------------------------------------------------
def test_items_are_assigned_and_thin_ones_named(town):
    seats = [seated(town, person) for person in town.people]
    framework = framework_of(town.assessment)
    known = [item.code for item in framework.items]
    group_actions.assign_items(
        viewer=town.viewer,
        assessment=town.assessment,
        assigned={seats[0].pk: known[1:], seats[1].pk: None},
        known=known,
        at=NOON,
    )
    rows = queries.assignment(town.assessment)
    assert queries.thin_items(framework, rows) == [known[0]]
    assert Sheet.objects.get(seat=seats[1]).assigned is None
    assert town.verbs()[-1] == "assessment.items_assigned"


def test_a_seat_needs_at_least_one_item(town):
    seat = seated(town, town.people[0])
    with pytest.raises(MeriloError):
        group_actions.assign_items(
            viewer=town.viewer,
            assessment=town.assessment,
            assigned={seat.pk: []},
            known=["1.1"],
            at=NOON,
        )


def test_a_sheet_with_work_is_not_removed(town):
    seat = seated(town, town.people[0], Function.CHAIR)
    opened(town)
    sheet = Sheet.objects.get(seat=seat)
    Judgement.objects.create(sheet=sheet, code="1.1", saved_at=NOON)
    with pytest.raises(MeriloError):
        group_actions.remove_seat(viewer=town.viewer, assessment=town.assessment, seat=seat, at=NOON)
    with pytest.raises(MeriloError):
        group_actions.change_seat(
            viewer=town.viewer,
            assessment=town.assessment,
            seat=seat,
            change=SeatChange(Function.OBSERVER),
            at=NOON,
        )
    assert Sheet.objects.filter(pk=sheet.pk).exists()


def test_an_empty_sheet_goes_with_its_seat(town):
    seat = seated(town, town.people[0])
    opened(town)
    group_actions.remove_seat(viewer=town.viewer, assessment=town.assessment, seat=seat, at=NOON)
    assert not Sheet.objects.exists()


def test_a_substitute_takes_over_the_one_sheet(town):
    seat = seated(town, town.people[0], Function.CHAIR, substitute=town.people[1])
    opened(town)
    sheet = Sheet.objects.get(seat=seat)
    group_actions.take_over(viewer=as_viewer(town.people[1]), assessment=town.assessment, seat=seat, at=NOON)
    assert seat_in(town.assessment.group, seat.pk).holder == town.people[1]
    assert Sheet.objects.get(seat=seat) == sheet


def test_who_leads_never_takes_over_what_somebody_else_wrote(town):
    coordinator = town.viewer.membership
    seat = seated(town, town.people[0], Function.CHAIR, substitute=coordinator)
    opened(town)
    sheet = Sheet.objects.get(seat=seat)
    Judgement.objects.create(sheet=sheet, code="1.1", values={"score": 15}, saved_at=NOON)
    with pytest.raises(MeriloError, match=coordinator.name):
        group_actions.take_over(viewer=town.viewer, assessment=town.assessment, seat=seat, at=NOON)
    assert seat_in(town.assessment.group, seat.pk).holder == town.people[0]


def test_a_taken_over_remark_carries_nobodys_name_and_the_holder_is_told(town, settings, mailoutbox):
    settings.MAIL_SERVER = "smtp://127.0.0.1:1"
    seat = seated(town, town.people[0], Function.CHAIR, substitute=town.people[1])
    opened(town)
    lines = {"area": [{"id": "a", "text": "Няма карта", "named": True}]}
    Judgement.objects.create(sheet=Sheet.objects.get(seat=seat), code="1.1", lines=lines, saved_at=NOON)
    group_actions.take_over(viewer=as_viewer(town.people[1]), assessment=town.assessment, seat=seat, at=NOON)
    judgement = Judgement.objects.get()
    assert (judgement.lines["area"][0]["named"], judgement.version) == (False, 2)
    told = mailoutbox[-1]  # the first said that the assessment is open
    assert told.to == [town.people[0].email]
    assert town.people[1].name in told.body


def test_a_handed_in_sheet_is_not_taken_over(town):
    seat = seated(town, town.people[0], Function.CHAIR, substitute=town.people[1])
    opened(town)
    Sheet.objects.filter(seat=seat).update(handed_in_at=NOON)
    with pytest.raises(MeriloError):
        group_actions.take_over(viewer=town.viewer, assessment=town.assessment, seat=seat, at=NOON)
    assert seat_in(town.assessment.group, seat.pk).holder == town.people[0]


def test_after_the_lock_scoring_seats_stay_and_others_may_join(town):
    seat = seated(town, town.people[0], Function.CHAIR, substitute=town.people[1])
    town.assessment.state = State.AGREEING
    with pytest.raises(MeriloError):
        seated(town, town.people[2])
    with pytest.raises(MeriloError):
        group_actions.take_over(viewer=town.viewer, assessment=town.assessment, seat=seat, at=NOON)
    assert seated(town, town.people[2], Function.OBSERVER).function == Function.OBSERVER


def test_a_stranger_takes_nothing_over(town):
    seat = seated(town, town.people[0], Function.CHAIR, substitute=town.people[1])
    outsider = as_viewer(a_member(an_organisation(), "coordinator"))
    with pytest.raises(MeriloError):
        group_actions.take_over(viewer=outsider, assessment=town.assessment, seat=seat, at=NOON)


def test_after_the_report_the_next_step_is_current_whatever_was_left_open(town):
    town.assessment.steps.filter(number=2).update(begun_at=NOON, done_at=None)
    town.assessment.steps.filter(number__in=[1, 5, 6]).update(begun_at=NOON, done_at=NOON)
    current = queries.current_step(queries.steps_of(town.assessment, on=NOON.date()))
    assert current is not None
    assert current.number == 7


def test_after_the_approval_records_go_on_and_plan_and_group_stay(town):
    Assessment.objects.update(state=State.APPROVED)
    town.assessment.refresh_from_db()
    rows = {4: StepFacts(town.viewer.membership, DUE, done=True)}
    planning.plan_steps(viewer=town.viewer, assessment=town.assessment, rows=rows, at=NOON)
    assert town.assessment.steps.get(number=4).done_at == NOON
    with pytest.raises(Refused):
        seated(town, town.people[0])
