"""Members score alone and unseen, the group agrees, the order decides, the chosen become measures."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from merilo.core.errors import Refused
from merilo.improvement import work
from merilo.improvement.actions import priorities as actions
from merilo.improvement.models import Decision, Measure, MeasureKind, OwnPoints, Plan, Proposal
from merilo.organisations.models import Membership
from tests.people import a_member, an_organisation, as_viewer, signed_in
from tests.plans import a_measure, a_plan, a_proposal, an_item, own_points, points_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator() -> Membership:
    return a_member(an_organisation(), "coordinator")


@pytest.fixture
def plan(coordinator: Membership) -> Plan:
    return a_plan(coordinator.organisation)


@pytest.fixture
def client(coordinator: Membership) -> Client:
    return signed_in(coordinator)


def root(plan: Plan) -> str:
    return f"/o/{plan.organisation.slug}/plans/{plan.pk}/priorities/"


def seated(plan: Plan, function: str = "member", role: str = "assessor") -> Membership:
    member = a_member(plan.organisation, role)
    plan.group.seats.create(holder=member, function=function, position=plan.group.seats.count())
    return member


def codes(plan: Plan) -> list[str]:
    return [one["code"] for one in plan.scheme]


def sent(plan: Plan, impact: int, feasibility: int) -> dict[str, str]:
    return {f"points-{code}": str(value) for code, value in points_of(plan, impact, feasibility).items()}


# --- alone ------------------------------------------------------------------------------------
def test_a_member_scores_one_after_the_other(plan: Plan) -> None:
    one, two = a_proposal(plan), a_proposal(plan, text="Друго")
    member = seated(plan)
    client = signed_in(member)
    answer = client.post(f"{root(plan)}mine/{one.pk}/", sent(plan, 5, 2))
    assert answer.headers["Location"] == f"{root(plan)}mine/{two.pk}/"
    answer = client.post(f"{root(plan)}mine/{two.pk}/", sent(plan, 1, 3))
    assert answer.headers["Location"] == f"{root(plan)}mine/"
    own = OwnPoints.objects.get(proposal=one)
    assert (own.seat.holder, own.points) == (member, points_of(plan, 5, 2))
    assert client.get(f"{root(plan)}mine/").context["done"] == 2


def test_a_double_send_counts_once(plan: Plan) -> None:
    proposal = a_proposal(plan)
    client = signed_in(seated(plan))
    for _ in range(2):
        client.post(f"{root(plan)}mine/{proposal.pk}/", sent(plan, 4, 4) | {"once": "a-key-of-a-form"})
    assert OwnPoints.objects.count() == 1


def test_points_lie_between_one_and_five(plan: Plan) -> None:
    proposal = a_proposal(plan)
    client = signed_in(seated(plan))
    first = codes(plan)[0]
    assert client.post(f"{root(plan)}mine/{proposal.pk}/", {f"points-{first}": "6"}).status_code == 422
    assert client.post(f"{root(plan)}mine/table/", {"v1": "1", f"p1-{first}": "0"}).status_code == 422
    answer = client.post(f"{root(plan)}mine/table/", {"v1": "1", f"p1-{first}": "x"})
    assert answer.status_code == 422
    name = plan.scheme[0]["name"]["bg"]
    assert f"Предложение 1, „{name}“: цяло число от 1 до 5." in answer.content.decode()
    assert not OwnPoints.objects.exists()
    assert client.post(f"{root(plan)}mine/table/", {"v1": "1", f"p1-{first}": "5"}).status_code == 302
    assert OwnPoints.objects.get().points == {first: 5}


def test_nobody_sees_what_others_gave_before_the_scores_are_closed(client: Client, plan: Plan) -> None:
    proposal = a_proposal(plan)
    one, two = seated(plan, "chair", "colleague"), seated(plan)
    seats = {seat.holder_id: seat for seat in plan.group.seats.all()}
    own_points(proposal, seats[one.pk], 5, 5, 5, 5, 5, 5, 5)
    own_points(proposal, seats[two.pk], 2, 5, 5, 5, 5, 5, 5)
    pages = (f"{root(plan)}group/", f"{root(plan)}group/{proposal.pk}/")
    for page in pages:
        answer = client.get(page)
        assert "от 2 до 5" not in answer.content.decode()
        assert "from 2 to 5" not in answer.content.decode()
    assert not client.get(pages[0]).context["has_voices"]
    assert {one.done for one in client.get(pages[0]).context["progress"]} == {1}
    assert client.post(pages[0], {"close": "1"}).status_code == 302
    row = client.get(pages[0]).context["rows"][0]
    assert row["width"] == 3
    field = client.get(pages[1], headers={"accept-language": "en"}).context["form"]
    told = {name: str(one.help_text) for name, one in field.fields.items()}
    assert told[f"points-{codes(plan)[0]}"] == "Members: from 2 to 5 (2 scores)"
    assert told[f"points-{codes(plan)[1]}"] == "Members: 5 (2 scores)"
    assert field[f"points-{codes(plan)[1]}"].value() == "5"  # close: the middle is proposed
    assert not field[f"points-{codes(plan)[0]}"].value()


def test_after_closing_nobody_scores_alone(client: Client, plan: Plan) -> None:
    proposal, member = a_proposal(plan), seated(plan)
    client.post(f"{root(plan)}group/", {"close": "1"})
    answer = signed_in(member).post(f"{root(plan)}mine/{proposal.pk}/", sent(plan, 3, 3))
    assert answer.headers["Location"] == f"{root(plan)}group/"
    assert not OwnPoints.objects.exists()
    plan.refresh_from_db()
    with pytest.raises(Refused):
        actions.score_alone(viewer=as_viewer(member), plan=plan, points={proposal.pk: {}}, at=timezone.now())
    client.post(f"{root(plan)}group/", {"open": "1"})
    assert signed_in(member).post(f"{root(plan)}mine/{proposal.pk}/", sent(plan, 3, 3)).status_code == 302
    assert OwnPoints.objects.count() == 1


def test_who_has_no_seat_that_scores_does_not(client: Client, plan: Plan) -> None:
    proposal = a_proposal(plan)
    observer = signed_in(seated(plan, "observer"))
    for visitor in (client, observer):
        answer = visitor.get(f"{root(plan)}mine/", follow=True)
        assert answer.redirect_chain[-1][0] == f"{root(plan)}group/"
        assert "Точки дават членовете на групата." in answer.content.decode()
        assert visitor.get(f"{root(plan)}mine/table/").headers["Location"] == f"{root(plan)}group/"
        assert visitor.post(f"{root(plan)}mine/{proposal.pk}/", sent(plan, 3, 3)).status_code == 403


def test_my_work_says_how_many_proposals_wait_for_my_points(
    client: Client, coordinator: Membership, plan: Plan
) -> None:
    one, two = a_proposal(plan), a_proposal(plan, text="Друго")
    a_proposal(plan, text="Решено", decision="declined")
    a_proposal(plan, text="Съгласувано", points=points_of(plan, 3, 3))
    member, observer = seated(plan), seated(plan, "observer")
    viewer = as_viewer(member)

    def waiting() -> list[tuple[str, str]]:
        return [(item.status, item.status_text) for item in work.points_work(viewer)]

    with translation.override("bg"):
        assert waiting() == [("idle", "2 предложения чакат")]
        (item,) = work.points_work(viewer)
        own = signed_in(member)
        home = own.get(f"/o/{plan.organisation.slug}/").content.decode()
        assert "Дайте своите точки" in home
        assert f'href="{item.url}"' in home
        own.post(f"{root(plan)}mine/{one.pk}/", sent(plan, 4, 4))
        assert waiting() == [("progress", "1 предложение чака")]
        own.post(f"{root(plan)}mine/{two.pk}/", sent(plan, 4, 4))
        assert waiting() == []  # all is done
    a_proposal(plan, text="Ново")
    assert len(waiting()) == 1
    assert list(work.points_work(as_viewer(observer))) == []
    assert list(work.points_work(as_viewer(coordinator))) == []
    client.post(f"{root(plan)}group/", {"close": "1"})
    assert waiting() == []


def test_points_waiting_are_asked_for_in_three_queries(plan: Plan, django_assert_num_queries: Any) -> None:
    member = seated(plan)
    for number in range(3):
        a_proposal(plan, text=f"Предложение {number}")
    viewer = as_viewer(member)
    with django_assert_num_queries(3):
        assert len(list(work.points_work(viewer))) == 1
    Plan.objects.filter(pk=plan.pk).update(state="running")
    with django_assert_num_queries(1):
        assert list(work.points_work(viewer)) == []


# --- together ---------------------------------------------------------------------------------
def test_close_ones_take_their_middle(client: Client, plan: Plan) -> None:
    close, wide = a_proposal(plan), a_proposal(plan, text="Спорно")
    seats = [plan.group.seats.get(holder=seated(plan)) for _ in range(3)]
    for seat, value in zip(seats, (3, 4, 4), strict=True):
        own_points(close, seat, *[value] * 7)
        own_points(wide, seat, *[1 if value == 3 else 5] * 7)
    client.post(f"{root(plan)}group/", {"accept": "1"})
    assert not Proposal.objects.exclude(points={}).exists()  # not closed yet
    client.post(f"{root(plan)}group/", {"close": "1"})
    client.post(f"{root(plan)}group/", {"accept": "1"})
    close.refresh_from_db()
    wide.refresh_from_db()
    assert close.points == points_of(plan, 4, 4)
    assert wide.points == {}


def test_agreed_points_are_not_overwritten_unseen(client: Client, plan: Plan) -> None:
    proposal = a_proposal(plan)
    path = f"{root(plan)}group/{proposal.pk}/"
    assert client.post(path, sent(plan, 4, 2) | {"version": "1"}).status_code == 302
    answer = client.post(path, sent(plan, 5, 5) | {"version": "1"})
    assert answer.status_code == 409
    assert {value for _name, value in answer.context["stored"]} == {4, 2}
    proposal.refresh_from_db()
    assert proposal.points == points_of(plan, 4, 2)


def test_the_table_keeps_what_was_typed_beside_what_is_stored(client: Client, plan: Plan) -> None:
    one, two = a_proposal(plan), a_proposal(plan, text="Друго")
    first = codes(plan)[0]
    Proposal.objects.filter(pk=one.pk).update(points={first: 2}, version=2)
    typed = {"v1": "1", f"p1-{first}": "5", "v2": "1", f"p2-{first}": "3"}
    answer = client.post(f"{root(plan)}group/table/", typed)
    assert answer.status_code == 409
    assert [value for _name, value in answer.context["stored"][1]] == [2]
    form = answer.context["form"]
    assert (form["v1"].value(), form[f"p1-{first}"].value()) == ("2", "5")
    assert client.post(f"{root(plan)}group/table/", typed | {"v1": "2"}).status_code == 302
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.points, two.points) == ({first: 5}, {first: 3})


def test_the_chair_moderates_and_members_do_not(plan: Plan) -> None:
    proposal = a_proposal(plan)
    chair, member = signed_in(seated(plan, "chair")), signed_in(seated(plan))
    path = f"{root(plan)}group/{proposal.pk}/"
    assert member.get(path).status_code == 200
    assert member.post(path, sent(plan, 4, 2) | {"version": "1"}).status_code == 403
    assert member.get(f"{root(plan)}group/table/").status_code == 403
    assert chair.post(path, sent(plan, 4, 2) | {"version": "1"}).status_code == 302


def test_the_median_is_called_median(client: Client, plan: Plan) -> None:
    proposal = a_proposal(plan)
    for value in (3, 5, 5):
        own_points(proposal, plan.group.seats.get(holder=seated(plan)), *[value] * 7)
    client.post(f"{root(plan)}group/", {"close": "1"})
    page = client.get(f"{root(plan)}group/{proposal.pk}/").content.decode()
    assert "от 3 до 5, медиана 5 (3 оценки)" in page


def test_the_group_goes_on_in_the_order_of_its_list(client: Client, plan: Plan) -> None:
    close, wide, wider = (a_proposal(plan, text=text) for text in ("Близки", "Спорно", "Най-спорно"))
    seats = [plan.group.seats.get(holder=seated(plan)) for _ in range(2)]
    for proposal, most in ((close, 3), (wide, 4), (wider, 5)):
        for seat, value in zip(seats, (2, most), strict=True):
            own_points(proposal, seat, *[value] * 7)
    client.post(f"{root(plan)}group/", {"close": "1"})
    listed = [row["proposal"] for row in client.get(f"{root(plan)}group/").context["rows"]]
    assert listed == [wider, wide, close]
    context = client.get(f"{root(plan)}group/{wide.pk}/").context
    assert [context[name].text for name in ("previous", "next")] == ["3. Най-спорно", "1. Близки"]
    path, told = f"{root(plan)}group/{{}}/", sent(plan, 3, 3) | {"version": "1"}
    assert client.post(path.format(wider.pk), told).headers["Location"] == path.format(wide.pk)
    assert client.post(path.format(close.pk), told).headers["Location"] == path.format(wide.pk)
    assert client.post(path.format(wide.pk), told).headers["Location"] == f"{root(plan)}group/"


# --- decisions and measures -------------------------------------------------------------------
def box(proposal: Proposal) -> str:
    return f"{proposal.pk}.{proposal.version}"


def test_the_table_stands_in_order_and_several_are_decided(client: Client, plan: Plan) -> None:
    weak = a_proposal(plan, text="Слабо", points=points_of(plan, 1, 2))
    best = a_proposal(plan, text="Най-добро", points=points_of(plan, 5, 5))
    none = a_proposal(plan, text="Без точки")
    answer = client.get(root(plan))
    told = [(row["proposal"].pk, row["rank"]) for row in answer.context["rows"]]
    assert told == [(best.pk, 1), (weak.pk, 2), (none.pk, None)]
    assert "въздействието, умножено по изпълнимостта" in answer.content.decode()
    nothing = client.post(root(plan), {"decision": Decision.CHOSEN})
    assert "Първо отбележете поне едно предложение." in nothing.content.decode()
    assert [row["proposal"].pk for row in client.get(f"{root(plan)}?place=quick_win").context["rows"]] == [
        best.pk
    ]
    two = {"proposals": [box(weak), box(none)], "decision": Decision.LATER}
    assert client.post(root(plan), two).status_code == 422
    assert client.post(root(plan), two | {"reason": "Няма средства"}).status_code == 302
    weak.refresh_from_db()
    assert (weak.decision, weak.reason) == (Decision.LATER, "Няма средства")
    assert client.post(root(plan), two | {"reason": "Пак"}).status_code == 422  # changed since it was shown


def test_each_figure_leads_to_its_rows_and_all_shown_are_ticked_at_once(client: Client, plan: Plan) -> None:
    chosen, measured = (a_proposal(plan, text=text, decision="chosen") for text in ("Ново", "Мярка"))
    later = a_proposal(plan, text="После", decision="later")
    a_proposal(plan, text="Открито")
    a_measure(plan, proposal=measured)

    def shown(query: str) -> set[Proposal]:
        return {row["proposal"] for row in client.get(f"{root(plan)}?{query}").context["rows"]}

    assert shown("state=decided") == {chosen, measured, later}
    assert shown("state=to_measure") == {chosen}
    page = client.get(f"{root(plan)}?state=decided&all=1").content.decode()
    assert page.count(" checked>") == 3
    decided = client.post(f"{root(plan)}?state=later&all=1", {"proposals": [box(later)], "decision": "open"})
    assert decided["Location"].endswith("?state=later#table")


def test_the_chosen_become_measures_once(client: Client, plan: Plan) -> None:
    item, other = an_item(plan, code="6.1"), an_item(plan, "Друго", code="1.2")
    quick = a_proposal(plan, item, other, text="Бързо", points=points_of(plan, 4, 4), decision="chosen")
    key = a_proposal(plan, text="Голямо", points=points_of(plan, 5, 1), note="Обяснение", decision="chosen")
    a_proposal(plan, text="После", points=points_of(plan, 5, 5), decision="later")
    assert client.get(f"{root(plan)}measures/").headers["Location"] == root(
        plan
    )  # nothing is made by looking
    assert not Measure.objects.exists()
    page = client.post(f"{root(plan)}measures/", follow=True).content.decode()
    assert f'Създадени са 2 мерки. <a href="/o/{plan.organisation.slug}/plans/{plan.pk}/measures/' in page
    assert client.post(f"{root(plan)}measures/").status_code == 302
    first, second = Measure.objects.filter(plan=plan)
    assert (first.number, first.proposal, first.kind) == (1, quick, MeasureKind.QUICK_WIN)
    assert (first.codes, set(first.items.all())) == (["6.1", "1.2"], {item, other})
    assert (first.first, first.last) == (plan.first, plan.last)
    assert (second.proposal, second.kind, second.note) == (key, MeasureKind.KEY, "Обяснение")
    back = {"proposals": [box(quick)], "decision": Decision.OPEN}
    answer = client.post(root(plan), back)
    assert answer.status_code == 422
    assert "Предложение № 1 вече е мярка." in answer.content.decode()
    both = client.post(root(plan), back | {"proposals": [box(quick), box(key)]})
    assert "Предложения № 1, 2 вече са мерки." in both.content.decode()


def test_sensitivity_names_who_comes_in_and_who_drops_out(client: Client, plan: Plan) -> None:
    scheme = [
        {"code": "a", "axis": "impact", "weight": 5, "name": {"bg": "А"}},
        {"code": "b", "axis": "impact", "weight": 5, "name": {"bg": "Б"}},
        {"code": "c", "axis": "feasibility", "weight": 1, "name": {"bg": "В"}},
    ]
    Plan.objects.filter(pk=plan.pk).update(scheme=scheme)
    for _ in range(9):
        a_proposal(plan, points={"a": 5, "b": 5, "c": 5})
    one = a_proposal(plan, points={"a": 5, "b": 1, "c": 5})
    two = a_proposal(plan, points={"a": 1, "b": 5, "c": 5})
    answer = client.get(f"{root(plan)}order/")
    moves = {(row["name"], row["grows"]): (row["came"], row["went"]) for row in answer.context["rows"]}
    assert moves == {("А", False): ([two], [one]), ("Б", True): ([two], [one])}
    assert [row["rank"] for row in answer.context["first"]] == list(range(1, 11))
    assert f"№ {one.number} · {one.text}" in answer.content.decode()  # a number is never a rank here


# --- criteria ---------------------------------------------------------------------------------
def scheme_sent(client: Client, plan: Plan) -> dict[str, str]:
    form = client.get(f"{root(plan)}criteria/").context["form"]
    fields = {
        name: str(field.initial) for name, field in form.fields.items() if field.initial not in {None, ""}
    }
    return fields | {"version": str(plan.version)}


def test_criteria_are_weighted_added_and_removed(client: Client, plan: Plan) -> None:
    own = plan.organisation.language
    fields = scheme_sent(client, plan)
    fields |= {
        "weight-citizens": "3",
        "remove-visibility": "on",
        f"name-new-{own}": "Климат",
        "weight-new": "2",
    }
    assert client.post(f"{root(plan)}criteria/", fields).status_code == 302
    plan.refresh_from_db()
    by_code = {one["code"]: one for one in plan.scheme}
    assert by_code["citizens"]["weight"] == 3
    assert "visibility" not in by_code
    assert by_code["own-1"] == {"code": "own-1", "axis": "impact", "weight": 2, "name": {own: "Климат"}}
    assert client.post(f"{root(plan)}criteria/", fields).status_code == 409


def test_a_criterion_is_kept_by_whatever_name_it_has(client: Client, plan: Plan) -> None:
    fields = scheme_sent(client, plan) | {"name-new-en": "Climate", "weight-new": "3"}
    assert client.post(f"{root(plan)}criteria/", fields).status_code == 302
    plan.refresh_from_db()
    assert plan.scheme[-1] == {"code": "own-1", "axis": "impact", "weight": 3, "name": {"en": "Climate"}}
    assert "Climate" in client.get(f"{root(plan)}criteria/").content.decode()
    assert client.post(f"{root(plan)}criteria/", scheme_sent(client, plan)).status_code == 302  # as it is


def test_nothing_chosen_for_a_nameless_criterion_goes_silently(client: Client, plan: Plan) -> None:
    for chosen in ({"weight-new": "3"}, {"axis-new": "feasibility"}):
        answer = client.post(f"{root(plan)}criteria/", scheme_sent(client, plan) | chosen)
        assert answer.status_code == 422
        assert "Дайте име на новия критерий, поне на един език." in answer.content.decode()
        ((name, value),) = chosen.items()
        assert answer.context["form"][name].value() == value


def test_no_two_criteria_have_one_name(client: Client, plan: Plan) -> None:
    own = plan.organisation.language
    known = plan.scheme[0]["name"][own]
    fields = scheme_sent(client, plan) | {f"name-new-{own}": f" {known.upper()} ", "weight-new": "2"}
    answer = client.post(f"{root(plan)}criteria/", fields)
    assert answer.status_code == 422
    assert f"Два критерия се казват „{known.upper()}“." in answer.content.decode()
    assert answer.context["form"]["weight-new"].value() == "2"
    fields |= {f"remove-{plan.scheme[0]['code']}": "on"}
    assert client.post(f"{root(plan)}criteria/", fields).status_code == 302  # the name is free again


def test_a_criterion_without_a_name_is_named_in_the_error(client: Client, plan: Plan) -> None:
    name = plan.scheme[0]["name"]["bg"]
    code = plan.scheme[0]["code"]
    fields = scheme_sent(client, plan) | {f"name-{code}-bg": "", f"name-{code}-en": ""}
    answer = client.post(f"{root(plan)}criteria/", fields)
    assert answer.status_code == 422
    assert f"Критерият „{name}“ няма име." in answer.content.decode()


@pytest.mark.parametrize("typed", ["-1", "101", "1.5", "х", ""])
def test_a_wrong_weight_is_told_with_its_criterion(client: Client, plan: Plan, typed: str) -> None:
    name = plan.scheme[2]["name"]["bg"]
    fields = scheme_sent(client, plan) | {f"weight-{plan.scheme[2]['code']}": typed}
    answer = client.post(f"{root(plan)}criteria/", fields)
    assert answer.status_code == 422
    assert f"Тежест на „{name}“: цяло число от 0 до 100." in answer.content.decode()


def test_an_axis_keeps_a_criterion(client: Client, plan: Plan) -> None:
    fields = scheme_sent(client, plan)
    fields |= {"weight-ease": "0", "weight-resources": "0", "remove-speed": "on"}
    answer = client.post(f"{root(plan)}criteria/", fields)
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors()


def test_proposals_go_on_naming_the_same_success_factor(client: Client, plan: Plan) -> None:
    Plan.objects.filter(pk=plan.pk).update(factors=["Доверие", "Бюджет", "Хора"])
    proposal = a_proposal(plan, factors=[0, 2])
    fields = scheme_sent(client, plan) | {"factor-0": "", "factor-3": "Нов"}
    assert client.post(f"{root(plan)}criteria/", fields).status_code == 302
    plan.refresh_from_db()
    proposal.refresh_from_db()
    assert plan.factors == ["Бюджет", "Хора", "Нов"]
    assert [plan.factors[place] for place in proposal.factors] == ["Хора"]


def test_pages_ask_a_fixed_number_of_times(
    client: Client, plan: Plan, django_assert_max_num_queries: Any
) -> None:
    seat = plan.group.seats.get(holder=seated(plan))
    for number in range(15):
        proposal = a_proposal(
            plan, an_item(plan, f"Идея {number}"), points=points_of(plan, 1 + number % 5, 3)
        )
        own_points(proposal, seat, *[3] * 7)
    Plan.objects.filter(pk=plan.pk).update(scored_at=timezone.now())
    pages = ("", "order/", "group/", "group/table/", f"group/{proposal.pk}/")
    for page in pages:
        client.get(f"{root(plan)}{page}")
        with django_assert_max_num_queries(14):
            assert client.get(f"{root(plan)}{page}").status_code == 200
