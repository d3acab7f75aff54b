"""Surveys side by side, and results weighted to known totals."""

from __future__ import annotations

import pytest
from django.utils import timezone

from merilo.surveys.analysis.contents import Content, item_content
from merilo.surveys.analysis.storing import make_snapshot
from merilo.surveys.analysis.tallies import tallied
from merilo.surveys.analysis.waves import compared
from merilo.surveys.analysis.weights import weighted
from merilo.surveys.models import Snapshot, Totals
from merilo.surveys.tests.test_protecting import PROMISE, columns_of, questionnaire
from merilo.surveys.tests.test_results import a_closed_survey, at, some_answers
from tests.people import a_member, an_organisation, signed_in


def contents_of(**arrays: list[int]) -> list[Content]:
    definition = questionnaire()
    tallies = tallied(columns_of(definition, **arrays), definition)["all"]
    return [item_content(definition, item, tally, PROMISE) for item, tally in tallies.items()]


def test_waves_are_compared_where_they_asked_alike() -> None:
    before = contents_of(mark=[0, 1, 2, 3] * 25, service=[0] * 50 + [1] * 50)
    now = contents_of(mark=[2, 3, 4, 4] * 25, service=[0] * 52 + [1] * 48)
    found = {pair.content["item"]: pair for pair in compared(now, before)}
    (mean,) = found["mark"].changes
    assert (mean.now, mean.before, mean.difference.value) == (4.25, 2.5, 1.75)
    assert mean.marked
    good, bad = found["service"].changes
    assert round(good.difference.value, 2) == 0.02
    assert not good.marked
    assert not bad.marked
    assert found["age"].reason == "hidden"


def test_what_was_asked_in_other_words_is_said_and_not_compared() -> None:
    now, before = contents_of(mark=[1] * 20), contents_of(mark=[1] * 20)
    changed = next(content for content in before if content["item"] == "mark")
    changed["answers"] = changed["answers"][:-1]
    (gone,) = [content for content in now if content["item"] == "service"]
    now.remove(gone)
    found = {pair.content["item"]: pair.reason for pair in compared(now, before)}
    assert found["mark"] == "answers"
    assert found["service"] == "gone"


def test_weights_bring_shares_to_known_totals() -> None:
    """By hand: women 3 of 4 who answered, 1 of 2 in the population; their marks are 5, the men's 1."""
    definition = questionnaire()
    columns = columns_of(definition, sex=[0] * 60 + [1] * 20, mark=[4] * 50 + [0] * 10 + [0] * 10 + [4] * 10)
    found = weighted(columns, definition, {"sex": {"f": 500, "m": 500}}, PROMISE)
    shares = found["items"]["mark"]["shares"]
    assert shares["5"] == pytest.approx(0.5 * 50 / 60 + 0.5 * 10 / 20, abs=1e-6)
    assert found["items"]["mark"]["mean"] == pytest.approx(1 + 4 * shares["5"], abs=1e-5)
    assert found["effective"] == pytest.approx(60)
    assert "sex" not in found["items"]


def test_a_weighted_figure_that_would_tell_about_a_hidden_count_is_not_made() -> None:
    definition = questionnaire()
    columns = columns_of(definition, sex=[0] * 60 + [1] * 20, mark=[4] * 57 + [0] * 3 + [0] * 10 + [4] * 10)
    assert "mark" not in weighted(columns, definition, {"sex": {"f": 1, "m": 1}}, PROMISE)["items"]


@pytest.mark.django_db
def test_the_pages_weight_and_compare() -> None:
    town = an_organisation()
    survey, other = a_closed_survey(town, some_answers(200)), a_closed_survey(town, some_answers(150, seed=2))
    client = signed_in(a_member(town, "coordinator"))
    fields = {"age-young": 400, "age-middle": 300, "age-old": 300}
    assert client.post(at("weights", survey), fields).status_code == 422
    assert client.post(at("weights", survey), fields | {"age-source": "НСИ"}).status_code == 302
    assert Totals.objects.get(survey=survey).shares == {"young": 400, "middle": 300, "old": 300}
    assert Snapshot.objects.get(survey=survey).tallies["weighted"]["by"] == ["age"]
    make_snapshot(survey, timezone.now())  # as when somebody was erased: the weights are made anew
    assert Snapshot.objects.get(survey=survey).tallies["weighted"]["by"] == ["age"]
    assert client.get(at("weights", survey)).status_code == 200
    page = client.get(at("compare", survey) + f"?with={other.pk}").content.decode()
    assert page.count("Доволни ли сте от …</th>") == 1  # a question stands above its rows, not in each
    assert client.get(at("results", survey)).status_code == 200


@pytest.mark.django_db
def test_totals_of_people_whom_nobody_answered_for_are_refused() -> None:
    town = an_organisation()
    survey = a_closed_survey(town, [{"age": "old", "overall": 3}] * 30)
    client = signed_in(a_member(town, "coordinator"))
    fields = {"age-young": 1, "age-middle": 2, "age-old": 3, "age-source": "НСИ"}
    assert client.post(at("weights", survey), fields).status_code == 422
    assert not Totals.objects.exists()
