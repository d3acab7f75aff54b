from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from merilo.core import files
from merilo.core.errors import MeriloError, Refused
from merilo.core.models import AuditEntry
from merilo.groups import api as groups
from merilo.groups.api import GatheringFacts, GatheringKind
from merilo.groups.models import Attendance, Gathering, Group
from tests.people import NOON, a_member, an_organisation, as_viewer

FACTS = GatheringFacts(
    kind=GatheringKind.TRAINING,
    title="Обучение",
    from_date=date(2026, 12, 1),
    until_date=date(2026, 12, 2),
    lecturer="Д-р Цветкова",
)


@pytest.fixture
def town(db):
    return an_organisation()


@pytest.fixture
def viewer(town):
    return as_viewer(a_member(town, "coordinator"))


@pytest.fixture
def group(town):
    return Group.objects.create(organisation=town, name="Група")


@pytest.fixture
def training(viewer, group):
    return groups.record_gathering(viewer=viewer, group=group, facts=FACTS, at=NOON)


def test_a_training_is_recorded(training, town, group):
    assert list(groups.gatherings_of(group, GatheringKind.TRAINING)) == [training]
    assert list(groups.gatherings_of(group, GatheringKind.BRIEFING)) == []
    assert AuditEntry.objects.get(chain=str(town.pk)).verb == "gathering.recorded"


def test_an_end_before_the_beginning_is_refused(viewer, group):
    wrong = replace(FACTS, until_date=date(2026, 11, 30))
    with pytest.raises(MeriloError):
        groups.record_gathering(viewer=viewer, group=group, facts=wrong, at=NOON)
    assert not Gathering.objects.exists()


def test_a_stranger_records_nothing(group, training):
    stranger = as_viewer(a_member(an_organisation(), "coordinator"))
    with pytest.raises(Refused):
        groups.record_gathering(viewer=stranger, group=group, facts=FACTS, at=NOON)
    with pytest.raises(Refused):
        groups.remove_gathering(viewer=stranger, gathering=training, at=NOON)


def test_participants_are_members_and_names_each_once(viewer, town, training):
    member = a_member(town, name="Мария Колева")
    groups.set_attendance(
        viewer=viewer,
        gathering=training,
        members=[member],
        names=["Живко Стоянов", "Мария Колева", "Живко Стоянов"],
        at=NOON,
    )
    rows = [(row.name, row.member_id) for row in groups.attendances_of(training)]
    assert rows == [("Живко Стоянов", None), ("Мария Колева", member.pk)]


def test_two_members_of_one_name_are_two(viewer, town, training):
    namesakes = [a_member(town, name="Иван Иванов") for _ in range(2)]
    groups.set_attendance(
        viewer=viewer, gathering=training, members=[*namesakes, namesakes[0]], names=["Иван Иванов"], at=NOON
    )
    assert {row.member for row in Attendance.objects.all()} == set(namesakes)
    assert Attendance.objects.count() == 2


def test_a_new_list_replaces_the_old_one(viewer, training):
    for names in (["Ана"], ["Борис"]):
        groups.set_attendance(viewer=viewer, gathering=training, members=[], names=names, at=NOON)
    assert [row.name for row in Attendance.objects.all()] == ["Борис"]


def test_materials_come_and_go_and_leave_rows(viewer, town, training):
    file = files.keep(b"x", name="slides.pdf", content_type="application/pdf", organisation=town.pk, by="")
    made = groups.add_material(viewer=viewer, gathering=training, title="", file=file, at=NOON)
    assert made.title == "slides.pdf"
    assert groups.material_in(training, made.pk) == made
    groups.remove_material(viewer=viewer, material=made, at=NOON)
    assert list(groups.materials_of(training)) == []
    verbs = list(AuditEntry.objects.filter(chain=str(town.pk)).values_list("verb", flat=True))
    assert verbs[-2:] == ["gathering.material_added", "gathering.material_removed"]


def test_a_record_can_be_corrected(viewer, training):
    groups.change_gathering(
        viewer=viewer, gathering=training, facts=replace(FACTS, title="Обучение, част 2"), at=NOON
    )
    training.refresh_from_db()
    assert training.title == "Обучение, част 2"
