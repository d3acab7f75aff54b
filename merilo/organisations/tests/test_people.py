from __future__ import annotations

import csv
import io
import json
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from merilo.core import audit
from merilo.core.errors import Refused
from merilo.core.models import AuditEntry
from merilo.organisations import contributions
from merilo.organisations.actions.people import LastCoordinator, change_member, change_roles, leave
from merilo.organisations.models import Membership, Unit
from tests.people import NOON, a_member, an_organisation, as_viewer, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return an_organisation("town")


@pytest.fixture
def coordinator(town):
    return a_member(town, "coordinator", name="Мария Колева")


@pytest.fixture
def colleague(town):
    return a_member(town, "viewer", name="Петър Ангелов")


@pytest.fixture
def stranger():
    return a_member(an_organisation("region"), "coordinator", name="Чужд Човек")


def go(name, **kwargs):
    return reverse(f"organisations:{name}", kwargs={"org": "town", **kwargs})


def verbs():
    return list(
        AuditEntry.objects.exclude(chain="platform").order_by("number").values_list("verb", flat=True)
    )


# --- actions -------------------------------------------------------------------------------------------


def test_roles_are_given_and_taken(town, coordinator, colleague):
    change_roles(viewer=as_viewer(coordinator), member=colleague, roles=["deputy", "assessor"], at=NOON)
    colleague.refresh_from_db()
    assert colleague.roles == ["deputy", "assessor"]
    assert verbs() == ["member.roles_changed"]
    change_roles(viewer=as_viewer(coordinator), member=colleague, roles=["assessor", "deputy"], at=NOON)
    assert verbs() == ["member.roles_changed"]


@pytest.mark.parametrize("roles", [["guest"], ["emperor"], ["viewer", "guest"]])
def test_roles_that_cannot_be_given_are_refused(coordinator, colleague, roles):
    with pytest.raises(Refused):
        change_roles(viewer=as_viewer(coordinator), member=colleague, roles=roles, at=NOON)


def test_a_guest_keeps_the_role(town, coordinator):
    guest = a_member(town, "guest")
    with pytest.raises(Refused):
        change_roles(viewer=as_viewer(coordinator), member=guest, roles=["coordinator"], at=NOON)


def test_the_last_coordinator_neither_leaves_nor_loses_the_role(town, coordinator, colleague):
    viewer = as_viewer(coordinator)
    invited = Membership.objects.create(
        organisation=town, name="Поканен", email="p@town.example", roles=["coordinator"], joined_at=NOON
    )
    for attempt in (
        lambda: change_roles(viewer=viewer, member=coordinator, roles=["viewer"], at=NOON),
        lambda: leave(viewer=viewer, member=coordinator, reason="", at=NOON),
    ):
        with pytest.raises(LastCoordinator):
            attempt()
    assert invited.person_id is None
    change_roles(viewer=viewer, member=colleague, roles=["coordinator"], at=NOON)
    leave(viewer=viewer, member=coordinator, reason="пенсия", at=NOON)
    coordinator.refresh_from_db()
    assert (coordinator.left_at, coordinator.left_reason) == (NOON, "пенсия")


def test_nobody_without_the_right_changes_people(coordinator, colleague):
    viewer = as_viewer(colleague)
    for attempt in (
        lambda: change_roles(viewer=viewer, member=colleague, roles=["coordinator"], at=NOON),
        lambda: change_member(viewer=viewer, member=colleague, name="Х", unit=None, position="", at=NOON),
        lambda: leave(viewer=viewer, member=coordinator, reason="", at=NOON),
    ):
        with pytest.raises(Refused):
            attempt()
    assert verbs() == []


def test_one_may_leave_oneself_and_is_a_stranger_afterwards(coordinator, colleague):
    client = signed_in(colleague)
    assert client.get(go("people")).status_code == 200
    answer = client.post(go("leave", pk=colleague.pk), {"reason": ""})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get(go("people")).status_code == 404
    assert verbs() == ["member.left"]


# --- pages ---------------------------------------------------------------------------------------------

PAGES = ("settings", "people", "units", "roles")
MANAGED = ("names", "look", "languages", "invite", "former", "audit")


def test_a_stranger_finds_nothing(coordinator, colleague, stranger):
    client = signed_in(stranger)
    for name in PAGES + MANAGED:
        assert client.get(go(name)).status_code == 404, name
    assert client.get(go("member", pk=colleague.pk)).status_code == 404
    own = reverse("organisations:member", kwargs={"org": "region", "pk": colleague.pk})
    assert client.get(own).status_code == 404
    for name in ("member", "leave", "renew"):
        address = reverse(f"organisations:{name}", kwargs={"org": "region", "pk": colleague.pk})
        assert client.post(address, {"what": "roles", "roles": ["viewer"]}).status_code == 404, name
    assert verbs() == []


