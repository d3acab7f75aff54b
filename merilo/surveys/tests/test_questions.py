"""Writing a questionnaire: what is typed is kept, what somebody else wrote is not overwritten."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from merilo.core.errors import Conflict, Refused
from merilo.surveys.actions import running
from merilo.surveys.actions.questions import draft_of, edit
from merilo.surveys.models import State, Survey
from merilo.surveys.outline import outline
from merilo.surveys.rules import editing
from merilo.surveys.rules.checking import check
from tests.people import a_member, an_organisation, as_viewer, signed_in
from tests.surveys import a_questionnaire, a_survey

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


class Fields(HTMLParser):
    """What a browser would send of the forms on a page."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.inside: tuple[str, str] | None = None

    def handle_starttag(self, tag: str, found: list[tuple[str, str | None]]) -> None:
        attrs = {name: value or "" for name, value in found}
        ticked = attrs.get("type") not in {"checkbox", "radio"} or "checked" in attrs
        if tag == "input" and attrs.get("name") and ticked:
            usual = "on" if attrs.get("type") == "checkbox" else ""
            self.sent.setdefault(attrs["name"], []).append(attrs.get("value", usual))
        if tag in {"textarea", "select"}:
            self.inside = (tag, attrs["name"])
            self.sent.setdefault(attrs["name"], []).append("")
        if tag == "option" and self.inside and "selected" in attrs:
            self.sent[self.inside[1]][-1] = attrs["value"]

    def handle_data(self, data: str) -> None:
        if self.inside and self.inside[0] == "textarea":
            self.sent[self.inside[1]][-1] += data.removeprefix("\r\n").removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if self.inside and tag == self.inside[0]:
            self.inside = None


@pytest.fixture
def town():
    return an_organisation()


@pytest.fixture
def survey(town) -> Survey:
    return a_survey(town, state=State.DRAFT)


@pytest.fixture
def member(town):
    return a_member(town, "coordinator")


@pytest.fixture
def client(member):
    return signed_in(member)


@pytest.fixture
def root(town, survey) -> str:
    return f"/o/{town.slug}/s/{survey.pk}"


def draft(survey: Survey) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Survey.objects.get(pk=survey.pk).draft)
    return found


def question(code: str, survey: Survey) -> dict[str, Any]:
    return editing.part_of(draft(survey), code)


AGE = {
    "revision": "1",
    "code": "age",
    "text-bg": "Възраст?",
    "text-en": "Age?",
    "options-was": ["young", "middle", "old", ""],
    "options-code": ["young", "medium", "old", ""],
    "options-text-bg": ["до 35", "36–60", "над 60", "няма да кажа"],
    "options-text-en": ["up to 35", "36–60", "over 60", ""],
    "options-value": ["", "", "", ""],
    "options-role": ["", "", "", "unknown"],
    "attribute": "on",
}


# --- the list ---------------------------------------------------------------------------------------
def test_the_list_says_what_is_asked_of_whom_and_what_is_to_be_mended(client, survey, root) -> None:
    plain = a_questionnaire()
    plain["pages"][0]["parts"][0]["text"].pop("bg")
    plain["pages"][1]["parts"][0]["show_if"] = ["=", "gone", True]
    Survey.objects.filter(pk=survey.pk).update(draft=json.dumps(plain))
    page = client.get(f"{root}/questions/", headers={"accept-language": "en"}).content.decode()
    assert "2 things must be mended" in page
    assert "There is no question “gone”" in page
    assert 'href="#part-age"' in page


def test_the_list_says_conditions_and_missing_translations_in_words(survey) -> None:
    plain = draft_of(survey)
    plain["pages"][1]["parts"][1]["text"].pop("en")
    view = outline(plain)
    parts = {part.code: part for page in view.pages for part in page.parts}
    assert "“" in parts["quality"].condition
    assert any("English" in text for text in parts["overall"].notes.remarks)
    assert view.blocking == []
    assert view.questions == 6


