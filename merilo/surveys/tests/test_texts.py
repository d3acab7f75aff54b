"""Open answers: read, redacted, tagged; what leaves the room and what is forgotten."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.core.models import AuditEntry
from merilo.surveys.actions import texts as actions
from merilo.surveys.models import OpenText, State, Tag, TextState
from merilo.surveys.queries import texts as queries
from merilo.surveys.queries.texts import Filters
from tests.people import a_member, an_organisation, as_viewer, signed_in
from tests.surveys import a_survey

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]
LIST = 12  # queries of a page of the list
WORDS = ("Повече гишета.", "Гишето да работи до 18 ч.", "Мария Иванова е груба", "Без забележки", "Паркинг!")


@pytest.fixture
def town():
    return an_organisation()


@pytest.fixture
def member(town):
    return a_member(town, "coordinator")


@pytest.fixture
def viewer(member):
    return as_viewer(member)


@pytest.fixture
def survey(town):
    survey = a_survey(town, state=State.CLOSED)
    OpenText.objects.bulk_create(
        OpenText(survey=survey, item="wishes", language="bg", text=text) for text in WORDS
    )
    return survey


def the(survey, start: str) -> OpenText:
    return OpenText.objects.get(survey=survey, text__startswith=start)


def url(survey, name: str = "texts", **more: object) -> str:
    return reverse(f"surveys:{name}", kwargs={"org": survey.organisation.slug, "survey": survey.pk, **more})


def decide(viewer, text, state=TextState.READY, shown="", version=1):
    actions.decide_text(
        viewer=viewer, text=text, shown=shown, state=state, version=version, at=timezone.now()
    )


def test_only_what_was_read_leaves_the_room(viewer, survey) -> None:
    decide(viewer, the(survey, "Мария"), shown="[име] е груба")
    decide(viewer, the(survey, "Без"), TextState.WITHHELD)
    assert [ready.text for ready in queries.ready_texts(viewer, survey, "wishes")] == ["[име] е груба"]


def test_answers_of_too_few_people_never_leave_the_room(viewer, survey) -> None:
    decide(viewer, the(survey, "Повече"), shown="Повече гишета.")
    the(survey, "Паркинг").delete()
    assert queries.ready_texts(viewer, survey, "wishes") == []
    assert queries.tag_counts(viewer, survey, "wishes") == []


def test_words_are_found_in_any_form_and_marked(member, viewer, survey) -> None:
    found = queries.texts_of(viewer, survey, "wishes", Filters(text="гише"))
    assert {text.text for text in found} == {"Повече гишета.", "Гишето да работи до 18 ч."}
    page = signed_in(member).get(url(survey), {"q": "гише"}).content.decode()
    assert "Повече <mark>гишета</mark>." in page
    assert "Паркинг" not in page


def test_texts_are_listed_by_state_and_tag(viewer, survey) -> None:
    tag = actions.add_tag(viewer=viewer, survey=survey, name="гишета", at=timezone.now())
    tag.texts.add(the(survey, "Повече"))
    decide(viewer, the(survey, "Без"), TextState.WITHHELD)
    assert [t.text for t in queries.texts_of(viewer, survey, "wishes", Filters(tag=str(tag.pk)))] == [
        WORDS[0]
    ]
    withheld = queries.texts_of(viewer, survey, "wishes", Filters(state=TextState.WITHHELD))
    assert [text.text for text in withheld] == ["Без забележки"]
    assert list(queries.texts_of(viewer, survey, "wishes", Filters(tag="nonsense"))) == []


def test_reading_is_recorded_once_for_a_visit(member, survey) -> None:
    client = signed_in(member)
    for _ in range(2):
        client.get(url(survey))
    client.get(url(survey, "text", text=the(survey, "Паркинг").pk))
    assert AuditEntry.objects.filter(verb="survey.texts_read").count() == 1


def test_ticked_parts_are_taken_out_before_anything_is_kept(member, survey) -> None:
    client, text = signed_in(member), the(survey, "Мария")
    here = url(survey, "text", text=text.pk)
    fresh = client.get(here).content.decode()
    assert "Мария Иванова</mark>" in fresh
    assert "] е груба</textarea>" in fresh
    page = client.post(here, {"version": 1, "shown": text.text, "take": "1"}).content.decode()
    assert "Мария Иванова е груба</textarea>" in page  # nothing was ticked
    page = client.post(here, {"version": 1, "shown": text.text, "span": "0", "take": "1"}).content.decode()
    assert "] е груба</textarea>" in page
    text.refresh_from_db()
    assert text.shown == ""
    answer = client.post(here, {"version": 1, "shown": "[име] е груба", "to_ready": "1"})
    assert answer.status_code == 302
    text.refresh_from_db()
    assert (text.shown, text.state, text.text) == ("[име] е груба", TextState.READY, "Мария Иванова е груба")


def test_two_people_who_decide_notice_each_other(member, viewer, survey) -> None:
    text = the(survey, "Мария")
    decide(viewer, text, shown="Някой е груб")
    with pytest.raises(Conflict):
        decide(viewer, text, shown="[име] е груба")
    here = url(survey, "text", text=text.pk)
    answer = signed_in(member).post(here, {"version": 1, "shown": "моето", "to_ready": "1"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "моето" in page
    assert "Някой е груб" in page


def test_nothing_left_is_not_shown(member, viewer, survey) -> None:
    text = the(survey, "Мария")
    with pytest.raises(MeriloError):
        decide(viewer, text, shown="  ")
    with pytest.raises(MeriloError):
        decide(viewer, text, state="nonsense", shown="ok")
    here = url(survey, "text", text=text.pk)
    answer = signed_in(member).post(here, {"version": 1, "shown": "", "to_ready": "1"})
    assert answer.status_code == 422


def test_many_are_tagged_at_once_and_counted_from_the_floor_on(member, viewer, survey) -> None:
    client = signed_in(member)
    texts = list(OpenText.objects.order_by("pk").values_list("pk", flat=True))
    client.post(url(survey), {"texts": texts, "name": "Услуги", "once": "one"})
    client.post(url(survey), {"texts": texts[:2], "name": "гишета", "once": "two"})
    assert queries.tag_counts(viewer, survey, "wishes") == [("Услуги", 5), ("гишета", None)]
    tag = Tag.objects.get(name="Услуги")
    client.post(url(survey), {"texts": texts[:1], "tag": str(tag.pk), "off": "1", "once": "three"})
    assert tag.texts.count() == 4
    assert client.post(url(survey), {"tag": str(tag.pk)}).status_code == 422
    assert client.post(url(survey), {"texts": texts}).status_code == 422


def test_tags_are_renamed_merged_and_removed(member, viewer, survey) -> None:
    at, client = timezone.now(), signed_in(member)
    client.post(url(survey, "tags"), {"name": "гишета", "once": "1"})
    one = Tag.objects.get()
    other = actions.add_tag(viewer=viewer, survey=survey, name="опашки", at=at)
    assert actions.add_tag(viewer=viewer, survey=survey, name="ОПАШКИ", at=at) == other
    one.texts.add(the(survey, "Повече"))
    here = url(survey, "tag", tag=one.pk)
    assert client.post(here, {"name": "Опашки"}).status_code == 422
    client.post(here, {"name": "гише", "once": "2"})
    one.refresh_from_db()
    assert one.name == "гише"
    client.post(here, {"into": str(other.pk), "once": "3"})
    assert [tag.name for tag in the(survey, "Повече").tags.all()] == ["опашки"]
    client.post(url(survey, "tag", tag=other.pk), {"remove": "1", "once": "4"})
    assert not Tag.objects.exists()
    assert OpenText.objects.count() == len(WORDS)


def test_a_tag_of_another_survey_is_refused(viewer, survey, town) -> None:
    at = timezone.now()
    other = a_survey(town, state=State.CLOSED)
    tag = actions.add_tag(viewer=viewer, survey=other, name="друг", at=at)
    own = actions.add_tag(viewer=viewer, survey=survey, name="свой", at=at)
    with pytest.raises(MeriloError):
        actions.merge_tag(viewer=viewer, tag=own, into=tag, at=at)
    keys = [the(survey, "Паркинг").pk]
    with pytest.raises(MeriloError):
        actions.tag_texts(viewer=viewer, survey=survey, texts=keys, tag=tag, on=True, at=at)
    with pytest.raises(MeriloError):
        actions.add_tag(viewer=viewer, survey=survey, name="  ", at=at)


def test_only_the_raw_texts_are_forgotten(viewer, survey) -> None:
    decide(viewer, the(survey, "Мария"), shown="[име] е груба")
    decide(viewer, the(survey, "Без"), TextState.WITHHELD)
    assert actions.forget_raw_texts(survey) == len(WORDS)
    left = OpenText.objects.get()
    assert (left.text, left.shown) == ("", "[име] е груба")
    assert actions.forget_raw_texts(survey) == 0


def test_who_may_not_reads_nothing(town, survey) -> None:
    reader = as_viewer(a_member(town, "assessor"))
    with pytest.raises(Refused):
        queries.texts_of(reader, survey, "wishes", Filters())
    stranger = as_viewer(a_member(an_organisation(), "coordinator"))
    for ask in (queries.counts_of, queries.tags_of):
        with pytest.raises(Refused):
            ask(stranger, survey)
    with pytest.raises(Refused):
        queries.ready_texts(stranger, survey, "wishes")
    still_open = a_survey(town)
    with pytest.raises(Refused):
        queries.counts_of(as_viewer(a_member(town, "coordinator")), still_open)


def test_the_list_costs_the_same_for_one_and_for_many(member, survey, django_assert_num_queries) -> None:
    client = signed_in(member)
    client.get(url(survey))
    with django_assert_num_queries(LIST):
        client.get(url(survey))
    OpenText.objects.bulk_create(
        OpenText(survey=survey, item="wishes", language="bg", text=f"Текст {n}") for n in range(30)
    )
    with django_assert_num_queries(LIST):
        client.get(url(survey))
