from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from merilo.core.errors import MeriloError, Refused
from merilo.core.models import AuditEntry
from merilo.organisations import chronicle, handing, role_handing
from merilo.organisations.actions.handing import hand_over
from merilo.organisations.actions.people import leave, may_return, take_back
from merilo.organisations.chronicle import Wanted
from merilo.organisations.mails import tell_handed_over
from merilo.organisations.models import Notification
from merilo.organisations.queries import viewer_in
from tests.people import NOON, a_member, a_person, an_organisation, as_viewer, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return an_organisation("town")


@pytest.fixture
def coordinator(town):
    return a_member(town, "coordinator", "assessor", name="Мария Колева")


@pytest.fixture
def colleague(town):
    return a_member(town, "viewer", name="Петър Ангелов")


def go(name, **kwargs):
    return reverse(f"organisations:{name}", kwargs={"org": "town", **kwargs})


def verbs(town):
    return list(
        AuditEntry.objects.filter(chain=str(town.pk)).order_by("number").values_list("verb", flat=True)
    )


# --- what is given ---------------------------------------------------------------------------------
def test_a_coordinator_hands_the_own_roles_over(town, coordinator, colleague, settings, mailoutbox):
    settings.MAIL_SERVER = "smtp://localhost:1"
    viewer = as_viewer(coordinator)
    gone = hand_over(viewer=viewer, member=coordinator, to={"roles": colleague}, at=NOON)
    tell_handed_over(viewer=viewer, member=coordinator, gone=gone)
    assert Notification.objects.get().kind == "work.received_own"
    coordinator.refresh_from_db()
    colleague.refresh_from_db()
    assert coordinator.roles == ["viewer"]
    assert colleague.roles == ["coordinator", "assessor", "viewer"]
    assert [held.kind.code for held in gone] == ["roles"]
    assert verbs(town) == ["member.roles_changed", "member.roles_changed", "member.handed_over"]
    assert [letter.to for letter in mailoutbox] == [[colleague.email]]
    assert str(gone[0].things[0].text) in mailoutbox[0].body


def test_both_are_told_when_a_third_hands_over(town, coordinator, colleague, settings, mailoutbox):
    settings.MAIL_SERVER = "smtp://localhost:1"
    leaving = a_member(town, "editor", name="Иван Иванов")
    viewer = as_viewer(coordinator)
    gone = hand_over(viewer=viewer, member=leaving, to={"roles": colleague}, at=NOON)
    tell_handed_over(viewer=viewer, member=leaving, gone=gone)
    assert {letter.to[0] for letter in mailoutbox} == {colleague.email, leaving.email}


def test_only_who_manages_people_hands_over(coordinator, colleague):
    with pytest.raises(Refused):
        hand_over(viewer=as_viewer(colleague), member=coordinator, to={"roles": colleague}, at=NOON)


def test_nothing_is_given_to_who_cannot_take_it_on(town, coordinator, colleague):
    guest = a_member(town, "guest", valid_until=timezone.localdate() + timedelta(days=9))
    former = a_member(town, "viewer", left_at=NOON)
    for other in (guest, former, coordinator):
        with pytest.raises(MeriloError):
            hand_over(viewer=as_viewer(coordinator), member=coordinator, to={"roles": other}, at=NOON)
    assert verbs(town) == []


def test_where_there_is_nothing_nothing_is_recorded(town, coordinator, colleague):
    with pytest.raises(MeriloError):
        hand_over(viewer=as_viewer(coordinator), member=colleague, to={"roles": coordinator}, at=NOON)
    assert verbs(town) == []


def test_what_one_room_refuses_leaves_everything_as_it_was(town, coordinator, colleague, monkeypatch):
    def refuse(giving, at):
        raise MeriloError("no")

    kind = handing.Kind("last", "Last", lambda _giving: [handing.Thing("x")], refuse)
    monkeypatch.setattr(handing, "_kinds", [role_handing.KIND, kind])
    to = {"roles": colleague, "last": colleague}
    with pytest.raises(MeriloError):
        hand_over(viewer=as_viewer(coordinator), member=coordinator, to=to, at=NOON)
    coordinator.refresh_from_db()
    assert (coordinator.roles, verbs(town)) == (["coordinator", "assessor"], [])


