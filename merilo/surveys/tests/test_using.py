"""Results that others point at: only what may be shown, with the reader's rights, and asked again later."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from merilo.core.references import Standing, resolve
from merilo.indicators.api import Facts, add_indicator, values_of
from merilo.surveys import pointing
from merilo.surveys.models import State, Survey
from merilo.surveys.tests.test_results import a_closed_survey, at
from tests.people import a_member, an_assessment, an_organisation, as_viewer, signed_in, today
from tests.surveys import a_survey

pytestmark = pytest.mark.django_db
ROWS: list[dict[str, Any]] = [
    {"age": "old", "visited": place < 9, "overall": points, "channels": ["web"]}
    for place, points in enumerate((1, 2, 3, 4, 4, 4, 5, 5, 5, 5, 5, 5))
]


@pytest.fixture
def town():
    return an_organisation()


@pytest.fixture
def survey(town) -> Survey:
    return a_closed_survey(town, ROWS)


@pytest.fixture
def coordinator(town):
    return a_member(town, "coordinator", "assessor")


def offered(member, survey: Survey) -> dict[str, Any]:
    found = pointing.offered(as_viewer(member), str(survey.pk))
    return {one.id.partition("/")[2]: one.snapshot for one in found}


def test_a_figure_comes_with_what_one_needs_to_trust_it(coordinator, survey) -> None:
    with translation.override("bg"):
        seen = offered(coordinator, survey)["overall/mean"]
    assert (seen.title, seen.figure, seen.n) == ("Обща оценка", Decimal("4.00"), 12)
    assert (seen.first, seen.last) == (today(), today())
    assert seen.source == survey.title
    assert seen.method
    assert seen.path == at("results", survey) + "#q-overall"


def test_scales_offer_mean_and_top_others_shares_and_background_nothing(coordinator, survey) -> None:
    found = offered(coordinator, survey)
    assert {key for key in found if key.startswith("overall/")} == {"overall/mean", "overall/top"}
    assert found["overall/top"].figure == Decimal("75.0")
    assert (found["overall/top"].unit, found["visited/share:yes"].figure) == ("%", Decimal("75.0"))
    assert not any(key.startswith(("age/", "wishes/")) for key in found)


def test_what_is_hidden_is_not_offered_and_nobody_can_point_at_it(town, coordinator) -> None:
    few = [{"age": "old", "overall": 3, "visited": True}] * 4 + [{"age": "old", "visited": False}] * 9
    survey = a_closed_survey(town, few)
    assert not any(key.startswith("overall/") for key in offered(coordinator, survey))
    key = f"{survey.pk}/overall/mean"
    assert pointing.look(as_viewer(coordinator), [key]) == {key: None}
    assert offered(coordinator, a_closed_survey(town, ROWS[:4])) == {}
    assert offered(coordinator, a_survey(town)) == {}


def test_strangers_and_who_may_not_read_surveys_are_offered_nothing(town, survey) -> None:
    stranger = a_member(an_organisation(), "coordinator")
    assert offered(stranger, survey) == {}
    key = f"{survey.pk}/overall/mean"
    assert pointing.look(as_viewer(stranger), [key]) == {key: None}
    reader = as_viewer(a_member(town, "viewer"))
    assert list(pointing.places(reader)) == []
    assert pointing.look(reader, [key]) == {}


def test_a_result_that_was_pointed_at_is_changed_or_gone(coordinator, survey) -> None:
    viewer = as_viewer(coordinator)
    pointed = next(iter(pointing.offered(viewer, str(survey.pk))))
    assert resolve(pointed, viewer).standing == Standing.SAME
    survey.snapshot.tallies["all"]["visited"]["counts"] = [6, 6]
    survey.snapshot.save()
    assert resolve(pointed, viewer).standing == Standing.CHANGED
    survey.delete()
    assert resolve(pointed, viewer).standing == Standing.GONE
    for broken in ("", "no-survey/visited/share:yes", "a/b"):
        assert pointing.look(viewer, [broken]) == {broken: None}


# --- handing on -----------------------------------------------------------------------------------
def test_the_page_leads_to_who_takes_the_chosen_results(town, coordinator, survey) -> None:
    assessment = an_assessment(town, coordinator)
    indicator = add_indicator(
        viewer=as_viewer(coordinator), facts=Facts("6.1-1", "Удовлетвореност"), at=timezone.now()
    )
    client, url = signed_in(coordinator), at("use", survey)
    page = client.get(url).content.decode()
    assert assessment.title in page
    assert "6.1-1" in page
    keys = [f"{survey.pk}/overall/mean", f"{survey.pk}/overall/top"]
    answer = client.get(url, {"send": "1", "to": f"assessment:{assessment.pk}", "take": keys})
    assert answer.status_code == 302
    kept = client.get(answer["Location"]).content.decode()
    assert kept.count(" checked") == 2
    both = client.get(url, {"send": "1", "to": f"indicator:{indicator.pk}", "take": keys})
    assert both.status_code == 422
    assert client.get(url, {"send": "1"}).status_code == 422


def test_a_result_becomes_the_value_of_an_indicator(coordinator, survey) -> None:
    viewer = as_viewer(coordinator)
    indicator = add_indicator(viewer=viewer, facts=Facts("6.1-1", "Удовлетвореност"), at=timezone.now())
    client, key = signed_in(coordinator), f"{survey.pk}/overall/mean"
    query = {"send": "1", "to": f"indicator:{indicator.pk}", "take": key}
    url = client.get(at("use", survey), query)["Location"]
    year = timezone.localdate().year
    page = client.get(url).content.decode()
    assert f"31.12.{year}" in page
    assert survey.title in page
    form = {"first": f"1.1.{year}", "last": f"31.12.{year}", "value": "4,00", "n": "12", "status": "final"}
    assert client.post(url, form).status_code == 302
    (value,) = values_of(indicator)
    assert (int(value.value), value.n) == (4, 12)
    assert value.reference["id"] == key
    assert value.reference["snapshot"]["source"] == survey.title


def test_a_figure_that_was_changed_by_hand_has_no_source(coordinator, survey) -> None:
    indicator = add_indicator(
        viewer=as_viewer(coordinator), facts=Facts("6.1-1", "Удовлетвореност"), at=timezone.now()
    )
    where = reverse(
        "indicators:new_value", kwargs={"org": indicator.organisation.slug, "indicator": indicator.pk}
    )
    url = f"{where}?kind=survey&place={survey.pk}&take={survey.pk}/overall/mean"
    form = {"first": "1.1.2025", "last": "31.12.2025", "value": "4,5", "status": "final"}
    signed_in(coordinator).post(url, form)
    assert values_of(indicator)[0].reference == {}


def test_only_who_puts_results_somewhere_uses_them_and_only_after_closing(town, coordinator, survey) -> None:
    assert signed_in(a_member(town, "sponsor")).get(at("use", survey)).status_code == 403
    assert signed_in(coordinator).get(at("use", a_survey(town, state=State.OPEN))).status_code == 403
    stranger = signed_in(a_member(an_organisation(), "coordinator"))
    assert stranger.get(at("use", survey)).status_code == 404
    assert signed_in(coordinator).get(at("use", survey)).status_code == 200
