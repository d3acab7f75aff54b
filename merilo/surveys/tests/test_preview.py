"""Trying the questionnaire before people are asked: every way, in every language, nothing stored."""

from __future__ import annotations

import json
import re

import pytest

from merilo.surveys.models import Response, State, Survey
from merilo.surveys.rules.paths import Paths
from merilo.surveys.rules.plain import from_plain
from merilo.surveys.rules.reaching import Reaching
from merilo.surveys.rules.tests.examples import everything
from merilo.surveys.tests.filling import Respondent
from tests.people import a_member, an_organisation, signed_in
from tests.surveys import a_questionnaire, a_survey

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def town():
    return an_organisation()


@pytest.fixture
def survey(town) -> Survey:
    return a_survey(town, state=State.DRAFT)


@pytest.fixture
def client(town):
    return signed_in(a_member(town, "coordinator"))


@pytest.fixture
def address(town, survey) -> str:
    return f"/o/{town.slug}/s/{survey.pk}/preview/"


def hidden(page: str) -> dict[str, list[str]]:
    """The hidden fields of the form."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(
        r'type="hidden" name="(state|language|screen|shown)" value="([^"]*)"', page
    ):
        found.setdefault(name, []).append(value)
    return found


def test_a_walk_through_the_draft_stores_nothing(client, address) -> None:
    first = client.get(address).content.decode()
    assert "На колко години сте?" in first
    refused = client.post(address, hidden(first) | {"go": "next"})
    assert refused.status_code == 422
    second = client.post(
        address, hidden(first) | {"go": "next", "age": "old", "visited": "yes"}
    ).content.decode()
    assert 'name="quality.speed"' in second
    in_english = client.post(address, hidden(second) | {"language": "en", "overall": "4"}).content.decode()
    assert "What should we improve?" in in_english
    assert re.search(r'name="overall" value="4" checked', in_english)
    end = client.post(address, hidden(in_english) | {"go": "next", "overall": "4"}).content.decode()
    assert 'name="overall"' not in end
    back = client.post(address, hidden(end) | {"go": "back"}).content.decode()
    assert re.search(r'name="overall" value="4" checked', back)
    assert Response.objects.count() == 0


def sheet(page: str) -> str:
    """What stands on the sheet of questions."""
    found = re.search(r'<div class="sheet"[^>]*>(.*?)</div>\s*<div class="(?:go|inline)">', page, re.DOTALL)
    assert found, page
    return found[1]


def _at_level_one(html: str) -> str:
    """The same with the headings that it has where nothing stands above it."""
    return re.sub(r"(?<=<h)[23]|(?<=/h)[23]", lambda level: str(int(level[0]) - 1), html)


@pytest.mark.parametrize("layout", ["pages", "questions"])
def test_author_sees_what_citizens_get(client, town, survey, address, layout) -> None:
    plain = a_questionnaire(layout=layout)
    Survey.objects.filter(pk=survey.pk).update(draft=json.dumps(plain))
    asked = a_survey(town, plain=plain, challenge=False)
    who = Respondent(f"/s/{asked.short}/?lang=en").press()
    tried = client.get(f"{address}?language=en").content.decode()
    assert _at_level_one(sheet(tried)) == sheet(who.page)
    given = {"age": "old"} if layout == "questions" else {"age": "old", "visited": "yes"}
    who.press(**given)
    again = client.post(address, hidden(tried) | {"go": "next"} | given).content.decode()
    assert _at_level_one(sheet(again)) == sheet(who.page)


def test_what_was_typed_wrongly_stays_beside_what_is_wrong_with_it(client, survey, address) -> None:
    Survey.objects.filter(pk=survey.pk).update(draft=json.dumps(everything()))
    first = client.get(f"{address}?at=wait&language=en").content.decode()
    wrong = client.post(address, hidden(first) | {"go": "next", "wait": "soon"})
    assert wrong.status_code == 422
    page = wrong.content.decode()
    assert re.search(r'id="q-wait"[^>]* value="soon"', page)
    assert re.search(r'<a href="#q-wait">Wait</a> ', page)


def test_what_is_no_answer_is_found_again_by_who_comes_back(client, survey, address) -> None:
    Survey.objects.filter(pk=survey.pk).update(draft=json.dumps(everything()))
    first = client.get(f"{address}?at=wait&language=en").content.decode()
    screen = hidden(first)["screen"][0]
    end = client.post(address, hidden(first) | {"go": "at:-", "wait": "soon"})
    again = client.post(address, hidden(end.content.decode()) | {"go": f"at:{screen}"})
    assert (end.status_code, again.status_code) == (200, 200)
    page = again.content.decode()
    assert re.search(r'id="q-wait"[^>]* value="soon"', page)
    assert re.search(r'<a href="#q-wait">Wait</a> ', page)
    mended = client.post(address, hidden(page) | {"go": "at:-", "wait": "5"}).content.decode()
    assert "soon" not in client.post(address, hidden(mended) | {"go": f"at:{screen}"}).content.decode()


def test_random_order_stays_until_the_author_begins_again(client, survey, address) -> None:
    Survey.objects.filter(pk=survey.pk).update(draft=json.dumps(everything()))

    def order(page: str) -> list[str]:
        return re.findall(r'name="order\.(\w+)"', page)

    first = client.get(f"{address}?at=order").content.decode()
    assert len(order(first)) == 3
    assert order(client.post(address, hidden(first) | {"language": "en"}).content.decode()) == order(first)
    assert len({tuple(order(client.get(f"{address}?at=order").content.decode())) for _try in range(20)}) > 1


def test_a_condition_is_switched_and_fitting_answers_are_filled_in(client, address) -> None:
    first = client.get(address).content.decode()
    shown = client.post(address, hidden(first) | {"go": "met:part:quality"}).content.decode()
    assert 'name="quality.speed"' in shown
    away = client.post(address, hidden(shown) | {"go": "unmet:part:quality"}).content.decode()
    assert 'name="quality.speed"' not in away
    assert 'name="overall"' in away
    assert 'name="quality.speed"' in client.get(f"{address}?at=quality").content.decode()


def test_answers_of_another_state_of_the_draft_are_not_taken(client, survey, address) -> None:
    first = client.get(address).content.decode()
    second = client.post(address, hidden(first) | {"go": "next", "age": "old"}).content.decode()
    Survey.objects.filter(pk=survey.pk).update(revision=2)
    again = client.post(address, hidden(second) | {"go": "at:about"}).content.decode()
    assert "checked" not in again
    forged = client.post(address, hidden(second) | {"state": "forged", "go": "at:about"})
    assert "checked" not in forged.content.decode()


def test_a_draft_with_mistakes_says_what_is_to_be_mended_first(client, survey, address) -> None:
    Survey.objects.filter(pk=survey.pk).update(draft=json.dumps(a_questionnaire(floor=1)))
    page = client.get(address)
    assert page.status_code == 200
    assert "<form" not in page.content.decode().split("<main")[1]


@pytest.mark.parametrize("layout", ["pages", "questions"])
def test_every_kind_of_question_is_drawn_on_every_screen(client, survey, address, layout) -> None:
    plain = everything() | {"layout": layout}
    Survey.objects.filter(pk=survey.pk).update(draft=json.dumps(plain))
    definition = from_plain(plain)
    for screen in Paths(definition).screens.values():
        for question in screen.questions:
            page = client.get(f"{address}?at={question.code}&language=en").content.decode()
            assert f'id="q-{question.code}"' in page
            assert question.text.in_language("en") in page


def test_ways_are_found_to_see_and_not_to_see_everything() -> None:
    definition = from_plain(everything())
    paths, reaching = Paths(definition), Reaching(definition)
    conditional = [question for question in definition.questions() if question.show_if]
    assert conditional
    for question in conditional:
        for shown in (True, False):
            way = reaching.way_to(question, shown=shown)
            assert way is not None
            assert (question.code in paths.walk(way).visible) == shown
    assert reaching.way_to(definition.question("visited"), shown=False) is None
