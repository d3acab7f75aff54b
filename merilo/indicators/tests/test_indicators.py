"""Indicators: added, changed, retired; values entered, corrected, taken back; who may."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.core.periods import years
from merilo.indicators import actions, queries
from merilo.indicators.models import Indicator, Value
from tests.people import a_member, an_organisation, as_viewer, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]


@pytest.fixture
def coordinator():
    return a_member(an_organisation(), "coordinator")


@pytest.fixture
def viewer(coordinator):
    return as_viewer(coordinator)


@pytest.fixture
def indicator(viewer):
    facts = actions.Facts("6.2-1", "Срок за разрешение", unit="дни", direction="down", target=Decimal(10))
    return actions.add_indicator(viewer=viewer, facts=facts, at=timezone.now())


def entered(viewer, indicator, year, value, instead=None):
    measured = actions.Measured(years(year, year), Decimal(value))
    return actions.enter_value(
        viewer=viewer, indicator=indicator, measured=measured, instead=instead, at=timezone.now()
    )


def page(indicator, name, **parts):
    kwargs = {"org": indicator.organisation.slug, "indicator": indicator.pk, **parts}
    return reverse(f"indicators:{name}", kwargs=kwargs)


def test_a_period_has_one_value_and_a_correction_keeps_the_earlier_one(viewer, indicator):
    first = entered(viewer, indicator, 2024, "12")
    with pytest.raises(MeriloError, match="12"):
        entered(viewer, indicator, 2024, "13")
    entered(viewer, indicator, 2024, "13", instead=first)
    assert [value.value for value in queries.values_of(indicator)] == [13]
    assert [value.value for value in queries.replaced_values(indicator)] == [12]
    with pytest.raises(Conflict):
        entered(viewer, indicator, 2025, "14", instead=first)


def test_what_was_refused_replaces_nothing(viewer, indicator):
    first, second = entered(viewer, indicator, 2023, "15"), entered(viewer, indicator, 2024, "12")
    with pytest.raises(MeriloError):
        entered(viewer, indicator, 2024, "11", instead=first)
    assert {value.pk for value in queries.values_of(indicator)} == {first.pk, second.pk}


def test_a_code_belongs_to_one_indicator_in_any_case_of_letters(viewer, indicator):
    facts = actions.Facts("6.2-1", "Друг")
    with pytest.raises(MeriloError) as refused:
        actions.add_indicator(viewer=viewer, facts=facts, at=timezone.now())
    assert refused.value.details["field"] == "code"
    elsewhere = as_viewer(a_member(an_organisation(), "coordinator"))
    made = actions.add_indicator(viewer=elsewhere, facts=facts, at=timezone.now())
    assert made.code == "6.2-1"


def test_two_people_who_change_an_indicator_notice_each_other(coordinator, indicator):
    client = signed_in(coordinator)
    sent = {"code": "6.2-1", "name": "Срок", "direction": "down", "version": "1"}
    assert client.post(page(indicator, "edit"), sent).status_code == 302
    answer = client.post(page(indicator, "edit"), sent | {"name": "Среден срок"})
    assert answer.status_code == 409
    assert "Среден срок" in answer.content.decode()
    assert Indicator.objects.get(pk=indicator.pk).name == "Срок"


def test_what_is_not_measured_any_more_takes_no_value_and_keeps_those_it_has(viewer, indicator):
    entered(viewer, indicator, 2024, "12")
    actions.retire(viewer=viewer, indicator=indicator, at=timezone.now())
    indicator.refresh_from_db()
    with pytest.raises(Refused):
        entered(viewer, indicator, 2025, "11")
    assert not queries.indicators_of(viewer)
    retired = queries.indicators_of(viewer, retired=True).get()
    assert len(queries.values_of(retired)) == 1
    actions.take_up(viewer=viewer, indicator=indicator, at=timezone.now())
    assert len(queries.indicators_of(viewer)) == 1


def test_a_form_with_a_mistake_keeps_what_was_typed(coordinator, indicator):
    sent = {"first": "1.1.2025", "last": "31.12.2024", "value": "осем", "status": "final", "note": "по отчет"}
    answer = signed_in(coordinator).post(page(indicator, "new_value"), sent)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "осем" in shown
    assert "по отчет" in shown
    assert not Value.objects.exists()


def test_the_page_tells_value_change_and_target(coordinator, viewer, indicator):
    entered(viewer, indicator, 2023, "15.5")
    entered(viewer, indicator, 2024, "9.25")
    client = signed_in(coordinator)
    shown = client.get(page(indicator, "indicator"), headers={"accept-language": "bg"}).content.decode()
    assert "9,25\u00a0дни" in shown
    listed = client.get(reverse("indicators:list", args=[indicator.organisation.slug])).content.decode()
    assert "\N{MINUS SIGN}6,25" in listed


def test_the_table_to_take_away_has_every_value_in_force(coordinator, viewer, indicator):
    first = entered(viewer, indicator, 2023, "15.5")
    entered(viewer, indicator, 2023, "15", instead=first)
    entered(viewer, indicator, 2024, "9.25")
    address = reverse("indicators:list", args=[indicator.organisation.slug])
    content = signed_in(coordinator).get(f"{address}?format=csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content)))[1:]
    assert [(row[3], Decimal(row[5])) for row in rows] == [
        ("2023-01-01", Decimal(15)),
        ("2024-01-01", Decimal("9.25")),
    ]


def test_a_corrected_value_loses_its_source_with_its_figure(coordinator, viewer, indicator):
    measured = actions.Measured(
        years(2024, 2024), Decimal(12), reference={"kind": "x", "id": "1", "snapshot": {"title": "Анкета"}}
    )
    value = actions.enter_value(
        viewer=viewer, indicator=indicator, measured=measured, instead=None, at=timezone.now()
    )
    client = signed_in(coordinator)
    sent = {"first": "1.1.2024", "last": "31.12.2024", "value": "12", "status": "provisional"}
    client.post(page(indicator, "value", value=value.pk), sent)
    kept = queries.values_of(indicator)[0]
    assert kept.reference["id"] == "1"
    client.post(page(indicator, "value", value=kept.pk), sent | {"value": "13"})
    assert queries.values_of(indicator)[0].reference == {}


def test_who_reads_changes_nothing_and_strangers_see_nothing(indicator):
    reader = a_member(indicator.organisation, "viewer")
    assert signed_in(reader).get(page(indicator, "indicator")).status_code == 200
    assert signed_in(reader).get(page(indicator, "edit")).status_code == 403
    stranger = a_member(an_organisation(), "coordinator")
    assert signed_in(stranger).get(page(indicator, "indicator")).status_code == 404
    with pytest.raises(Refused):
        entered(as_viewer(stranger), indicator, 2024, "1")


def test_the_list_asks_as_often_for_many_as_for_one(coordinator, viewer, django_assert_max_num_queries):
    for number in range(12):
        facts = actions.Facts(f"k{number}", f"Показател {number}")
        made = actions.add_indicator(viewer=viewer, facts=facts, at=timezone.now())
        for year in (2023, 2024):
            entered(viewer, made, year, number)
    client = signed_in(coordinator)
    with django_assert_max_num_queries(12):
        client.get(reverse("indicators:list", args=[viewer.organisation.slug]))


def test_the_next_period_is_proposed(coordinator, viewer, indicator):
    entered(viewer, indicator, 2024, "12")
    answer = signed_in(coordinator).get(page(indicator, "new_value"))
    assert answer.context["form"].initial["first"] == date(2025, 1, 1)