def test_a_stranger_is_not_handed_over(town, coordinator, colleague):
    stranger = a_member(an_organisation("region"), "coordinator")
    answer = signed_in(coordinator).get(go("hand_over", pk=stranger.pk))
    assert answer.status_code == 404


# --- pages -------------------------------------------------------------------------------------------
def test_look_choose_look_again_confirm_and_close(town, coordinator, colleague):
    leaving = a_member(town, "editor", name="Иван Иванов")
    client = signed_in(coordinator)
    assert go("hand_over", pk=leaving.pk) in client.get(go("leave", pk=leaving.pk)).content.decode()
    page = client.get(go("hand_over", pk=leaving.pk))
    assert [one.kind.code for one, _ in page.context["held"]] == ["roles"]
    assert client.get(go("hand_over_confirm", pk=leaving.pk)).status_code == 422
    chosen = {"everything": str(colleague.pk)}
    preview = client.get(go("hand_over_confirm", pk=leaving.pk), chosen)
    assert preview.status_code == 200
    assert colleague.name in preview.content.decode()
    assert verbs(town) == []
    fields = preview.context["fields"]
    done = client.post(go("hand_over_confirm", pk=leaving.pk), fields)
    assert (done.status_code, done["Location"]) == (302, go("leave", pk=leaving.pk))
    assert client.post(go("hand_over_confirm", pk=leaving.pk), fields).status_code in {302, 422}
    assert verbs(town).count("member.handed_over") == 1


def test_a_refusal_is_said_on_the_page(town, coordinator, colleague, monkeypatch):
    def refuse(giving, at):
        raise MeriloError("Не става.")

    kind = handing.Kind("last", "Last", lambda _giving: [handing.Thing("x")], refuse)
    monkeypatch.setattr(handing, "_kinds", [kind])
    answer = signed_in(coordinator).post(
        go("hand_over_confirm", pk=coordinator.pk), {"last": str(colleague.pk), "once": "k"}
    )
    assert answer.status_code == 422
    assert "Не става." in answer.content.decode()


# --- who left ----------------------------------------------------------------------------------------
def test_who_left_stays_in_the_record_with_the_day(town, coordinator, colleague):
    viewer = as_viewer(coordinator)
    hand_over(viewer=viewer, member=coordinator, to={"roles": colleague}, at=NOON)
    leave(viewer=as_viewer(colleague), member=coordinator, reason="", at=NOON)
    coordinator.refresh_from_db()
    with translation.override("en"):
        assert coordinator.on_record == "Мария Колева (left on 23.11.2026)"
        lines, _older = chronicle.lines(as_viewer(colleague), Wanted())
    assert lines[-1].who == "Мария Колева (left on 23.11.2026)"
    assert colleague.on_record == "Петър Ангелов"


def test_access_ends_at_once_and_may_begin_again(town, coordinator, colleague):
    client = signed_in(colleague)
    assert client.get(go("people")).status_code == 200
    leave(viewer=as_viewer(coordinator), member=colleague, reason="", at=NOON)
    assert client.get(go("people")).status_code == 404
    assert viewer_in(colleague.person, "town", on=timezone.localdate()) is None
    manager = signed_in(coordinator)
    assert go("take_back", pk=colleague.pk) in manager.get(go("member", pk=colleague.pk)).content.decode()
    assert manager.post(go("take_back", pk=colleague.pk)).status_code == 302
    assert client.get(go("people")).status_code == 200
    assert verbs(town) == ["member.left", "member.returned"]
    take_back(viewer=as_viewer(coordinator), member=colleague, at=NOON)
    assert verbs(town) == ["member.left", "member.returned"]


def test_who_cannot_return_by_a_click(town, coordinator, colleague):
    former = a_member(town, "viewer", left_at=NOON)
    former.email = ""
    former.save()
    assert not may_return(former)
    with pytest.raises(Refused):
        take_back(viewer=as_viewer(coordinator), member=former, at=NOON)
    with pytest.raises(Refused):
        take_back(viewer=as_viewer(colleague), member=former, at=NOON)
    colleague.left_at = NOON
    colleague.save()
    a_second = a_member(town, "viewer")
    a_second.person, a_second.email = a_person(), colleague.email
    a_second.save()
    with pytest.raises(MeriloError):
        take_back(viewer=as_viewer(coordinator), member=colleague, at=NOON)