def test_buttons_of_the_list_move_and_copy(client, survey, root) -> None:
    response = client.post(f"{root}/questions/", {"do": "part:down:age", "revision": "1"})
    assert response.headers["Location"].endswith("/questions/#part-age")
    client.post(f"{root}/questions/", {"do": "page:up:service", "revision": "2"})
    client.post(f"{root}/questions/", {"do": "part:copy:visited", "revision": "3"})
    assert [page["code"] for page in draft(survey)["pages"]] == ["service", "about"]
    assert [part["code"] for part in draft(survey)["pages"][1]["parts"]] == ["visited", "q1", "age"]


def test_a_button_pressed_on_an_old_page_moves_nothing(client, survey, root) -> None:
    client.post(f"{root}/questions/", {"do": "part:down:age", "revision": "1"})
    assert client.post(f"{root}/questions/", {"do": "part:up:age", "revision": "1"}).status_code == 409
    assert client.post(f"{root}/questions/", {"do": "part:up:nowhere", "revision": "2"}).status_code == 409
    assert client.post(f"{root}/questions/", {"do": "mischief:age"}).status_code == 302


def test_removing_asks_first_and_leaves_the_rest(client, survey, root) -> None:
    page = client.get(f"{root}/questions/part/visited/remove/")
    assert page.status_code == 200
    assert "visited" in str(draft(survey))
    client.post(f"{root}/questions/part/visited/remove/", {"revision": "1"})
    assert [part["code"] for part in draft(survey)["pages"][0]["parts"]] == ["age"]
    client.post(f"{root}/questions/page/about/remove/", {"revision": "2"})
    assert len(draft(survey)["pages"]) == 1
    assert client.get(f"{root}/questions/part/visited/remove/").status_code == 404


# --- one question -----------------------------------------------------------------------------------
def test_a_question_is_changed_in_all_languages_and_codes_follow(client, survey, root) -> None:
    plain = a_questionnaire()
    plain["pages"][1]["show_if"] = ["=", "age", "middle"]
    plain["pages"][0]["parts"][0]["options"][0]["note"] = "kept"
    Survey.objects.filter(pk=survey.pk).update(draft=json.dumps(plain))
    response = client.post(f"{root}/questions/age/edit/", AGE | {"code": "years"})
    assert response.status_code == 302
    changed = question("years", survey)
    assert changed["text"] == {"bg": "Възраст?", "en": "Age?"}
    assert [option["code"] for option in changed["options"]] == ["young", "medium", "old", "dk"]
    assert changed["options"][3] == {"code": "dk", "text": {"bg": "няма да кажа"}, "role": "unknown"}
    assert changed["options"][0]["note"] == "kept"
    assert "required" not in changed
    assert draft(survey)["pages"][1]["show_if"] == ["=", "years", "medium"]
    assert draft(survey)["breakdowns"][0]["question"] == "years"


