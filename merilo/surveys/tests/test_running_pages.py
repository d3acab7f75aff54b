"""Pages of a survey's life: how it begins, its settings, its opening, its new version, its closing."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from merilo.surveys import library
from merilo.surveys.actions import running
from merilo.surveys.analysis.storing import make_snapshot
from merilo.surveys.models import Entry, State, Survey, TextState
from tests.people import a_member, an_organisation, signed_in
from tests.surveys import a_questionnaire, a_survey, answered

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def town():
    return an_organisation()


@pytest.fixture
def client(town):
    return signed_in(a_member(town, "coordinator"))


def to(town, name, survey=None, **parts):
    if survey is not None:
        parts["survey"] = survey.pk
    return reverse(f"surveys:{name}", kwargs={"org": town.slug, **parts})


def text_of(response):
    return " ".join(response.content.decode().split())


# --- beginning --------------------------------------------------------------------------------------
def test_one_begins_from_a_ready_questionnaire_in_ones_own_language(town, client) -> None:
    page = client.get(to(town, "new"))
    assert all(ready.definition.title["bg"] in text_of(page) for ready in library.ready())
    url = to(town, "new_from", code="employees")
    assert "Възнаграждението отговаря на работата" in text_of(client.get(url))
    titles = {"title_bg": "Служители 2027", "title_en": "Staff 2027"}
    survey = Survey.objects.get(pk=client.post(url, titles).url.rstrip("/").rpartition("/")[2])
    plain = json.loads(survey.draft)
    assert (survey.title, survey.floor, survey.audience) == ("Служители 2027", 10, "employees")
    assert plain["title"] == {"bg": "Служители 2027", "en": "Staff 2027"}


def test_where_english_comes_first_it_is_the_main_language(client) -> None:
    town = an_organisation(languages=["en"])
    there = signed_in(a_member(town, "coordinator"))
    there.post(to(town, "new_from", code="citizens"), {"title_en": "Citizens 2027", "title_bg": ""})
    survey = Survey.objects.get(organisation=town)
    assert json.loads(survey.draft)["languages"] == ["en", "bg"]
    assert survey.title == "Citizens 2027"


def test_a_title_is_needed_and_what_was_typed_stays(town, client) -> None:
    page = client.post(to(town, "new_from", code="citizens"), {"title_bg": "", "title_en": "Kept"})
    assert page.status_code == 422
    assert "Kept" in text_of(page)
    assert not Survey.objects.exists()


def test_there_is_no_other_ready_questionnaire(town, client) -> None:
    assert client.get(to(town, "new_from", code="nobody")).status_code == 404


def test_one_begins_empty(town, client) -> None:
    page = {"title_bg": "Наши въпроси", "title_en": "", "audience": "employees", "mode": "named"}
    assert client.post(to(town, "new_empty"), page).status_code == 302
    survey = Survey.objects.get()
    assert (survey.mode, survey.floor) == ("named", 10)
    assert json.loads(survey.draft)["languages"] == ["bg"]


def test_the_next_wave_asks_what_people_answered_last_on_the_same_terms(town, client) -> None:
    earlier = a_survey(town, state=State.CLOSED, contact="Гише 1", answers_months=12)
    Survey.objects.filter(pk=earlier.pk).update(draft="{}")  # written after the last version
    client.post(to(town, "again", earlier), {"title_bg": "Втора вълна", "title_en": "Second wave"})
    wave = Survey.objects.get(earlier=earlier)
    assert (wave.contact, wave.answers_months, wave.state) == ("Гише 1", 12, State.DRAFT)
    assert json.loads(wave.draft)["pages"] == a_questionnaire()["pages"]
    assert "Втора вълна" in text_of(client.get(to(town, "overview", earlier)))


def test_a_draft_has_no_next_wave_and_a_stranger_none_of_ours(town, client) -> None:
    assert client.get(to(town, "again", a_survey(town, state=State.DRAFT))).status_code == 404
    foreign = a_survey(an_organisation(), state=State.CLOSED)
    assert client.post(to(town, "again", foreign), {"title_bg": "Наша"}).status_code == 404


# --- the list and the overview ------------------------------------------------------------------------
def test_counts_are_told_in_steps_while_open_and_never_below_the_floor(town, client) -> None:
    open_, few = a_survey(town, title="Отворена"), a_survey(town, state=State.CLOSED, title="Малко")
    answered(open_, *({"age": "young"} for _each in range(113)))
    answered(few, *({"age": "young"} for _each in range(4)))
    for url in (to(town, "list"), to(town, "overview", open_), to(town, "close", open_)):
        said = re.sub("<[^>]+>", " ", text_of(client.get(url)))
        assert "110" in said
        assert "113" not in said
    page = client.get(to(town, "overview", few))
    assert page.context["answered"] is None


def test_all_days_of_the_overview_are_days_of_the_organisation(town, client) -> None:
    late = datetime(2026, 11, 26, 22, 30, tzinfo=UTC)  # half past midnight in Sofia
    page = text_of(client.get(to(town, "overview", a_survey(town, opened_at=late))))
    assert "27.11.2026" in page or "27/11/2026" in page
    assert "26.11.2026" not in page
    assert "26/11/2026" not in page


def test_an_empty_list_says_how_to_begin(town, client) -> None:
    assert to(town, "new") in text_of(client.get(to(town, "list")))
    reader = signed_in(a_member(town, "assessor"))
    assert to(town, "new") not in text_of(reader.get(to(town, "list")))


def statuses(client, town, survey) -> dict[str, str]:
    return {task.name: task.status for task in client.get(to(town, "overview", survey)).context["tasks"]}


def test_settings_are_begun_until_they_were_saved_or_the_survey_opened(town, client) -> None:
    survey = a_survey(town, state=State.DRAFT)
    assert statuses(client, town, survey)["settings"] == "idle"
    client.post(to(town, "settings", survey), terms(contact=""))
    assert statuses(client, town, survey)["settings"] == "done"
    assert statuses(client, town, a_survey(town))["settings"] == "done"


def test_nothing_is_read_before_results_are_prepared(town, client) -> None:
    survey = a_survey(town, state=State.CLOSED)
    answered(survey, *({"age": "young", "wishes": "Ред"} for _each in range(5)))
    reading = ("results", "texts", "publish", "use")
    before = statuses(client, town, survey)
    assert [before[name] for name in reading] == ["waiting"] * 4
    make_snapshot(survey, timezone.now())
    after = statuses(client, town, survey)
    assert [after[name] for name in reading] == ["idle"] * 4
    survey.texts.update(state=TextState.READY)
    assert statuses(client, town, survey)["texts"] == "done"


def test_who_only_reads_gets_no_task_to_do(town) -> None:
    survey = a_survey(town)
    page = text_of(signed_in(a_member(town, "assessor")).get(to(town, "overview", survey)))
    assert to(town, "close", survey) not in page
    assert to(town, "settings", survey) not in page


# --- settings -------------------------------------------------------------------------------------------
def terms(**changed):
    return {
        "entry": "open",
        "contact": "Гише 1",
        "contacts_days": "20",
        "answers_months": "12",
        "notice_bg": "Пита се по заповед.",
        "notice_en": "",
        "version": "0",
        **changed,
    }


def test_settings_are_kept(town, client) -> None:
    survey = a_survey(town, state=State.DRAFT)
    last = timezone.localdate() + timedelta(days=20)
    client.post(to(town, "settings", survey), terms(closes_on=last.isoformat(), kiosk="on"))
    survey.refresh_from_db()
    assert (survey.closes_on, survey.contacts_days, survey.kiosk) == (last, 20, True)
    assert survey.notice == {"bg": "Пита се по заповед."}
    assert survey.challenge is False


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"closes_on": "2020-01-01"}, "closes_on"),
        ({"opens_on": "2020-01-01"}, "opens_on"),
        ({"opens_on": "2099-02-01", "closes_on": "2099-01-01"}, "closes_on"),
        ({"entry": "invited", "kiosk": "on"}, "kiosk"),
        ({"answers_months": "0"}, "answers_months"),
    ],
)
def test_wrong_settings_are_refused_beside_their_field(town, client, changed, field) -> None:
    survey = a_survey(town, state=State.DRAFT)
    page = client.post(to(town, "settings", survey), terms(**changed))
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert "Гише 1" in text_of(page)


def test_two_coordinators_do_not_overwrite_each_others_settings(town, client) -> None:
    survey = a_survey(town, state=State.DRAFT)
    url = to(town, "settings", survey)
    client.post(url, terms(contact="Гише 1", contacts_days="20"))
    slower = client.post(url, terms(contact="Гише 2", contacts_days="20"))
    survey.refresh_from_db()
    assert (slower.status_code, survey.contact, survey.settled) == (409, "Гише 1", 1)
    context = slower.context
    assert (context["mine"], context["theirs"]) == ([("За въпроси", "Гише 2")], [("За въпроси", "Гише 1")])
    assert context["form"]["contact"].value() == "Гише 2"
    assert context["form"]["version"].value() == "1"
    client.post(url, terms(contact="Гише 2", version="1"))
    survey.refresh_from_db()
    assert (survey.contact, survey.settled) == ("Гише 2", 2)


def test_settings_of_a_survey_that_was_opened_meanwhile_are_asked_again(town, client, monkeypatch) -> None:
    survey = a_survey(town, state=State.DRAFT)
    change = running.change_terms

    def opened_before(**given):
        Survey.objects.filter(pk=survey.pk).update(state=State.OPEN, opened_at=timezone.now())
        change(**given)

    monkeypatch.setattr(running, "change_terms", opened_before)
    page = client.post(to(town, "settings", survey), terms(kiosk="on"))
    assert page.status_code == 409
    assert page.context["form"].fields["entry"].disabled
    assert page.context["form"]["kiosk"].value() is True


def test_who_may_answer_is_fixed_once_open(town, client) -> None:
    survey = a_survey(town)
    client.post(to(town, "settings", survey), terms(entry="invited"))
    survey.refresh_from_db()
    assert (survey.entry, survey.contact) == (Entry.OPEN, "Гише 1")


# --- opening, rewording, closing, removing ------------------------------------------------------------
def test_a_survey_is_opened_after_it_was_read_what_that_means(town, client) -> None:
    survey = a_survey(town, state=State.DRAFT)
    assert client.get(to(town, "open", survey)).status_code == 200
    client.post(to(town, "open", survey))
    survey.refresh_from_db()
    assert survey.state == State.OPEN


def test_what_stands_in_the_way_is_said_with_the_question_it_is_about(town, client) -> None:
    plain = a_questionnaire()
    plain["pages"][0]["parts"][0]["show_if"] = ["=", "overall", 3]
    plain["pages"][1]["parts"][1]["least"] = "много"
    survey = a_survey(town, state=State.DRAFT)
    Survey.objects.filter(pk=survey.pk).update(draft=json.dumps(plain))
    page = client.get(to(town, "open", survey))
    assert "Обща оценка" in text_of(page)
    assert "<button" not in text_of(page).partition("<main")[2].partition("</main>")[0]
    assert client.post(to(town, "open", survey)).status_code == 422
    plain["pages"][1]["parts"][1]["least"] = 1
    Survey.objects.filter(pk=survey.pk).update(draft=json.dumps(plain))
    assert "На колко години сте?" in text_of(client.get(to(town, "open", survey)))


def test_a_changed_questionnaire_is_put_to_people_as_a_new_version(town, client) -> None:
    survey = a_survey(town)
    assert "<button" not in text_of(client.get(to(town, "reword", survey))).partition("<main")[2]
    plain = a_questionnaire()
    plain["pages"][0]["parts"][0]["text"]["bg"] = "Вашата възраст?"
    Survey.objects.filter(pk=survey.pk).update(draft=json.dumps(plain))
    assert to(town, "reword", survey) in text_of(client.get(to(town, "overview", survey)))
    client.post(to(town, "reword", survey))
    assert survey.versions.count() == 2


def test_what_would_leave_answers_alone_is_named_and_not_put_to_people(town, client) -> None:
    survey = a_survey(town)
    answered(survey, {"age": "young"})
    plain = a_questionnaire()
    plain["pages"][1]["parts"].pop(1)
    Survey.objects.filter(pk=survey.pk).update(draft=json.dumps(plain))
    page = client.get(to(town, "reword", survey))
    assert [said.about for said in page.context["in_the_way"]] == ["Обща оценка"]
    assert "<button" not in text_of(page).partition("<main")[2].partition("</main>")[0]
    assert client.post(to(town, "reword", survey)).status_code == 422
    assert survey.versions.count() == 1


def test_closing_asks_and_is_final(town, client) -> None:
    survey = a_survey(town)
    assert client.get(to(town, "close", survey)).status_code == 200
    client.post(to(town, "close", survey))
    survey.refresh_from_db()
    assert survey.state == State.CLOSED
    assert client.get(to(town, "close", survey)).url == to(town, "overview", survey)
    assert client.get(to(town, "settings", survey)).status_code == 403


def test_a_draft_is_removed_and_an_open_survey_is_not(town, client) -> None:
    draft, open_ = a_survey(town, state=State.DRAFT), a_survey(town)
    client.post(to(town, "discard", draft))
    client.post(to(town, "discard", open_))
    assert list(Survey.objects.all()) == [open_]
