"""The group of a plan and who is told what of it."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from merilo.core.errors import MeriloError, Refused
from merilo.improvement.actions import communication, group
from merilo.improvement.models import OwnPoints, Plan
from merilo.organisations.models import CommunicationItem, Membership
from tests.people import a_member, an_organisation, as_viewer, signed_in
from tests.plans import a_plan, a_proposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator() -> Membership:
    return a_member(an_organisation(), "coordinator")


@pytest.fixture
def plan(coordinator: Membership) -> Plan:
    return a_plan(coordinator.organisation)


def root(plan: Plan) -> str:
    return f"/o/{plan.organisation.slug}/plans/{plan.pk}/"


# --- group ------------------------------------------------------------------------------------
def test_a_group_is_composed_changed_and_thinned_out(coordinator: Membership, plan: Plan) -> None:
    member, client = a_member(coordinator.organisation, "assessor"), signed_in(coordinator)
    path = f"{root(plan)}group/"
    assert client.post(path, {"holder": str(member.pk), "function": "chair"}).status_code == 302
    assert member.name in client.get(path).content.decode()
    answer = client.post(path, {"holder": str(coordinator.pk), "function": "chair"})
    assert answer.status_code == 422  # there is a chair
    seat = plan.group.seats.get()
    assert client.post(f"{path}{seat.pk}/", {"function": "facilitator"}).status_code == 302
    assert plan.group.seats.get().function == "facilitator"
    assert client.post(f"{path}{seat.pk}/remove/").status_code == 302
    assert not plan.group.seats.exists()


def test_a_seat_whose_holder_gave_points_stays(coordinator: Membership, plan: Plan) -> None:
    seat = plan.group.seats.create(holder=coordinator, function="member")
    OwnPoints.objects.create(seat=seat, proposal=a_proposal(plan), saved_at=timezone.now())
    with pytest.raises(MeriloError):
        group.remove_seat(viewer=as_viewer(coordinator), plan=plan, seat=seat, at=timezone.now())
    assert plan.group.seats.exists()


def test_order_and_tasks_are_recorded(coordinator: Membership, plan: Plan) -> None:
    client, path = signed_in(coordinator), f"{root(plan)}group/"
    file = SimpleUploadedFile("заповед.pdf", b"%PDF-1.7", content_type="application/pdf")
    sent = {"number": "РД-15", "date": "10.01.2026", "title": "Група", "file": file}
    assert client.get(f"{path}order/file/").status_code == 404
    assert client.post(f"{path}order/", sent).status_code == 302
    assert client.post(f"{path}order/", {"number": "РД-16", "date": "10.01.2026"}).status_code == 302
    plan.refresh_from_db()
    plan.group.refresh_from_db()
    assert plan.order is not None
    assert (plan.order.number, plan.group.order) == ("РД-16", plan.order)
    assert client.get(f"{path}order/file/").getvalue() == b"%PDF-1.7"
    assert client.post(f"{path}order/", {"number": "РД-17", "date": "10.01.2526"}).status_code == 422
    assert client.post(f"{path}tasks/", {"mandate": "Избира мерките.", "version": "1"}).status_code == 302
    late = client.post(f"{path}tasks/", {"mandate": "Нещо друго.", "version": "1"})
    assert late.status_code == 409
    assert "Нещо друго." in late.content.decode()
    assert "Избира мерките." in client.get(path).content.decode()


def test_only_who_drafts_composes_the_group(coordinator: Membership, plan: Plan) -> None:
    sponsor = a_member(coordinator.organisation, "sponsor")
    path = f"{root(plan)}group/"
    assert signed_in(sponsor).get(path).status_code == 200
    sent = {"holder": str(sponsor.pk), "function": "chair"}
    assert signed_in(sponsor).post(path, sent).status_code == 403
    with pytest.raises(Refused):
        group.set_mandate(viewer=as_viewer(sponsor), plan=plan, mandate="", version=1, at=timezone.now())


# --- communication ----------------------------------------------------------------------------
def test_the_usual_messages_come_once_and_in_the_towns_language(coordinator: Membership, plan: Plan) -> None:
    viewer = as_viewer(coordinator)
    made = communication.suggest_messages(viewer=viewer, plan=plan, at=timezone.now())
    assert made == len(communication.SUGGESTED) == CommunicationItem.objects.count()
    with pytest.raises(MeriloError):
        communication.suggest_messages(viewer=viewer, plan=plan, at=timezone.now())


def test_a_message_is_added_changed_done_and_removed(coordinator: Membership, plan: Plan) -> None:
    client, path = signed_in(coordinator), f"{root(plan)}communication/"
    sent = {"message": "Планът", "medium": "Среща", "audience": "Служители", "date": "01.02.2026"}
    assert client.post(f"{path}new/", sent).status_code == 302
    assert client.post(f"{path}new/", sent | {"date": "01.02.2526"}).status_code == 422
    row = CommunicationItem.objects.get()
    changed = sent | {"message": "Новият план", "version": "1"}
    assert client.post(f"{path}{row.pk}/", changed).status_code == 302
    late = client.post(f"{path}{row.pk}/", sent | {"medium": "Сайт", "version": "1"})
    assert late.status_code == 409
    told = late.content.decode()
    assert "Новият план" in told
    assert 'value="Сайт"' in told
    assert 'name="version" value="2"' in told
    assert client.post(f"{path}{row.pk}/done/").status_code == 302
    row.refresh_from_db()
    assert (row.message, row.done_at) == ("Новият план", timezone.localdate())
    assert "Новият план" in client.get(f"{path}?format=csv").content.decode()
    assert client.post(f"{path}{row.pk}/done/", {"undo": "1"}).status_code == 302
    row.refresh_from_db()
    assert row.done_at is None
    assert client.post(f"{path}{row.pk}/remove/").status_code == 302
    assert not CommunicationItem.objects.exists()


def test_a_message_of_another_plan_is_not_found(coordinator: Membership, plan: Plan) -> None:
    other = a_plan(coordinator.organisation)
    row = CommunicationItem.objects.create(
        plan=other.communication, message="a", medium="b", audience="c", date="2026-01-01"
    )
    client = signed_in(coordinator)
    assert client.get(f"{root(plan)}communication/{row.pk}/").status_code == 404
    assert client.post(f"{root(plan)}communication/{row.pk}/remove/").status_code == 404
    viewer = as_viewer(a_member(coordinator.organisation, "sponsor"))
    with pytest.raises(Refused):
        communication.remove_message(viewer=viewer, plan=other, row=row, at=timezone.now())