def test_a_colleague_reads_and_changes_nothing(coordinator, colleague):
    client = signed_in(colleague)
    for name in PAGES:
        assert client.get(go(name)).status_code == 200, name
    for name in MANAGED:
        assert client.get(go(name)).status_code == 403, name
    page = client.get(go("member", pk=coordinator.pk))
    assert page.status_code == 200
    assert b'<form method="post" class="form"' not in page.content
    for kind in ("csv", "xlsx", "json"):
        assert client.get(go("people_export", kind=kind)).status_code == 403
    assert (
        client.post(go("member", pk=coordinator.pk), {"what": "roles", "roles": ["viewer"]}).status_code
        == 403
    )
    assert verbs() == []


def test_a_guest_does_not_see_the_people(town, coordinator):
    client = signed_in(a_member(town, "guest"))
    for name in PAGES + MANAGED:
        assert client.get(go(name)).status_code == 403, name


def test_a_coordinator_opens_every_page(coordinator, colleague):
    client = signed_in(coordinator)
    for name in PAGES + MANAGED:
        assert client.get(go(name)).status_code == 200, name


def test_details_are_changed_on_the_members_page(town, coordinator, colleague):
    unit = Unit.objects.create(organisation=town, name="Финанси")
    client = signed_in(coordinator)
    data = {
        "what": "details",
        "name": "Петър Ангелов-Димов",
        "unit": str(unit.pk),
        "position": "главен експерт",
    }
    assert client.post(go("member", pk=colleague.pk), data).status_code == 302
    colleague.refresh_from_db()
    assert (colleague.name, colleague.unit, colleague.position) == (
        "Петър Ангелов-Димов",
        unit,
        "главен експерт",
    )
    assert verbs() == ["member.changed"]
    assert "Ангелов-Димов" not in AuditEntry.objects.get(verb="member.changed").payload.data


def test_a_unit_of_another_organisation_cannot_be_chosen(coordinator, colleague, stranger):
    foreign = Unit.objects.create(organisation=stranger.organisation, name="Чуждо")
    data = {"what": "details", "name": "Петър", "unit": str(foreign.pk), "position": ""}
    assert signed_in(coordinator).post(go("member", pk=colleague.pk), data).status_code == 422


@pytest.mark.parametrize("data", [{"roles": []}, {"roles": ["guest"]}, {"roles": ["emperor"]}])
def test_refused_roles_answer_422(coordinator, colleague, data):
    answer = signed_in(coordinator).post(go("member", pk=colleague.pk), {"what": "roles", **data})
    assert answer.status_code == 422


def test_the_last_coordinator_is_told_why_on_the_page(coordinator):
    client = signed_in(coordinator)
    answer = client.post(go("member", pk=coordinator.pk), {"what": "roles", "roles": ["viewer"]})
    assert answer.status_code == 422
    assert "единственият координатор" in answer.content.decode()
    answer = client.post(go("leave", pk=coordinator.pk), {"reason": "пенсия"})
    assert answer.status_code == 422
    assert 'value="пенсия"' in answer.content.decode()


def test_a_missing_member_is_404(coordinator):
    assert signed_in(coordinator).get(go("member", pk=uuid.uuid4())).status_code == 404


def test_the_reason_for_leaving_is_shown_to_coordinators_only(town, coordinator, colleague):
    leave(viewer=as_viewer(coordinator), member=colleague, reason="пенсия", at=NOON)
    page = go("member", pk=colleague.pk)
    assert "пенсия" in signed_in(coordinator).get(page).content.decode()
    for role in ("viewer", "sponsor"):
        seen = signed_in(a_member(town, role)).get(page).content.decode()
        assert "23.11.2026" in seen
        assert "пенсия" not in seen


def test_former_members_stay_listed_with_their_reason(coordinator, colleague):
    leave(viewer=as_viewer(coordinator), member=colleague, reason="пенсия", at=NOON)
    page = signed_in(coordinator).get(go("former")).content.decode()
    assert "Петър Ангелов" in page
    assert "пенсия" in page
    assert "Петър Ангелов" not in signed_in(coordinator).get(go("people")).content.decode()


def test_people_are_found_by_a_part_of_name_or_unit(town, coordinator, colleague):
    unit = Unit.objects.create(organisation=town, name="Финанси")
    Membership.objects.filter(pk=colleague.pk).update(unit=unit)
    client = signed_in(coordinator)
    for text in ("ангел", "Ангелов", "финанси", colleague.email):
        names = [row["member"].name for row in client.get(go("people"), {"q": text}).context["rows"]]
        assert names == ["Петър Ангелов"], text
    assert client.get(go("people"), {"q": "никой"}).context["rows"] == []


