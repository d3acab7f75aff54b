from __future__ import annotations

import json

import pytest
from django.urls import reverse

from merilo.core import audit
from merilo.core.models import AuditEntry, AuditPayload
from merilo.organisations.actions.people import change_roles
from merilo.organisations.actions.units import add_unit
from tests.people import NOON, a_member, an_organisation, as_viewer, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator():
    return a_member(an_organisation("town"), "coordinator", name="Мария Колева")


@pytest.fixture
def viewer(coordinator):
    return as_viewer(coordinator)


def go(name="audit", **kwargs):
    return reverse(f"organisations:{name}", kwargs={"org": "town", **kwargs})


def add(viewer, *names):
    for name in names:
        add_unit(viewer=viewer, name=name, parent=None, at=NOON)


def test_the_record_says_who_did_what_to_whom(coordinator, viewer):
    colleague = a_member(coordinator.organisation, name="Петър Ангелов")
    change_roles(viewer=viewer, member=colleague, roles=["deputy"], at=NOON)
    page = signed_in(coordinator).get(go())
    (row,) = page.context["rows"]
    assert (row.who, row.what, row.about) == ("Мария Колева", "промени ролите на член", "Петър Ангелов")
    assert row.payload == {"преди": "Читател", "след": "Заместник-координатор"}
    assert "промени ролите на член: Петър Ангелов" in page.content.decode()


def test_one_sees_only_ones_own_organisation(coordinator, viewer):
    add(as_viewer(a_member(an_organisation("region"), "coordinator")), "Чуждо звено")
    add(viewer, "Наше звено")
    page = signed_in(coordinator).get(go()).content.decode()
    assert "Наше звено" in page
    assert "Чуждо звено" not in page
    export = signed_in(coordinator).get(go("audit_export", kind="json")).content.decode()
    assert "Чуждо звено" not in export


def test_rows_are_filtered_by_verb_and_person(coordinator, viewer):
    deputy = a_member(coordinator.organisation, "deputy", name="Друг")
    add(viewer, "А")
    add(as_viewer(deputy), "Б")
    client = signed_in(coordinator)
    by_person = client.get(go(), {"person": str(deputy.person_id)}).context["rows"]
    assert [row.about for row in by_person] == ["Б"]
    assert client.get(go(), {"verb": "unit.removed"}).context["rows"] == []
    for nonsense in ({"verb": "x"}, {"person": "x"}, {"before": "x"}, {"before": "9" * 30}, {"before": "²"}):
        assert len(client.get(go(), nonsense).context["rows"]) == 2


def test_long_records_are_paged_without_counting(coordinator, viewer, django_assert_num_queries):
    for number in range(1, 121):
        audit_row(viewer, number)
    client = signed_in(coordinator)
    seen, query = [], ""
    while True:
        page = client.get(f"{go()}?{query}")
        seen += [row.number for row in page.context["rows"]]
        query = page.context["older"]
        if not query:
            break
    assert seen == list(range(120, 0, -1))
    with django_assert_num_queries(13):
        client.get(go())


def audit_row(viewer, number):
    audit.record(
        "unit.added", organisation=viewer.organisation_id, actor=viewer.person_id, payload={"n": number}
    )


def test_verifying_says_and_records_what_was_found(coordinator, viewer):
    add(viewer, "А", "Б")
    client = signed_in(coordinator)
    page = client.post(go("audit_verify"), follow=True).content.decode()
    assert "Целостта на дневника е запазена" in page
    with audit.unguarded():
        AuditEntry.objects.filter(chain=str(viewer.organisation_id), number=2).update(verb="unit.removed")
    page = client.post(go("audit_verify"), follow=True).content.decode()
    assert "Ред 2" in page
    assert "целостта на дневника е нарушена" in page


def test_a_damaged_payload_does_not_hide_the_record(coordinator, viewer):
    add(viewer, "А")
    AuditPayload.objects.update(data="{broken")
    assert signed_in(coordinator).get(go()).status_code == 200
    AuditPayload.objects.update(data="[1]")
    assert signed_in(coordinator).get(go()).status_code == 200


def test_the_record_is_taken_away_in_every_format_and_that_is_recorded(coordinator, viewer):
    add(viewer, "А")
    client = signed_in(coordinator)
    (row,) = json.loads(client.get(go("audit_export", kind="json")).content)
    assert (row["number"], row["who"], row["verb"]) == (1, "Мария Колева", "unit.added")
    assert row["hash"] == AuditEntry.objects.get(verb="unit.added").hash
    for kind in ("csv", "xlsx"):
        assert client.get(go("audit_export", kind=kind)).status_code == 200
    assert AuditEntry.objects.filter(verb="audit.exported").count() == 3


@pytest.mark.parametrize("role", ["viewer", "assessor", "editor", "guest"])
def test_the_record_is_for_those_who_may_read_it(coordinator, role):
    client = signed_in(a_member(coordinator.organisation, role))
    assert client.get(go()).status_code == 403
    assert client.get(go("audit_export", kind="csv")).status_code == 403
    assert client.post(go("audit_verify")).status_code == 403
