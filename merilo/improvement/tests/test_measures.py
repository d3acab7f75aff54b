"""Measures are written, changed, moved and seen as one list in three views."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from merilo.core.errors import MeriloError, Refused
from merilo.improvement.actions import measures as actions
from merilo.improvement.models import Activity, Measure, MeasureIndicator, Plan
from merilo.improvement.queries import board
from merilo.indicators.models import Indicator
from merilo.organisations.models import Membership
from tests.people import a_member, an_organisation, as_viewer, signed_in
from tests.plans import a_measure, a_plan, a_proposal, an_activity, an_item, measured_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator() -> Membership:
    return a_member(an_organisation(), "coordinator")


@pytest.fixture
def plan(coordinator: Membership) -> Plan:
    return a_plan(coordinator.organisation)


def root(plan: Plan) -> str:
    return f"/o/{plan.organisation.slug}/plans/{plan.pk}/"


def at(measure: Measure, page: str = "") -> str:
    return f"{root(measure.plan)}measures/{measure.pk}/{page}"


def numbers(plan: Plan) -> list[tuple[int, str]]:
    return list(plan.measures.order_by("number").values_list("number", "text"))


# --- by hand --------------------------------------------------------------------------------------
def test_a_measure_is_written_by_hand(coordinator: Membership, plan: Plan) -> None:
    a_measure(plan)
    values = {"text": "Табло с целите", "kind": "key", "codes": "1.2; 6.1", "first": "1.3.2026"}
    client = signed_in(coordinator)
    answer = client.post(
        f"{root(plan)}measures/new/", values | {"last": "30.06.2026", "owner": coordinator.pk}
    )
    made = Measure.objects.get(text="Табло с целите")
    assert answer.headers["Location"] == at(made)
    assert (made.number, made.kind, made.codes) == (2, "key", ["1.2", "6.1"])
    assert (made.first, made.last, made.owner) == (date(2026, 3, 1), date(2026, 6, 30), coordinator)


def test_what_the_model_does_not_have_is_named(coordinator: Membership, plan: Plan) -> None:
    values = {"text": "Табло", "kind": "key", "codes": "1.2, 9.9", "first": "1.3.2026", "last": "1.2.2026"}
    answer = signed_in(coordinator).post(f"{root(plan)}measures/new/", values)
    assert answer.status_code == 422
    assert "9.9" in answer.context["form"].errors["codes"][0]
    assert "last" in answer.context["form"].errors


def test_money_is_written_with_comma_or_point(coordinator: Membership, plan: Plan) -> None:
    measure, client = a_measure(plan), signed_in(coordinator)
    for place, typed in enumerate(("1 800,50", "1800.50"), start=1):
        answer = client.post(at(measure, "means/"), {"euro": typed, "hours": "40", "version": place})
        assert answer.status_code == 302
        measure.refresh_from_db()
        assert (str(measure.euro), measure.hours) == ("1800.50", 40)
    assert client.post(at(measure, "means/"), {"euro": "-1", "version": "3"}).status_code == 422


def test_the_deputy_is_somebody_else(coordinator: Membership, plan: Plan) -> None:
    measure = a_measure(plan)
    both = {"owner": coordinator.pk, "deputy": coordinator.pk, "first": "1.3.2026", "last": "1.4.2026"}
    answer = signed_in(coordinator).post(at(measure, "who/"), both | {"version": "1"})
    assert answer.status_code == 422
    facts = actions.Who(measure.first, measure.last, coordinator, coordinator)
    with pytest.raises(MeriloError):
        actions.change_measure(
            viewer=as_viewer(coordinator), measure=measure, facts=facts, version=1, at=timezone.now()
        )


def test_somebody_elses_change_stands_beside_ones_own(coordinator: Membership, plan: Plan) -> None:
    measure, client = a_measure(plan), signed_in(coordinator)
    first = {"text": "Първи текст", "kind": "key", "codes": "", "version": "1"}
    assert client.post(at(measure, "what/"), first).status_code == 302
    answer = client.post(at(measure, "what/"), first | {"text": "Втори текст"})
    assert answer.status_code == 409
    (told,) = answer.context["differences"]
    assert (told.mine, told.theirs) == ("Втори текст", "Първи текст")
    assert (
        client.post(at(measure, "what/"), first | {"version": answer.context["version"]}).status_code == 302
    )


def test_a_mistake_does_not_hide_that_somebody_was_faster(coordinator: Membership, plan: Plan) -> None:
    measure, client = a_measure(plan), signed_in(coordinator)
    Measure.objects.update(version=2)
    answer = client.post(at(measure, "what/"), {"text": "", "kind": "key", "version": "1"})
    assert (answer.status_code, answer.context["version"]) == (422, 1)


# --- order ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(("moved", "to", "order"), [(3, 1, "вабг"), (1, 3, "бваг"), (2, 99, "авгб")])
def test_measures_of_a_draft_are_renumbered(
    coordinator: Membership, plan: Plan, moved: int, to: int, order: str
) -> None:
    for text in "абвг":
        a_measure(plan, text)
    measure = plan.measures.get(number=moved)
    actions.move_measure(viewer=as_viewer(coordinator), measure=measure, number=to, at=timezone.now())
    assert numbers(plan) == list(enumerate(order, start=1))


def test_numbers_close_up_when_a_measure_of_a_draft_goes(coordinator: Membership, plan: Plan) -> None:
    one, *_rest = [a_measure(plan, text) for text in "абв"]
    assert signed_in(coordinator).post(at(one, "remove/")).status_code == 302
    assert numbers(plan) == [(1, "б"), (2, "в")]


def test_measures_being_carried_out_keep_their_numbers(coordinator: Membership, plan: Plan) -> None:
    measure = a_measure(plan)
    Plan.objects.update(state="running")
    measure.refresh_from_db()
    for action in (actions.move_measure, actions.remove_measure):
        further = {"number": 2} if action is actions.move_measure else {}
        with pytest.raises(Refused):
            action(viewer=as_viewer(coordinator), measure=measure, at=timezone.now(), **further)
    assert numbers(plan) == [(1, measure.text)]


# --- what it answers ------------------------------------------------------------------------------
def test_a_measure_answers_what_was_gathered_in_this_plan_only(coordinator: Membership, plan: Plan) -> None:
    item, foreign = an_item(plan), an_item(a_plan(coordinator.organisation))
    measure, client = a_measure(plan), signed_in(coordinator)
    assert client.post(at(measure, "items/"), {"items": [str(item.pk)], "version": "1"}).status_code == 302
    assert list(measure.items.all()) == [item]
    assert client.post(at(measure, "items/"), {"items": [str(foreign.pk)], "version": "2"}).status_code == 422
    with pytest.raises(Refused):
        actions.set_items(
            viewer=as_viewer(coordinator), measure=measure, items=[foreign], version=2, at=timezone.now()
        )


# --- activities -----------------------------------------------------------------------------------
def step(text: str = "Въпросник", **changed: Any) -> dict[str, Any]:
    return {"text": text, "first": "01.03.2026", "last": "31.03.2026", "percent": "0"} | changed


def test_an_activity_begins_after_others(coordinator: Membership, plan: Plan) -> None:
    measure, client = a_measure(plan), signed_in(coordinator)
    before, far = an_activity(measure), an_activity(a_measure(plan, "Друга"), "Далечна")
    sent = step("Изпращане", follows=[str(before.pk)], further=str(far.pk))
    assert client.post(at(measure, "activities/new/"), sent).status_code == 302
    made = Activity.objects.get(text="Изпращане")
    assert set(made.follows.all()) == {before, far}
    page = client.get(at(measure)).content.decode()
    assert "31.10.2026" in page  # the day after the last day of the longer one


def test_activities_of_the_same_days_stand_as_they_were_written(plan: Plan) -> None:
    measure = a_measure(plan)
    written = [an_activity(measure, text) for text in ("Подготовка", "Изпълнение", "Отчет", "Анализ")]
    assert list(measure.activities.all()) == written


def test_a_circle_is_refused(coordinator: Membership, plan: Plan) -> None:
    measure = a_measure(plan)
    first, second = an_activity(measure, "Първа"), an_activity(measure, "Втора")
    second.follows.add(first)
    path = at(measure, f"activities/{first.pk}/")
    answer = signed_in(coordinator).post(path, step("Първа", follows=[str(second.pk)], version="1"))
    assert answer.status_code == 422
    assert "Втора" in answer.context["form"].errors["follows"][0]
    assert list(first.follows.all()) == []


def test_the_day_of_carrying_out_is_kept(coordinator: Membership, plan: Plan) -> None:
    measure, client = a_measure(plan), signed_in(coordinator)
    one = an_activity(measure, done_on=date(2026, 4, 1), percent=100)
    path = at(measure, f"activities/{one.pk}/")
    client.post(path, step(percent="100", version="1"))
    one.refresh_from_db()
    assert one.done_on == date(2026, 4, 1)
    client.post(path, step(percent="90", version="2"))
    one.refresh_from_db()
    assert one.done_on is None
    assert client.post(path, step(version="2")).status_code == 409
    assert client.post(f"{path}remove/").status_code == 302
    assert not measure.activities.exists()


# --- indicators -----------------------------------------------------------------------------------
def test_an_indicator_is_begun_with_its_aim(coordinator: Membership, plan: Plan) -> None:
    measure, client = a_measure(plan), signed_in(coordinator)
    sent = {
        "code": "6.1-1",
        "name": "Отговорили фирми",
        "direction": "up",
        "baseline": "0",
        "target": "120,5",
    }
    answer = client.post(at(measure, "indicators/begin/"), sent | {"days": ["30.06.2027", "31.12.2026", ""]})
    assert answer.status_code == 302
    made = MeasureIndicator.objects.get(measure=measure)
    assert (made.indicator.name, str(made.target), made.days) == (
        "Отговорили фирми",
        "120.500000",
        ["2026-12-31", "2027-06-30"],
    )
    wrong = client.post(at(measure, f"indicators/{made.pk}/"), {"days": ["утре"], "version": "1"})
    assert "days" in wrong.context["form"].errors


def test_an_indicator_is_chosen_once(coordinator: Membership, plan: Plan) -> None:
    measure = a_measure(plan)
    there = measured_by(measure)
    with pytest.raises(MeriloError):
        actions.add_measured(
            viewer=as_viewer(coordinator),
            measure=measure,
            indicator=there.indicator,
            aim=actions.Aim(),
            at=timezone.now(),
        )
    assert signed_in(coordinator).post(at(measure, f"indicators/{there.pk}/remove/")).status_code == 302
    assert Indicator.objects.filter(pk=there.indicator_id).exists()
    foreign = measured_by(a_measure(a_plan(an_organisation()))).indicator
    with pytest.raises(Refused):
        actions.add_measured(
            viewer=as_viewer(coordinator),
            measure=measure,
            indicator=foreign,
            aim=actions.Aim(),
            at=timezone.now(),
        )


def test_a_measure_that_is_done_says_how_many_activities_are_not(coordinator: Membership, plan: Plan) -> None:
    measure = a_measure(plan, state="done")
    an_activity(measure, percent=100)
    left, client = an_activity(measure, "Отчет", percent=60), signed_in(coordinator)
    told = "но 1 от дейностите ѝ не е изпълнена"
    assert told in client.get(f"{root(plan)}measures/{measure.pk}/").content.decode()
    Activity.objects.filter(pk=left.pk).update(percent=100)
    assert told not in client.get(f"{root(plan)}measures/{measure.pk}/").content.decode()


# --- the list -------------------------------------------------------------------------------------
def test_of_a_draft_nothing_is_waited_for_and_no_share_is_told(coordinator: Membership, plan: Plan) -> None:
    a_measure(plan, first=date(2020, 1, 1), last=date(2020, 12, 31), signal="at_risk")
    client = signed_in(coordinator)
    for state, signals, shares in (("draft", 0, False), ("running", 1, True)):
        Plan.objects.update(state=state)
        answer = client.get(f"{root(plan)}measures/")
        assert len(answer.context["figures"]) == signals
        assert ("изпълнени мерки:" in answer.content.decode()) == shares


def test_figures_lead_to_their_rows(coordinator: Membership, plan: Plan) -> None:
    states = ("done", "done", "under_way", "dropped")
    made = [a_measure(plan, f"Мярка {state}", state=state) for state in states]
    for measure in made:
        an_activity(measure, percent=100 if measure.state == "done" else 10)
    client = signed_in(coordinator)
    told = client.get(f"{root(plan)}measures/").context["told"]
    for share in (told["done"], told["carried"]):
        assert re.findall(r"\d+", share.value) == ["2", "3", "67"]
    found = client.get(told["done"].url).context["lines"]
    assert [line.row.measure.number for line in found] == [1, 2]
    assert [one.measure.number for one in client.get(told["carried"].url).context["rows"]] == [1, 2]
    assert [one.row.measure.number for one in client.get(told["dropped_url"]).context["lines"]] == [4]


@pytest.mark.parametrize("query", ["", "calendar/", "matrix/"])
def test_filters_are_the_same_in_all_views(coordinator: Membership, plan: Plan, query: str) -> None:
    mine = a_measure(plan, owner=coordinator, kind="key", codes=["1.2"])
    a_measure(plan, "Друга")
    client, path = signed_in(coordinator), f"{root(plan)}measures/{query}"
    for wanted in (f"owner={coordinator.pk}", "kind=key", "criterion=1"):
        lines = client.get(f"{path}?{wanted}").context["lines"]
        assert [line.row.measure for line in lines] == [mine]
    assert client.get(f"{path}?state=nonsense&sort=nonsense").status_code == 200


def test_the_table_sorts_both_ways(coordinator: Membership, plan: Plan) -> None:
    for text, last in (("в", 5), ("а", 7), ("б", 6)):
        a_measure(plan, text, last=date(2026, last, 1))
    client, path = signed_in(coordinator), f"{root(plan)}measures/"

    def order(query: str) -> str:
        lines = client.get(f"{path}?{query}").context["lines"]
        return "".join(line.row.measure.text for line in lines)

    assert [order("sort=text"), order("sort=text&down=1"), order("sort=last")] == ["абв", "вба", "вба"]


def test_the_matrix_puts_measures_where_their_proposals_are(coordinator: Membership, plan: Plan) -> None:
    points = {
        "results": 5,
        "citizens": 4,
        "people": 5,
        "visibility": 4,
        "ease": 2,
        "resources": 2,
        "speed": 2,
    }
    measure = a_measure(plan, proposal=a_proposal(plan, points=points))
    a_measure(plan, "Без място")
    context = signed_in(coordinator).get(f"{root(plan)}measures/matrix/").context
    placed = {
        (row.head, column): [thing.text for thing in cell.things]
        for row in context["cells"]
        for column, cell in enumerate(row.cells, start=1)
        if cell.things
    }
    assert placed == {("5", 2): [str(measure.number)]}
    assert [(impact, ease) for _line, impact, ease in context["places"]] == [("4,5", "2"), ("–", "–")]


def test_who_has_too_much_at_once_is_named(coordinator: Membership, plan: Plan) -> None:
    for number in range(4):
        a_measure(plan, f"Мярка {number}", owner=coordinator)
    a_measure(plan, "Готова", owner=coordinator, state="done")
    (found,) = board.overloads(board.rows_of(plan, on=date(2026, 5, 1)))
    assert (found.who, [row.measure.number for row in found.keys]) == (coordinator, [1, 2, 3, 4])
    assert "overloads" in signed_in(coordinator).get(f"{root(plan)}measures/calendar/").content.decode()


def test_a_measure_without_anybody_is_named(coordinator: Membership, plan: Plan) -> None:
    gone = a_member(coordinator.organisation, left_at=timezone.now())
    a_measure(plan, "Отишъл си", owner=gone, deputy=coordinator)
    a_measure(plan, "Ничия", owner=gone)
    told = signed_in(coordinator).get(f"{root(plan)}measures/").context["told"]
    assert told["ownerless"] == "2"


@pytest.mark.parametrize("query", ["", "calendar/", "matrix/", "activities/"])
def test_a_board_of_150_measures_asks_no_more_than_one_of_two(
    coordinator: Membership, plan: Plan, query: str, django_assert_max_num_queries: Any
) -> None:
    client, path = signed_in(coordinator), f"{root(plan)}measures/{query}"
    fill(plan, 2, coordinator)
    client.get(path)
    with django_assert_max_num_queries(15) as few:
        client.get(path)
    fill(plan, 148, coordinator)
    with django_assert_max_num_queries(len(few)):
        assert client.get(path).status_code == 200


def fill(plan: Plan, count: int, owner: Membership) -> None:
    start = plan.measures.count() + 1
    fields = {"plan": plan, "codes": ["6.1"], "first": date(2026, 3, 1), "last": date(2026, 10, 30)}
    made = Measure.objects.bulk_create(
        Measure(number=number, text=f"Мярка {number}", owner=owner, **fields)
        for number in range(start, start + count)
    )
    Activity.objects.bulk_create(
        Activity(measure=one, text=f"Дейност {place}", first=one.first, last=one.last, owner=owner)
        for one in made
        for place in range(10)
    )


def test_the_page_of_a_measure_asks_a_fixed_number_of_times(
    coordinator: Membership, plan: Plan, django_assert_max_num_queries: Any
) -> None:
    measure, client = a_measure(plan), signed_in(coordinator)
    for number in range(3):
        an_activity(measure, f"Дейност {number}")
        measured_by(measure, f"Показател {number}")
    client.get(at(measure))
    with django_assert_max_num_queries(18):
        client.get(at(measure))


def test_activities_of_a_plan_are_listed_by_what_is_done_and_by_pages(
    coordinator: Membership, plan: Plan
) -> None:
    first, dropped = a_measure(plan, "Анкета"), a_measure(plan, "Отпаднала", state="dropped")
    before = an_activity(first, "Въпросник", first=date(2026, 3, 1), last=date(2026, 3, 31), percent=100)
    an_activity(first, "Прибързано", first=date(2026, 3, 31), last=date(2026, 4, 9)).follows.add(before)
    an_activity(dropped, "Не се брои")
    client, path = signed_in(coordinator), f"{root(plan)}measures/activities/"

    def listed(query: str = "") -> list[str]:
        return [row.text for row in client.get(path + query).context["rows"]]

    assert listed() == ["Въпросник", "Прибързано"]
    assert (listed("?done=yes"), listed("?done=no")) == (["Въпросник"], ["Прибързано"])
    page = client.get(path).content.decode()
    assert page.count("започва твърде рано") == 1
    assert "1 дейност по отпаднали мерки не се брои" in page

    for number in range(100):
        an_activity(first, f"Стъпка {number}", first=date(2026, 5, 1), last=date(2026, 5, 2))
    assert (len(listed()), len(listed("?page=2")), len(listed("?done=no&page=2"))) == (100, 2, 1)
    assert 'href="?done=no&amp;page=2"' in client.get(f"{path}?done=no").content.decode()
