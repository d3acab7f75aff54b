"""Proposals are reworded, merged, thinned out and removed; what lay in them is never lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from merilo.improvement.models import Plan, Proposal
from merilo.organisations.models import Membership
from tests.people import a_member, an_organisation, signed_in
from tests.plans import a_measure, a_plan, a_proposal, an_item, points_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator() -> Membership:
    return a_member(an_organisation(), "coordinator")


@pytest.fixture
def plan(coordinator: Membership) -> Plan:
    return a_plan(coordinator.organisation, factors=["Доверие", "Бюджет"])


@pytest.fixture
def client(coordinator: Membership) -> Client:
    return signed_in(coordinator)


def root(plan: Plan) -> str:
    return f"/o/{plan.organisation.slug}/plans/{plan.pk}/proposals/"


def path(proposal: Proposal) -> str:
    return f"{root(proposal.plan)}{proposal.pk}/"


def test_a_proposal_is_reworded_and_not_overwritten_unseen(client: Client, plan: Plan) -> None:
    proposal = a_proposal(plan, an_item(plan))
    sent = {"text": "Първо", "note": "Защото", "theme": "Диалог", "factors": ["1"], "version": "1"}
    assert client.post(path(proposal), sent).status_code == 302
    proposal.refresh_from_db()
    assert (proposal.text, proposal.note, proposal.factors) == ("Първо", "Защото", [1])
    assert proposal.theme is not None
    assert proposal.theme.name == "Диалог"
    answer = client.post(path(proposal), sent | {"text": "Второ"})
    assert answer.status_code == 409
    assert "Първо" in answer.content.decode()
    assert answer.context["form"]["text"].value() == "Второ"
    assert client.post(path(proposal), sent | {"text": "", "version": "2"}).status_code == 422


def test_items_are_taken_out_and_wait(client: Client, plan: Plan) -> None:
    one, two = an_item(plan), an_item(plan, "Друго")
    proposal = a_proposal(plan, one, two)
    assert client.post(path(proposal), {"out": f"{one.pk}.{one.version}"}).status_code == 302
    assert [item.pk for item in proposal.items.all()] == [two.pk]
    one.refresh_from_db()
    assert (one.proposal, one.aside) == (None, "")


def test_another_one_comes_in(client: Client, plan: Plan) -> None:
    one, two = a_proposal(plan, an_item(plan), points=points_of(plan, 4, 4)), a_proposal(plan, an_item(plan))
    assert client.post(path(one), {"other": str(two.pk)}).status_code == 302
    assert one.items.count() == 2
    assert not Proposal.objects.filter(pk=two.pk).exists()
    one.refresh_from_db()
    assert one.points == points_of(plan, 4, 4)


def test_what_became_a_measure_is_neither_merged_away_nor_removed(client: Client, plan: Plan) -> None:
    one, two = a_proposal(plan, an_item(plan)), a_proposal(plan, an_item(plan))
    a_measure(plan, proposal=two)
    answer = client.post(path(one), {"other": str(two.pk)})
    assert answer.status_code == 422
    assert answer.context["merge"].errors
    assert client.post(path(two), {"remove": "1"}).status_code == 422
    assert two.items.count() == 1


def test_items_of_a_removed_one_wait(client: Client, plan: Plan) -> None:
    item = an_item(plan)
    proposal = a_proposal(plan, item)
    assert client.post(path(proposal), {"remove": "1"}).status_code == 302
    item.refresh_from_db()
    assert (item.proposal, item.version) == (None, 2)


def test_nothing_of_another_plan_is_reached(client: Client, plan: Plan) -> None:
    own, foreign = a_proposal(plan), a_proposal(a_plan(an_organisation()))
    assert client.get(f"{root(plan)}{foreign.pk}/").status_code == 404
    assert client.post(path(own), {"other": str(foreign.pk)}).status_code == 422
    item = an_item(foreign.plan)
    assert client.post(path(own), {"out": f"{item.pk}.1"}).status_code == 422


def test_readers_see_and_change_nothing(coordinator: Membership, plan: Plan) -> None:
    proposal = a_proposal(plan, an_item(plan), note="Обяснение", factors=[0])
    sponsor = signed_in(a_member(coordinator.organisation, "sponsor"))
    told = sponsor.get(path(proposal)).content.decode()
    assert "Обяснение" in told
    assert "Доверие" in told
    assert sponsor.post(path(proposal), {"remove": "1"}).status_code == 403


def test_the_list_asks_a_fixed_number_of_times(
    client: Client, plan: Plan, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        a_measure(plan, proposal=a_proposal(plan, an_item(plan, f"Идея {number}"), text=f"П {number}"))
    client.get(root(plan))
    with django_assert_max_num_queries(11):
        answer = client.get(root(plan))
    assert len(answer.context["rows"]) == 20
