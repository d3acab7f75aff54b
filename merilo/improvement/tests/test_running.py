"""While a plan is carried out its owners say how it goes; who leaves hands measures over."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.core.models import AuditEntry
from merilo.improvement import handing, work
from merilo.improvement.actions import running as actions
from merilo.improvement.actions.running import Said
from merilo.improvement.models import CheckIn, Measure, Plan
from merilo.improvement.rules.states import MeasureState
from merilo.organisations.api import Handing
from merilo.organisations.models import Membership
from tests.people import a_member, an_organisation, as_viewer, signed_in, today
from tests.plans import a_measure, a_plan, an_activity

pytestmark = pytest.mark.django_db


def around() -> dict[str, Any]:
    return {"first": today() - timedelta(days=30), "last": today() + timedelta(days=300)}


@pytest.fixture
def coordinator() -> Membership:
    return a_member(an_organisation(), "coordinator")


@pytest.fixture
def owner(coordinator: Membership) -> Membership:
    return a_member(coordinator.organisation, "assessor")


@pytest.fixture
def measure(owner: Membership) -> Measure:
    return a_measure(a_plan(owner.organisation, state="running"), owner=owner, state="under_way", **around())


def path(measure: Measure) -> str:
    plan = measure.plan
    return f"/o/{plan.organisation.slug}/plans/{plan.pk}/measures/{measure.pk}/check-in/"


def said(member: Membership, measure: Measure, *, version: int = 1, **words: Any) -> CheckIn:
    values = {"state": MeasureState(measure.state)} | words
    return actions.check_in(
        viewer=as_viewer(member), measure=measure, said=Said(**values), version=version, at=timezone.now()
    )


# --- check-ins ------------------------------------------------------------------------------------
def test_an_owner_says_how_it_goes(owner: Membership, measure: Measure) -> None:
    one, other = an_activity(measure, "Въпросник"), an_activity(measure, "Разпращане")
    sent = {f"percent_{one.pk}": "100", f"percent_{other.pk}": "20", "state": "under_way", "signal": ""}
    answer = signed_in(owner).post(path(measure), sent | {"text": "Готов е въпросникът.", "version": "1"})
    assert answer.status_code == 302
    kept = CheckIn.objects.get(measure=measure)
    assert (kept.by, kept.percent, kept.state, kept.text) == (owner, 60, "under_way", "Готов е въпросникът.")
    one.refresh_from_db()
    assert (one.percent, one.done_on) == (100, today())
    assert AuditEntry.objects.filter(verb="measure.checked_in").count() == 1


def test_a_measure_without_activities_has_its_own_percent(owner: Membership, measure: Measure) -> None:
    said(owner, measure, percent=40)
    measure.refresh_from_db()
    assert measure.percent == 40


def test_reading_the_form_changes_nothing(owner: Membership, measure: Measure) -> None:
    assert signed_in(owner).get(path(measure)).status_code == 200
    measure.refresh_from_db()
    assert (measure.version, CheckIn.objects.count()) == (1, 0)


def test_only_owner_deputy_and_coordinator_report(coordinator: Membership, measure: Measure) -> None:
    deputy, stranger = (a_member(coordinator.organisation) for _ in range(2))
    Measure.objects.update(deputy=deputy)
    answers = [signed_in(one).get(path(measure)).status_code for one in (coordinator, deputy, stranger)]
    assert answers == [200, 200, 403]
    with pytest.raises(Refused):
        said(stranger, measure)
    Plan.objects.update(state="closed")
    assert signed_in(coordinator).get(path(measure)).status_code == 403


@pytest.mark.parametrize("state", [MeasureState.STOPPED, MeasureState.NOT_STARTED])
def test_turning_back_needs_a_reason(owner: Membership, measure: Measure, state: MeasureState) -> None:
    answer = signed_in(owner).post(path(measure), {"state": state.value, "percent": "0", "version": "1"})
    assert list(answer.context["form"].errors) == ["text"]
    with pytest.raises(MeriloError):
        said(owner, measure, state=state)
    said(owner, measure, state=state, text="Няма средства")
    measure.refresh_from_db()
    assert (measure.state, measure.state_reason, measure.state_on) == (state, "Няма средства", today())


def test_who_only_owns_drops_nothing(coordinator: Membership, owner: Membership, measure: Measure) -> None:
    form = signed_in(owner).get(path(measure)).context["form"]
    assert "dropped" not in dict(form.fields["state"].choices)
    with pytest.raises(Refused):
        said(owner, measure, state=MeasureState.DROPPED, text="Не е нужна")
    said(coordinator, measure, state=MeasureState.DROPPED, text="Не е нужна")
    measure.refresh_from_db()
    assert measure.state == "dropped"


def test_impossible_moves_are_refused(owner: Membership, measure: Measure) -> None:
    Measure.objects.update(state="done")
    measure.refresh_from_db()
    with pytest.raises(MeriloError):
        said(owner, measure, state=MeasureState.STOPPED, text="Късно")


def test_what_has_begun_is_under_way(owner: Membership, measure: Measure) -> None:
    Measure.objects.update(state="not_started")
    sent = {"state": "not_started", "percent": "10", "version": "1"}
    answer = signed_in(owner).post(path(measure), sent)
    assert list(answer.context["form"].errors) == ["state"]


def test_a_signal_of_ones_own_needs_a_reason_and_goes_back_to_the_rule(
    owner: Membership, measure: Measure
) -> None:
    with pytest.raises(MeriloError):
        said(owner, measure, signal="at_risk")
    kept = said(owner, measure, signal="at_risk", text="Доставчикът се отказа")
    measure.refresh_from_db()
    assert (kept.signal, measure.signal, measure.signal_reason) == (
        "at_risk",
        "at_risk",
        "Доставчикът се отказа",
    )
    said(owner, measure, version=2, signal="at_risk")  # it stays as it is, with its reason
    kept = said(owner, measure, version=3)
    measure.refresh_from_db()
    assert (kept.signal, measure.signal, measure.signal_reason) == ("on_time", "", "")


def test_two_who_report_at_once_see_both(owner: Membership, measure: Measure) -> None:
    said(owner, measure, percent=40, text="Договорът е подписан")
    with pytest.raises(Conflict):
        said(owner, measure, percent=20)
    sent = {"state": "under_way", "percent": "20", "version": "1", "text": "Чакаме"}
    answer = signed_in(owner).post(path(measure), sent)
    assert answer.status_code == 409
    told = [(one.mine, one.theirs) for one in answer.context["differences"]]
    assert told == [("20", "40"), ("Чакаме", f"Договорът е подписан ({owner.on_record})")]


# --- mine -----------------------------------------------------------------------------------------
def test_my_measures_are_those_of_running_plans_what_is_over_last(
    owner: Membership, measure: Measure
) -> None:
    a_measure(a_plan(owner.organisation), "От проект", owner=owner)
    over = a_measure(measure.plan, "Готова", owner=owner, state="done", last=measure.first)
    answer = signed_in(owner).get(f"/o/{owner.organisation.slug}/plans/mine/")
    assert [one["row"].measure for one in answer.context["rows"]] == [measure, over]


def test_my_work_names_what_is_late_at_risk_or_due(owner: Membership, measure: Measure) -> None:
    viewer = as_viewer(owner)
    assert list(work.measures_work(viewer)) == []
    late: dict[str, Any] = {"first": date(2025, 1, 1), "last": today() - timedelta(days=1)}
    due: dict[str, Any] = {"first": today() - timedelta(days=9), "last": today() + timedelta(days=20)}
    plan = measure.plan
    a_measure(plan, "Закъсняла", owner=owner, **late)
    a_measure(plan, "Скоро", owner=owner, state="under_way", **due)
    a_measure(plan, "Готова", owner=owner, state="done", **late)
    a_measure(plan, "Чужда", **late)
    found = [(item.help, item.status) for item in work.measures_work(viewer)]
    assert found == [("Закъсняла", "problem"), ("Скоро", "progress")]


def test_the_coordinator_is_told_of_measures_that_nobody_answers_for(
    coordinator: Membership, owner: Membership, measure: Measure
) -> None:
    assert list(work.plans_work(as_viewer(coordinator))) == []
    Measure.objects.update(owner=None)
    (item,) = work.plans_work(as_viewer(coordinator))
    answer = signed_in(coordinator).get(item.url)
    assert [line.row.measure for line in answer.context["lines"]] == [measure]
    assert list(work.plans_work(as_viewer(owner))) == []


def test_work_asks_the_database_a_fixed_number_of_times(
    owner: Membership, measure: Measure, django_assert_num_queries: Any
) -> None:
    for number in range(3):
        an_activity(a_measure(measure.plan, f"Мярка {number}", owner=owner, **around()))
    viewer = as_viewer(owner)
    with django_assert_num_queries(2):
        list(work.measures_work(viewer))


# --- hand-over ------------------------------------------------------------------------------------
def test_measures_of_who_leaves_go_to_whom_the_coordinator_chooses(
    coordinator: Membership, owner: Membership, measure: Measure
) -> None:
    to = a_member(coordinator.organisation)
    step = an_activity(measure, owner=owner)
    carried = an_activity(measure, "Изпълнена", owner=owner, percent=100)
    done = a_measure(measure.plan, "Готова", owner=owner, state="done")
    Measure.objects.filter(pk=measure.pk).update(deputy=to)
    given = Handing(as_viewer(coordinator), owner, to, today())
    assert len(list(handing.KIND.held(given))) == 2
    assert handing.KIND.give is not None
    handing.KIND.give(given, timezone.now())
    for one in (measure, step, carried, done):
        one.refresh_from_db()
    assert (measure.owner, measure.deputy, step.owner) == (to, None, to)
    assert (carried.owner, done.owner) == (owner, owner)  # who did it stays in the record
    assert list(handing.KIND.held(given)) == []


def test_nobody_else_hands_measures_over(owner: Membership, measure: Measure) -> None:
    with pytest.raises(Refused):
        actions.take_over(viewer=as_viewer(owner), measure=measure, member=owner, to=owner, at=timezone.now())


# --- one activity ---------------------------------------------------------------------------------
def test_who_carries_out_an_activity_reports_on_it_and_sees_it_in_the_work(
    owner: Membership, measure: Measure
) -> None:
    helper = a_member(owner.organisation)
    Measure.objects.update(state="not_started")
    step = an_activity(measure, owner=helper, last=today() + timedelta(days=9))
    (item,) = work.activities_work(as_viewer(helper))
    client = signed_in(helper)
    assert client.get(item.url).status_code == 200
    assert client.post(item.url, {"percent": "100", "text": "Готов е", "version": "1"}).status_code == 302
    step.refresh_from_db()
    measure.refresh_from_db()
    assert (step.percent, step.done_on) == (100, today())
    assert (measure.state, measure.version) == ("under_way", 2)
    kept = CheckIn.objects.get()
    assert (kept.by, kept.activity, kept.percent, kept.text) == (helper, step, 100, "Готов е")
    assert list(work.activities_work(as_viewer(helper))) == []
    assert client.post(item.url, {"percent": "50", "version": "1"}).status_code == 409


def test_an_activity_of_others_is_reported_on_by_those_of_the_measure(
    coordinator: Membership, owner: Membership, measure: Measure
) -> None:
    step = an_activity(measure, owner=a_member(owner.organisation))
    stranger = a_member(owner.organisation)
    at = path(measure).replace("check-in/", f"activities/{step.pk}/report/")
    assert [signed_in(one).get(at).status_code for one in (coordinator, owner, stranger)] == [200, 200, 403]
    Measure.objects.update(state="stopped")
    assert signed_in(coordinator).get(at).status_code == 403


def test_the_owner_sees_what_was_reported_meanwhile_and_is_still_expected(
    owner: Membership, measure: Measure
) -> None:
    helper = a_member(owner.organisation)
    step = an_activity(measure, owner=helper)
    actions.report_activity(
        viewer=as_viewer(helper), activity=step, said=actions.StepSaid(60), version=1, at=timezone.now()
    )
    sent = {f"percent_{step.pk}": "0", "state": "under_way", "version": "1"}
    answer = signed_in(owner).post(path(measure), sent)
    assert answer.status_code == 409
    assert [(one.mine, one.theirs) for one in answer.context["differences"]] == [("0", "60")]


def test_a_report_that_is_due_is_named_in_the_work(owner: Membership, measure: Measure) -> None:
    Measure.objects.update(first=today() - timedelta(days=92))
    assert len(list(work.measures_work(as_viewer(owner)))) == 1
    said(owner, measure)
    assert list(work.measures_work(as_viewer(owner))) == []
