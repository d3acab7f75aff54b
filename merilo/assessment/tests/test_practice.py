"""Practising on a written case: read, score, see the reference; nothing is stored."""

from __future__ import annotations

import pytest

from merilo.assessment.models import Judgement, Sheet
from merilo.assessment.tests.planned import Town

ENABLER = {"item-5-2-value-plan": 55, "item-5-2-value-do": 60, "item-5-2-value-check": 35}
RESULT = {"item-6-1-value-trend": 90, "item-6-1-value-target": 85}
REASON = {"item-5-2-justification": "Правилата важат <b>навсякъде</b>"}
COMPLETE = ENABLER | {"item-5-2-value-act": 20} | RESULT | REASON


@pytest.fixture
def town(db):
    return Town()


def page(town, rest=""):
    return f"/o/{town.organisation.slug}/practice/{rest}"


def test_the_cases_are_listed_with_what_they_ask(town, client):
    client.force_login(town.viewer.person)
    text = client.get(page(town)).content.decode()
    assert text.count("<h2") == 3
    assert "service-centre/fine-tuned/" in text


@pytest.mark.parametrize("method", ["classical", "fine-tuned"])
def test_a_case_shows_no_reference_before_it_is_scored(town, client, method):
    client.force_login(town.viewer.person)
    answer = client.get(page(town, f"service-centre/{method}/"))
    assert not answer.context["is_scored"]
    assert "Типични грешки" not in answer.content.decode()


def test_a_scored_case_is_compared_and_leaves_nothing_behind(town, client):
    before = (Sheet.objects.count(), Judgement.objects.count(), town.verbs())
    client.force_login(town.viewer.person)
    answer = client.post(page(town, "service-centre/fine-tuned/"), COMPLETE)
    enabler, result = answer.context["parts"]
    assert (enabler.verdict()["own"], enabler.verdict()["reference"]) == ("42,5", "42,5")
    assert [row["points"] for row in result.compared()] == [55, 55]
    text = answer.content.decode()
    assert enabler.verdict()["words"] in text
    assert result.verdict()["words"] in text
    assert enabler.verdict()["words"] != result.verdict()["words"]
    assert "<b>навсякъде</b>" not in text
    assert (Sheet.objects.count(), Judgement.objects.count(), town.verbs()) == before


def test_an_incomplete_case_comes_back_with_what_was_typed(town, client):
    client.force_login(town.viewer.person)
    answer = client.post(page(town, "service-centre/fine-tuned/"), ENABLER | RESULT)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_item-5-2-value-act"' in text
    assert 'value="35"' in text
    assert "Типични грешки" not in text


@pytest.mark.parametrize("rest", ["nowhere/classical/", "people/guessing/"])
def test_an_unknown_case_or_method_is_not_found(town, client, rest):
    client.force_login(town.viewer.person)
    assert client.get(page(town, rest)).status_code == 404