@pytest.mark.parametrize(
    ("typed", "anchor"),
    [
        ({"options-code": ["young", "young", "old", ""]}, "options-1"),
        ({"options-code": ["до 35", "middle", "old", ""]}, "options-0"),
        ({"options-value": ["", "", "many", ""]}, "options-2"),
        ({"text-bg": "", "text-en": ""}, "id_text-bg"),
        ({"code": "visited"}, "id_code"),
        ({"code": "възраст"}, "id_code"),
        ({"text-bg": "а" * 2_001}, "id_text-bg"),
        ({"if-item": ["visited"], "if-sign": ["="], "if-value": ["yes"], "if-kept": [""]}, "if-0"),
    ],
)
def test_what_cannot_be_kept_is_refused_beside_it_and_nothing_typed_is_lost(
    client, survey, root, typed, anchor
) -> None:
    if anchor == "if-0":  # a sign without an answer
        typed = {"if-item": ["visited"], "if-sign": ["="], "if-value": [""], "if-kept": [""]}
    response = client.post(f"{root}/questions/age/edit/", AGE | typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert f'href="#{anchor}"' in page
    assert f'id="{anchor}"' in page
    assert "няма да кажа" in page
    assert draft(survey) == json.loads(survey.draft)


def test_table_buttons_change_what_is_typed_and_save_nothing(client, survey, root) -> None:
    response = client.post(f"{root}/questions/age/edit/", AGE | {"rows": "options:down:0"})
    page = response.content.decode()
    assert response.status_code == 200
    assert page.index(">36–60<") < page.index(">до 35<")
    more = client.post(f"{root}/questions/age/edit/", AGE | {"rows": "options:more"}).content.decode()
    assert more.count('name="options-code"') > page.count('name="options-code"')
    assert draft(survey) == json.loads(survey.draft)


def test_a_condition_is_put_together_line_by_line(client, survey, root) -> None:
    data = {"revision": "1", "text-bg": "Какво?", "if-kept": ["", "", ""]}
    first = data | {"rows": "if:more", "if-item": ["age"], "if-sign": [""], "if-value": [""]}
    page = client.post(f"{root}/questions/wishes/edit/", first).content.decode()
    assert '<option value="old">' in page
    lines = {
        "if-joined": "or",
        "if-item": ["age", "channels", "overall", ""],
        "if-sign": ["=", "lacks", ">=", ""],
        "if-value": ["old", "web", "3", ""],
        "if-kept": ["", "", "", ""],
    }
    assert client.post(f"{root}/questions/wishes/edit/", data | lines).status_code == 302
    wanted = ["or", ["=", "age", "old"], ["not", ["contains", "channels", "web"]], [">=", "overall", 3]]
    assert question("wishes", survey)["show_if"] == wanted
    assert check(draft(survey)) == []


def test_what_the_fields_of_a_condition_cannot_show_stays_until_it_is_removed(client, survey, root) -> None:
    nested = ["and", ["=", "visited", True], ["or", ["=", "age", "old"], ["answered", "overall"]]]
    plain = a_questionnaire()
    plain["pages"][1]["parts"][3]["show_if"] = nested
    Survey.objects.filter(pk=survey.pk).update(draft=json.dumps(plain))
    data = {
        "revision": "1",
        "text-bg": "Какво?",
        "if-item": ["visited", ""],
        "if-sign": ["=", ""],
        "if-value": ["yes", ""],
        "if-kept": ["", json.dumps(nested[2])],
    }
    client.post(f"{root}/questions/wishes/edit/", data)
    assert question("wishes", survey)["show_if"] == nested
    client.post(f"{root}/questions/wishes/edit/", data | {"revision": "2", "if-drop": "1"})
    assert question("wishes", survey)["show_if"] == ["=", "visited", True]
    client.post(f"{root}/questions/wishes/edit/", {"revision": "3", "text-bg": "Какво?"})
    assert "show_if" not in question("wishes", survey)


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("rating", {"least": "0", "most": "10", "most_text-bg": "отлично"}, {"least": 0, "most": 10}),
        ("number", {"least": "0", "most": "240,5", "decimals": "1", "unit-bg": "мин."}, {"most": "240.5"}),
        ("date", {"least": "1.1.2026", "most": "31.12.2026"}, {"most": "2026-12-31"}),
        ("multiple", {"options-text-bg": ["а", "б"], "least": "1", "shuffle": "on"}, {"shuffle": True}),
        (
            "matrix",
            {"rows-text-bg": ["ред"], "options-text-bg": ["а", "б"], "options-value": ["1", "2"]},
            {"rows": [{"code": "r1", "text": {"bg": "ред"}}]},
        ),
        ("short", {}, {}),
        ("text", {}, {}),
    ],
)
def test_a_new_question_of_each_kind(client, survey, kind, typed, kept) -> None:
    root = f"/o/{survey.organisation.slug}/s/{survey.pk}"
    shown = client.get(f"{root}/questions/pages/about/add/?kind={kind}", follow=True)
    assert shown.status_code == 200
    data = {"revision": "1", "text-bg": "Ново", **typed}
    response = client.post(f"{root}/questions/pages/about/add/{kind}/", data)
    assert response.status_code == 302, response.content.decode()
    made = draft(survey)["pages"][0]["parts"][-1]
    assert made["kind"] == kind
    assert kept.items() <= made.items()
    assert check(draft(survey)) == []
    assert client.get(f"{root}/questions/{made['code']}/edit/").status_code == 200


def test_a_new_rating_begins_with_the_usual_points(client, root) -> None:
    form = client.get(f"{root}/questions/pages/about/add/rating/").context["form"]
    assert (form["least"].value(), form["most"].value()) == (1, 5)


def test_an_empty_page_is_told_as_one() -> None:
    plain = a_questionnaire()
    plain["pages"][0]["parts"] = []
    with override("en"):
        (found,) = [text for _anchor, _title, text in outline(plain).blocking if "page" in text]
    assert found == "Nothing stands on the page. Add a question, or remove the page."


