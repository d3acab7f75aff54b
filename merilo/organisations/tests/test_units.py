from __future__ import annotations

import pytest
from django.urls import reverse

from merilo.core.errors import Refused
from merilo.core.models import AuditEntry
from merilo.organisations import queries
from merilo.organisations.actions.units import BadUnit, add_unit, change_unit, move_unit, remove_unit
from merilo.organisations.models import Membership, Unit
from tests.people import NOON, a_member, an_organisation, as_viewer, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator():
    return a_member(an_organisation("town"), "coordinator")


@pytest.fixture
def viewer(coordinator):
    return as_viewer(coordinator)


def add(viewer, name, parent=None):
    return add_unit(viewer=viewer, name=name, parent=parent, at=NOON)


def tree(viewer):
    return [f"{getattr(unit, 'indent', '?')}{unit.name}" for unit in queries.unit_tree(viewer)]


def go(name, **kwargs):
    return reverse(f"organisations:{name}", kwargs={"org": "town", **kwargs})


def test_units_stand_in_a_tree_in_their_order(viewer):
    finance, archive = add(viewer, "Финанси"), add(viewer, "Архив")
    add(viewer, "Бюджет", finance)
    add(viewer, "Приходи", finance)
    assert tree(viewer) == ["Финанси", "– Бюджет", "– Приходи", "Архив"]
    move_unit(viewer=viewer, unit=archive, up=True, at=NOON)
    assert tree(viewer) == ["Архив", "Финанси", "– Бюджет", "– Приходи"]
    move_unit(viewer=viewer, unit=archive, up=True, at=NOON)
    assert AuditEntry.objects.filter(verb="unit.moved").count() == 1


def test_a_unit_removed_in_the_same_moment_is_not_moved(viewer):
    add(viewer, "Финанси")
    gone = add(viewer, "Архив")
    Unit.objects.filter(pk=gone.pk).delete()
    move_unit(viewer=viewer, unit=gone, up=True, at=NOON)
    assert tree(viewer) == ["Финанси"]
    assert not AuditEntry.objects.filter(verb="unit.moved").exists()


def test_a_name_is_taken_once_in_any_case(viewer):
    add(viewer, "Финанси")
    with pytest.raises(BadUnit):
        add(viewer, "ФИНАНСИ")
    add(as_viewer(a_member(an_organisation("region"), "coordinator")), "Финанси")


def test_a_unit_cannot_be_part_of_itself(viewer):
    top = add(viewer, "Дирекция")
    below = add(viewer, "Отдел", top)
    for parent in (top, below):
        answer = signed_in(viewer.membership).post(
            go("unit", pk=top.pk), {"name": "Дирекция", "parent": str(parent.pk)}
        )
        assert answer.status_code == 422
        with pytest.raises(BadUnit):
            change_unit(viewer=viewer, unit=top, name="Дирекция", parent=parent, at=NOON)


def test_what_did_not_change_is_not_recorded(viewer):
    unit = add(viewer, "Дирекция")
    change_unit(viewer=viewer, unit=unit, name="Дирекция", parent=None, at=NOON)
    change_unit(viewer=viewer, unit=unit, name="Дирекция А", parent=None, at=NOON)
    assert AuditEntry.objects.filter(verb="unit.changed").count() == 1


def test_a_unit_put_elsewhere_stands_last_there(viewer):
    finance, archive = add(viewer, "Финанси"), add(viewer, "Архив")
    add(viewer, "Бюджет", finance)
    change_unit(viewer=viewer, unit=archive, name="Архив", parent=finance, at=NOON)
    assert tree(viewer) == ["Финанси", "– Бюджет", "– Архив"]


def test_removing_keeps_people_and_the_units_below(viewer, coordinator):
    top = add(viewer, "Дирекция")
    middle = add(viewer, "Отдел", top)
    add(viewer, "Сектор", middle)
    Membership.objects.filter(pk=coordinator.pk).update(unit=middle)
    remove_unit(viewer=viewer, unit=middle, at=NOON)
    coordinator.refresh_from_db()
    assert coordinator.unit is None
    assert tree(viewer) == ["Дирекция", "– Сектор"]


def test_nobody_without_the_right_changes_units(viewer, coordinator):
    unit = add(viewer, "Дирекция")
    reader = as_viewer(a_member(coordinator.organisation, "sponsor"))
    for attempt in (
        lambda: add(reader, "Друга"),
        lambda: change_unit(viewer=reader, unit=unit, name="Х", parent=None, at=NOON),
        lambda: move_unit(viewer=reader, unit=unit, up=True, at=NOON),
        lambda: remove_unit(viewer=reader, unit=unit, at=NOON),
    ):
        with pytest.raises(Refused):
            attempt()


def test_units_are_kept_on_their_pages(coordinator, viewer):
    client = signed_in(coordinator)
    assert client.post(go("units"), {"name": " Дирекция  А", "parent": ""}).status_code == 302
    assert client.post(go("units"), {"name": "дирекция а", "parent": ""}).status_code == 422
    assert client.post(go("units"), {"name": "a\x00", "parent": ""}).status_code == 422
    unit = Unit.objects.get()
    assert client.post(go("units"), {"name": "Отдел", "parent": str(unit.pk)}).status_code == 302
    assert client.post(go("unit", pk=unit.pk), {"name": "Дирекция Б", "parent": ""}).status_code == 302
    assert client.get(go("unit_remove", pk=unit.pk)).status_code == 200
    assert Unit.objects.count() == 2
    assert client.post(go("unit_move", pk=unit.pk), {"to": "down"}).status_code == 302
    assert client.post(go("unit_remove", pk=unit.pk)).status_code == 302
    assert tree(viewer) == ["Отдел"]


def test_units_of_others_are_not_there(coordinator, viewer):
    unit = add(viewer, "Дирекция")
    client = signed_in(a_member(an_organisation("region"), "coordinator"))
    for name in ("unit", "unit_move", "unit_remove"):
        address = reverse(f"organisations:{name}", kwargs={"org": "region", "pk": unit.pk})
        assert client.post(address, {"name": "Х", "parent": "", "to": "up"}).status_code == 404
    assert Unit.objects.get().name == "Дирекция"


def test_the_same_form_twice_adds_one_unit(coordinator):
    client = signed_in(coordinator)
    once = client.get(go("units")).context["form"].initial["once"]
    for _ in range(2):
        answer = client.post(go("units"), {"name": "Дирекция", "parent": "", "once": once})
        assert answer.status_code == 302
    assert Unit.objects.count() == 1
