"""Other rooms offer measures to a plan; they wait in its inbox until somebody decides."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.utils import timezone

from merilo.assessment.models import State
from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.core.references import Reference, Snapshot
from merilo.improvement import work
from merilo.improvement.actions import drafts as actions
from merilo.improvement.actions.drafts import Offered
from merilo.improvement.models import Draft, Measure, Plan
from merilo.organisations.models import Membership, Notification
from tests.people import a_member, agreements_of, an_assessment, an_organisation, as_viewer, signed_in
from tests.plans import a_draft, a_plan
from tests.world_surveys import an_indicator

pytestmark = pytest.mark.django_db
SENT = {"text": "Повече гишета", "kind": "other", "codes": "6.1", "first": "1.3.2026", "last": "1.10.2026"}


@pytest.fixture
def coordinator() -> Membership:
    return a_member(an_organisation(), "coordinator")


@pytest.fixture
def author(coordinator: Membership) -> Membership:
    return a_member(coordinator.organisation, "assessor")


@pytest.fixture
def plan(coordinator: Membership) -> Plan:
    return a_plan(coordinator.organisation, state="running")


def inbox(plan: Plan) -> str:
    return f"/o/{plan.organisation.slug}/plans/{plan.pk}/inbox/"


def test_an_indicator_leads_to_an_offer_that_names_its_value(
    coordinator: Membership, author: Membership, plan: Plan
) -> None:
    indicator, _value = an_indicator(plan.organisation, "Срок за издаване")
    client = signed_in(author)
    page = client.get(f"/o/{plan.organisation.slug}/indicators/{indicator.pk}/")
    ((_name, links),) = [way for way in page.context["ways"] if any("inbox" in one.url for one in way[1])]
    form = client.get(links[0].url)
    assert [one["title"] for one in form.context["sources"]] == [str(indicator)]
    assert client.post(links[0].url, {"text": "Повече гишета", "codes": ""}).status_code == 302
    made = Draft.objects.get()
    assert (made.offered_by, made.sources[0]["kind"], Measure.objects.count()) == (author, "indicator", 0)
    (item,) = work.drafts_work(as_viewer(coordinator))
    (told,) = signed_in(coordinator).get(item.url).context["waiting"]
    assert told["sources"][0]["path"].endswith(f"/indicators/{indicator.pk}/")
    assert list(work.drafts_work(as_viewer(author))) == []


def test_a_sub_criterion_leads_to_an_offer(coordinator: Membership, plan: Plan) -> None:
    assessment = an_assessment(plan.organisation, coordinator, state=State.AGREEING)
    agreements_of(assessment, ["6.1"])
    take = quote(f"{assessment.pk}/6.1")
    path = f"{inbox(plan)}offer/?kind=criterion&place={assessment.pk}&take={take}"
    answer = signed_in(coordinator).get(path)
    (source,) = answer.context["sources"]
    assert source["title"].startswith("6.1 ")
    assert signed_in(coordinator).get(source["path"]).context["ways"]
    assert answer.context["form"].initial["codes"] == "6.1"


def test_nothing_is_taken_that_the_viewer_may_not_point_at(author: Membership, plan: Plan) -> None:
    indicator, _value = an_indicator(an_organisation(), "Чужд")
    path = (
        f"{inbox(plan)}offer/?kind=indicator&place={indicator.pk}&take={indicator.pk}/2025-01-01/2025-12-31"
    )
    assert signed_in(author).get(path).context["sources"] == []


def test_an_accepted_draft_is_a_measure_with_its_source(
    coordinator: Membership, author: Membership, plan: Plan
) -> None:
    seen = Reference("survey", "gone", Snapshot(title="Търпелив ли бяхте?", source="Анкета 2025"))
    offered = Offered("Гишета", "Чака се дълго", ["6.1"], [seen])
    draft = actions.offer(viewer=as_viewer(author), plan=plan, offered=offered, at=timezone.now())
    client = signed_in(coordinator)
    answer = client.post(f"{inbox(plan)}{draft.pk}/accept/", SENT)
    measure = Measure.objects.get()
    assert (measure.text, measure.note, measure.codes) == ("Повече гишета", "Чака се дълго", ["6.1"])
    page = client.get(answer["Location"])
    assert [one["title"] for one in page.context["sources"]] == ["Търпелив ли бяхте?"]
    assert Notification.objects.filter(person=author.person, kind="draft.accepted").count() == 1
    with pytest.raises(Conflict):
        actions.decline(viewer=as_viewer(coordinator), draft=draft, reason="Късно", at=timezone.now())


def test_a_draft_is_declined_with_a_reason_that_its_author_reads(
    coordinator: Membership, author: Membership, plan: Plan
) -> None:
    draft = a_draft(plan, offered_by=author)
    path = f"{inbox(plan)}{draft.pk}/decline/"
    client = signed_in(coordinator)
    assert client.post(path, {"reason": ""}).status_code == 422
    with pytest.raises(MeriloError):
        actions.decline(viewer=as_viewer(coordinator), draft=draft, reason="", at=timezone.now())
    assert client.post(path, {"reason": "Вече се прави"}).status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.reason, draft.decided_by) == ("declined", "Вече се прави", coordinator)
    notice = Notification.objects.get(person=author.person)
    assert notice.facts["note"] == "Вече се прави"


def test_readers_offer_nothing_and_only_the_coordinator_decides(author: Membership, plan: Plan) -> None:
    reader, draft = a_member(plan.organisation), a_draft(plan)
    assert signed_in(reader).get(f"{inbox(plan)}offer/").status_code == 403
    assert signed_in(author).get(f"{inbox(plan)}{draft.pk}/accept/").status_code == 403
    words: Any = {"viewer": as_viewer(author), "draft": draft, "at": timezone.now()}
    with pytest.raises(Refused):
        actions.decline(reason="Не", **words)
    plan.group.seats.create(holder=reader, function="member")
    assert signed_in(reader).get(f"{inbox(plan)}offer/").status_code == 200
    Plan.objects.update(state="closed")
    plan.refresh_from_db()
    with pytest.raises(Refused):
        actions.offer(viewer=as_viewer(author), plan=plan, offered=Offered("Късно"), at=timezone.now())
