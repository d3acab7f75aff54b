"""Results pages: nothing before closing, protected after it, and the figures of the answers."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from merilo.surveys.analysis import storing
from merilo.surveys.models import State, Survey
from merilo.surveys.queries import results as queries
from tests.people import a_member, an_organisation, as_viewer, signed_in
from tests.surveys import a_questionnaire, a_survey, answered

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]


def some_answers(count: int, seed: int = 1) -> list[dict[str, Any]]:
    draw, rows = random.Random(seed), []
    for _ in range(count):
        row: dict[str, Any] = {"age": draw.choice(("young", "middle", "middle", "old"))}
        row["visited"] = draw.random() < 0.8
        if row["visited"]:
            row["quality.speed"] = draw.choice(("s1", "s2", "s3", "s4", "s5", "dk"))
            row["quality.staff"] = draw.choice(("s3", "s4", "s5"))
        row["overall"] = draw.choice((2, 3, 4, 4, 5) if row["age"] == "old" else (1, 2, 3, 4, 5))
        row["channels"] = draw.sample(("desk", "web", "other"), draw.randint(0, 2))
        rows.append(row)
    return rows


def a_closed_survey(town: Any, rows: list[dict[str, Any]], **changed: Any) -> Survey:
    survey = a_survey(town, state=State.CLOSED, plain=a_questionnaire(**changed))
    answered(survey, *rows)
    storing.make_snapshot(survey, timezone.now())
    return survey


def at(name: str, survey: Survey, **more: str) -> str:
    return reverse(f"surveys:{name}", kwargs={"org": survey.organisation.slug, "survey": survey.pk, **more})


@pytest.fixture
def town():
    return an_organisation()


@pytest.fixture
def client(town):
    return signed_in(a_member(town, "coordinator"))


def test_the_figures_are_those_of_the_answers(town) -> None:
    rows = [{"age": "old", "overall": points} for points in (1, 2, 3, 4, 4, 4, 5, 5, 5, 5)]
    survey = a_closed_survey(town, rows)
    results = queries.results_of(as_viewer(a_member(town, "coordinator")), survey)
    found = next(one for one in queries.contents(results) if one["item"] == "overall")
    assert found["base"] == 10
    assert found["figures"]["mean"]["value"] == 3.8
    assert found["figures"]["median"] == [4, 4]
    assert found["figures"]["top"]["value"] == 0.7
    assert [answer["count"] for answer in found["answers"]] == [1, 1, 1, 3, 4]


def test_before_closing_there_are_no_results_but_participation_in_steps(town, client) -> None:
    survey = a_survey(town)
    answered(survey, *({"age": "old"} for _ in range(13)))
    assert client.get(at("results", survey)).status_code == 403
    page = client.get(at("participation", survey)).content.decode()
    assert ">10<" in page
    assert ">13<" not in page


def test_results_and_breakdowns_have_a_page(town, client) -> None:
    survey = a_closed_survey(town, some_answers(200))
    page = client.get(at("results", survey))
    assert page.status_code == 200
    assert at("results_by", survey, about="overall", by="age") in page.content.decode()
    for item in ("overall", "quality.speed", "channels", "visited"):
        assert client.get(at("results_by", survey, about=item, by="age")).status_code == 200
    assert client.get(at("results_by", survey, about="overall", by="visited")).status_code == 404
    assert client.get(at("results_by", survey, about="nothing", by="age")).status_code == 404


def test_too_few_answers_are_hidden_as_such(town, client) -> None:
    rows = [{"age": "old", "overall": 3}] * 4 + [{"age": "old"}] * 10
    page = client.get(at("results", a_closed_survey(town, rows))).content.decode()
    assert ":c" in page
    few = client.get(at("results", a_closed_survey(town, rows[:4]))).content.decode()
    assert "5" in few
    assert "q-overall" not in few


def test_a_small_group_is_hidden_on_the_page(town, client) -> None:
    rows = [{"age": "young", "overall": 5}] * 3 + some_answers(60, seed=3)
    content = client.get(
        at("results_by", a_closed_survey(town, rows), about="overall", by="age")
    ).content.decode()
    assert ":c" in content


def test_a_free_filter_is_for_surveys_with_names_only(town, client) -> None:
    anonymous = a_closed_survey(town, some_answers(80))
    named = a_closed_survey(town, some_answers(80), mode="named")
    query = "?f-age=old"
    assert client.get(at("results", anonymous) + query).content.count(b"q-overall") > 0
    assert b"<select" not in client.get(at("results", anonymous) + query).content
    assert b"selected" in client.get(at("results", named) + query).content


def test_a_filter_that_leaves_out_too_few_is_not_answered(town, client) -> None:
    rows = [{"age": "old", "overall": 3}] * 3 + [{"age": "young", "overall": 4}] * 60
    named = a_closed_survey(town, rows, mode="named")
    for code in ("old", "young"):
        assert b"q-overall" not in client.get(at("results", named) + f"?f-age={code}").content


def test_without_the_snapshot_the_page_says_that_it_is_being_made(town, client) -> None:
    survey = a_survey(town, state=State.CLOSED)
    assert client.get(at("results", survey)).status_code == 200


def test_a_results_page_asks_few_questions_of_the_database(
    town, client, django_assert_max_num_queries
) -> None:
    survey = a_closed_survey(town, some_answers(50))
    client.get(at("results", survey))
    with django_assert_max_num_queries(12):
        client.get(at("results", survey))