def test_the_list_says_the_same_in_every_format(coordinator, colleague):
    from python_calamine import CalamineWorkbook

    client = signed_in(coordinator)
    found = json.loads(client.get(go("people_export", kind="json")).content)
    text = client.get(go("people_export", kind="csv")).content.decode("utf-8-sig")
    sheet = client.get(go("people_export", kind="xlsx")).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
    assert [row["name"] for row in found] == ["Мария Колева", "Петър Ангелов"]
    assert list(csv.reader(io.StringIO(text)))[1:] == [list(row.values()) for row in found] == rows[1:]
    assert verbs() == ["people.exported"] * 3
    assert client.get(go("people_export", kind="exe")).status_code == 404


def test_a_name_cannot_become_a_formula(town, coordinator):
    a_member(town, name="=HYPERLINK(1)")
    text = signed_in(coordinator).get(go("people_export", kind="csv")).content.decode()
    assert "'=HYPERLINK(1)" in text


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_much_for_three_people_as_for_one(
    count, town, coordinator, django_assert_num_queries
):
    for number in range(count):
        unit = Unit.objects.create(organisation=town, name=f"Звено {number}")
        a_member(town, unit=unit)
    client = signed_in(coordinator)
    client.get(go("people"))
    with django_assert_num_queries(7):
        client.get(go("people"))


@pytest.mark.parametrize("count", [1, 3])
def test_other_pages_do_not_grow_either(count, town, coordinator, django_assert_num_queries):
    for number in range(count):
        a_member(town, unit=Unit.objects.create(organisation=town, name=f"Звено {number}"))
    client = signed_in(coordinator)
    for name, queries in {"settings": 6, "units": 4, "roles": 4, "audit": 13, "former": 4}.items():
        with django_assert_num_queries(queries):
            assert client.get(go(name)).status_code == 200


def test_saving_roles_takes_few_questions(coordinator, colleague, django_assert_max_num_queries):
    client = signed_in(coordinator)
    with django_assert_max_num_queries(19):
        client.post(go("member", pk=colleague.pk), {"what": "roles", "roles": ["deputy"]})
    assert audit.verify(str(coordinator.organisation_id)) is None


def test_the_roles_page_says_who_may_what(coordinator, colleague):
    page = signed_in(colleague).get(go("roles")).content.decode()
    for words in (
        "Координатор",
        "Мария Колева",
        "утвърждава редакция на доклада",
        "Още няма заместник-координатор",
    ):
        assert words in page


def test_what_did_not_change_is_not_recorded(coordinator, colleague):
    viewer = as_viewer(coordinator)
    change_member(viewer=viewer, member=colleague, name=colleague.name, unit=None, position="", at=NOON)
    leave(viewer=viewer, member=colleague, reason="", at=NOON)
    leave(viewer=viewer, member=colleague, reason="още веднъж", at=NOON)
    assert verbs() == ["member.left"]


def test_invitations_show_their_state_in_the_list(town, coordinator):
    for number, (void, until) in enumerate([(None, 1), (None, -1), (NOON, 1)]):
        member = Membership.objects.create(
            organisation=town, name=f"Поканен {number}", email=f"p{number}@town.example", joined_at=NOON
        )
        member.invitations.create(
            organisation=town,
            token_hash=str(number),
            made_at=NOON,
            expires_at=timezone.now() + timedelta(days=until),
            voided_at=void,
        )
    rows = signed_in(coordinator).get(go("people")).context["rows"]
    assert [row["status"] for row in rows] == ["done", "waiting", "problem", "problem"]


def test_the_coordinators_open_tasks(town, coordinator):
    def titles(member):
        return [str(item.title) for item in contributions.work(as_viewer(member))]

    assert titles(coordinator) == ["Поканете хора"]
    colleague = a_member(town, "viewer")
    assert titles(coordinator) == ["Определете заместник-координатор"]
    assert titles(colleague) == []
    change_roles(viewer=as_viewer(coordinator), member=colleague, roles=["deputy"], at=NOON)
    assert titles(coordinator) == []


def test_the_menu_leads_members_to_their_organisation_and_guests_to_what_they_are_told(town, coordinator, rf):
    guest = a_member(town, "guest")

    def sections(member):
        return {entry[1] for entry in contributions.menu(rf.get("/"), as_viewer(member))}

    assert sections(coordinator) == {"organisations", "notifications"}
    assert sections(guest) == {"notifications"}