def test_saving_a_question_as_it_is_changes_nothing(client, survey, root) -> None:
    """What a form shows and sends back is the same questionnaire."""
    before = draft(survey)
    for revision, code in enumerate(["age", "quality", "overall", "channels", "wishes", "visited"], start=1):
        fields = Fields()
        fields.feed(client.get(f"{root}/questions/{code}/edit/").content.decode())
        fields.sent["revision"] = [str(revision)]
        response = client.post(f"{root}/questions/{code}/edit/", fields.sent)
        assert response.status_code == 302, response.context["form"].error_links
    assert draft(survey) == before


# --- two people -------------------------------------------------------------------------------------
def test_a_conflict_shows_both_and_keeps_what_was_typed(client, survey, root) -> None:
    client.post(f"{root}/questions/age/edit/", AGE | {"text-bg": "Написано от друг"})
    response = client.post(f"{root}/questions/age/edit/", AGE | {"text-bg": "Написано от мен"})
    page = response.content.decode()
    assert response.status_code == 409
    assert page.count("Написано от мен") == 2  # beside the other, and in the field
    assert "Написано от друг" in page
    assert 'name="revision" value="2"' in page
    client.post(f"{root}/questions/age/edit/", AGE | {"text-bg": "Написано от мен", "revision": "2"})
    assert question("age", survey)["text"]["bg"] == "Написано от мен"


def test_a_conflict_over_breakdowns_and_limits_tells_what_differs(client, survey, root) -> None:
    breakdowns = client.post(f"{root}/questions/breakdowns/", {"revision": "7", "by-visited": "on"})
    assert breakdowns.status_code == 409
    mine, theirs = dict(breakdowns.context["mine"]), dict(breakdowns.context["theirs"])
    assert (mine["На колко години сте?"], theirs["На колко години сте?"]) == ("не", "да")
    assert (mine["Посетихте ли ни?"], theirs["Посетихте ли ни?"]) == ("да", "не")
    assert len(mine) == len(theirs) == 3  # and that the ages have an order
    whole = {
        "revision": "7",
        "mode": "anonymous",
        "audience": "citizens",
        "layout": "questions",
        "main": "bg",
    }
    titles = {"title-bg": "Удовлетвореност от услугите", "title-en": "Satisfaction with services"}
    response = client.post(f"{root}/questions/whole/", whole | titles | {"others": "en", "floor": "7"})
    assert dict(response.context["mine"])["Най-малък брой отговорили, за да се покажат резултати"] == "7"
    assert dict(response.context["theirs"])["Най-малък брой отговорили, за да се покажат резултати"] == "5"


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("questions/pages/about/", {"title-bg": "Моето"}),
        ("questions/whole/", {"title-bg": "Моето", "main": "bg", "others": "en", "floor": "5"}),
        ("questions/limits/", {"text-bg": "Моето", "most": "5", "if-item": "age", "if-sign": "answered"}),
    ],
)
def test_other_forms_notice_it_too(client, survey, root, path, typed) -> None:
    data = {"revision": "7", "mode": "anonymous", "audience": "citizens", "layout": "pages", **typed}
    response = client.post(f"{root}/{path}", data)
    assert response.status_code == 409
    assert "Моето" in response.content.decode()
    assert 'name="revision" value="1"' in response.content.decode()


# --- the whole --------------------------------------------------------------------------------------
WHOLE = {
    "revision": "1",
    "title-bg": "Заглавие",
    "title-en": "Title",
    "main": "bg",
    "mode": "named",
    "audience": "employees",
    "floor": "10",
    "population": "300",
    "layout": "questions",
}


def test_a_language_with_texts_goes_only_when_that_is_confirmed(client, survey, root) -> None:
    refused = client.post(f"{root}/questions/whole/", WHOLE)
    assert refused.status_code == 422
    assert 'name="drop"' in refused.content.decode()
    assert client.post(f"{root}/questions/whole/", WHOLE | {"drop": "on"}).status_code == 302
    assert draft(survey)["languages"] == ["bg"]
    assert "Age" not in str(draft(survey))
    kept = Survey.objects.get(pk=survey.pk)
    assert (kept.mode, kept.audience, kept.floor, kept.title) == ("named", "employees", 10, "Заглавие")


