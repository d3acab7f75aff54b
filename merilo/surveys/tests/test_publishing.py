"""Publishing: only what was chosen, already protected, until it is taken back."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from merilo.core.errors import MeriloError, Refused
from merilo.core.models import AuditEntry
from merilo.surveys.actions import publishing
from merilo.surveys.actions.publishing import Chosen
from merilo.surveys.models import OpenText, Publication, State, TextState
from merilo.surveys.tests.test_results import a_closed_survey, at, some_answers
from tests.people import a_member, an_organisation, as_viewer, signed_in
from tests.surveys import a_survey

pytestmark = pytest.mark.django_db
CHOSEN = Chosen(["overall", "quality"], ["age"], ["wishes"], open_data=True)


@pytest.fixture
def town():
    return an_organisation()


@pytest.fixture
def viewer(town):
    return as_viewer(a_member(town, "coordinator"))


def test_chosen_results_are_public_until_they_are_taken_back(town, viewer) -> None:
    survey = a_closed_survey(town, some_answers(120))
    slug = publishing.publish(viewer=viewer, survey=survey, chosen=CHOSEN, at=timezone.now())
    visitor, path = Client(), reverse("published:survey", kwargs={"result": slug})
    page = visitor.get(path).content.decode()
    assert "q-overall" in page
    assert "q-channels" not in page
    assert path in visitor.get(reverse("published:index")).content.decode()
    publishing.withdraw(viewer=viewer, survey=survey, at=timezone.now())
    assert visitor.get(path).status_code == 404
    verbs = AuditEntry.objects.filter(verb__startswith="survey.").values_list("verb", flat=True)
    assert {"survey.published", "survey.withdrawn"} <= set(verbs)


def test_open_data_tells_what_the_page_tells(town, viewer) -> None:
    rows = [{"age": "young", "overall": 5}] * 2 + some_answers(60, seed=3)
    survey = a_closed_survey(town, rows)
    slug = publishing.publish(viewer=viewer, survey=survey, chosen=CHOSEN, at=timezone.now())
    visitor = Client()
    kept = Publication.objects.get(survey=survey).content
    told = json.loads(visitor.get(reverse("published:data", args=[slug, "json"])).content)
    assert told == kept
    counts = [cell for table in kept["tables"] for row in table["rows"] for cell in row["cells"]]
    assert all(count is None or count == 0 or count >= survey.floor for count in counts)
    lines = visitor.get(reverse("published:data", args=[slug, "csv"])).content.decode("utf-8-sig")
    assert lines.startswith("item,question,by,group,answer,people,share")
    assert survey.secret not in json.dumps(kept)
    assert visitor.get(reverse("published:data", args=[slug, "exe"])).status_code == 404


def test_open_answers_are_public_only_after_they_were_read_and_when_there_are_enough(town, viewer) -> None:
    survey = a_closed_survey(town, some_answers(60))
    for number in range(6):
        OpenText.objects.create(
            survey=survey,
            item="wishes",
            language="bg",
            text=f"Иван {number}",
            shown=f"отговор {number}",
            state=TextState.READY if number < 4 else TextState.NEW,
        )
    chosen = Chosen(["overall"], (), ["wishes"])
    publishing.publish(viewer=viewer, survey=survey, chosen=chosen, at=timezone.now())
    assert Publication.objects.get(survey=survey).content["texts"] == []
    OpenText.objects.filter(survey=survey).update(state=TextState.READY)
    publishing.publish(viewer=viewer, survey=survey, chosen=chosen, at=timezone.now())
    (told,) = Publication.objects.get(survey=survey).content["texts"]
    assert sorted(told["texts"]) == [f"отговор {number}" for number in range(6)]


def test_the_form_publishes_and_refuses_nothing_chosen(town) -> None:
    survey = a_closed_survey(town, some_answers(60))
    client = signed_in(a_member(town, "coordinator"))
    assert client.get(at("publish", survey)).status_code == 200
    assert client.post(at("publish", survey), {}).status_code == 422
    assert client.post(at("publish", survey), {"questions": ["overall"], "by": ["age"]}).status_code == 302
    assert client.post(at("withdraw", survey)).status_code == 302


def test_who_may_not_publish_and_what_cannot_be(town, viewer) -> None:
    survey = a_closed_survey(town, some_answers(60))
    few = a_closed_survey(town, some_answers(3))
    for stranger in (
        as_viewer(a_member(town, "assessor")),
        as_viewer(a_member(an_organisation(), "coordinator")),
    ):
        with pytest.raises(Refused):
            publishing.publish(viewer=stranger, survey=survey, chosen=CHOSEN, at=timezone.now())
        with pytest.raises(Refused):
            publishing.withdraw(viewer=stranger, survey=survey, at=timezone.now())
    for refused in (few, survey):
        with pytest.raises(MeriloError):
            publishing.publish(viewer=viewer, survey=refused, chosen=Chosen([]), at=timezone.now())
    with pytest.raises(Refused):
        publishing.publish(
            viewer=viewer, survey=a_survey(town, state=State.OPEN), chosen=CHOSEN, at=timezone.now()
        )