def test_a_further_language_stands_beside_the_others(client, survey, root) -> None:
    client.post(f"{root}/questions/whole/", WHOLE | {"others": ["en", "tr"]})
    assert draft(survey)["languages"] == ["bg", "en", "tr"]
    assert 'name="text-tr"' in client.get(f"{root}/questions/age/edit/").content.decode()


def test_what_was_promised_is_not_changed_while_people_answer(town, client) -> None:
    survey = a_survey(town)
    root = f"/o/{town.slug}/s/{survey.pk}"
    client.post(f"{root}/questions/whole/", WHOLE | {"others": "en"})
    assert draft(survey)["mode"] == "anonymous"
    changed = AGE | {"revision": "2", "code": "years"}
    client.post(f"{root}/questions/age/edit/", changed)
    assert [option["code"] for option in question("age", survey)["options"]] == [
        "young",
        "middle",
        "old",
        "dk",
    ]


def test_breakdowns_limits_and_pages(client, survey, root) -> None:
    by = {"revision": "1", "by-visited": "on", "by-overall": "on", "ordered-overall": "on"}
    client.post(f"{root}/questions/breakdowns/", by)
    assert draft(survey)["breakdowns"] == [{"question": "visited"}, {"question": "overall", "ordered": True}]
    limit = {
        "revision": "2",
        "most": "40",
        "text-bg": "Стига",
        "if-item": "visited",
        "if-sign": "=",
        "if-value": "yes",
    }
    client.post(f"{root}/questions/limits/", limit)
    kept = {"code": "limit", "most": 40, "when": ["=", "visited", True], "text": {"bg": "Стига"}}
    assert draft(survey)["quotas"] == [kept]
    assert client.get(f"{root}/questions/limits/limit/").status_code == 200
    empty = client.post(f"{root}/questions/limits/limit/", {"revision": "3", "most": "", "text-bg": ""})
    assert empty.status_code == 422
    client.post(f"{root}/questions/pages/", {"revision": "3", "title-bg": "Край", "shuffle": "on"})
    assert draft(survey)["pages"][-1] == {"code": "p1", "parts": [], "title": {"bg": "Край"}, "shuffle": True}
    client.post(f"{root}/questions/quota/limit/remove/", {"revision": "4"})
    assert draft(survey)["quotas"] == []


# --- who may ----------------------------------------------------------------------------------------
def test_nobody_writes_into_what_is_closed_or_of_others(town, survey, member) -> None:
    def change(draft: editing.Draft) -> editing.Draft:
        return editing.with_part_copied(draft, "age")

    reader = as_viewer(a_member(town, "assessor"))
    stranger = as_viewer(a_member(an_organisation(), "coordinator"))
    for viewer in (reader, stranger):
        with pytest.raises(Refused):
            edit(viewer=viewer, survey=survey, revision=1, change=change)
    viewer = as_viewer(member)
    assert edit(viewer=viewer, survey=survey, revision=1, change=change) == 2
    with pytest.raises(Conflict):  # the row that was read is an old one by now
        edit(viewer=viewer, survey=survey, revision=1, change=change)
    survey.refresh_from_db()
    with pytest.raises(Conflict):
        edit(
            viewer=viewer, survey=survey, revision=2, change=lambda draft: editing.without_part(draft, "gone")
        )
    running.open_survey(viewer=viewer, survey=survey, at=timezone.now())
    survey.refresh_from_db()
    running.close_survey(viewer=viewer, survey=survey, at=timezone.now())
    with pytest.raises(Refused):
        edit(viewer=viewer, survey=survey, revision=2, change=change)


def test_a_draft_that_is_no_json_can_be_begun_anew(survey) -> None:
    survey.draft = "{"
    assert draft_of(survey) == {}


def test_the_overview_of_questions_for_who_only_reads_has_no_buttons(town, survey, root) -> None:
    page = signed_in(a_member(town, "assessor")).get(f"{root}/questions/")
    assert page.status_code == 200
    assert 'name="do"' not in page.content.decode()
    assert signed_in(a_member(town, "assessor")).get(f"{root}/questions/whole/").status_code == 403
